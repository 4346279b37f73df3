"""What does not add up in a month, beyond what the month's own stories show (R9.7)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from models import db
from models.complaint import Complaint
from models.feedback_form import CallBack, FeedbackForm
from models.overdue_case import OverdueCase
from models.ticket import Ticket, Visit
from rules.overdue_case import CaseState
from rules.period import Month
from rules.ticket import TicketState
from tests.cast import JULY, JUNE, carry_through, people, take_in
from tests.overdue_world import go_live, make_case, make_employee, make_receivable, on
from tests.workflows.service_desk import Desk, hand_in, reach
from workflows import feedback_form
from workflows import settlement as steps
from workflows.complaint import Grievance, register_complaint
from workflows.mismatch import _without_case, calls_due
from workflows.parameter_draft import approve_parameters, prepare_parameters
from workflows.settlement_report import settlement_report
from workflows.transaction import writing


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    return cast


def share(cast, text):
    draft = prepare_parameters(JUNE, {"callback_share": text}, reason="试", actor=cast["clerk"])
    approve_parameters(draft.id, actor=cast["leader"])


def sources(cast, month=JUNE):
    steps.draft(month, actor=cast["clerk"])
    return {row.source for row in steps.mismatches_of(month) if row.kind == "form_not_called_back"}


def test_with_the_whole_share_every_form_without_a_call_is_listed(cast):
    listed = sources(cast)
    called = set(
        db.session.scalars(select(Ticket.number).join(CallBack, CallBack.ticket_id == Ticket.id))
    )
    assert listed and not listed & called


def test_half_the_share_lists_fewer_and_none_only_what_is_always_called(cast):
    whole = sources(cast)
    share(cast, "50%")
    half = sources(cast)
    assert half < whole


def test_without_a_share_only_the_dissatisfied_and_the_complained_of_are_called(cast):
    whole = sources(cast)
    share(cast, "0")
    always = set(
        db.session.scalars(
            select(Ticket.number)
            .join(Visit, Visit.ticket_id == Ticket.id)
            .join(FeedbackForm, FeedbackForm.visit_id == Visit.id)
            .outerjoin(Complaint, Complaint.ticket_id == Ticket.id)
            .where((FeedbackForm.satisfaction <= 2) | Complaint.id.is_not(None))
        )
    )
    assert sources(cast) == whole & always


def test_a_receivable_past_its_last_day_without_a_case_is_listed(cast):
    steps.draft(JUNE, actor=cast["clerk"])
    kinds = {row.kind for row in steps.mismatches_of(JUNE)}
    assert "receivable_without_case" not in kinds  # each draft opens what is due
    found = list(_without_case(JULY))
    assert found == []
    opened = db.session.scalars(select(OverdueCase)).all()
    assert opened
    with writing():
        for case in opened:
            db.session.delete(case)
    assert {number for number, _, _ in _without_case(Month(2026, 10))}


@pytest.mark.parametrize("on_paper", [False, True], ids=["drawn", "by turn"])
def test_the_calls_of_a_month_worked_by_hand(app, on_paper):
    """R4.4: of five forms at 40 % just two, the first and the third; the dissatisfied and the complained of besides."""
    desk, november = Desk(), Month(2026, 11)
    draft = prepare_parameters(november, {"callback_share": "40%"}, reason="试", actor=desk.clerk)
    approve_parameters(draft.id, actor=desk.accounts["leader"])
    first, low, third, complained, _fifth = (
        received(desk, satisfaction=stars) for stars in (5, 2, 5, 5, 3)
    )
    with desk.after():
        register_complaint(
            Grievance(desk.customer.id, "迟到", ticket_id=complained.id), actor=desk.clerk
        )
    with desk.after():
        reach(desk, third.id)
    if on_paper:
        with writing():
            for form in db.session.scalars(select(FeedbackForm)):
                form.drawn = None
    assert calls_due(november) == [
        (first.number, False),
        (low.number, False),
        (third.number, True),
        (complained.number, False),
    ]
    assert calls_due(november.plus(-1)) == calls_due(november.plus(1)) == []


def received(desk, **overrides):
    """A ticket whose form is accepted."""
    ticket = desk.bring_to(TicketState.SERVED)
    with desk.after():
        feedback_form.accept_form(hand_in(desk, ticket.id, **overrides), actor=desk.clerk)
    return ticket


def test_only_what_is_still_carried_has_been_carried_too_long(app):
    """R9.7: 20 % of 8,612.00 are 1,722.40 a month; 5,831.00 is deducted in four, of 17,000.00 a rest stays."""
    cast, may = people(), Month(2026, 5)
    decided = {"state": CaseState.DECIDED, "decided_on": date(2026, 5, 4)}
    for number, owed in (("T01", "6860.00"), ("T02", "20000.00")):
        arose = {"arose_on": date(2025, 4, 21), "total": Decimal(owed), "paid": None}
        row = make_receivable(make_employee(number), f"XS-{number}", **arose)
        make_case(row, cast["finance"], opened_on=date(2026, 4, 22), **decided)
    go_live("2026-05")
    with on(date(2026, 12, 3)):
        for n in range(6):
            carry_through(may.plus(n), cast)
        steps.draft(may.plus(6), actor=cast["clerk"])
    found = [x for x in steps.mismatches_of(may.plus(6)) if x.kind == "carried_too_long"]
    assert [(x.source, x.amount) for x in found] == [("XS-T02", Decimal("4943.20"))]
    report = settlement_report(may.plus(6))
    assert report["totals"]["carried_forward"] == "4943.20"
