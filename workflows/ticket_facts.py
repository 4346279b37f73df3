"""What a ticket's steps depend on, read from its visits, forms, call-backs and complaints."""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from models import db
from models.account import Account
from models.complaint import Complaint
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, Visit, VisitPerson
from rules.call_back import in_share, to_be_called
from rules.complaint import ComplaintOrigin
from rules.period import Month
from rules.permissions import Role
from rules.ticket_steps import TicketFacts
from workflows.parameter import parameter_history
from workflows.permission import same_person


def visits_of(ticket_id: int) -> list[Visit]:
    """A ticket's visits, first to last, with their people and forms, in one statement."""
    people = joinedload(Visit.people).joinedload(VisitPerson.employee)
    query = select(Visit).where(Visit.ticket_id == ticket_id).order_by(Visit.turn)
    return list(db.session.scalars(query.options(people, joinedload(Visit.form))).unique())


def latest_visit(ticket_id: int) -> Visit | None:
    """The visit that is planned, under way, or was the last."""
    query = select(Visit).where(Visit.ticket_id == ticket_id).order_by(Visit.turn.desc()).limit(1)
    return db.session.scalar(query.options(selectinload(Visit.people)))


def own_tickets(actor: Account) -> ColumnElement[bool]:
    """The condition on tickets that are an actor's own to read: on a visit of his, planned or done, or brought by him."""
    his = select(Visit.ticket_id).join(VisitPerson, VisitPerson.visit_id == Visit.id)
    return or_(
        Ticket.id.in_(his.where(VisitPerson.employee_id == actor.employee_id)),
        Ticket.registered_by_id == actor.id,
    )


def forms_of(ticket_id: int) -> list[FeedbackForm]:
    """A ticket's feedback forms, in the order of their visits."""
    query = select(FeedbackForm).join(Visit, Visit.id == FeedbackForm.visit_id)
    return list(db.session.scalars(query.where(Visit.ticket_id == ticket_id).order_by(Visit.turn)))


def accepted_form(ticket_id: int) -> FeedbackForm | None:
    """The form that a call-back speaks of: the accepted one of the last visit that has one."""
    accepted = [form for form in forms_of(ticket_id) if form.accepted_on is not None]
    return accepted[-1] if accepted else None


def complained(ticket_id: int) -> bool:
    """Whether a customer's complaint hangs on the ticket; an internal matter is none."""
    found = exists().where(
        Complaint.ticket_id == ticket_id, Complaint.origin != ComplaintOrigin.INTERNAL
    )
    return bool(db.session.scalar(select(found)))


def belongs_to_share(form: FeedbackForm) -> bool:
    """Whether an accepted form is of the share called back: as drawn when it was accepted, or by its turn (R4.4)."""
    if form.drawn is not None or form.accepted_on is None:
        return bool(form.drawn)
    month = Month.of(form.accepted_on)
    up_to = or_(
        FeedbackForm.accepted_on < form.accepted_on,
        and_(FeedbackForm.accepted_on == form.accepted_on, FeedbackForm.id <= form.id),
    )
    turn = db.session.scalar(
        select(func.count()).where(FeedbackForm.accepted_on >= month.first_day, up_to)
    )
    return in_share(turn or 1, parameter_history().of(month).amount("callback_share"))


def facts_of(ticket: Ticket, actor: Account) -> TicketFacts:
    """The facts of a ticket, as they are for one actor."""
    visits, forms = visits_of(ticket.id), forms_of(ticket.id)
    return facts_from(ticket, actor, visits, forms, complained(ticket.id))


def facts_from(
    ticket: Ticket, actor: Account, visits: list[Visit], forms: list[FeedbackForm], complained: bool
) -> TicketFacts:
    """The facts of a ticket whose visits, forms and complaints are at hand."""
    accepted = [form for form in forms if form.accepted_on is not None]
    brought = ticket.registered_by
    last = accepted[-1] if accepted else None
    locked = {form.visit_id for form in forms if form.submitted_at or form.accepted_on}
    return TicketFacts(
        source=ticket.source,
        mode=ticket.mode,
        severity=ticket.severity,
        taken_by_clerk=ticket.taken_by_clerk,
        verified=ticket.verified_at is not None,
        brought_by_actor=brought is not None
        and Role.TECHNICIAN in actor.roles
        and same_person(brought, actor),
        onsite_reason=bool(ticket.onsite_reason),
        agreed_date=ticket.agreed_on is not None,
        visit_open=bool(visits) and visits[-1].begun and visits[-1].ended_at is None,
        visit_begun=any(visit.begun for visit in visits),
        proposed=ticket.proposed_at is not None,
        actor_on_visit=any(
            person.employee_id == actor.employee_id
            for visit in visits
            if visit.begun
            for person in visit.people
        ),
        to_be_called=last is not None
        and to_be_called(belongs_to_share(last), last.satisfaction, complained),
        disputed=any(form.in_doubt for form in forms),
        form_due=any(v.ended_at is not None and v.id not in locked for v in visits),
        form_waiting=any(form.handed_in for form in forms),
    )
