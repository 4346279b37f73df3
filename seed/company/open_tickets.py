"""The tickets that are open right now, one and more in every state before the feedback form."""

import random
from datetime import datetime, timedelta

from rules.ticket import ServiceMode, Severity, TicketSource, WaitReason
from seed.company.course import Course, crew_for
from seed.company.devices import Device
from seed.company.faults import faults
from seed.company.people import Employee
from seed.company.requests import URGENCIES, Request
from seed.company.timeline import Timeline, chance

# device's kind, which of its faults, severity, mode, then minutes before now: reported, answered, arrived, waits since, and for whom.
# What is "-" has not happened yet.
_TABLE = """
control 0 A onsite 11   -    -    -    -
core    0 A onsite 26   -    -    -    -
barrier 1 C online 95   -    -    -    -
kiosk   0 C phone  190  -    -    -    -
storage 1 A onsite 58   46   -    -    -
barrier 0 B onsite 150  141  -    -    -
nvr     0 B onsite 310  288  -    -    -
platform 0 C online 1400 1340 -   -    -
aircon  0 B onsite 245  236  95   -    -
server  0 A onsite 190  182  118  -    -
gate    0 B onsite 1530 1516 170  -    -
ups     0 A onsite 400  391  330  -    -
camera  0 C onsite 2900 2870 1560 1500 parts
dome    0 C onsite 4400 4370 2950 2890 maker
database 0 A online 1600 1592 -   1480 customer
caller  0 C onsite 3000 2960 -    2900 customer
wall    0 B onsite 1750 1735 1420 1380 parts
"""
SOON = timedelta(days=2)


def _request(timeline: Timeline, line: list[str], turn: int, devices: list[Device]) -> Request:
    kind, which, severity, mode, reported = line[:5]
    dice = chance("open", turn)
    of_kind = [d for d in devices if d.kind == kind and d.project.accepted_on < timeline.today]
    device = dice.choice(of_kind)
    reporter, phone = dice.choice(device.project.customer.contacts)
    level = Severity(severity)
    return Request(
        _ago(timeline, reported), dice.choice((TicketSource.SERVICE_LINE, TicketSource.SERVICE_LINE, TicketSource.WEB)),
        device.project, device, faults()[kind][int(which)], level, URGENCIES[level][0], ServiceMode(mode), reporter, phone,
    )  # fmt: skip


def _ago(timeline: Timeline, text: str) -> datetime:
    return (timeline.now - timedelta(minutes=int(text))).replace(second=0, microsecond=0)


def open_requests(timeline: Timeline, devices: list[Device]) -> list[tuple[Request, list[str]]]:
    """The requests, each with its line of the table."""
    lines = [line.split() for line in _TABLE.strip().splitlines()]
    return [(_request(timeline, line, turn, devices), line) for turn, line in enumerate(lines)]


def open_course(timeline: Timeline, request: Request, line: list[str], people: list[Employee]) -> Course:  # fmt: skip
    """What has been done so far; what is still to come comes after now, so that no register has it yet."""
    answered, arrived, waits_since, reason = line[5:]
    later = timeline.now + SOON
    dice: random.Random = chance("open crew", request.number)
    moments = [later if text == "-" else _ago(timeline, text) for text in (answered, arrived)]
    waits = ()
    if waits_since != "-":
        waits = ((_ago(timeline, waits_since), later, WaitReason(reason)),)
    on_site = request.mode is ServiceMode.ONSITE
    crew = crew_for(dice, request, people)
    return Course(
        request, crew, moments[0], moments[1] if on_site else None, None, later + SOON, waits
    )
