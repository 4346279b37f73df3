"""What is done about a request: who goes, when he answers, arrives, proposes and finishes, and what he waits for."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from rules.clock import ClockName, WorkCalendar
from rules.employee import EmployeeKind
from rules.service_plan import Promise, onsite_minutes
from rules.ticket import ServiceMode, Severity, WaitReason
from seed.company.faults import INSPECTION
from seed.company.people import GROUPS, Employee
from seed.company.plans import plan_of
from seed.company.requests import Request, minutes
from seed.company.timeline import DAY, at, workday_from, worked

LATE, SECOND_MAN, HELPER = 0.075, 0.13, 0.07
WAITS_FOR_PART, WAITS_FOR_CUSTOMER = 0.2, 0.055
OPENS, CLOSES = 8, 17
Wait = tuple[datetime, datetime, WaitReason]


@dataclass(frozen=True, slots=True)
class Course:
    """A request and what was done about it, to its end."""

    request: Request
    crew: tuple[Employee, ...]
    responded_at: datetime
    arrived_at: datetime | None
    proposed_at: datetime | None
    completed_at: datetime
    waits: tuple[Wait, ...] = ()


def crew_for(dice: random.Random, request: Request, people: list[Employee]) -> tuple[Employee, ...]:
    """One technician of the group that knows the device, now and then with a second one or a helper."""
    day = request.reported_at.date()
    here = [p for p in people if p.employed_on(day)]
    dedicated = [p for p in here if p.kind is EmployeeKind.DEDICATED]
    group = [p for p in dedicated if request.family in GROUPS[p.department]] or dedicated
    first = dice.choice(group)
    draw = dice.random()
    if request.mode is not ServiceMode.ONSITE or draw >= SECOND_MAN + HELPER:
        return (first,)
    helpers = [p for p in here if p.kind is EmployeeKind.NON_DEDICATED]
    if draw < HELPER and helpers:
        helper = dice.choice(helpers)
        return (helper,) if dice.random() < 0.4 else (first, helper)
    return (first, dice.choice([p for p in dedicated if p is not first]))


def in_office(moment: datetime) -> bool:
    """Whether the office is open."""
    return worked(moment.date()) and OPENS <= moment.hour < CLOSES


def next_office(dice: random.Random, moment: datetime) -> datetime:
    """The moment itself in office hours, else soon after the next opening."""
    if in_office(moment):
        return moment
    day = moment.date() if moment.hour < OPENS else moment.date() + DAY
    return at(workday_from(day), OPENS, dice.randint(25, 59))


def working_hour(dice: random.Random, day: date, ahead: int) -> datetime:
    """Some hour of the working day so many ahead."""
    return at(workday_from(day + DAY, max(ahead - 1, 0)), dice.randint(9, 15), dice.randrange(60))


def _answered(dice: random.Random, request: Request) -> datetime:
    pressing = request.severity in (Severity.A, Severity.B)
    if in_office(request.reported_at):
        return request.reported_at + minutes(dice.triangular(2, 40, 9))
    if pressing:
        return request.reported_at + minutes(dice.triangular(5, 50, 14))
    return next_office(dice, request.reported_at) + minutes(dice.uniform(3, 60))


def _arrived(dice: random.Random, request: Request, start: datetime) -> datetime:
    near = request.project.customer.in_town
    if request.severity is Severity.A:
        return start + minutes(dice.uniform(25, 85) if near else dice.uniform(95, 300))
    if request.severity is Severity.B and near and in_office(start) and start.hour < 15:
        return start + minutes(dice.uniform(50, 190))
    return working_hour(dice, start.date(), dice.choice((1, 1, 1, 2) if near else (1, 2, 2)))


def _finished(dice: random.Random, request: Request, start: datetime) -> datetime:
    if request.mode is ServiceMode.ONSITE:
        return start + minutes(dice.triangular(35, 260, 90))
    if request.mode is ServiceMode.PHONE:
        return start + minutes(dice.triangular(8, 55, 18))
    return start + minutes(dice.triangular(15, 200, 50))


def natural(dice: random.Random, request: Request, crew: tuple[Employee, ...]) -> Course:
    """The course as the work itself takes it, whatever was promised."""
    responded = _answered(dice, request)
    waits: list[Wait] = []
    start = responded
    if dice.random() < WAITS_FOR_CUSTOMER and request.fault.text != INSPECTION:
        begins = responded + minutes(dice.uniform(15, 60))
        start = working_hour(dice, begins.date(), dice.choice((1, 1, 2, 3)))
        waits.append((begins, start, WaitReason.CUSTOMER))
    arrived = None
    if request.mode is ServiceMode.ONSITE:
        start = arrived = start + minutes(30) if waits else _arrived(dice, request, start)
        if request.fault.needs_part and dice.random() < WAITS_FOR_PART:
            begins = start + minutes(dice.uniform(30, 90))
            start = working_hour(dice, begins.date(), dice.choice((1, 1, 1, 2, 4)))
            waits.append(
                (begins, start, dice.choice((WaitReason.PARTS,) * 3 + (WaitReason.MAKER,)))
            )
    completed = _finished(dice, request, start)
    proposed = None
    if request.severity in (Severity.A, Severity.B) and completed - responded > timedelta(hours=6):
        proposed = (arrived or responded) + minutes(dice.uniform(40, 150))
    return Course(request, crew, responded, arrived, proposed, completed, tuple(waits))


def _allowances(request: Request, promise: Promise) -> dict[ClockName, int]:
    found = {
        ClockName.RESPOND: promise.respond,
        ClockName.ONSITE: onsite_minutes(promise, request.mode, request.project.customer.in_town),
        ClockName.PROPOSE: promise.propose,
        ClockName.RESTORE: promise.restore,
    }
    return {name: allowance for name, allowance in found.items() if allowance is not None}


def kept(dice: random.Random, course: Course, calendar: WorkCalendar) -> Course:
    """The course hurried so that its promises are kept, but for one clock of some tickets, which is missed."""
    request, plan = course.request, plan_of(course.request.project)
    promise = plan.promises.get(request.severity)
    if promise is None:
        return course
    allowances = _allowances(request, promise)
    missed = dice.choice(list(allowances)) if allowances and dice.random() < LATE else None
    for name, allowance in allowances.items():
        due = calendar.add(request.reported_at, minutes(allowance), plan.hours)
        if name is missed:
            course = _put(course, name, due + minutes(min(dice.uniform(0.1, 0.7) * allowance, 900)))
        elif not course.waits:
            early = due - minutes(dice.uniform(0.03, 0.3) * allowance)
            course = _hurry(course, name, early)
    return _in_order(course)


KEYS = {
    ClockName.RESPOND: "responded_at",
    ClockName.ONSITE: "arrived_at",
    ClockName.PROPOSE: "proposed_at",
    ClockName.RESTORE: "completed_at",
}


def _put(course: Course, name: ClockName, moment: datetime) -> Course:
    if name is ClockName.PROPOSE and course.completed_at < moment:
        course = replace(course, completed_at=moment + minutes(45))
    return replace(course, **{KEYS[name]: moment.replace(second=0, microsecond=0)})


def _hurry(course: Course, name: ClockName, latest: datetime) -> Course:
    done = getattr(course, KEYS[name])
    if name is ClockName.PROPOSE:
        done = min(done or course.completed_at, course.completed_at)
    if done is None or done <= latest:
        return course
    return replace(course, **{KEYS[name]: latest.replace(second=0, microsecond=0)})


def _in_order(course: Course) -> Course:
    """Response, arrival, proposal and completion one after the other, each some minutes after the one before."""
    last = course.request.reported_at
    moments: dict[str, datetime] = {}
    for key, gap in (("responded_at", 1), ("arrived_at", 12), ("completed_at", 18)):
        moment = getattr(course, key)
        if moment is not None:
            moments[key] = last = max(moment, last + minutes(gap))
    proposed = course.proposed_at
    if proposed is not None:
        proposed = max(proposed, moments["responded_at"] + minutes(5))
        moments["proposed_at"] = min(proposed, moments["completed_at"])
    ends = tuple((a, min(b, moments["completed_at"]), why) for a, b, why in course.waits)
    return replace(course, waits=tuple(w for w in ends if w[0] < w[1]), **moments)
