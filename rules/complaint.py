"""Complaints: their codes, and which of them count (R4.5)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from rules.calendar_day import DAY, is_workday
from rules.clause import implements


class ComplaintKind(StrEnum):
    """服务, 私自收费, 其他."""

    SERVICE = "service"
    PRIVATE_CHARGE = "private_charge"
    OTHER = "other"


class ComplaintOrigin(StrEnum):
    """投诉渠道."""

    COMPLAINT_LINE = "complaint_line"
    SERVICE_LINE = "service_line"
    CALL_BACK = "call_back"
    LETTER = "letter"
    INTERNAL = "internal"


class Verdict(StrEnum):
    """待核实, 属实, 不属实."""

    OPEN = "open"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


@implements("R4.5")
def counts(origin: ComplaintOrigin, verdict: Verdict) -> bool:
    """Whether a complaint counts in R7.4 and R8.1: upheld, and from the customer, never an internal matter."""
    return verdict is Verdict.UPHELD and origin is not ComplaintOrigin.INTERNAL


@implements("R4.5")
def may_investigate(investigator: int | None, against: int | None) -> bool:
    """Whether an employee may investigate a complaint: any but the one whom it concerns."""
    return against is None or investigator != against


@implements("R4.5")
def answer_due(received_on: date, days: int, overrides: Mapping[date, bool]) -> date:
    """The last working day on which the customer is answered in time; the day received doesn't count."""
    day, left = received_on, days
    while left > 0:
        day += DAY
        left -= is_workday(day, overrides)
    return day
