"""Who asks for service when, where and why: the tickets before anything is done about them."""

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from numbers import Real
from typing import TypeVar

from rules.period import Month, last_day_of_period
from rules.ticket import ServiceMode, Severity, TicketSource, Urgency
from seed.company.customers import Project
from seed.company.devices import Device
from seed.company.faults import INSPECTION, Fault, faults
from seed.company.timeline import DAY, Timeline, at, chance, worked

SEASON = (0.95, 0.75, 1.0, 1.0, 1.02, 1.1, 1.2, 1.15, 1.05, 0.92, 1.0, 1.0)
HOURS = (1, 1, 1, 1, 1, 2, 4, 12, 60, 90, 80, 55, 22, 40, 75, 70, 60, 40, 14, 10, 8, 6, 4, 2)
T = TypeVar("T")
DAY_ON, DAY_OFF = 100, 22
WITHOUT_DEVICE, REPEATED = 0.07, 0.025
LEMON, HOW_SOUR = 0.04, 3
SOURCES = {
    TicketSource.SERVICE_LINE: 62, TicketSource.WEB: 13, TicketSource.TECHNICIAN: 8, TicketSource.EMAIL: 6,
    TicketSource.LEADER: 3, TicketSource.WALK_IN: 3, TicketSource.COMPLAINT_LINE: 3, TicketSource.LETTER: 2,
}  # fmt: skip
URGENCIES = {
    Severity.A: (Urgency.EXTREME, Urgency.EXTREME, Urgency.URGENT),
    Severity.B: (Urgency.URGENT, Urgency.URGENT, Urgency.NORMAL),
    Severity.C: (Urgency.NORMAL, Urgency.NORMAL, Urgency.URGENT),
    Severity.D: (Urgency.NORMAL,),
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request for service, as the clerk takes it down."""

    reported_at: datetime
    source: TicketSource
    project: Project
    device: Device | None
    fault: Fault
    severity: Severity
    urgency: Urgency
    mode: ServiceMode
    reporter: str
    phone: str
    number: str = ""

    @property
    def family(self) -> str:
        """The family of devices that it is about; empty where it is about none."""
        return self.device.family if self.device else ""


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that can break, with how readily."""

    devices: tuple[Device, ...]
    projects: tuple[Project, ...]

    def break_down(self, dice: random.Random, day: date) -> Device:
        """The device that breaks on a day: some break again and again."""
        while True:
            device = dice.choice(self.devices)
            if device.project.accepted_on < day:
                return device


def number_of(prefix: str, month: Month, turn: int) -> str:
    """A document's number: kind, month, turn in the month."""
    return f"{prefix}{month.year % 100:02}{month.number:02}-{turn:03}"


def field_of(devices: list[Device], projects: list[Project]) -> Field:
    """The devices, the unlucky ones several times over."""
    weighted = []
    for device in devices:
        weighted += [device] * (HOW_SOUR if chance("lemon", device.serial).random() < LEMON else 1)
    return Field(tuple(weighted), tuple(projects))


def _moment(dice: random.Random, days: list[date], weights: list[int]) -> datetime:
    day = dice.choices(days, weights)[0]
    return at(day, dice.choices(range(24), HOURS)[0], dice.randrange(60))


def _asked(
    dice: random.Random, moment: datetime, project: Project, device: Device | None, fault: Fault
) -> Request:
    severity = dice.choice(fault.severities)
    reporter, phone = dice.choice(project.customer.contacts)
    return Request(
        moment, dice.choices(list(SOURCES), SOURCES.values())[0], project, device, fault, severity,
        dice.choice(URGENCIES[severity]), dice.choice(fault.modes), reporter, phone,
    )  # fmt: skip


def _again(dice: random.Random, moment: datetime, earlier: list[Request]) -> Request | None:
    """The same device failing in the same way some days later."""
    start = bisect_left(earlier, moment - 75 * DAY, key=lambda request: request.reported_at)
    end = bisect_left(earlier, moment - 3 * DAY, key=lambda request: request.reported_at)
    recent = [request for request in earlier[start:end] if request.device]
    if not recent:
        return None
    before = dice.choice(recent)
    return replace(before, reported_at=moment, source=TicketSource.SERVICE_LINE)


def _month(dice: random.Random, month: Month, count: int, field: Field, earlier: list[Request]) -> list[Request]:  # fmt: skip
    days = [month.first_day + n * DAY for n in range(month.days)]
    weights = [DAY_ON if worked(day) else DAY_OFF for day in days]
    moments = sorted(_moment(dice, days, weights) for _ in range(count))
    found: list[Request] = []
    for moment in moments:
        draw, request = dice.random(), None
        device = field.break_down(dice, moment.date())
        if draw < REPEATED:
            request = _again(dice, moment, earlier)
        elif draw < REPEATED + WITHOUT_DEVICE:
            fault = dice.choice(faults()["none"][1:])
            request = _asked(dice, moment, device.project, None, fault)
        if request is None:
            fault = dice.choice(faults()[device.kind])
            request = _asked(dice, moment, device.project, device, fault)
        found.append(request)
    return found


def inspections(timeline: Timeline, projects: tuple[Project, ...]) -> Iterator[Request]:
    """The free inspection of each warranty year, some weeks before the year is over (R1.5)."""
    fault = faults()["none"][0]
    assert fault.text == INSPECTION  # noqa: S101
    for project in projects:
        for year in range(1, project.warranty_months // 12 + 1):
            dice = chance("inspection", project.number, year)
            day = last_day_of_period(project.accepted_on, 12 * year) - dice.randint(4, 26) * DAY
            if timeline.first.first_day <= day <= timeline.current.last_day:
                moment = at(day, 9, dice.randrange(60))
                asked = _asked(dice, moment, project, None, fault)
                yield replace(asked, source=TicketSource.LEADER)


def requests(timeline: Timeline, field: Field, tickets: int) -> list[Request]:
    """Every request of the story in the order of its report, the current month's to its end."""
    found: list[Request] = []
    regular = tickets / timeline.length - len(field.projects) / 12
    for month in timeline.months():
        dice = chance("requests", month)
        count = max(1, round(regular * SEASON[month.number - 1] * dice.uniform(0.95, 1.05)))
        found += _month(dice, month, count, field, found)
    return sorted([*found, *inspections(timeline, field.projects)], key=lambda r: r.reported_at)


def numbered(found: list[tuple[Request, T]]) -> list[tuple[Request, T]]:
    """The requests in order with their numbers, without a gap in any month; what comes with each stays with it."""
    turns: dict[Month, int] = {}
    result = []
    for request, more in sorted(
        found, key=lambda pair: (pair[0].reported_at, pair[0].project.number)
    ):
        month = Month.of(request.reported_at.date())
        turns[month] = turns.get(month, 0) + 1
        result.append((replace(request, number=number_of("FW", month, turns[month])), more))
    return result


def minutes(count: Real) -> timedelta:
    """A span of whole minutes."""
    return timedelta(minutes=round(count))
