"""Receivables: their kinds, when one is fully paid, what is outstanding, how old it is (R6.4, R6.5)."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.clause import implements
from rules.money import ZERO


class ReceivableKind(StrEnum):
    """What the customer owes money for."""

    PARTS_SALE = "parts_sale"
    SOFTWARE_SERVICE = "software_service"
    REPAIR = "repair"


@implements("R6.4")
def fully_paid_on(total: Decimal, payments: Iterable[tuple[date, Decimal]]) -> date | None:
    """The first date from which the payments reach the total; None while they don't.

    Payments are (day, signed amount), a reversal being negative. What was reversed was no payment: a total that
    was reached by it, and not again until later, was reached later.
    """
    by_day: dict[date, Decimal] = {}
    for day, amount in payments:
        by_day[day] = by_day.get(day, ZERO) + amount
    paid, since = ZERO, None
    for day in sorted(by_day):
        paid += by_day[day]
        if paid < total:
            since = None
        elif since is None:
            since = day
    return since


@implements("R6.4")
def outstanding(total: Decimal, payments: Iterable[tuple[date, Decimal]], day: date) -> Decimal:
    """What is still owed at the end of a day."""
    return total - sum((amount for paid_on, amount in payments if paid_on <= day), ZERO)


AGEING_LIMITS = (30, 90, 180, 365)


@implements("R6.5")
def ageing_bucket(arose_on: date, day: date) -> int:
    """0 … 4 for 0–30, 31–90, 91–180, 181–365 and over 365 days since a receivable arose."""
    return bisect_left(AGEING_LIMITS, (day - arose_on).days)
