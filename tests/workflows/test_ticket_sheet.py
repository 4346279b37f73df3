"""What the page of a ticket shows: timeline, state path, clocks and buttons, also of a ticket of a workbook."""

from datetime import date, datetime

import pytest
from sqlalchemy import event, select

from models import db
from models.ticket import Ticket, TicketEvent
from rules.period import SHANGHAI
from rules.permissions import Role
from rules.ticket import TicketSource, TicketState
from rules.ticket_steps import TicketVerb
from tests.cast import account, take_in
from tests.workflows.service_desk import Desk, hand_in, serve, verify
from workflows import call_back, feedback_form, ticket_dispatch, ticket_intake
from workflows.ticket_facts import own_tickets
from workflows.ticket_sheet import ticket_sheet

S, V = TicketState, TicketVerb


@pytest.fixture
def desk(app):
    return Desk()


def offered(sheet):
    return {offer.verb for offer in sheet.offers}


def test_the_timeline_tells_every_step_newest_first(desk):
    ticket = desk.bring_to(S.IN_SERVICE)
    sheet = ticket_sheet(ticket.id, actor=desk.clerk)
    assert [(e.verb, e.who, e.told, e.note) for e in sheet.entries] == [
        (V.START, "王磊", ["第 1 次", "现场"], ""), (V.ACCEPT, "王磊", [], ""), (V.DISPATCH, "林晓燕", [], "王磊"),
        (V.VERIFY, "林晓燕", [], ""), (V.REGISTER, "林晓燕", ["服务电话"], ""),
    ]  # fmt: skip
    assert list(sheet.times) == [S.REGISTERED, S.VERIFIED, S.DISPATCHED, S.ACCEPTED, S.IN_SERVICE]
    assert sheet.times[S.IN_SERVICE] == ticket.arrived_at
    assert sheet.people == ["王磊"]


def test_each_role_is_offered_its_own_steps(desk):
    """R10: the filled button of the picture is the technician's, on his own ticket only."""
    ticket = desk.bring_to(S.IN_SERVICE)
    sheets = {
        name: ticket_sheet(ticket.id, actor=desk.accounts[name])
        for name in ("clerk", "wang", "huang", "auditor")
    }
    assert offered(sheets["wang"]) >= {V.SERVE, V.LEAVE, V.WAIT, V.PROPOSE}
    assert offered(sheets["huang"]) == offered(sheets["auditor"]) == set()
    assert V.REASSIGN in offered(sheets["clerk"]) and V.SERVE not in offered(sheets["clerk"])
    assert V.START not in offered(sheets["wang"])  # he is there already


def test_a_step_that_waits_for_something_says_for_what(desk):
    ticket = desk.register(desk.wang, source=TicketSource.TECHNICIAN)
    (offer,) = [o for o in ticket_sheet(ticket.id, actor=desk.clerk).offers if o.verb is V.DISPATCH]
    assert "核实" in offer.hindered
    verify(desk, ticket.id)
    (offer,) = [o for o in ticket_sheet(ticket.id, actor=desk.clerk).offers if o.verb is V.DISPATCH]
    assert offer.hindered is None


@pytest.mark.parametrize("state", [S.REGISTERED, S.CLOSED])
def test_a_sheet_takes_eleven_statements_whatever_happened(desk, state):
    ticket_id = desk.bring_to(state).id
    clerk_id = desk.clerk.id
    db.session.commit()
    db.session.expunge_all()
    actor = db.session.get(type(desk.clerk), clerk_id)
    assert actor.roles
    statements = []

    def counted(_conn, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", counted)
    sheet = ticket_sheet(ticket_id, actor=actor)
    shown = (
        [(e.who, e.told, e.note) for e in sheet.entries],
        sheet.ticket.customer.name,
        sheet.people,
    )
    named = sheet.ticket.device.project.name, sheet.ticket.registered_by.display_name
    event.remove(db.engine, "before_cursor_execute", counted)
    assert shown and named
    assert len(statements) <= 11, "\n\n".join(statements)


def test_there_is_no_sheet_of_a_ticket_that_is_not_there(desk):
    assert ticket_sheet(999, actor=desk.clerk) is None


# Tickets of a workbook


def test_a_ticket_of_a_workbook_has_a_timeline_though_it_has_no_events(app):
    clerk = account("clerk", Role.CLERK)
    take_in("register.xlsx", clerk)
    ticket = db.session.scalar(select(Ticket).where(Ticket.number == "FW-00001"))
    sheet = ticket_sheet(ticket.id, actor=clerk)
    at = lambda day, hour, minute: datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)  # noqa: E731
    assert [(e.verb, e.at) for e in sheet.entries] == [
        (V.CALL_BACK, date(2026, 9, 2)), (V.RECEIVE_FORM, date(2026, 9, 2)), (V.SUBMIT_FORM, at(2, 13, 11)),
        (V.SERVE, at(2, 12, 33)), (V.PROPOSE, at(1, 18, 30)), (V.ACCEPT, at(1, 9, 44)), (V.REGISTER, at(1, 9, 29)),
    ]  # fmt: skip
    assert list(sheet.times) == [S.REGISTERED, S.ACCEPTED, S.SERVED, S.FORM_RECEIVED, S.CALLED_BACK]
    assert {V.CLOSE, V.REOPEN} <= offered(sheet)


def test_a_ticket_of_a_workbook_goes_on_by_steps(app):
    """R2.4: what the workbook told stands before what was done since."""
    clerk = account("clerk", Role.CLERK)
    take_in("register.xlsx", clerk)
    for ticket in db.session.scalars(select(Ticket).where(Ticket.status == S.CALLED_BACK)).all():
        ticket_intake.close(ticket.id, actor=clerk)
        sheet = ticket_sheet(ticket.id, actor=clerk)
        assert (sheet.ticket.status, sheet.entries[0].verb, sheet.entries[-1].verb) == (
            S.CLOSED, V.CLOSE, V.REGISTER)  # fmt: skip
        return
    raise AssertionError("the sample has tickets called back")


def test_every_ticket_of_the_sample_has_a_sheet(app):
    clerk = account("clerk", Role.CLERK)
    take_in("register.xlsx", clerk)
    for ticket_id in db.session.scalars(select(Ticket.id)).all():
        sheet = ticket_sheet(ticket_id, actor=clerk)
        assert sheet.entries[-1].verb is V.REGISTER
        assert sheet.entries[0].order >= sheet.entries[-1].order


# Whose tickets


def test_a_technician_sees_what_he_was_ordered_to_did_or_brought(desk):
    """R10: not what a colleague has, and no longer what he refused before he began."""
    done, refused, foreign = (desk.bring_to(s) for s in (S.SERVED, S.DISPATCHED, S.DISPATCHED))
    ticket_dispatch.refuse(refused.id, actor=desk.wang, reason="在外地")
    with desk.after():
        ticket_dispatch.reassign(foreign.id, [desk.id("huang")], actor=desk.clerk, reason="换人")
    brought = desk.register(desk.wang, source=TicketSource.TECHNICIAN)

    def seen(actor):
        return set(db.session.scalars(select(Ticket.id).where(own_tickets(actor))))

    assert seen(desk.wang) == {done.id, brought.id}
    assert seen(desk.huang) == {foreign.id}
    assert seen(desk.accounts["auditor"]) == set()


def test_a_timeline_keeps_codes_and_speaks_when_it_is_read(desk):
    """So that it speaks the reader's language, whoever acted."""
    ticket = desk.bring_to(S.CLOSED)
    told = {e.verb: e.told for e in ticket_sheet(ticket.id, actor=desk.clerk).entries}
    assert (told[V.SUBMIT_FORM], told[V.CALL_BACK]) == (
        ["第 1 次", "满意度 5"],
        ["已接通", "满意度 5"],
    )
    kept = db.session.scalars(select(TicketEvent.facts).where(TicketEvent.facts.is_not(None))).all()
    assert kept and all(facts.isascii() for facts in kept)


def test_what_there_is_nothing_to_take_for_is_not_offered(desk):
    """A form is handed in while one is due, accepted while one waits, a doubt settled while there is one."""
    of_forms = {V.SUBMIT_FORM, V.RECEIVE_FORM, V.RETURN_FORM, V.SETTLE_DISPUTE}

    def forms_offered(ticket, *names):
        sheets = [ticket_sheet(ticket.id, actor=desk.accounts[name]) for name in names]
        return set.union(*map(offered, sheets)) & of_forms

    everyone = ("wang", "clerk", "manager")
    ticket = desk.bring_to(S.IN_SERVICE)
    assert forms_offered(ticket, *everyone) == set()
    with desk.after():
        serve(desk, ticket.id)
    assert forms_offered(ticket, *everyone) == {V.SUBMIT_FORM}
    with desk.after():
        form_id = hand_in(desk, ticket.id)
    assert forms_offered(ticket, *everyone) == {V.RECEIVE_FORM, V.RETURN_FORM}
    with desk.after():
        feedback_form.accept_form(form_id, actor=desk.clerk)
    assert forms_offered(ticket, *everyone) == set()
    with desk.after():
        call_back.call_back(
            ticket.id, call_back.Call(reached=True, not_served=True), actor=desk.manager
        )
    assert forms_offered(ticket, *everyone) == {V.SETTLE_DISPUTE}
