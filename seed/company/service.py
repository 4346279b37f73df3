"""The service rows of the register: tickets, waits, feedback forms, call-backs."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.ticket import ServiceMode
from seed.company.course import Course
from seed.company.customers import person_name
from seed.company.facts import Fact
from seed.company.faults import ONSITE_REASONS
from seed.company.requests import minutes
from seed.company.timeline import DAY, at, chance, workday_from

MANAGER = "M01"
EVENING = 16
NO_FORM, UNSIGNED, SIGNED_LATE, ACCEPTED_LATE = 0.013, 0.008, 0.012, 0.012
STARS = {5: 60, 4: 29, 3: 8, 2: 2, 1: 1}
CALLED, REACHED, CORRECTED = 0.97, 0.86, 0.06
REMARKS = (
    "客户满意，无其他意见", "客户确认已恢复，服务态度好", "客户希望下次提前半小时通知", "确认未收取任何费用",
    "客户建议增加巡检次数", "客户询问备件价格，已转商务", "设备运行正常",
)  # fmt: skip


def ticket_fact(course: Course) -> Fact:
    """The ticket's row."""
    request = course.request
    dice = chance("place", request.number)
    place = (
        f"{request.project.customer.name} {request.device.place if request.device else ''}".strip()
    )
    onsite = request.mode is ServiceMode.ONSITE
    values = {
        "number": request.number, "reported_at": request.reported_at, "source": request.source,
        "customer": request.project.customer.number, "serial": request.device.serial if request.device else None,
        "reporter": request.reporter, "phone": request.phone, "place": place, "fault": request.fault.text,
        "severity": request.severity, "urgency": request.urgency, "service_type": request.fault.service_type,
        "mode": request.mode, "onsite_reason": dice.choice(ONSITE_REASONS) if onsite else None,
        "technicians": tuple(person.number for person in course.crew),
        "responded_at": course.responded_at, "arrived_at": course.arrived_at,
        "proposed_at": course.proposed_at, "completed_at": course.completed_at,
    }  # fmt: skip
    return Fact("tickets", request.reported_at, values)


def wait_facts(course: Course) -> list[Fact]:
    """The rows of the ticket's waits."""
    number = course.request.number
    return [
        Fact(
            "waits", start, {"ticket": number, "started_at": start, "ended_at": end, "reason": why}
        )
        for start, end, why in course.waits
    ]


def form_fact(course: Course) -> Fact | None:
    """The feedback form; some never come, some come unsigned and are signed later, or never."""
    request = course.request
    dice = chance("form", request.number)
    draw = dice.random()
    if draw < NO_FORM:
        return None
    signed = _signed(dice, course)
    values = {
        "ticket": request.number, "fault": request.fault.text, "inspection": request.fault.found,
        "result": request.fault.done, "satisfaction": dice.choices(list(STARS), STARS.values())[0],
        "signed_by": dice.choice((request.reporter, person_name(dice))), "signed_at": signed,
    }  # fmt: skip
    since = signed
    if draw < NO_FORM + UNSIGNED:
        return Fact(
            "forms", since, values | {"signed_by": None, "signed_at": None, "accepted_on": None}
        )
    if draw < NO_FORM + UNSIGNED + SIGNED_LATE:
        signed += dice.randint(12, 35) * DAY
    ahead = dice.choice((0, 0, 1, 1, 1, 2, 3)) if signed.hour < EVENING else 1
    first = signed.date() + (DAY if signed != since else timedelta())
    accepted = workday_from(first, ahead)
    if draw > 1 - ACCEPTED_LATE:
        accepted = workday_from(accepted + dice.randint(12, 30) * DAY)
    return Fact("forms", since, values | {"signed_at": signed, "accepted_on": accepted})


def _signed(dice: random.Random, course: Course) -> datetime:
    """Signed on the spot on site; confirmed by message some time after a call."""
    if course.request.mode is ServiceMode.ONSITE:
        return course.completed_at + minutes(dice.uniform(3, 25))
    return course.completed_at + minutes(dice.triangular(5, 1500, 40))


def call_facts(course: Course, form: Fact) -> Iterator[Fact]:
    """Up to three calls by the manager in the working days after the form was accepted (R4.4)."""
    accepted, stars = form.values["accepted_on"], form.values["satisfaction"]
    number = course.request.number
    dice = chance("call", number)
    if accepted is None or dice.random() > CALLED:
        return
    day = accepted
    for attempt in range(3):
        day = workday_from(day + (DAY if attempt else timedelta()), dice.choice((0, 0, 1)))
        reached = dice.random() < REACHED
        values = {
            "ticket": number, "called_on": day, "caller": MANAGER, "reached": reached,
            "satisfaction": _confirmed(dice, stars) if reached else None,
            "remarks": dice.choice(REMARKS) if reached else "无人接听，改日再拨",
        }  # fmt: skip
        yield Fact("call_backs", at(day, 17), values)
        if reached:
            return


def _confirmed(dice: random.Random, stars: int) -> int:
    """The satisfaction told on the phone: nearly always the form's, at times one better or worse."""
    if dice.random() >= CORRECTED:
        return stars
    return min(5, stars + 1) if dice.random() < 0.5 else max(1, stars - 1)


def service_facts(course: Course) -> list[Fact]:
    """Everything the register says about one ticket's service."""
    facts = [ticket_fact(course), *wait_facts(course)]
    form = form_fact(course)
    if form is not None:
        facts += [form, *call_facts(course, form)]
    return facts
