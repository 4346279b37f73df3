"""The figures of the first page: what is open, what is late, how the last month went."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, func, select, true

from models import db
from models.account import Account
from models.settlement import Settlement
from models.ticket import Ticket
from rules.clock import ClockName, ClockState
from rules.period import Month, business_day
from rules.ticket_steps import OPEN, UNSERVED
from workflows.desk import served_by
from workflows.ticket_clocks import ClockFace, clock_faces, tightest
from workflows.transaction import now, today

MOST_WATCHED = 500


@dataclass(frozen=True, slots=True)
class Watched:
    """A ticket whose tightest clock wants attention."""

    ticket: Ticket
    face: ClockFace


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of the tickets in work: how many of each are due today, missed ones, and those that are urgent or
    missed, worst first."""

    due_today: Counter[ClockName]
    missed: int
    watched: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """How a settled month went: promises met of due, satisfaction and forms."""

    month: Month
    met: int
    due: int
    satisfaction: Decimal | None
    forms: int


def _mine(actor: Account | None) -> ColumnElement[bool]:
    """The condition that a ticket is served by an employee; none for everybody."""
    return true() if actor is None else served_by(actor.employee_id)


def open_tickets(actor: Account | None = None) -> int:
    """How many tickets are not over; of one employee, or all."""
    query = select(func.count()).select_from(Ticket).where(Ticket.status.in_(OPEN), _mine(actor))
    return db.session.scalar(query) or 0


def clocks_in_work(actor: Account | None = None) -> Clocks:
    """The clocks of the latest tickets that are not served yet."""
    tickets = db.session.scalars(
        select(Ticket)
        .where(Ticket.status.in_(UNSERVED), _mine(actor))
        .order_by(Ticket.reported_at.desc())
        .limit(MOST_WATCHED)
    ).all()
    faces = clock_faces([ticket.id for ticket in tickets])
    due_today: Counter[ClockName] = Counter()
    missed = 0
    watched = []
    for ticket in tickets:
        face = tightest(faces.get(ticket.id, ()))
        if face is None or not face.not_done:
            continue
        late = face.state is ClockState.MISSED
        missed += late
        if face.clock.due is not None and business_day(face.clock.due) == today() and not late:
            due_today[face.name] += 1
        if late or face.urgent:
            watched.append(Watched(ticket, face))
    watched.sort(
        key=lambda w: (w.face.state is not ClockState.MISSED, w.face.clock.due, w.ticket.id)
    )
    return Clocks(due_today, missed, tuple(watched))


def reported_by_week(weeks: int) -> list[int]:
    """How many tickets were reported in each of the last so many times seven days, the latest last."""
    until = now()
    starts = [until - timedelta(days=7 * back) for back in range(weeks, 0, -1)]
    ends = [*starts[1:], until]
    sums = (
        func.sum(case((and_(Ticket.reported_at >= start, Ticket.reported_at < end), 1), else_=0))
        for start, end in zip(starts, ends, strict=True)
    )
    row = db.session.execute(select(*sums).where(Ticket.reported_at >= starts[0])).one()
    return [number or 0 for number in row]


def last_months(most: int) -> list[MonthFigures]:
    """The latest months that were submitted, at most so many, the latest last."""
    rows = db.session.scalars(
        select(Settlement)
        .where(Settlement.statistics.is_not(None))
        .order_by(Settlement.month.desc())
        .limit(most)
    )
    return [_figures(row) for row in rows][::-1]


def _figures(row: Settlement) -> MonthFigures:
    department = json.loads(str(row.statistics))["department"]
    clocks, satisfaction = department["sla"].values(), department["satisfaction"]
    return MonthFigures(
        row.month, sum(c["met"] for c in clocks), sum(c["due"] for c in clocks),
        None if satisfaction is None else Decimal(satisfaction), department["complete_forms"],
    )  # fmt: skip
