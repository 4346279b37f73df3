"""The figures of the first page: what is open, what is late, how the last month went."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models import db
from models.account import Account
from models.overdue_case import OverdueCase
from models.receivable import Payment, Receivable
from models.settlement import Settlement
from models.ticket import Ticket, Visit, VisitPerson
from rules.clock import ClockState
from rules.money import ZERO
from rules.overdue_case import CaseState
from rules.period import Month, business_day
from rules.ticket import TicketState
from workflows.settlement_report import statistics_report
from workflows.ticket_clocks import ClockFace, clock_faces, tightest
from workflows.transaction import today

ENDED = (TicketState.CLOSED, TicketState.CANCELLED)
UNSERVED = (
    TicketState.REGISTERED, TicketState.VERIFIED, TicketState.DISPATCHED, TicketState.ACCEPTED,
    TicketState.IN_SERVICE, TicketState.WAITING,
)  # fmt: skip
MOST_WATCHED = 500


@dataclass(frozen=True, slots=True)
class Watched:
    """A ticket whose tightest clock wants attention."""

    ticket: Ticket
    face: ClockFace


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of the tickets in work: due today, missed, and those that are urgent or missed, worst first."""

    due_today: int
    missed: int
    watched: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class LastMonth:
    """How the latest settled month went: promises met of due, satisfaction and forms."""

    month: Month
    met: int
    due: int
    satisfaction: str | None
    forms: int


@dataclass(frozen=True, slots=True)
class OverdueSums:
    """What is outstanding on overdue cases, and how many nobody has decided."""

    outstanding: Decimal
    cases: int
    undecided: int


def _mine(actor: Account | None) -> Any:
    """The condition that a ticket is served by an employee; none for everybody."""
    if actor is None:
        return Ticket.id.is_not(None)
    served = select(Visit.ticket_id).join(VisitPerson, VisitPerson.visit_id == Visit.id)
    return Ticket.id.in_(served.where(VisitPerson.employee_id == (actor.employee_id or 0)))


def open_tickets(actor: Account | None = None) -> int:
    """How many tickets are not over; of one employee, or all."""
    query = (
        select(func.count()).select_from(Ticket).where(Ticket.status.not_in(ENDED), _mine(actor))
    )
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
    due_today = missed = 0
    watched = []
    for ticket in tickets:
        face = tightest(faces.get(ticket.id, ()))
        if face is None or not face.not_done:
            continue
        late = face.state is ClockState.MISSED
        missed += late
        if face.clock.due is not None and business_day(face.clock.due) == today() and not late:
            due_today += 1
        if late or face.urgent:
            watched.append(Watched(ticket, face))
    watched.sort(
        key=lambda w: (w.face.state is not ClockState.MISSED, w.face.clock.due, w.ticket.id)
    )
    return Clocks(due_today, missed, tuple(watched))


def last_month() -> LastMonth | None:
    """The latest month that was submitted."""
    row = db.session.scalars(
        select(Settlement)
        .where(Settlement.statistics.is_not(None))
        .order_by(Settlement.month.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    report = json.loads(row.statistics) if row.statistics else statistics_report(row.month)
    department = report["department"]
    clocks = department["sla"].values()
    return LastMonth(
        row.month, sum(c["met"] for c in clocks), sum(c["due"] for c in clocks),
        department["satisfaction"], department["complete_forms"],
    )  # fmt: skip


def overdue_sums() -> OverdueSums:
    """What stands open on overdue cases."""
    paid = (
        select(Payment.receivable_id, func.sum(Payment.amount).label("paid"))
        .group_by(Payment.receivable_id)
        .subquery()
    )
    query = (
        select(OverdueCase.state, Receivable.total, paid.c.paid)
        .join(Receivable, Receivable.id == OverdueCase.receivable_id)
        .outerjoin(paid, paid.c.receivable_id == Receivable.id)
        .where(OverdueCase.state.not_in([CaseState.WAIVED, CaseState.WITHDRAWN]))
    )
    rows = [(state, total - (amount or ZERO)) for state, total, amount in db.session.execute(query)]
    open_rows = [(state, left) for state, left in rows if left > 0]
    undecided = sum(state is CaseState.UNDECIDED for state, _left in open_rows)
    return OverdueSums(sum((left for _s, left in open_rows), ZERO), len(open_rows), undecided)
