"""The clocks of tickets, computed from their events each time they are asked for, never stored (R3.1)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from models import db
from models.customer import Customer
from models.device import Device
from models.project import ProjectPlan
from models.ticket import Ticket, TicketWait
from rules.clause import implements
from rules.clock import (
    Clock,
    ClockName,
    ClockState,
    TicketTimes,
    Wait,
    WorkCalendar,
    clocks,
    spent,
)
from rules.period import business_day
from rules.service_plan import DEFAULT_PLAN, PRESETS, ServicePlan
from rules.ticket import TicketState, WaitReason
from workflows.service_plan import plans_by_id, work_calendar
from workflows.transaction import now

URGENT_PERCENT = 75
OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED)


@dataclass(frozen=True, slots=True)
class ClockFace:
    """A clock as a screen shows it: how much of its allowance is used (percent, rounded down), the working time
    left while it runs or pauses, and by how much it was missed."""

    clock: Clock
    percent: int
    left: timedelta | None
    over: timedelta | None

    @property
    def name(self) -> ClockName:
        return self.clock.name

    @property
    def state(self) -> ClockState:
        return self.clock.state

    @property
    def urgent(self) -> bool:
        """Whether it runs and three quarters of its time are used (R3.2)."""
        return self.state is ClockState.RUNNING and self.percent >= URGENT_PERCENT

    @property
    def not_done(self) -> bool:
        return self.clock.done is None


@dataclass(frozen=True, slots=True)
class _Run:
    """What the clocks of one ticket are computed from, and the moment at which they are read."""

    times: TicketTimes
    plan: ServicePlan
    moment: datetime
    cancelled: bool

    def clocks(self, calendar: WorkCalendar) -> tuple[Clock, ...]:
        """The clocks; of a cancelled ticket only those that had come to an end by then."""
        found = clocks(self.times, self.plan, calendar, self.moment)
        return tuple(c for c in found if not (self.cancelled and c.state in OPEN_STATES))


def clocks_of(condition: Any) -> dict[int, tuple[Clock, ...]]:
    """The clocks of the tickets that meet a condition, by ticket id; in five statements however many."""
    calendar = work_calendar()
    return {ticket: run.clocks(calendar) for ticket, run in _runs(condition)}


@implements("R3.1")
def clock_faces(ticket_ids: Iterable[int]) -> dict[int, tuple[ClockFace, ...]]:
    """The clocks of some tickets with what their bars show, by ticket id; in five statements however many."""
    calendar = work_calendar()
    return {
        ticket: tuple(_face(clock, run, calendar) for clock in run.clocks(calendar))
        for ticket, run in _runs(Ticket.id.in_(list(ticket_ids)))
    }


def tightest(faces: Iterable[ClockFace]) -> ClockFace | None:
    """The clock to look at first: the one not done that is due first, a paused one after those that are due;
    when all are done the one missed, else the one that used most of its time."""
    shown = list(faces)
    waiting = [face for face in shown if face.not_done]
    if waiting:
        return min(waiting, key=lambda f: (f.clock.due is None, f.clock.due or f.clock.allowance))
    return max(shown, key=lambda f: (f.state is ClockState.MISSED, f.percent), default=None)


def _face(clock: Clock, run: _Run, calendar: WorkCalendar) -> ClockFace:
    until = clock.done or run.moment
    used = spent(run.times, run.plan.hours, calendar, until)
    missed = clock.state is ClockState.MISSED and clock.due is not None
    return ClockFace(
        clock,
        percent=used * 100 // clock.allowance,
        left=max(clock.allowance - used, timedelta()) if clock.state in OPEN_STATES else None,
        over=until - clock.due if missed and clock.due is not None else None,
    )


def _runs(condition: Any) -> Iterator[tuple[int, _Run]]:
    plans, moment = plans_by_id(), now()
    preset = PRESETS[DEFAULT_PLAN][1]  # before the first import the presets are not in yet
    default = next((plan for plan in plans.values() if plan.name == DEFAULT_PLAN), preset)
    assigned, waits = _plans_by_project(condition), _waits(condition)
    query = (
        select(Ticket.id, Device.project_id, Customer.in_town, Ticket.reported_at, Ticket.severity, Ticket.mode,
               Ticket.responded_at, Ticket.arrived_at, Ticket.proposed_at, Ticket.completed_at,
               Ticket.status, Ticket.ended_at)
        .join(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Device, Device.id == Ticket.device_id)
        .where(or_(condition))
    )  # fmt: skip
    for row in db.session.execute(query):
        ticket, project, in_town, reported, severity, mode, *moments, status, ended = row
        responded, arrived, proposed, done = moments
        times = TicketTimes(
            reported, severity, mode, in_town, responded, arrived, proposed, done, tuple(waits.get(ticket, ()))
        )  # fmt: skip
        plan_id = _plan_on(assigned.get(project, []), business_day(reported))
        plan = default if plan_id is None else plans[plan_id]
        cancelled = status is TicketState.CANCELLED
        yield ticket, _Run(times, plan, (ended or moment) if cancelled else moment, cancelled)


def _waits(condition: Any) -> dict[int, list[Wait]]:
    """The waits for the customer of the tickets that meet a condition."""
    query = (
        select(TicketWait.ticket_id, TicketWait.started_at, TicketWait.ended_at)
        .join(Ticket, Ticket.id == TicketWait.ticket_id)
        .where(TicketWait.reason == WaitReason.CUSTOMER, or_(condition))
    )
    found: dict[int, list[Wait]] = defaultdict(list)
    for ticket, start, end in db.session.execute(query):
        found[ticket].append(Wait(start, end))
    return found


def _plans_by_project(condition: Any) -> dict[int, list[tuple[date, int]]]:
    """The plans, oldest first, of the projects whose devices the tickets are about."""
    projects = select(Device.project_id).join(Ticket, Ticket.device_id == Device.id)
    query = select(ProjectPlan.project_id, ProjectPlan.valid_from, ProjectPlan.plan_id)
    query = query.where(ProjectPlan.project_id.in_(projects.where(or_(condition))))
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for project, start, plan in db.session.execute(query.order_by(ProjectPlan.valid_from)):
        found[project].append((start, plan))
    return found


def _plan_on(plans: list[tuple[date, int]], day: date) -> int | None:
    """The plan that held on a day: the latest that began by then (R3)."""
    return next((plan for start, plan in reversed(plans) if start <= day), None)
