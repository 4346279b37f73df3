"""Overdue cases: last day to pay, opening, what the handler bears (R8.2–R8.4)."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.clause import implements
from rules.money import round_fen
from rules.period import last_day_of_period


class CaseState(StrEnum):
    """Where a case stands: undecided 待定比例, proposed 待领导审批, decided 扣款中, waived 已免除, withdrawn 已撤案."""

    UNDECIDED = "undecided"
    PROPOSED = "proposed"
    DECIDED = "decided"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


@implements("R8.2")
def last_day_to_pay(arose_on: date, overdue_months: int) -> date:
    """The last day on which payment is in time; the case opens the day after."""
    return last_day_of_period(arose_on, overdue_months)


@implements("R8.2")
def opening_day(arose_on: date, overdue_months: int) -> date:
    """The day on which the case opens if the receivable is then not fully paid; its month is the case's."""
    return last_day_to_pay(arose_on, overdue_months) + timedelta(days=1)


@implements("R8.2")
def paid_in_time(fully_paid_on: date | None, arose_on: date, overdue_months: int) -> bool:
    """Whether it was fully paid on or before the last day; then it can have no case."""
    return fully_paid_on is not None and fully_paid_on <= last_day_to_pay(arose_on, overdue_months)


@implements("R8.4")
def liability(rate: Decimal, outstanding: Decimal) -> Decimal:
    """What the handler bears at a month's end: rate × outstanding, rounded on its own line."""
    return round_fen(rate * outstanding)


MISSING_FOR_DECISION = ("collections", "finding", "basis", "notified_on", "statement")
