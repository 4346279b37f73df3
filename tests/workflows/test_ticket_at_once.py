"""Two of the same step of a ticket at one moment have one effect, on both databases (I9, I13)."""

import pytest
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.complaint import Complaint
from models.feedback_form import CallBack
from models.ticket import Ticket, TicketEvent, TicketOrder
from rules.ticket import OrderState, TicketState
from rules.ticket_steps import TicketVerb
from tests.workflows.service_desk import Desk, hand_in
from tests.workflows.test_at_once import at_once
from workflows import call_back, feedback_form, ticket_dispatch, ticket_intake
from workflows.account import account_named
from workflows.refusal import Refused
from workflows.transaction import living_at
from workflows.verify import find_breaches

S = TicketState


@pytest.fixture
def desk(app):
    return Desk()


def together(desk, uri, action, names, times=4):
    """Run an action for several accounts in turn, all at one moment after the desk's; what each answered."""
    waiting, moment = list(names) * times, desk.moment
    db.session.commit()

    def run():
        name = waiting.pop()
        with living_at(moment):
            return action(account_named(name))

    return at_once(uri, run, times)


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_two_technicians_accepting_at_one_moment_give_one_acceptance(desk, database_uri):
    """R2.4, R2.5: the slower one is told."""
    ticket = desk.register()
    both = [desk.id("wang"), desk.id("huang")]
    with desk.after():
        ticket_dispatch.dispatch(ticket.id, both, actor=desk.clerk)
    ticket_id = ticket.id
    accept = lambda actor: ticket_dispatch.accept(ticket_id, actor=actor)  # noqa: E731
    answers = together(desk, database_uri, accept, ["wang", "huang"])
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert count(TicketEvent, TicketEvent.verb == TicketVerb.ACCEPT) == 1
    assert count(AuditRecord, AuditRecord.verb == "accept") == 1
    assert count(TicketOrder, TicketOrder.state == OrderState.ACCEPTED) == 1
    assert ticket.status is S.ACCEPTED
    assert list(find_breaches()) == []


def test_requests_at_one_moment_get_numbers_without_gap_or_twin(desk, database_uri):
    """I13."""
    request = desk.request()
    register = lambda actor: ticket_intake.register(request, actor=actor).number  # noqa: E731
    numbers = together(desk, database_uri, register, ["clerk", "other_clerk"], times=6)
    assert sorted(numbers) == [f"FW2611-{n:03d}" for n in range(1, 7)]
    assert count(Ticket) == 6


def test_a_form_accepted_twice_at_one_moment_counts_once(desk, database_uri):
    """R4.3."""
    ticket = desk.bring_to(S.SERVED)
    with desk.after():
        form_id = hand_in(desk, ticket.id)
    accept = lambda actor: feedback_form.accept_form(form_id, actor=actor)  # noqa: E731
    answers = together(desk, database_uri, accept, ["clerk", "other_clerk"])
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert count(TicketEvent, TicketEvent.verb == TicketVerb.RECEIVE_FORM) == 1


def test_doubtful_calls_at_one_moment_open_one_matter(desk, database_uri):
    """R4.4."""
    ticket_id = desk.bring_to(S.FORM_RECEIVED).id
    said = call_back.Call(reached=True, not_served=True)
    call = lambda actor: call_back.call_back(ticket_id, said, actor=actor)  # noqa: E731
    answers = together(desk, database_uri, call, ["manager"])
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert (count(CallBack), count(Complaint)) == (1, 1)
