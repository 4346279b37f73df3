"""Call-backs: who calls, how often, what is set in doubt, and how that is settled (R4.4)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import db
from models.account import AccountRole
from models.complaint import Complaint
from models.feedback_form import CallBack
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.permissions import Role
from rules.ticket import ServiceMode, TicketState
from tests.workflows.service_desk import Desk, close, hand_in
from workflows import call_back, feedback_form, ticket_intake
from workflows.call_back import Call
from workflows.complaint import Decision, Grievance, decide_complaint, register_complaint
from workflows.refusal import Refused
from workflows.ticket_facts import forms_of
from workflows.transaction import writing

S = TicketState
IN_VAIN = Call(reached=False)


@pytest.fixture
def desk(app):
    return Desk()


def call(desk, ticket, what, days=0):
    desk.moment += timedelta(days=days)
    with desk.after():
        return call_back.call_back(ticket.id, what, actor=desk.manager)


def matters():
    query = select(Complaint).where(Complaint.origin == ComplaintOrigin.INTERNAL)
    return list(db.session.scalars(query.order_by(Complaint.id)))


def test_a_call_confirms_the_satisfaction_beside_the_forms(desk):
    """R4.4: corrected by one star, never instead of the form's."""
    ticket = desk.bring_to(S.FORM_RECEIVED)
    row = call(desk, ticket, Call(reached=True, satisfaction=4, remarks="好"))
    (form,) = forms_of(ticket.id)
    assert (form.satisfaction, row.satisfaction, row.form_id, row.attempt) == (5, 4, form.id, 1)
    assert (ticket.status, form.disputed_on, matters()) == (S.CALLED_BACK, None, [])


@pytest.mark.parametrize("days", [0, 1], ids=["on one day", "on three days"])
def test_after_three_calls_in_vain_the_ticket_closes_as_not_reached(desk, days):
    """R4.4."""
    ticket = desk.bring_to(S.FORM_RECEIVED)
    for state in (S.FORM_RECEIVED, S.FORM_RECEIVED, S.CLOSED):
        call(desk, ticket, IN_VAIN, days)
        assert ticket.status is state
    assert ticket.ended_at == desk.moment
    with pytest.raises(Refused):
        call(desk, ticket, IN_VAIN)
    assert db.session.scalar(select(func.count()).select_from(CallBack)) == 3


def test_a_reopened_ticket_has_three_attempts_again(desk):
    """R4.4: attempts are those of the form."""
    ticket = desk.bring_to(S.FORM_RECEIVED)
    for _ in range(3):
        call(desk, ticket, IN_VAIN)
    from tests.workflows.service_desk import PATHS

    with desk.after():
        ticket_intake.reopen(ticket.id, actor=desk.clerk, reason="又漏水")
    for step in PATHS[S.FORM_RECEIVED][1:]:
        with desk.after():
            step(desk, ticket.id)
    call(desk, ticket, IN_VAIN)
    assert ticket.status is S.FORM_RECEIVED


def test_nobody_calls_back_on_his_own_visit(desk):
    """R4.4: the manager who went along."""
    ticket = desk.bring_to(S.FORM_RECEIVED)
    with writing():
        desk.wang.role_rows.append(AccountRole(role=Role.MANAGER))
    with pytest.raises(Refused) as refused:
        call_back.call_back(ticket.id, Call(reached=True), actor=desk.wang)
    assert refused.value.clause == "R4.4"


def test_an_account_without_an_employee_calls_nobody_back(desk):
    ticket = desk.bring_to(S.FORM_RECEIVED)
    with writing():
        desk.manager.employee = None
    with pytest.raises(Refused, match="员工"):
        call_back.call_back(ticket.id, Call(reached=True), actor=desk.manager)


@pytest.mark.parametrize(
    "what",
    [
        Call(reached=False, satisfaction=3),
        Call(reached=False, money_taken=True),
        Call(reached=True, satisfaction=0),
        Call(reached=True, satisfaction=6),
    ],
)
def test_a_call_that_cannot_be_is_refused(desk, what):
    ticket = desk.bring_to(S.FORM_RECEIVED)
    with pytest.raises(Refused):
        call(desk, ticket, what)
    assert ticket.status is S.FORM_RECEIVED


DOUBTS = [
    pytest.param(Call(reached=True, satisfaction=3), ComplaintKind.SERVICE, "电话中 3", id="two stars"),
    pytest.param(Call(reached=True, not_served=True), ComplaintKind.SERVICE, "没有得到服务", id="nobody came"),
    pytest.param(Call(reached=True, satisfaction=5, money_taken=True), ComplaintKind.PRIVATE_CHARGE, "被收了钱",
                 id="money taken"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "kind", "word"), DOUBTS)
def test_a_contradicting_call_sets_the_visit_in_doubt_and_opens_an_internal_matter(
    desk, what, kind, word
):
    """R4.4, R4.5: internal, so that it counts against nobody."""
    ticket = desk.bring_to(S.FORM_RECEIVED)
    call(desk, ticket, what)
    (form,), (matter,) = forms_of(ticket.id), matters()
    assert form.disputed_on == desk.moment.date() and form.in_doubt
    assert (matter.kind, matter.verdict, matter.form_id, matter.employee_id) == (
        kind, Verdict.OPEN, form.id, desk.id("wang"))  # fmt: skip
    assert word in matter.content and matter.number == "TS2611-001"
    with pytest.raises(Refused, match="没有查清"):
        close(desk, ticket.id)


def doubtful(desk):
    ticket = desk.bring_to(S.FORM_RECEIVED)
    call(desk, ticket, Call(reached=True, not_served=True))
    return ticket, forms_of(ticket.id)[0], matters()[0]


@pytest.mark.parametrize("counts", [True, False])
def test_a_doubt_is_settled_after_its_investigation(desk, counts):
    """R4.4: then it counts from that month on, or never; the ticket can close."""
    ticket, form, matter = doubtful(desk)
    settle = {"counts": counts, "finding": "门禁有进出记录"}
    with pytest.raises(Refused, match=matter.number):
        call_back.settle_dispute(form.id, actor=desk.manager, **settle)
    with desk.after():
        decide_complaint(matter.id, Decision(not counts, "查门禁记录"), actor=desk.manager)
    with pytest.raises(Refused, match="请写明"):
        call_back.settle_dispute(form.id, actor=desk.manager, counts=counts, finding=" ")
    desk.moment += timedelta(days=40)
    with desk.after():
        call_back.settle_dispute(form.id, actor=desk.manager, **settle)
    day = desk.moment.date()
    assert (form.cleared_on, form.voided_on) == ((day, None) if counts else (None, day))
    with pytest.raises(Refused, match="没有待查"):
        call_back.settle_dispute(form.id, actor=desk.manager, **settle)
    close(desk, ticket.id)
    assert ticket.status is S.CLOSED


def test_nobody_settles_the_doubt_of_his_own_visit(desk):
    """R4.4, R10."""
    _, form, matter = doubtful(desk)
    with writing():
        desk.wang.role_rows.append(AccountRole(role=Role.MANAGER))
    decide_complaint(matter.id, Decision(False, "查门禁记录"), actor=desk.manager)
    with pytest.raises(Refused, match="由别人"):
        call_back.settle_dispute(form.id, actor=desk.wang, counts=True, finding="我去过")


def undrawn(desk, stars=5):
    """A phone ticket with an accepted form that does not belong to the share."""
    ticket = desk.bring_to(S.SERVED, mode=ServiceMode.PHONE, onsite_reason=None)
    with desk.after():
        form_id = hand_in(desk, ticket.id, satisfaction=stars)
        feedback_form.accept_form(form_id, actor=desk.clerk)
    with writing():
        forms_of(ticket.id)[0].drawn = False
    return ticket


def test_what_is_not_called_back_closes_after_its_form(desk):
    """R2.4, R4.4: but a dissatisfied or complaining customer is always called."""
    ticket = undrawn(desk)
    close(desk, ticket.id)
    assert ticket.status is S.CLOSED
    dissatisfied, complaining = undrawn(desk, stars=2), undrawn(desk)
    with desk.after():
        register_complaint(
            Grievance(desk.customer.id, "态度差", ticket_id=complaining.id), actor=desk.clerk
        )
    for always in (dissatisfied, complaining):
        with pytest.raises(Refused, match="电话回访"):
            close(desk, always.id)
