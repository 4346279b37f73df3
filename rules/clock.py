"""SLA clocks, computed from a ticket's events each time they are asked for (R3.1, R3.3, R3.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rules.calendar_day import DAY, DayKind, day_kind
from rules.clause import implements
from rules.period import SHANGHAI
from rules.service_plan import Hours, ServicePlan, onsite_minutes
from rules.ticket import ServiceMode, Severity

NO_PROMISE_YEARS = 30


class ClockName(StrEnum):
    """首次响应, 到场, 方案, 恢复."""

    RESPOND = "respond"
    ONSITE = "onsite"
    PROPOSE = "propose"
    RESTORE = "restore"


class ClockState(StrEnum):
    """达标, 超时, 计时中, 暂停."""

    MET = "met"
    MISSED = "missed"
    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait for the customer; open while `end` is None. Aware instants."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class TicketTimes:
    """The moments of a ticket on which its clocks depend; all aware."""

    reported_at: datetime
    severity: Severity
    mode: ServiceMode
    in_town: bool
    responded_at: datetime | None = None
    arrived_at: datetime | None = None
    proposed_at: datetime | None = None
    completed_at: datetime | None = None
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise of a ticket: when due, when done, and its state; no due moment while paused."""

    name: ClockName
    allowance: timedelta
    due: datetime | None
    done: datetime | None
    state: ClockState


@dataclass(slots=True)
class WorkCalendar:
    """The working time of a plan's hours under the official calendar and the company's overrides."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    _cache: dict[tuple[Hours, date], tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict
    )

    def windows(self, day: date, hours: Hours) -> tuple[tuple[datetime, datetime], ...]:
        """The working windows of one Shanghai day, in order."""
        key = (hours, day)
        if key not in self._cache:
            self._cache[key] = self._windows(day, hours)
        return self._cache[key]

    def _windows(self, day: date, hours: Hours) -> tuple[tuple[datetime, datetime], ...]:
        kind = day_kind(day, self.overrides)
        if kind is DayKind.OFF:
            return ()
        midnight = datetime.combine(day, time(), SHANGHAI)
        week_day = 0 if kind is DayKind.MONDAY else day.weekday()
        return tuple(
            (midnight + timedelta(minutes=start), midnight + timedelta(minutes=end))
            for start, end in hours.week[week_day]
        )

    def _from(self, start: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
        day = start.astimezone(SHANGHAI).date()
        last = date(min(day.year + NO_PROMISE_YEARS, date.max.year), 12, 31)
        while day <= last:
            for opens, closes in self.windows(day, hours):
                if closes > start:
                    yield max(opens, start), closes
            day += DAY

    def add(self, start: datetime, allowance: timedelta, hours: Hours) -> datetime:
        """The moment when an allowance of working time from a start is used up."""
        if hours.round_the_clock:
            return start + allowance
        for opens, closes in self._from(start, hours):
            if closes - opens >= allowance:
                return opens + allowance
            allowance -= closes - opens
        raise ValueError("these hours never have enough working time")

    def between(self, start: datetime, end: datetime, hours: Hours) -> timedelta:
        """The working time from start to end."""
        if hours.round_the_clock:
            return max(end - start, timedelta())
        spent = timedelta()
        for opens, closes in self._from(start, hours):
            if opens >= end:
                break
            spent += min(closes, end) - opens
        return spent


def _merged(times: TicketTimes, done: datetime | None) -> list[Wait]:
    """Waits that count towards a clock: from the report to its end, overlaps joined, in order."""
    merged: list[Wait] = []
    for wait in sorted(times.waits, key=lambda w: w.start):
        start, end = max(wait.start, times.reported_at), wait.end
        if done is not None:
            if start >= done:
                continue
            end = done if end is None else min(end, done)
        if end is not None and end <= start:
            continue
        before = merged[-1] if merged else None
        if before is not None and (before.end is None or start <= before.end):
            joined = None if before.end is None or end is None else max(before.end, end)
            merged[-1] = Wait(before.start, joined)
        else:
            merged.append(Wait(start, end))
    return merged


@implements("R3.1", "R3.4")
def due_moment(
    times: TicketTimes,
    allowance: timedelta,
    hours: Hours,
    calendar: WorkCalendar,
    done: datetime | None,
) -> datetime | None:
    """When a clock is due; None while an open wait holds it.

    The working time left when a wait starts is counted on from the moment the wait ends.
    """
    start, left = times.reported_at, allowance
    due = calendar.add(start, left, hours)
    for wait in _merged(times, done):
        if wait.start >= due:
            break
        if wait.end is None:
            return None
        left -= calendar.between(start, wait.start, hours)
        start = wait.end
        due = calendar.add(start, left, hours)
    return due


@implements("R3.1")
def spent(times: TicketTimes, hours: Hours, calendar: WorkCalendar, until: datetime) -> timedelta:
    """The working time from the report to a moment, waits for the customer left out."""
    used, start = timedelta(), times.reported_at
    for wait in _merged(times, until):
        used += calendar.between(start, wait.start, hours)
        start = wait.end or until
    return used + calendar.between(start, until, hours)


def _state(due: datetime | None, done: datetime | None, now: datetime) -> ClockState:
    if due is None:
        return ClockState.PAUSED
    if done is not None:
        return ClockState.MET if done <= due else ClockState.MISSED
    return ClockState.MISSED if now > due else ClockState.RUNNING


@implements("R3.1", "R3.3")
def clocks(
    times: TicketTimes, plan: ServicePlan, calendar: WorkCalendar, now: datetime
) -> tuple[Clock, ...]:
    """The clocks of a ticket under its plan and present severity, counted from the time of report."""
    promise = plan.promises.get(times.severity)
    if promise is None:
        return ()
    proposed = min((t for t in (times.proposed_at, times.completed_at) if t), default=None)
    promised = (
        (ClockName.RESPOND, promise.respond, times.responded_at),
        (
            ClockName.ONSITE,
            onsite_minutes(promise, times.mode, times.in_town),
            times.arrived_at,
        ),
        (ClockName.PROPOSE, promise.propose, proposed),
        (ClockName.RESTORE, promise.restore, times.completed_at),
    )
    found = []
    for name, minutes, done in promised:
        if minutes is None:
            continue
        allowance = timedelta(minutes=minutes)
        due = due_moment(times, allowance, plan.hours, calendar, done)
        found.append(Clock(name, allowance, due, done, _state(due, done, now)))
    return tuple(found)
