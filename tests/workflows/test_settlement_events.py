"""Which visits a month pays: those with an accepted complete form that nobody doubts (R4.3, R4.4)."""

from datetime import date

import pytest
from sqlalchemy import select

from models import db
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, Visit
from tests.cast import JULY, JUNE, carry_through, people, take_in
from workflows import settlement as steps
from workflows.settlement_report import settlement_report
from workflows.statistics import compute_statistics

VISIT_KINDS = ("service_allowance", "onsite_labour")


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    return cast


def paid(month):
    """The visits that a month pays, by ticket."""
    return {
        line["source"]
        for employee in settlement_report(month)["employees"]
        for line in employee["lines"]
        if line["kind"] in VISIT_KINDS
    }


def form_of(number):
    return db.session.scalar(
        select(FeedbackForm).join(Visit).join(Ticket).where(Ticket.number == number)
    )


def test_only_visits_whose_form_was_accepted_in_the_month_are_paid(cast):
    """R4.3."""
    steps.draft(JUNE, actor=cast["clerk"])
    assert paid(JUNE)
    for number in paid(JUNE):
        assert form_of(number).accepted_on <= JUNE.last_day


def test_a_visit_without_a_form_is_not_paid_and_still_counted(cast):
    """R4.3: a missing form never hides a missed clock."""
    steps.draft(JUNE, actor=cast["clerk"])
    number = min(paid(JUNE))
    before = compute_statistics(JUNE)["department"]
    db.session.delete(form_of(number))
    db.session.commit()
    steps.draft(JUNE, actor=cast["clerk"])
    after = compute_statistics(JUNE)["department"]
    assert number not in paid(JUNE)
    assert (after["visits"], after["sla"]) == (before["visits"], before["sla"])
    assert after["incomplete_forms"] == before["incomplete_forms"] + 1
    assert after["complete_forms"] == before["complete_forms"] - 1


def test_a_disputed_visit_is_paid_in_the_month_in_which_it_is_cleared(cast):
    """R4.4: once, and not before."""
    steps.draft(JUNE, actor=cast["clerk"])
    number = min(paid(JUNE))
    form_of(number).disputed_on = date(2026, 6, 30)
    db.session.commit()
    carry_through(JUNE, cast)
    form_of(number).cleared_on = date(2026, 7, 20)
    db.session.commit()
    steps.draft(JULY, actor=cast["clerk"])
    assert (number in paid(JUNE), number in paid(JULY)) == (False, True)
