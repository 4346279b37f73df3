"""Checks of the service side: tickets went only where their table leads, and their numbers have no gap (I13)."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.complaint import Complaint
from models.numbering import NumberCounter
from models.ticket import Ticket, TicketEvent
from rules.ticket import TicketState
from rules.ticket_steps import STEPS

COUNTED = {"FW": Ticket.number, "TS": Complaint.number}


def service_breaches() -> Iterator[str]:
    """One line per breach."""
    yield from _steps()
    yield from _numbers()


def _steps() -> Iterator[str]:
    """Each event begins where the one before ended and leads where the table says; the last one gives the state.

    A ticket of a workbook has no event of its registration, and its state moves with the workbook too.
    """
    query = (
        select(Ticket.number, Ticket.status, Ticket.registered_at, TicketEvent)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .order_by(TicketEvent.ticket_id, TicketEvent.id)
    )
    ends: dict[str, tuple[TicketState, TicketState]] = {}
    for number, status, registered_at, event in db.session.execute(query):
        step = STEPS.get((event.from_state, event.verb))
        if step is None or event.to_state not in step.next:
            yield _("I13：%(number)s 有一步不合流程（记录 %(id)s）", number=number, id=event.id)
        if registered_at is None:
            continue
        before = ends[number][0] if number in ends else None
        if event.from_state is not before:
            yield _("I13：%(number)s 的经过前后不接（记录 %(id)s）", number=number, id=event.id)
        ends[number] = (event.to_state, status)
    for number, (last, status) in ends.items():
        if last is not status:
            yield _("I13：%(number)s 的状态与经过不符", number=number)


def _numbers() -> Iterator[str]:
    """Every number given out stands on a document."""
    for counter in db.session.scalars(select(NumberCounter)):
        column = COUNTED.get(counter.prefix)
        if column is None:
            continue
        start = f"{counter.prefix}{counter.month.year % 100:02d}{counter.month.number:02d}-"
        there = set(db.session.scalars(select(column).where(column.startswith(start))))
        for turn in range(1, counter.last + 1):
            if f"{start}{turn:03d}" not in there:
                yield _("I13：缺号 %(number)s", number=f"{start}{turn:03d}")
