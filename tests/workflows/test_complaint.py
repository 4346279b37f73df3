"""Complaints: received, investigated by someone else, decided once, answered in time (R4.5)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from models.complaint import Complaint
from models.customer import Customer
from models.private_charge_case import PrivateChargeCase
from models.service_plan import CalendarDay
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.permissions import Role
from rules.private_charge_case import PrivateChargeState
from rules.ticket import TicketState
from tests.workflows.service_desk import Desk
from workflows.complaint import (
    Decision,
    Grievance,
    answer_complaint,
    answers_due,
    assign_investigator,
    decide_complaint,
    register_complaint,
)
from workflows.refusal import Forbidden, Refused
from workflows.transaction import writing

KIND, ORIGIN = ComplaintKind, ComplaintOrigin


@pytest.fixture
def desk(app):
    return Desk()


def complain(desk, content="迟到两小时", **more):
    with desk.after():
        grievance = Grievance(desk.customer.id, content, **{"employee_id": desk.id("wang")} | more)
        return register_complaint(grievance, actor=desk.clerk)


def test_a_complaint_is_received_investigated_decided_and_answered(desk):
    """R4.5: each step on record."""
    complaint = complain(desk)
    with desk.after():
        assign_investigator(complaint.id, desk.id("huang"), actor=desk.manager)
    with desk.after():
        decide_complaint(complaint.id, Decision(True, "定位显示 11:05 到场"), actor=desk.manager)
    with desk.after():
        answer_complaint(complaint.id, actor=desk.clerk, answer="已道歉，减免上门费")
    assert (complaint.number, complaint.verdict, complaint.decided_on, complaint.answered_on) == (
        "TS2611-001", Verdict.UPHELD, date(2026, 11, 3), date(2026, 11, 3))  # fmt: skip
    query = select(AuditRecord.verb).where(AuditRecord.noun == "complaint").order_by(AuditRecord.id)
    assert list(db.session.scalars(query)) == ["register", "assign", "decide", "answer"]


@pytest.mark.parametrize("verb", ["register", "assign", "decide", "answer"])
@pytest.mark.parametrize("role", Role)
def test_each_step_is_for_its_roles_only(desk, verb, role):
    """R10: nobody else leaves a trace."""
    who = {"register": "clerk manager leader", "assign": "clerk manager leader", "decide": "manager leader",
           "answer": "clerk manager"}[verb].split()  # fmt: skip
    complaint, actor = complain(desk), desk.in_role(role)
    steps = {
        "register": lambda: register_complaint(Grievance(desk.customer.id, "态度差"), actor=actor),
        "assign": lambda: assign_investigator(complaint.id, desk.id("huang"), actor=actor),
        "decide": lambda: decide_complaint(complaint.id, Decision(False, "查无此事"), actor=actor),
        "answer": lambda: answer_complaint(complaint.id, actor=actor, answer="已答复"),
    }
    with desk.after():
        if role in who:
            steps[verb]()
        else:
            with pytest.raises(Forbidden):
                steps[verb]()
            assert (complaint.row_version, complaint.verdict) == (1, Verdict.OPEN)


def test_nobody_investigates_or_decides_a_complaint_against_himself(desk):
    """R4.5: named, or on the visit of the ticket where nobody is named."""
    named = complain(desk, employee_id=desk.id("manager"))
    ticket = desk.bring_to(TicketState.SERVED)
    unnamed = complain(desk, employee_id=None, ticket_id=ticket.id)
    with pytest.raises(Forbidden, match="本人"):
        assign_investigator(named.id, desk.id("manager"), actor=desk.clerk)
    with pytest.raises(Forbidden, match="本人"):
        assign_investigator(unnamed.id, desk.id("wang"), actor=desk.clerk)
    with pytest.raises(Forbidden, match="本人"):
        decide_complaint(named.id, Decision(False, "没有的事"), actor=desk.manager)
    decide_complaint(named.id, Decision(True, "录音属实"), actor=desk.accounts["leader"])


def test_whom_it_turned_out_to_concern_can_be_named_but_not_the_decider_or_investigator(desk):
    """R4.5."""
    complaint = complain(desk, employee_id=None)
    assign_investigator(complaint.id, desk.id("huang"), actor=desk.clerk)
    for person in ("manager", "huang"):
        with pytest.raises(Forbidden, match="本人"):
            decide_complaint(
                complaint.id,
                Decision(True, "是他", employee_id=desk.id(person)),
                actor=desk.manager,
            )
    decide_complaint(
        complaint.id, Decision(True, "是王磊", employee_id=desk.id("wang")), actor=desk.manager
    )
    assert complaint.employee_id == desk.id("wang")


def test_a_decision_stands(desk):
    """R4.5: with its date and finding."""
    complaint = complain(desk)
    with pytest.raises(Refused, match="请写明"):
        decide_complaint(complaint.id, Decision(True, " "), actor=desk.manager)
    decide_complaint(complaint.id, Decision(False, "查无此事"), actor=desk.manager)
    for again in (lambda: decide_complaint(complaint.id, Decision(True, "改判"), actor=desk.manager),
                  lambda: assign_investigator(complaint.id, desk.id("huang"), actor=desk.manager)):  # fmt: skip
        with pytest.raises(Refused, match="已经核实"):
            again()
    assert complaint.verdict is Verdict.NOT_UPHELD


@pytest.mark.parametrize("charged", [None, Decimal(0), Decimal(-5), Decimal("1.005")])
def test_an_upheld_private_charge_needs_its_amount(desk, charged):
    """R8.1."""
    complaint = complain(desk, kind=KIND.PRIVATE_CHARGE)
    with pytest.raises(Refused) as refused:
        decide_complaint(complaint.id, Decision(True, "转账截图", charged), actor=desk.manager)
    assert refused.value.clause == "R8.1"
    assert complaint.verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("origin", "kind", "upheld", "cases"),
    [
        pytest.param(ORIGIN.COMPLAINT_LINE, KIND.PRIVATE_CHARGE, True, 1, id="upheld"),
        pytest.param(ORIGIN.CALL_BACK, KIND.PRIVATE_CHARGE, True, 1, id="confirmed in a call"),
        pytest.param(ORIGIN.INTERNAL, KIND.PRIVATE_CHARGE, True, 0, id="internal never counts"),
        pytest.param(ORIGIN.COMPLAINT_LINE, KIND.PRIVATE_CHARGE, False, 0, id="not upheld"),
        pytest.param(ORIGIN.COMPLAINT_LINE, KIND.SERVICE, True, 0, id="another kind"),
    ],
)
def test_an_upheld_private_charge_opens_its_case(desk, origin, kind, upheld, cases):
    """R4.5, R8.1."""
    complaint = complain(desk, kind=kind, origin=origin)
    decide_complaint(
        complaint.id, Decision(upheld, "转账截图", Decimal("433.74")), actor=desk.manager
    )
    found = db.session.scalars(select(PrivateChargeCase)).all()
    assert [case.state for case in found] == [PrivateChargeState.OPEN] * cases
    assert complaint.charged == (
        Decimal("433.74") if kind is KIND.PRIVATE_CHARGE and upheld else None
    )


def test_a_customer_is_answered_once_and_for_an_internal_matter_not_at_all(desk):
    """R4.5."""
    complaint, matter = complain(desk), complain(desk, origin=ORIGIN.INTERNAL)
    answer_complaint(complaint.id, actor=desk.clerk, answer="已道歉")
    with pytest.raises(Refused, match="已经答复"):
        answer_complaint(complaint.id, actor=desk.clerk, answer="再道歉")
    with pytest.raises(Refused, match="内部"):
        answer_complaint(matter.id, actor=desk.clerk, answer="没有客户")


def test_the_last_day_to_answer_counts_the_companys_working_days(desk):
    """R4.5: Tuesday 3 November and three days, of which the company takes one off; internal matters have none."""
    complaint, matter = complain(desk), complain(desk, origin=ORIGIN.INTERNAL)
    assert answers_due([complaint, matter]) == {complaint.id: date(2026, 11, 6)}
    with writing():
        db.session.add(CalendarDay(day=date(2026, 11, 5), working=False, note="厂庆"))
    assert answers_due([complaint]) == {complaint.id: date(2026, 11, 9)}


def test_a_complaint_that_came_decided_from_a_register_has_no_day_to_answer(desk):
    """R4.5: the register says nothing of the answer, so nobody is late with it."""
    complaint = complain(desk)
    complaint.verdict, complaint.decided_on = Verdict.UPHELD, complaint.received_on
    assert answers_due([complaint]) == {}
    complaint.decided_by_id = desk.manager.id
    assert set(answers_due([complaint])) == {complaint.id}


def test_what_does_not_hang_together_is_refused(desk):
    with writing():
        stranger = Customer(number="KH-2", name="云岭设计院", in_town=True)
        db.session.add(stranger)
    ticket = desk.register()
    for wrong in (
        {"customer_id": 99}, {"employee_id": 99}, {"ticket_id": 99}, {"content": " "},
        {"ticket_id": ticket.id, "customer_id": stranger.id},
        {"received_on": date(2026, 11, 3) + timedelta(days=1)},
    ):  # fmt: skip
        plain = {"customer_id": desk.customer.id, "content": "态度差"}
        with pytest.raises(Refused), desk.after(0):
            register_complaint(Grievance(**plain | wrong), actor=desk.clerk)
    assert db.session.scalars(select(Complaint)).all() == []


def test_the_slower_of_two_deciders_is_told(desk):
    """I12."""
    complaint = complain(desk)
    seen = complaint.row_version
    assign_investigator(complaint.id, desk.id("huang"), actor=desk.manager, version=seen)
    with pytest.raises(Refused, match="先保存了"):
        decide_complaint(complaint.id, Decision(True, "属实"), actor=desk.manager, version=seen)
