"""One ticket with everything that its page shows, read in few statements."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import db
from models.account import Account
from models.complaint import Complaint
from models.device import Device
from models.feedback_form import CallBack, FeedbackForm
from models.project import Project
from models.ticket import Ticket, TicketEvent, Visit
from rules.complaint import ComplaintOrigin
from rules.ticket import TicketState
from workflows.ticket_clocks import ClockFace, clock_faces_of
from workflows.ticket_facts import facts_from, visits_of
from workflows.ticket_step import Offer, his_own, offers
from workflows.ticket_timeline import Entry, state_times, timeline


@dataclass(frozen=True, slots=True)
class TicketSheet:
    """A ticket with its visits (each with its people and form), calls, complaints, clocks, timeline, the moments at
    which it came into its states, and the steps offered to whoever looks."""

    ticket: Ticket
    visits: list[Visit]
    calls: list[CallBack]
    complaints: list[Complaint]
    faces: tuple[ClockFace, ...]
    entries: list[Entry]
    times: dict[TicketState, datetime | date]
    offers: list[Offer]

    @property
    def forms(self) -> list[FeedbackForm]:
        return [visit.form for visit in self.visits if visit.form is not None]

    @property
    def people(self) -> list[str]:
        """Who is in charge: the names on the visit planned, under way or last."""
        return [p.employee.name for p in self.visits[-1].people] if self.visits else []


# How a ticket is read with what it has few of; its visits and events, which may be many, are read by themselves.
TICKET_WHOLE = (
    joinedload(Ticket.customer),
    joinedload(Ticket.site),
    joinedload(Ticket.waits),
    joinedload(Ticket.calls).joinedload(CallBack.caller),
    joinedload(Ticket.complaints).joinedload(Complaint.employee),
    joinedload(Ticket.repeat_of),
    joinedload(Ticket.registered_by).lazyload(Account.role_rows),
    joinedload(Ticket.device).options(
        joinedload(Device.maker),
        joinedload(Device.extensions),
        joinedload(Device.project).joinedload(Project.plans),
    ),
)


def ticket_sheet(ticket_id: int, *, actor: Account) -> TicketSheet | None:
    """The sheet of a ticket as an actor sees it; None where there is no such ticket."""
    query = select(Ticket).options(*TICKET_WHOLE).where(Ticket.id == ticket_id)
    ticket = db.session.scalars(query).unique().one_or_none()
    return None if ticket is None else sheet_of(ticket, actor=actor)


def sheet_of(ticket: Ticket, *, actor: Account) -> TicketSheet:
    """The sheet of a ticket; in six statements more where it was read with `TICKET_WHOLE`."""
    visits = visits_of(ticket.id)
    entries = timeline(ticket, _events(ticket.id), visits, ticket.calls)
    forms = [visit.form for visit in visits if visit.form is not None]
    complained = any(c.origin is not ComplaintOrigin.INTERNAL for c in ticket.complaints)
    facts = facts_from(ticket, actor, visits, forms, complained)
    own = his_own(ticket, visits[-1] if visits else None, actor)
    return TicketSheet(
        ticket, visits, ticket.calls, ticket.complaints, clock_faces_of(ticket),
        entries, state_times(entries), offers(ticket, actor, facts, own),
    )  # fmt: skip


def _events(ticket_id: int) -> list[TicketEvent]:
    actor = joinedload(TicketEvent.actor).lazyload(Account.role_rows)
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).options(actor)
    return list(db.session.scalars(query.order_by(TicketEvent.id)))
