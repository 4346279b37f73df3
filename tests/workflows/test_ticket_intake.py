"""Taking requests in: what is asked before dispatch, what is computed, what is refused (R1, R2.1–R2.5, R4.6)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.customer import Customer
from models.numbering import NumberCounter
from models.ticket import Ticket, TicketOrder
from rules.period import Month
from rules.ticket import OrderState, ServiceMode, Severity, TicketSource, TicketState
from tests.workflows.service_desk import WORK, Desk, accept, dispatch
from tests.workflows.service_desk import verify as verified
from workflows import ticket_dispatch, ticket_intake, visit
from workflows.refusal import Forbidden, Refused
from workflows.statistics import compute_statistics
from workflows.transaction import living_at, writing

S = TicketState


@pytest.fixture
def desk(app):
    return Desk()


def refused(action, clause):
    """What an action is refused with; its clause is checked."""
    with pytest.raises(Refused) as found:
        action()
    assert found.value.clause == clause
    return found.value


# Registering


def test_a_request_by_the_service_line_is_taken_by_the_clerk(desk):
    """R2.1: who took it, and when."""
    ticket = desk.register()
    assert (ticket.status, ticket.taken_by_clerk, ticket.registered_by_id) == (
        S.REGISTERED, True, desk.clerk.id)  # fmt: skip
    assert ticket.registered_at == desk.moment
    assert ticket.number == "FW2611-001"


def test_numbers_are_gapless_in_the_month_even_when_a_request_fails(desk):
    """I13: a refused registration gives its number back; the next month starts anew."""
    first = desk.register()
    with pytest.raises(Refused):
        desk.register(fault="  ")
    second = desk.register()
    desk.moment += timedelta(days=30)
    third = desk.register()
    assert [t.number for t in (first, second, third)] == ["FW2611-001", "FW2611-002", "FW2612-001"]


def test_a_number_that_a_workbook_brought_is_passed_over(desk):
    """I13: numbers are unique."""
    ticket = desk.register()
    with writing():
        db.session.get(NumberCounter, ("FW", Month(2026, 11))).last = 0
    assert ticket.number == "FW2611-001"
    assert desk.register().number == "FW2611-002"


@pytest.mark.parametrize(
    ("overrides", "word"),
    [
        pytest.param({"fault": " "}, "故障现象", id="R2.2 no fault"),
        pytest.param({"customer_id": 99}, "客户", id="an unknown customer"),
        pytest.param({"device_id": 99}, "设备", id="an unknown device"),
        pytest.param({"fault": "很" * 2001}, "太长", id="too long"),
    ],
)
def test_a_request_that_cannot_be_right_is_refused_whole(desk, overrides, word):
    with pytest.raises(Refused, match=word):
        desk.register(**overrides)
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_another_customers_device_is_refused(desk):
    with writing():
        other = Customer(number="KH-2", name="云岭设计院", in_town=True)
        db.session.add(other)
    with pytest.raises(Refused, match="设备"):
        desk.register(customer_id=other.id)


def test_a_report_from_the_future_is_refused(desk):
    with pytest.raises(Refused, match="之后"):
        desk.register(reported_at=desk.moment + timedelta(hours=1))


def test_a_technician_brings_in_only_as_a_technician(desk):
    """R2.1, R10."""
    with pytest.raises(Forbidden):
        desk.register(desk.wang)
    assert desk.register(desk.wang, source=TicketSource.TECHNICIAN).taken_by_clerk is False


# Before dispatch


def test_what_a_technician_brings_in_is_verified_before_dispatch(desk):
    """R2.1."""
    ticket = desk.register(desk.wang, source=TicketSource.TECHNICIAN)
    refused(lambda: dispatch(desk, ticket.id), "R2.1")
    with desk.after():
        verified(desk, ticket.id)
    assert (ticket.verified_by_id, ticket.verified_at) == (desk.clerk.id, desk.moment)
    with desk.after():
        dispatch(desk, ticket.id)
    assert ticket.status is S.DISPATCHED


def test_nobody_verifies_his_own_request_even_in_two_roles(desk):
    """R2.1, R10."""
    from models.account import AccountRole
    from rules.permissions import Role

    with writing():
        desk.wang.role_rows.append(AccountRole(role=Role.CLERK))
    ticket = desk.register(desk.wang, source=TicketSource.TECHNICIAN)
    refused(lambda: ticket_intake.verify(ticket.id, actor=desk.wang), "R2.1")
    verified(desk, ticket.id)


def test_a_leaders_word_needs_a_clerk_before_anyone_goes_on_site(desk):
    """R2.1: no on-site dispatch without a request that a clerk took or verified."""
    ticket = desk.register(desk.manager, source=TicketSource.LEADER)

    def send():
        ticket_dispatch.dispatch(ticket.id, [desk.id("wang")], actor=desk.manager)

    refused(send, "R2.1")
    verified(desk, ticket.id)
    send()
    remote = desk.register(desk.manager, source=TicketSource.LEADER, mode=ServiceMode.PHONE)
    ticket_dispatch.dispatch(remote.id, [desk.id("wang")], actor=desk.manager)


@pytest.mark.parametrize(
    ("overrides", "given", "clause"),
    [
        pytest.param({"onsite_reason": None}, {}, "R2.2", id="on-site without its reason"),
        pytest.param({"mode": ServiceMode.PHONE, "onsite_reason": None}, {"mode": ServiceMode.ONSITE}, "R2.2",
                     id="turned into on-site without its reason"),
        pytest.param({"severity": Severity.C}, {}, "R3.5", id="C without an agreed date"),
        pytest.param({"severity": Severity.D}, {}, "R3.5", id="D without an agreed date"),
    ],
)  # fmt: skip
def test_dispatch_asks_for_what_is_missing(desk, overrides, given, clause):
    ticket = desk.register(**overrides)

    def order(**more):
        people = [desk.id("wang")]
        ticket_dispatch.dispatch(ticket.id, people, actor=desk.clerk, **given | more)

    refused(order, clause)
    db.session.refresh(ticket)
    assert (ticket.status, ticket.mode) == (S.REGISTERED, overrides.get("mode", ServiceMode.ONSITE))
    order(onsite_reason="须换硬盘", agreed_on=date(2026, 11, 9))
    assert ticket.status is S.DISPATCHED


def test_the_clerk_orders_dedicated_technicians_and_the_manager_anyone(desk):
    """R2.5."""
    ticket = desk.register()
    refused(lambda: ticket_dispatch.dispatch(ticket.id, [desk.id("sun")], actor=desk.clerk), "R2.5")
    with desk.after():
        ticket_dispatch.escalate(ticket.id, actor=desk.clerk, note="专职都在外")
    assert ticket.escalated_at == desk.moment
    with desk.after():
        ticket_dispatch.dispatch(
            ticket.id, [desk.id("sun"), desk.id("commerce")], actor=desk.manager
        )
    assert (ticket.status, ticket.escalated_at) == (S.DISPATCHED, None)


def test_who_has_left_cannot_be_ordered_by_anyone(desk):
    """R2.5: own staff only."""
    ticket = desk.register()
    with writing():
        desk.people["wang"].left_on = desk.moment.date() - timedelta(days=1)
    for actor in (desk.clerk, desk.manager):
        with desk.after(), pytest.raises(Refused, match="不在职"):
            ticket_dispatch.dispatch(ticket.id, [desk.id("wang")], actor=actor)


def test_an_order_needs_somebody(desk):
    ticket = desk.register()
    for nobody in ([], [999]):
        with pytest.raises(Refused):
            ticket_dispatch.dispatch(ticket.id, nobody, actor=desk.clerk)


# Orders


def orders(ticket):
    query = select(TicketOrder).where(TicketOrder.ticket_id == ticket.id).order_by(TicketOrder.id)
    return [(o.employee.name, o.state, o.reason) for o in db.session.scalars(query)]


def test_orders_refusals_and_reassignments_stay_on_record(desk):
    """R2.5: refused by one of two, then by both, ordered anew, reassigned."""
    ticket = desk.register()
    both = [desk.id("wang"), desk.id("huang")]
    with desk.after():
        ticket_dispatch.dispatch(ticket.id, both, actor=desk.clerk)
    with desk.after():
        ticket_dispatch.refuse(ticket.id, actor=desk.wang, reason="在外地")
    assert ticket.status is S.DISPATCHED
    with pytest.raises(Forbidden):
        accept(desk, ticket.id)
    with desk.after():
        ticket_dispatch.refuse(ticket.id, actor=desk.huang, reason="病假")
    assert ticket.status is S.REGISTERED
    with desk.after():
        dispatch(desk, ticket.id)
    with desk.after():
        accept(desk, ticket.id)
    with desk.after():
        ticket_dispatch.reassign(ticket.id, [desk.id("huang")], actor=desk.clerk, reason="王磊病了")
    assert ticket.status is S.DISPATCHED
    assert orders(ticket) == [
        ("王磊", OrderState.REFUSED, "在外地"),
        ("黄俊杰", OrderState.REFUSED, "病假"),
        ("王磊", OrderState.WITHDRAWN, "王磊病了"),
        ("黄俊杰", OrderState.GIVEN, None),
    ]
    with desk.after():
        ticket_dispatch.accept(ticket.id, actor=desk.huang)
    assert ticket.responded_at < desk.moment  # the first acceptance answered the customer


def test_a_refused_ticket_that_was_verified_is_still_verified(desk):
    """R2.5."""
    ticket = desk.bring_to(S.DISPATCHED)
    ticket_dispatch.refuse(ticket.id, actor=desk.wang, reason="在外地")
    assert ticket.status is S.VERIFIED


@pytest.mark.parametrize("verb", ["refuse", "reassign", "cancel", "reopen"])
def test_these_steps_ask_for_a_reason(desk, verb):
    ticket = desk.bring_to(S.SERVED if verb == "reopen" else S.DISPATCHED)
    steps = {
        "refuse": lambda: ticket_dispatch.refuse(ticket.id, actor=desk.wang, reason=" "),
        "reassign": lambda: ticket_dispatch.reassign(ticket.id, [desk.id("huang")], actor=desk.clerk, reason=""),
        "cancel": lambda: ticket_intake.cancel(ticket.id, actor=desk.clerk, reason="\n"),
        "reopen": lambda: ticket_intake.reopen(ticket.id, actor=desk.clerk, reason=""),
    }  # fmt: skip
    with pytest.raises(Refused, match="请写明"):
        steps[verb]()


# Corrections


def test_an_edit_is_on_record_with_before_and_after(desk):
    """I12, R10: and an edit that changes nothing leaves no trace."""
    ticket = desk.register()
    ticket_intake.edit(ticket.id, {"phone": " 13900000000 ", "place": "A1 机房"}, actor=desk.clerk,
                       version=ticket.row_version)  # fmt: skip
    entry = db.session.scalar(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1))
    assert '"phone": ["13905173362", "13900000000"]' in entry.details
    assert '"place": ["B2 机房", "A1 机房"]' in entry.details
    ticket_intake.edit(ticket.id, {"place": "A1 机房"}, actor=desk.clerk)
    last = db.session.scalar(select(func.max(AuditRecord.id)))
    assert last == entry.id


def test_an_edit_to_on_site_asks_for_the_reason(desk):
    """R2.2."""
    ticket = desk.register(mode=ServiceMode.PHONE, onsite_reason=None)
    change = {"mode": ServiceMode.ONSITE}
    refused(lambda: ticket_intake.edit(ticket.id, change, actor=desk.clerk), "R2.2")
    ticket_intake.edit(ticket.id, change | {"onsite_reason": "须换硬盘"}, actor=desk.clerk)
    assert ticket.mode is ServiceMode.ONSITE


@pytest.mark.parametrize("column", ["status", "number", "severity", "completed_at", "chargeable", "row_version"])  # fmt: skip
def test_no_edit_reaches_a_column_that_a_step_decides(desk, column):
    """R2.4: never by editing a status."""
    ticket = desk.register()
    with pytest.raises(ValueError):
        ticket_intake.edit(ticket.id, {column: "closed"}, actor=desk.clerk)


def test_a_severity_changes_with_its_reason_on_record(desk):
    """R3.3."""
    ticket = desk.register()
    for severity, reason in ((Severity.A, " "), (Severity.B, "没变")):
        with pytest.raises(Refused):
            ticket_intake.set_severity(ticket.id, severity, actor=desk.clerk, reason=reason)
    ticket_intake.set_severity(ticket.id, Severity.A, actor=desk.clerk, reason="机房停了")
    entry = db.session.scalar(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1))
    assert ticket.severity is Severity.A
    assert '"severity": ["B", "A"]' in entry.details and "机房停了" in entry.details


# Warranty


@pytest.mark.parametrize(
    ("device", "chargeable"),
    [("device", False), ("old_device", True), (None, None)],
    ids=["R1.2 in warranty free", "R1.2 out of warranty charged", "R1.4 without a device unknown"],
)
def test_whether_it_is_charged_follows_from_the_device(desk, device, chargeable):
    device_id = getattr(desk, device).id if device else None
    assert desk.register(device_id=device_id).chargeable is chargeable


def test_the_clerk_overrides_the_warranty_with_a_reason(desk):
    """R1.4: and takes it back."""
    ticket = desk.register()
    with pytest.raises(Refused, match="理由"):
        ticket_intake.judge_warranty(ticket.id, True, actor=desk.clerk, reason="")
    ticket_intake.judge_warranty(ticket.id, True, actor=desk.clerk, reason="合同只保两年")
    assert (ticket.out_of_warranty, ticket.chargeable, ticket.warranty_reason) == (
        True, True, "合同只保两年")  # fmt: skip
    ticket_intake.judge_warranty(ticket.id, None, actor=desk.clerk, reason="查过合同")
    assert (ticket.out_of_warranty, ticket.chargeable, ticket.warranty_reason) == (
        None, False, None)  # fmt: skip


def test_damage_made_by_people_is_charged_though_in_warranty(desk):
    """R1.2: with a reason."""
    ticket = desk.register()
    with pytest.raises(Refused, match="理由"):
        ticket_intake.charge_damage(ticket.id, actor=desk.clerk, reason=" ")
    ticket_intake.charge_damage(ticket.id, actor=desk.clerk, reason="液体泼入")
    assert (ticket.human_made, ticket.chargeable, ticket.damage_reason) == (True, True, "液体泼入")
    ticket_intake.judge_warranty(ticket.id, False, actor=desk.clerk, reason="在保")
    assert ticket.chargeable is True
    ticket_intake.charge_damage(ticket.id, actor=desk.clerk, reason="查明是漏水", human_made=False)
    assert (ticket.human_made, ticket.chargeable, ticket.damage_reason) == (False, False, None)


# Repeat faults


def test_the_same_fault_of_the_same_device_is_marked_with_the_report_before(desk):
    """R4.6: the latest before, not a cancelled one, not another device's, not after the days."""
    first = desk.register()
    assert first.repeat_of_id is None
    again = desk.register()
    assert again.repeat_of_id == first.id
    with desk.after():
        ticket_intake.cancel(again.id, actor=desk.clerk, reason="重复登记")
    assert desk.register(fault=" 精密空调漏水告警 ").repeat_of_id == first.id
    assert desk.register(device_id=desk.old_device.id).repeat_of_id is None
    assert desk.register(fault="不制冷").repeat_of_id is None
    assert desk.register(device_id=None).repeat_of_id is None


@pytest.mark.parametrize(("days", "repeat"), [(90, True), (91, False)])
def test_a_repeat_lies_within_the_days_of_the_regulation(desk, days, repeat):
    """R4.6."""
    first = desk.register()
    desk.moment += timedelta(days=days, minutes=-20)
    assert (desk.register().repeat_of_id == first.id) is repeat


def test_a_clerk_marks_a_repeat_that_is_worded_otherwise(desk):
    """R4.6: and it counts in the statistics of the later report's month, once."""
    first = desk.register()
    later = desk.register(fault="空调又滴水", repeat_of_id=first.id)
    assert later.repeat_of_id == first.id
    refused(
        lambda: desk.register(
            fault="空调又滴水", repeat_of_id=first.id, device_id=desk.old_device.id
        ),
        "R4.6",
    )
    refused(lambda: desk.register(fault="空调又滴水", repeat_of_id=999), "R4.6")
    with desk.after():
        assert compute_statistics(Month(2026, 11))["department"]["repeat_faults"] == 1
        ticket_intake.cancel(later.id, actor=desk.clerk, reason="记错")
        assert compute_statistics(Month(2026, 11))["department"]["repeat_faults"] == 0


def test_an_edited_fault_is_compared_anew(desk):
    """R4.6."""
    desk.register()
    ticket = desk.register(fault="不制冷")
    with desk.after():
        ticket_intake.edit(ticket.id, {"fault": "精密空调漏水告警"}, actor=desk.clerk)
    assert ticket.repeat_of_id is not None
    ticket_intake.edit(ticket.id, {"fault": "不制冷"}, actor=desk.clerk)
    assert ticket.repeat_of_id is None


# Reopening


def test_a_reopened_ticket_keeps_its_history_and_starts_at_the_desk(desk):
    """R2.4: what is not solved is not completed; the visit and its form stay."""
    ticket = desk.bring_to(S.CLOSED)
    arrived = ticket.arrived_at
    with desk.after():
        ticket_intake.reopen(ticket.id, actor=desk.clerk, reason="又漏水")
    assert (ticket.status, ticket.completed_at, ticket.ended_at, ticket.arrived_at) == (
        S.VERIFIED, None, None, arrived)  # fmt: skip
    assert orders(ticket)[-1][1] is OrderState.WITHDRAWN


def test_each_visit_of_a_reopened_ticket_counts_for_who_was_on_it(desk):
    """R9.6: Wang went, it was not solved, then Huang went: one visit and one form for each, two in total."""
    ticket = desk.bring_to(S.CLOSED)
    with desk.after():
        ticket_intake.reopen(ticket.id, actor=desk.clerk, reason="又漏水")
    for step in (
        lambda: ticket_dispatch.dispatch(ticket.id, [desk.id("huang")], actor=desk.clerk),
        lambda: ticket_dispatch.accept(ticket.id, actor=desk.huang),
        lambda: visit.start(ticket.id, actor=desk.huang),
        lambda: visit.serve(ticket.id, WORK, actor=desk.huang),
    ):
        with desk.after():
            step()
    found = compute_statistics(Month(2026, 11))
    counts = {x["name"]: (x["visits"]["onsite"], x["complete_forms"], x["incomplete_forms"])
              for x in found["technicians"]}  # fmt: skip
    assert counts == {"王磊": (1, 1, 0), "黄俊杰": (1, 0, 1)}
    assert found["department"]["visits"]["onsite"] == 2


def test_a_ticket_on_which_work_was_done_is_not_cancelled(desk):
    """R2.4: also while a later order waits."""
    ticket = desk.bring_to(S.SERVED)
    for step in (lambda: ticket_intake.reopen(ticket.id, actor=desk.clerk, reason="没好"),
                 lambda: dispatch(desk, ticket.id)):  # fmt: skip
        with desk.after():
            step()
    refused(lambda: ticket_intake.cancel(ticket.id, actor=desk.clerk, reason="不要了"), "R2.4")


def test_cancelling_ends_orders_and_waits(desk):
    from models.ticket import TicketWait

    ticket = desk.bring_to(S.WAITING)
    with desk.after(), living_at(desk.moment):
        ticket_intake.cancel(ticket.id, actor=desk.manager, reason="客户自行解决")
    wait = db.session.scalar(select(TicketWait).where(TicketWait.ticket_id == ticket.id))
    assert wait.ended_at == ticket.ended_at == desk.moment
    assert orders(ticket) == [("王磊", OrderState.WITHDRAWN, "客户自行解决")]


# Several at once


def test_several_tickets_are_dispatched_all_or_none(desk):
    """R2.4: a bulk action can't do what one step can't."""
    ready, lacking = [desk.register() for _ in range(2)], desk.register(onsite_reason=None)
    ids = [ticket.id for ticket in ready]
    with pytest.raises(Refused, match=f"{lacking.number}.*现场原因"), desk.after():
        ticket_dispatch.dispatch_all([*ids, lacking.id], [desk.id("wang")], actor=desk.clerk)
    db.session.expire_all()
    assert [ticket.status for ticket in ready] == [S.REGISTERED] * 2
    with desk.after():
        ticket_dispatch.dispatch_all(ids, [desk.id("wang")], actor=desk.clerk)
    assert [ticket.status for ticket in ready] == [S.DISPATCHED] * 2


def test_several_severities_change_all_or_none(desk):
    """R3.3."""
    plain, grave = desk.register(), desk.register(severity=Severity.A)
    ids = [plain.id, grave.id]
    with pytest.raises(Refused, match="已经是 A"), desk.after():
        ticket_intake.set_severities(ids, Severity.A, actor=desk.clerk, reason="全停了")
    db.session.expire_all()
    assert plain.severity is Severity.B
    with desk.after():
        ticket_intake.set_severities(ids, Severity.C, actor=desk.clerk, reason="都恢复了")
    assert (plain.severity, grave.severity) == (Severity.C, Severity.C)


def test_several_tickets_close_all_or_none(desk):
    """R2.4."""
    called, served = desk.bring_to(S.CALLED_BACK), desk.bring_to(S.SERVED)
    with pytest.raises(Refused, match="已完成"), desk.after():
        ticket_intake.close_all([called.id, served.id], actor=desk.clerk)
    db.session.expire_all()
    assert called.status is S.CALLED_BACK
    with desk.after():
        ticket_intake.close_all([called.id], actor=desk.clerk)
    assert (called.status, called.ended_at) == (S.CLOSED, desk.moment)
