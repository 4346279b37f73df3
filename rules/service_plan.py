"""Service plans: hours, promises per severity, and the four presets (R3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from rules.clause import implements
from rules.ticket import ServiceMode, Severity

Window = tuple[int, int]
WEEK = "一二三四五六日"
DAY_MINUTES = 24 * 60
UNITS = {
    "分钟": 1,
    "分": 1,
    "min": 1,
    "小时": 60,
    "时": 60,
    "h": 60,
    "天": DAY_MINUTES,
    "日": DAY_MINUTES,
}


@dataclass(frozen=True, slots=True)
class Hours:
    """The minutes of each weekday (Monday first) in which a plan's clocks run; empty for round the clock."""

    week: tuple[tuple[Window, ...], ...] = ()

    @property
    def round_the_clock(self) -> bool:
        return not self.week


ROUND_THE_CLOCK = Hours()
OFFICE = Hours((((9 * 60, 17 * 60),),) * 5 + ((), ()))


@dataclass(frozen=True, slots=True)
class Promise:
    """What a plan promises for one severity, in minutes; None means no such clock."""

    respond: int | None = None
    onsite_in_town: int | None = None
    onsite_out_of_town: int | None = None
    propose: int | None = None
    restore: int | None = None


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A plan: a severity without a promise has no clocks."""

    name: str
    hours: Hours
    promises: Mapping[Severity, Promise]


def _windows(text: str) -> tuple[Window, ...]:
    found: list[Window] = []
    for part in text.split():
        match = re.fullmatch(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)", part)
        if match is None:
            raise ValueError(text)
        start, end = (
            int(match[1]) * 60 + int(match[2]),
            int(match[3]) * 60 + int(match[4]),
        )
        if not start < end <= DAY_MINUTES or (found and start < found[-1][1]):
            raise ValueError(text)
        found.append((start, end))
    if not found:
        raise ValueError(text)
    return tuple(found)


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in re.split(r"[、,]", text.replace("天", "日")):
        names = [WEEK.index(name) for name in re.findall(r"(?:周|星期)?([一二三四五六日])", part)]
        if len(names) == 2 and re.search(r"[至到~-]", part):
            days.extend(range(names[0], names[1] + 1))
        elif len(names) == 1:
            days.append(names[0])
        else:
            raise ValueError(text)
    return days


@implements("R3")
def parse_hours(text: str) -> Hours:
    """Read ``7×24``, ``5×8`` or ``周一至周五 08:30-12:00 13:30-17:30; 周六 09:00-12:00``; else ValueError."""
    plain = text.strip().lower().replace("×", "x").replace("*", "x").replace("：", ":")
    if plain.replace(" ", "") in ("7x24", "24x7"):
        return ROUND_THE_CLOCK
    if plain.replace(" ", "") == "5x8":
        return OFFICE
    week: list[tuple[Window, ...]] = [()] * 7
    for part in filter(None, (p.strip() for p in re.split(r"[;；]", plain))):
        match = re.fullmatch(r"(\D+?)\s*(\d.*)", part)
        if match is None:
            raise ValueError(text)
        for day in _days(match[1].strip()):
            if week[day]:
                raise ValueError(text)
            week[day] = _windows(
                re.sub(r"[—–~至到]", "-", match[2]).replace(",", " ").replace("、", " ")
            )
    if not any(week):
        raise ValueError(text)
    return Hours(tuple(week))


def same_hours(one: str, other: str) -> bool:
    """Whether two texts mean the same hours; a text that can't be read is the same as none."""
    try:
        return parse_hours(one) == parse_hours(other)
    except ValueError:
        return False


def parse_duration(text: str) -> int:
    """Read ``30分钟``, ``1.5小时`` or ``2天`` into whole minutes > 0; else ValueError."""
    match = re.fullmatch(r"([\d.]+)\s*(个?小时|分钟|分|时|天|日|min|h)", text.strip().lower())
    if match is None:
        raise ValueError(text)
    try:
        minutes = Decimal(match[1]) * UNITS[match[2].lstrip("个")]
    except InvalidOperation as error:
        raise ValueError(text) from error
    if minutes <= 0 or minutes != minutes.to_integral_value() or minutes > 366 * DAY_MINUTES:
        raise ValueError(text)
    return int(minutes)


def onsite_minutes(promise: Promise, mode: ServiceMode, in_town: bool) -> int | None:
    """The on-site allowance in force for a ticket; none unless it is served on site."""
    if mode is not ServiceMode.ONSITE:
        return None
    return promise.onsite_in_town if in_town else promise.onsite_out_of_town


_H = 60
_FAST = Promise(respond=30, restore=2 * _H)
_FULL = Promise(2 * _H, 12 * _H, 12 * _H, None, 48 * _H)
_FULL_SEVERITIES = {
    Severity.A: _FULL,
    Severity.B: _FULL,
    Severity.C: _FULL,
    Severity.D: Promise(2 * _H),
}
DEFAULT_PLAN = "分级响应"
PRESETS: dict[str, tuple[str, ServicePlan]] = {
    name: (hours_text, ServicePlan(name, parse_hours(hours_text), promises))
    for name, hours_text, promises in (
        (
            DEFAULT_PLAN,
            "7×24",
            {
                Severity.A: Promise(None, 2 * _H, 24 * _H, 48 * _H),
                Severity.B: Promise(None, 48 * _H, 48 * _H, 72 * _H),
                Severity.C: Promise(respond=72 * _H, propose=108 * _H),
            },
        ),
        (
            "快速响应",
            "7×24",
            {
                Severity.A: _FAST,
                Severity.B: _FAST,
                Severity.C: _FAST,
                Severity.D: Promise(30),
            },
        ),
        ("7×24保障", "7×24", _FULL_SEVERITIES),
        ("5×8标准", "5×8", _FULL_SEVERITIES),
    )
}
MINUTE = timedelta(minutes=1)
