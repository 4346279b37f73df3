"""Whole stories of tickets, from the phone call to the closed sheet (R2–R4)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from models.complaint import Complaint
from models.ticket import TicketEvent
from rules.period import SHANGHAI, Month
from rules.ticket import TicketState, WaitReason
from rules.ticket_steps import TicketVerb
from tests.workflows.service_desk import (
    WORK,
    Desk,
    accept,
    close,
    dispatch,
    reach,
    receive,
    serve,
    start,
)
from workflows import (
    call_back,
    complaint,
    feedback_form,
    settlement,
    ticket_dispatch,
    ticket_work,
    visit,
)
from workflows.settlement_report import settlement_report
from workflows.ticket_facts import forms_of, visits_of
from workflows.transaction import living_at
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


def test_a_ticket_is_refused_reassigned_visited_twice_and_closed(desk):
    """R2.4, R2.5, R4.1: the long way round."""
    with desk.after():
        ticket = desk.register()
    for step in (
        lambda: dispatch(desk, ticket.id),
        lambda: ticket_dispatch.refuse(ticket.id, actor=desk.wang, reason="在外地"),
        lambda: ticket_dispatch.escalate(ticket.id, actor=desk.clerk, note="专职都在外"),
        lambda: ticket_dispatch.dispatch(ticket.id, [desk.id("sun")], actor=desk.manager),
        lambda: ticket_dispatch.accept(ticket.id, actor=desk.sun),
        lambda: visit.start(ticket.id, actor=desk.sun),
        lambda: visit.leave(ticket.id, WORK, actor=desk.sun),
        lambda: ticket_work.wait(ticket.id, WaitReason.PARTS, actor=desk.sun),
        lambda: ticket_dispatch.reassign(ticket.id, [desk.id("wang")], actor=desk.clerk, reason="孙倩调休"),
        lambda: ticket_work.resume(ticket.id, actor=desk.clerk),
        lambda: accept(desk, ticket.id),
        lambda: start(desk, ticket.id),
        lambda: serve(desk, ticket.id),
        lambda: receive(desk, ticket.id),
        lambda: reach(desk, ticket.id),
        lambda: close(desk, ticket.id),
    ):  # fmt: skip
        with desk.after():
            step()
    path = (
        "registered dispatched registered registered dispatched accepted in_service in_service waiting waiting"
        " dispatched accepted in_service served served form_received called_back closed"
    )
    assert " ".join(event.to_state for event in events(ticket)) == path
    people = [[p.employee.name for p in v.people] for v in visits_of(ticket.id)]
    assert people == [["孙倩"], ["王磊"]]


def lines(month, employee):
    """What a month pays an employee for visits, as (source, amount)."""
    report = next(e for e in settlement_report(month)["employees"] if e["employee"] == employee)
    return [(line["source"], line["amount"]) for line in report["lines"]
            if line["kind"] in ("service_allowance", "onsite_labour")]  # fmt: skip


def test_a_disputed_visit_is_paid_in_the_month_in_which_it_is_cleared(desk):
    """R4.4, R9.3: doubtful in November, cleared in December; beside it a plain visit of November."""
    november, december = Month(2026, 11), Month(2026, 12)
    plain, doubtful = desk.bring_to(S.CALLED_BACK), desk.bring_to(S.FORM_RECEIVED)
    with desk.after():
        call_back.call_back(
            doubtful.id, call_back.Call(reached=True, not_served=True), actor=desk.manager
        )
    desk.moment = datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    with desk.after():
        settlement.draft(november, actor=desk.clerk)
        assert lines(november, "T01") == [(plain.number, "30.00")]
        mismatched = {(row.kind, row.source) for row in settlement.mismatches_of(november)}
        assert ("visit_disputed", doubtful.number) in mismatched
        settlement.submit(november, actor=desk.clerk, explain="待查")
        settlement.review(november, actor=desk.manager)
        settlement.approve(november, actor=desk.accounts["leader"])
    desk.moment += timedelta(days=9)
    with desk.after():
        matter = db.session.scalar(select(Complaint))
        complaint.decide_complaint(
            matter.id, complaint.Decision(False, "门禁有进出记录"), actor=desk.manager
        )
        form = forms_of(doubtful.id)[0]
        call_back.settle_dispute(form.id, actor=desk.manager, counts=True, finding="客户记错了人")
        close(desk, doubtful.id)
        settlement.draft(december, actor=desk.clerk)
    assert lines(december, "T01") == [(doubtful.number, "30.00")]
    assert ("visit_disputed", doubtful.number) not in {
        (row.kind, row.source) for row in settlement.mismatches_of(december)}  # fmt: skip
    assert list(find_breaches()) == []


def test_a_voided_visit_is_never_paid_and_no_longer_listed(desk):
    """R4.4: nobody came."""
    december = Month(2026, 12)
    ticket = desk.bring_to(S.FORM_RECEIVED)
    with desk.after():
        call_back.call_back(
            ticket.id, call_back.Call(reached=True, not_served=True), actor=desk.manager
        )
        matter = db.session.scalar(select(Complaint))
        complaint.decide_complaint(
            matter.id, complaint.Decision(True, "没有进出记录"), actor=desk.manager
        )
        form = forms_of(ticket.id)[0]
        call_back.settle_dispute(form.id, actor=desk.manager, counts=False, finding="确未到场")
    for month, moment in ((Month(2026, 11), datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)),
                          (december, datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI))):  # fmt: skip
        with living_at(moment):
            settlement.draft(month, actor=desk.clerk)
        assert lines(month, "T01") == []
        kinds = {row.kind for row in settlement.mismatches_of(month)}
        assert "visit_disputed" not in kinds


def test_every_visit_of_a_ticket_is_paid_by_its_own_form(desk):
    """R7.2, R4.3: two visits, two forms, two allowances; the helper gets his labour."""
    ticket = desk.bring_to(S.IN_SERVICE)
    with desk.after():
        first = visit.leave(ticket.id, WORK, actor=desk.wang)
    both = [desk.id("wang"), desk.id("sun")]
    with desk.after():
        ticket_dispatch.reassign(ticket.id, both, actor=desk.manager, reason="两人抬泵")
    for step in (accept, start, serve, receive):
        with desk.after():
            step(desk, ticket.id)
    with desk.after():
        form = feedback_form.submit_form(first.id, desk.form(), actor=desk.wang)
        feedback_form.accept_form(form.id, actor=desk.clerk)
        settlement.draft(Month(2026, 11), actor=desk.clerk)
    november = Month(2026, 11)
    assert lines(november, "T01") == [(ticket.number, "30.00"), (f"{ticket.number}-2", "30.00")]
    assert lines(november, "N01") == [(f"{ticket.number}-2", "80.00")]
