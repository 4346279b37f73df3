"""The clocks of tickets, computed from their events each time they are asked for, never stored (R3.1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import bindparam, func, select

from models import db
from models.customer import Customer
from models.device import Device
from models.project import ProjectPlan
from models.site import Site
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
from workflows.service_plan import service_book
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
    """The clocks of the tickets that meet a condition, by ticket id; in two statements however many."""
    plans, calendar = known_plans()
    return {ticket: run.clocks(calendar) for ticket, run in _runs(RUNS.where(condition), plans)}


@implements("R3.1")
def clock_faces(ticket_ids: Iterable[int]) -> dict[int, tuple[ClockFace, ...]]:
    """The clocks of some tickets with what their bars show, by ticket id; in two statements however many."""
    plans, calendar = known_plans()
    return {
        ticket: tuple(_face(clock, run, calendar) for clock in run.clocks(calendar))
        for ticket, run in _runs(OF_TICKETS, plans, {"ids": list(ticket_ids)})
    }


@implements("R3")
def in_town(ticket: Ticket) -> bool:
    """Whether a ticket is in town: by its site's region where it has one, else by its customer's."""
    site = ticket.site
    return ticket.customer.in_town if site is None or site.in_town is None else site.in_town


@implements("R3.1")
def clock_faces_of(ticket: Ticket) -> tuple[ClockFace, ...]:
    """The same of one ticket; in one statement where its customer, waits and project's plans are at hand."""
    plans, calendar = known_plans()
    assigned = ticket.device.project.plans if ticket.device else []
    waits = [
        Wait(w.started_at, w.ended_at) for w in ticket.waits if w.reason is WaitReason.CUSTOMER
    ]
    run = _run(ticket, in_town(ticket), assigned, waits, plans, now())
    return tuple(_face(clock, run, calendar) for clock in run.clocks(calendar))


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


@dataclass(frozen=True, slots=True)
class Plans:
    """Every plan by its id, and the one of a project without any."""

    by_id: dict[int, ServicePlan]
    default: ServicePlan

    def on(self, assigned: Iterable[Any], day: date) -> ServicePlan:
        """The plan that held on a day: the latest of those assigned, oldest first, that began by then (R3)."""
        begun = [one.plan_id for one in assigned if one.valid_from <= day]
        return self.by_id[begun[-1]] if begun else self.default


def known_plans() -> tuple[Plans, WorkCalendar]:
    """The plans that there are, and the calendar; before the first import the presets are not in yet."""
    plans, calendar = service_book()
    named = (plan for plan in plans.values() if plan.name == DEFAULT_PLAN)
    return Plans(plans, next(named, PRESETS[DEFAULT_PLAN][1])), calendar


def _run(
    row: Any, in_town: bool, assigned: Iterable[Any], waits: Iterable[Wait], plans: Plans, moment: datetime
) -> _Run:  # fmt: skip
    """What the clocks of a ticket are computed from; `row` has its moments, `assigned` its project's plans."""
    times = TicketTimes(
        row.reported_at, row.severity, row.mode, in_town,
        row.responded_at, row.arrived_at, row.proposed_at, row.completed_at, tuple(waits),
    )  # fmt: skip
    plan = plans.on(assigned, business_day(row.reported_at))
    cancelled = row.status is TicketState.CANCELLED
    return _Run(times, plan, (row.ended_at or moment) if cancelled else moment, cancelled)


# What the clocks of tickets are computed from, before it is said of which: a row for each plan of a ticket's project
# with each of its waits for the customer.
RUNS = (
    select(Ticket.id, func.coalesce(Site.in_town, Customer.in_town).label("in_town"), Ticket.reported_at, Ticket.severity, Ticket.mode,
           Ticket.responded_at, Ticket.arrived_at, Ticket.proposed_at, Ticket.completed_at,
           Ticket.status, Ticket.ended_at, ProjectPlan.valid_from, ProjectPlan.plan_id,
           TicketWait.started_at.label("wait_from"), TicketWait.ended_at.label("wait_until"))
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Site, Site.id == Ticket.site_id)
    .outerjoin(Device, Device.id == Ticket.device_id)
    .outerjoin(ProjectPlan, ProjectPlan.project_id == Device.project_id)
    .outerjoin(TicketWait, (TicketWait.ticket_id == Ticket.id) & (TicketWait.reason == WaitReason.CUSTOMER))
    .order_by(Ticket.id, ProjectPlan.valid_from, TicketWait.started_at)
)  # fmt: skip


OF_TICKETS = RUNS.where(Ticket.id.in_(bindparam("ids", expanding=True)))


def _runs(
    query: Any, plans: Plans, values: dict[str, Any] | None = None
) -> Iterator[tuple[int, _Run]]:
    moment = now()
    for ticket, found in groupby(db.session.execute(query, values), key=attrgetter("id")):
        rows = list(found)
        assigned = [row for row in rows if row.plan_id is not None]
        waits = {(row.wait_from, row.wait_until) for row in rows if row.wait_from is not None}
        spans = [Wait(*wait) for wait in sorted(waits, key=itemgetter(0))]
        yield ticket, _run(rows[0], rows[0].in_town, assigned, spans, plans, moment)
