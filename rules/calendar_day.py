"""Which days are worked: Chinese public holidays, make-up workdays, and the company's own overrides (R3, R3.4)."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from holidays import country_holidays

from rules.clause import implements

# The State Council publishes a year's list the autumn before; the years in between are known to the package.
OFFICIAL_YEARS = range(2010, 2027)
DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


class DayKind(Enum):
    """Which weekly windows a day has: its own weekday's, Monday's (a weekend day worked), or none."""

    OWN = "own"
    MONDAY = "monday"
    OFF = "off"


@lru_cache(maxsize=1)
def _official() -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays and make-up workdays of the official years."""
    known = country_holidays("CN", years=OFFICIAL_YEARS)
    return frozenset(known), frozenset(known.weekend_workdays)


@implements("R3.4")
def provisional(year: int) -> bool:
    """Whether no official list is known for a year, so that it falls back to the plain week."""
    return year not in OFFICIAL_YEARS


def _adjoins_holiday(day: date) -> bool:
    """Whether a weekend day touches a holiday, by itself or through the other day of its weekend."""
    off, worked = _official()
    step = DAY if day.weekday() == SUNDAY else -DAY
    outer, other = day + step, day - step
    beyond = other - step
    return outer in off or other in off or (other not in worked and beyond in off)


@lru_cache(maxsize=20_000)
def official_kind(day: date) -> DayKind:
    """What the official calendar makes of a day."""
    if provisional(day.year):
        return DayKind.OWN
    off, worked = _official()
    weekend = day.weekday() >= SATURDAY
    if day in worked:
        return DayKind.MONDAY if weekend else DayKind.OWN
    if day in off or (weekend and _adjoins_holiday(day)):
        return DayKind.OFF
    return DayKind.OWN


@implements("R3")
def day_kind(day: date, overrides: Mapping[date, bool]) -> DayKind:
    """What a day is; the company's calendar (day → worked?) overrides the official one day by day."""
    worked = overrides.get(day)
    if worked is None:
        return official_kind(day)
    if not worked:
        return DayKind.OFF
    return DayKind.MONDAY if day.weekday() >= SATURDAY else DayKind.OWN


@implements("R3")
def is_workday(day: date, overrides: Mapping[date, bool]) -> bool:
    """Whether the company works on a day: a plain weekday, or a weekend day worked."""
    kind = day_kind(day, overrides)
    return kind is DayKind.MONDAY or (kind is DayKind.OWN and day.weekday() < SATURDAY)
