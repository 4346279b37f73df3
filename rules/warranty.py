"""Warranty: who pays and until when (R1.1–R1.4, R1.8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.clause import implements
from rules.period import business_day, last_day_of_period

DEFAULT_MONTHS = 36


@implements("R1.1")
def warranty_end(
    accepted_on: date | None,
    project_months: int | None,
    device_months: int | None,
    extended: int = 0,
) -> date | None:
    """The last day in warranty, extensions included; None before the final acceptance."""
    if accepted_on is None:
        return None
    months = device_months if device_months is not None else project_months
    end = last_day_of_period(accepted_on, DEFAULT_MONTHS if months is None else months)
    return end + timedelta(days=extended)


@implements("R1.1")
def in_warranty(accepted_on: date | None, end: date | None, day: date) -> bool:
    """Whether a day lies in the warranty, its last day included."""
    return accepted_on is not None and end is not None and accepted_on <= day <= end


@implements("R1.2", "R5.2", "R6.1")
def chargeable(covered: bool, human_made: bool) -> bool:
    """Whether labour and parts are charged: out of warranty, or damage made by people."""
    return not covered or human_made


@implements("R1.3")
def extension_days(reported_at: datetime, restored_at: datetime) -> int:
    """Days out of service by which a replacement extends the warranty; each started day counts."""
    if restored_at <= reported_at:
        return 0
    last = business_day(restored_at - timedelta(microseconds=1))  # midnight starts no day
    return (last - business_day(reported_at)).days + 1


@implements("R1.4")
def out_of_warranty(computed: bool | None, override: bool | None) -> bool | None:
    """是否过保 of a ticket: the clerk's override where there is one, else as computed at the report."""
    return computed if override is None else override


@dataclass(frozen=True, slots=True)
class Gap:
    """Days (both included) in which we owe a repair that the maker does not owe us."""

    first: date
    last: date


@implements("R1.8")
def gap(accepted_on: date | None, end: date | None, maker_until: date | None) -> Gap | None:
    """The stretch of our warranty that the maker's does not cover; all of it where the maker's is unknown."""
    if accepted_on is None or end is None:
        return None
    first = (
        accepted_on if maker_until is None else max(accepted_on, maker_until + timedelta(days=1))
    )
    return Gap(first, end) if first <= end else None


@implements("R1.3")
def extended(days: Iterable[int]) -> int:
    """Extensions of one device add up."""
    return sum(days)
