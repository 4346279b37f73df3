"""Visits: who, when, where, and what came of it; several on one ticket (R4.1, R1.3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import db
from models.device import WarrantyExtension
from models.ticket import Visit
from rules.ticket import ServiceMode, TicketState, WaitReason
from tests.workflows.service_desk import WORK, Desk, dispatch, serve
from workflows import ticket_dispatch, ticket_intake, ticket_work, visit
from workflows.refusal import Refused
from workflows.replacement import replace
from workflows.ticket import extended_days
from workflows.ticket_facts import visits_of

S = TicketState


@pytest.fixture
def desk(app):
    return Desk()


def test_a_visit_records_people_start_end_place_content_result_and_advice(desk):
    """R4.1."""
    ticket = desk.bring_to(S.ACCEPTED)
    with desk.after():
        begun = visit.start(ticket.id, actor=desk.wang).started_at
    assert begun == ticket.arrived_at == desk.moment
    with desk.after(95):
        work = visit.Work("换泵", "正常", advice="每季清滤网")
        row = visit.serve(ticket.id, work, actor=desk.wang)
    assert (row.turn, row.mode, row.place, row.content, row.result, row.advice) == (
        1, ServiceMode.ONSITE, "B2 机房", "换泵", "正常", "每季清滤网")  # fmt: skip
    assert row.ended_at - row.started_at == timedelta(minutes=95)
    assert ticket.completed_at == row.ended_at
    assert [p.employee.name for p in row.people] == ["王磊"]


@pytest.mark.parametrize("work", [visit.Work(" ", "正常"), visit.Work("换泵", "")])
def test_a_visit_ends_with_what_was_done_and_what_came_of_it(desk, work):
    """R4.1."""
    ticket = desk.bring_to(S.IN_SERVICE)
    with pytest.raises(Refused, match="请写明"):
        visit.serve(ticket.id, work, actor=desk.wang)
    assert ticket.status is S.IN_SERVICE


def test_a_second_visit_follows_the_first_with_the_same_people(desk):
    """R4.1: the pump comes tomorrow."""
    ticket = desk.bring_to(S.IN_SERVICE)
    with desk.after():
        visit.leave(ticket.id, WORK, actor=desk.wang)
    assert (ticket.status, ticket.completed_at) == (S.IN_SERVICE, None)
    arrived = ticket.arrived_at
    with desk.after():
        ticket_work.wait(ticket.id, WaitReason.PARTS, actor=desk.wang)
    with desk.after():
        ticket_work.resume(ticket.id, actor=desk.wang)
    assert ticket.status is S.IN_SERVICE
    with desk.after():
        visit.start(ticket.id, actor=desk.wang)
    with desk.after():
        serve(desk, ticket.id)
    assert [(v.turn, [p.employee.name for p in v.people]) for v in visits_of(ticket.id)] == [
        (1, ["王磊"]), (2, ["王磊"])]  # fmt: skip
    assert ticket.arrived_at == arrived  # the clock asks when we first came (R3.1)


def test_other_people_take_the_second_visit_over(desk):
    """R2.5: the first visit stays its people's."""
    ticket = desk.bring_to(S.IN_SERVICE)
    people = [desk.id("huang"), desk.id("wang")]
    with pytest.raises(Refused, match="还没有结束"):
        ticket_dispatch.reassign(ticket.id, people, actor=desk.clerk, reason="两人抬泵")
    with desk.after():
        visit.leave(ticket.id, WORK, actor=desk.clerk)
    with desk.after():
        ticket_dispatch.reassign(ticket.id, people, actor=desk.clerk, reason="两人抬泵")
    with desk.after():
        ticket_dispatch.accept(ticket.id, actor=desk.huang)
    with desk.after():
        visit.start(ticket.id, actor=desk.huang)
    assert [[p.employee.name for p in v.people] for v in visits_of(ticket.id)] == [
        ["王磊"], ["黄俊杰", "王磊"]]  # fmt: skip


def test_an_order_given_while_a_ticket_waits_is_accepted_after_the_wait(desk):
    """R2.4, R2.5."""
    ticket = desk.bring_to(S.WAITING)
    with desk.after():
        ticket_dispatch.reassign(ticket.id, [desk.id("huang")], actor=desk.clerk, reason="王磊病了")
    assert ticket.status is S.WAITING
    with desk.after():
        ticket_work.resume(ticket.id, actor=desk.clerk)
    assert ticket.status is S.DISPATCHED


def test_nobody_goes_on_site_where_the_phone_was_agreed(desk):
    """R2.1: he asks the clerk first; by phone he may always."""
    ticket = desk.bring_to(S.ACCEPTED, mode=ServiceMode.PHONE, onsite_reason=None)
    with pytest.raises(Refused) as refused:
        visit.start(ticket.id, actor=desk.wang, mode=ServiceMode.ONSITE)
    assert refused.value.clause == "R2.1"
    values = {"mode": ServiceMode.ONSITE, "onsite_reason": "电话解决不了"}
    ticket_intake.edit(ticket.id, values, actor=desk.clerk)
    with desk.after():
        visit.start(ticket.id, actor=desk.wang)
    assert ticket.arrived_at == desk.moment


def test_an_on_site_ticket_may_be_tried_by_phone_first_and_that_is_no_arrival(desk):
    """R2.2: cheaper first."""
    ticket = desk.bring_to(S.ACCEPTED)
    with desk.after():
        visit.start(ticket.id, actor=desk.wang, mode=ServiceMode.PHONE)
    assert ticket.arrived_at is None
    with desk.after():
        visit.leave(ticket.id, WORK, actor=desk.wang)
    with desk.after():
        visit.start(ticket.id, actor=desk.wang)
    assert ticket.arrived_at == desk.moment
    modes = [v.mode for v in visits_of(ticket.id)]
    assert modes == [ServiceMode.PHONE, ServiceMode.ONSITE]


@pytest.mark.parametrize("minutes", [-11, 1])
def test_a_time_noted_afterwards_lies_between_the_order_and_now(desk, minutes):
    """R4.1: the order came 20 minutes before, the acceptance 10."""
    ticket = desk.bring_to(S.ACCEPTED)
    ordered = desk.moment - timedelta(minutes=10)
    with pytest.raises(Refused) as refused, desk.after(0):
        at = desk.moment + timedelta(minutes=1) if minutes > 0 else ordered - timedelta(seconds=1)
        visit.start(ticket.id, actor=desk.wang, at=at)
    assert refused.value.clause == "R4.1"
    with desk.after(0):
        assert visit.start(ticket.id, actor=desk.wang, at=ordered).started_at == ordered
        with pytest.raises(Refused):
            early = visit.Work("换泵", "正常", at=ordered - timedelta(seconds=1))
            visit.serve(ticket.id, early, actor=desk.wang)


def test_a_proposal_is_reviewed_by_the_customer_on_record(desk):
    """R3.5: the first proposal stops the clock, a second one doesn't turn it back."""
    ticket = desk.bring_to(S.IN_SERVICE)
    with pytest.raises(Refused, match="还没有提交方案"):
        ticket_work.confirm_proposal(ticket.id, actor=desk.wang, confirmed_by="韩雪", manner="短信")
    with desk.after():
        ticket_work.propose(ticket.id, actor=desk.wang, proposal="换泵")
    first = ticket.proposed_at
    with desk.after():
        ticket_work.propose(ticket.id, actor=desk.wang, proposal="泵与浮球都换")
    assert ticket.proposed_at == first == desk.moment - timedelta(minutes=10)
    for who, how in (("", "短信"), ("韩雪", " ")):
        with pytest.raises(Refused, match="谁、怎样"):
            ticket_work.confirm_proposal(ticket.id, actor=desk.wang, confirmed_by=who, manner=how)
    ticket_work.confirm_proposal(ticket.id, actor=desk.wang, confirmed_by="韩雪", manner="短信")


def test_a_replacement_under_warranty_extends_it_by_the_days_out_of_service(desk):
    """R1.3: reported on the 3rd, restored on the 5th: three started days, once per ticket."""
    ticket = desk.bring_to(S.IN_SERVICE)
    desk.moment += timedelta(days=2)
    with desk.after():
        serve(desk, ticket.id)
    with desk.after():
        replace(ticket.id, actor=desk.clerk, note="整机更换")
    assert extended_days(desk.device) == 3
    with pytest.raises(Refused, match="已经延长"):
        replace(ticket.id, actor=desk.clerk)
    assert len(db.session.scalars(select(WarrantyExtension)).all()) == 1


@pytest.mark.parametrize(
    ("overrides", "damaged", "clause"),
    [({"device_id": None}, False, "R1.3"), ({}, True, "R1.2"), ("old", False, "R1.2")],
    ids=["no device", "made by people", "out of warranty"],
)
def test_what_is_charged_or_has_no_device_extends_nothing(desk, overrides, damaged, clause):
    """R1.2, R1.3."""
    overrides = {"device_id": desk.old_device.id} if overrides == "old" else overrides
    ticket = desk.bring_to(S.SERVED, **overrides)
    if damaged:
        ticket_intake.charge_damage(ticket.id, actor=desk.clerk, reason="进水")
    with pytest.raises(Refused) as refused:
        replace(ticket.id, actor=desk.clerk)
    assert refused.value.clause == clause


def test_a_refused_order_leaves_no_visit_behind(desk):
    """R4.1: a visit is what was done; the next order plans the same first one."""
    ticket = desk.bring_to(S.DISPATCHED)
    ticket_dispatch.refuse(ticket.id, actor=desk.wang, reason="在外地")
    with desk.after():
        dispatch(desk, ticket.id)
    rows = db.session.scalars(select(Visit).where(Visit.ticket_id == ticket.id)).all()
    assert [(row.turn, row.begun) for row in rows] == [(1, False)]
