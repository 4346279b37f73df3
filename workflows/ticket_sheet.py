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
from models.ticket import Ticket, TicketEvent, Visit
from rules.complaint import ComplaintOrigin
from rules.ticket import TicketState
from workflows.ticket_clocks import ClockFace, clock_faces
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


def ticket_sheet(ticket_id: int, *, actor: Account) -> TicketSheet | None:
    """The sheet of a ticket as an actor sees it, in eleven statements; None where there is no such ticket."""
    ticket = _ticket(ticket_id)
    if ticket is None:
        return None
    visits, calls, complaints = visits_of(ticket_id), _calls(ticket_id), _complaints(ticket_id)
    entries = timeline(ticket, _events(ticket_id), visits, calls)
    forms = [visit.form for visit in visits if visit.form is not None]
    complained = any(c.origin is not ComplaintOrigin.INTERNAL for c in complaints)
    facts = facts_from(ticket, actor, visits, forms, complained)
    own = his_own(ticket, visits[-1] if visits else None, actor)
    return TicketSheet(
        ticket, visits, calls, complaints, clock_faces([ticket_id])[ticket_id],
        entries, state_times(entries), offers(ticket, actor, facts, own),
    )  # fmt: skip


def _ticket(ticket_id: int) -> Ticket | None:
    device = joinedload(Ticket.device)
    query = select(Ticket).options(
        joinedload(Ticket.customer),
        device.joinedload(Device.project),
        device.joinedload(Device.maker),
        joinedload(Ticket.waits),
        joinedload(Ticket.repeat_of),
        joinedload(Ticket.registered_by).lazyload(Account.role_rows),
    )
    return db.session.scalars(query.where(Ticket.id == ticket_id)).unique().one_or_none()


def _calls(ticket_id: int) -> list[CallBack]:
    query = select(CallBack).where(CallBack.ticket_id == ticket_id).order_by(CallBack.id)
    return list(db.session.scalars(query.options(joinedload(CallBack.caller))))


def _complaints(ticket_id: int) -> list[Complaint]:
    query = select(Complaint).where(Complaint.ticket_id == ticket_id).order_by(Complaint.id)
    return list(db.session.scalars(query.options(joinedload(Complaint.employee))))


def _events(ticket_id: int) -> list[TicketEvent]:
    actor = joinedload(TicketEvent.actor).lazyload(Account.role_rows)
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).options(actor)
    return list(db.session.scalars(query.order_by(TicketEvent.id)))
