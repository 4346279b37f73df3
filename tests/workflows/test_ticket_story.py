"""Whole stories of tickets, from the phone call to the closed sheet (R2–R4)."""

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from models.ticket import TicketEvent
from rules.ticket import TicketState
from rules.ticket_steps import TicketVerb
from tests.workflows.service_desk import Desk
from workflows.verify import find_breaches

S, V = TicketState, TicketVerb


@pytest.fixture
def desk(app):
    return Desk()


def events(ticket):
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    return list(db.session.scalars(query))


def test_a_ticket_goes_from_the_phone_call_to_closed(desk):
    ticket = desk.bring_to(S.CLOSED)
    told = [(event.verb, event.to_state) for event in events(ticket)]
    assert told == [
        (V.REGISTER, S.REGISTERED), (V.VERIFY, S.VERIFIED), (V.DISPATCH, S.DISPATCHED), (V.ACCEPT, S.ACCEPTED),
        (V.START, S.IN_SERVICE), (V.SERVE, S.SERVED), (V.SUBMIT_FORM, S.SERVED),
        (V.RECEIVE_FORM, S.FORM_RECEIVED), (V.CALL_BACK, S.CALLED_BACK), (V.CLOSE, S.CLOSED),
    ]  # fmt: skip
    query = select(AuditRecord.verb).where(AuditRecord.noun == "ticket").order_by(AuditRecord.id)
    assert list(db.session.scalars(query)) == [verb for verb, _ in told]
    assert list(find_breaches()) == []
