"""What waits at each role's desk besides decisions: of each kind of work how much there is, and the oldest (R2.4, R4)."""

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache, reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, literal_column, select

from models import db
from models.account import Account
from models.complaint import Complaint
from models.customer import Customer
from models.feedback_form import FeedbackForm
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.repair import Repair
from models.settlement import Settlement, SettlementStep
from models.ticket import Ticket, Visit, VisitPerson
from rules.complaint import Verdict
from rules.parts_sale_steps import SaleState
from rules.period import SHANGHAI
from rules.permissions import Reach, Role, reach
from rules.repair_steps import RepairState
from rules.settlement_steps import SettlementState
from rules.ticket import TicketState
from rules.ticket_steps import DESK

ENOUGH = 100  # of a kind; the menu then says 99+


class Work(StrEnum):
    """A kind of work that waits, named after what is to be done."""

    ASSIGN = "assign"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    START = "start"
    SERVE = "serve"
    WRITE_FORM = "write_form"
    RECEIVE_FORM = "receive_form"
    CALL_BACK = "call_back"
    CLOSE = "close"
    DECIDE = "decide"
    CONFIRM_PURCHASE = "confirm_purchase"
    DELIVER = "deliver"
    REPAIR = "repair"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Pile:
    """All work of one kind: how much, and the number, customer and begin of the oldest."""

    work: Work
    count: int
    number: str
    customer: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Kind:
    """Who may do a kind of work, by the table of permissions; and of which records it is which."""

    verb: str
    model: Any
    conditions: tuple[ColumnElement[bool], ...]


def served_by(employee_id: int | None) -> ColumnElement[bool]:
    """The condition that a ticket is served by an employee; by nobody where there is none."""
    served = select(Visit.ticket_id).join(VisitPerson, VisitPerson.visit_id == Visit.id)
    return Ticket.id.in_(served.where(VisitPerson.employee_id == (employee_id or 0)))


def _tickets(verb: str, *states: TicketState) -> Kind:
    return Kind(verb, Ticket, (Ticket.status.in_(states),))


S = TicketState
ESCALATED = Ticket.escalated_at.is_not(None)
# In the order in which a ticket goes through it; then what stands beside tickets.
KINDS: dict[Work, Kind] = {
    Work.ASSIGN: Kind("ticket.assign_anyone", Ticket, (Ticket.status.in_(DESK), ESCALATED)),
    Work.DISPATCH: _tickets("ticket.verify", *DESK),
    Work.ACCEPT: _tickets("ticket.accept", S.DISPATCHED),
    Work.START: _tickets("ticket.start", S.ACCEPTED),
    Work.SERVE: _tickets("ticket.serve", S.IN_SERVICE, S.WAITING),
    Work.WRITE_FORM: _tickets("ticket.submit_form", S.SERVED),
    Work.RECEIVE_FORM: Kind("ticket.receive_form", FeedbackForm, (FeedbackForm.accepted_on.is_(None),)),
    Work.CALL_BACK: _tickets("ticket.call_back", S.FORM_RECEIVED),
    Work.CLOSE: _tickets("ticket.close", S.CALLED_BACK),
    Work.DECIDE: Kind("complaint.decide", Complaint, (Complaint.verdict == Verdict.OPEN,)),
    Work.CONFIRM_PURCHASE: Kind("parts_sale.confirm_purchase", PartsSale, (PartsSale.purchase_confirmed.is_(False),)),
    Work.DELIVER: Kind("parts_sale.deliver", PartsSale, (PartsSale.state.in_([SaleState.REGISTERED, SaleState.APPROVED]),)),
    Work.REPAIR: Kind("repair.handle", Repair, (Repair.state.not_in([RepairState.CLOSED]),)),
    Work.PAY: Kind("settlement.pay", Settlement, (Settlement.state == SettlementState.APPROVED,)),
}  # fmt: skip


def _of_receivable(model: Any, since: Any) -> Any:
    rows = select(model.id, Receivable.number, Customer.name, since.label("since"))
    rows = rows.join(Receivable, Receivable.id == model.receivable_id)
    return rows.join(Customer, Customer.id == Receivable.customer_id)


# No index leads along it: the pile is gone through, not all tickets from the first on, looking for one of the pile.
REPORTED = func.coalesce(Ticket.reported_at, Ticket.registered_at)
FORM_SINCE = func.coalesce(FeedbackForm.submitted_at, Visit.ended_at, Ticket.reported_at)
APPROVED_AT = (
    select(func.max(SettlementStep.at))
    .where(SettlementStep.settlement_id == Settlement.id)
    .scalar_subquery()
)
# How a record is told: id, number, customer, and since when it waits.
TOLD: dict[Any, Any] = {
    Ticket: select(Ticket.id, Ticket.number, Customer.name, REPORTED.label("since")).join(Ticket.customer),
    FeedbackForm: select(FeedbackForm.id, Ticket.number, Customer.name, FORM_SINCE.label("since"))
    .join(FeedbackForm.visit).join(Visit.ticket).join(Ticket.customer),
    Complaint: select(Complaint.id, Complaint.number, Customer.name, Complaint.received_on.label("since"))
    .join(Customer, Customer.id == Complaint.customer_id),
    PartsSale: _of_receivable(PartsSale, PartsSale.sold_on),
    Repair: _of_receivable(Repair, Repair.requested_on),
    Settlement: select(Settlement.id, Settlement.month.label("number"), literal_column("''").label("name"), APPROVED_AT.label("since")),
}  # fmt: skip


def _conditions(
    work: Work, roles: frozenset[Role], employee_id: int
) -> Sequence[ColumnElement[bool]] | None:
    """Which records are work of a kind for somebody, a technician's own; None where he may not do it."""
    kind = KINDS[work]
    far = reach(kind.verb, roles)
    if far is Reach.NONE:
        return None
    own = [served_by(employee_id)] if far is Reach.OWN else []
    return [*kind.conditions, *own]


def piles(actor: Account) -> Iterator[Pile]:
    """The work that waits for somebody, of each kind of which there is any."""
    for work, kind in KINDS.items():
        conditions = _conditions(work, actor.roles, actor.employee_id or 0)
        if conditions is None:
            continue
        count = select(func.count()).select_from(kind.model).where(*conditions).scalar_subquery()
        told = TOLD[kind.model].where(*conditions).add_columns(count.label("how_many"))
        row = db.session.execute(told.order_by("since", kind.model.id).limit(1)).one_or_none()
        if row is not None:
            yield Pile(work, row.how_many, str(row.number), row.name, _moment(row.since))


def _moment(since: datetime | date) -> datetime:
    return since if isinstance(since, datetime) else datetime.combine(since, time(), SHANGHAI)


def waiting_at(actor: Account, works: tuple[Work, ...]) -> ColumnElement[int] | None:
    """How much of some kinds of work waits for somebody, each counted up to `ENOUGH`, as one expression for the menu of
    every page; None where he may do none of them."""
    return _waiting(works, actor.roles, actor.employee_id or 0)


@lru_cache(maxsize=1000)  # the menu puts its statement together once for each
def _waiting(
    works: tuple[Work, ...], roles: frozenset[Role], employee_id: int
) -> ColumnElement[int] | None:
    parts: list[ColumnElement[int]] = []
    for work in works:
        conditions = _conditions(work, roles, employee_id)
        if conditions is not None:
            some = select(KINDS[work].model.id).where(*conditions).limit(ENOUGH).subquery()
            parts.append(select(func.count()).select_from(some).scalar_subquery())
    return reduce(operator.add, parts, literal_column("0", BigInteger)) if parts else None
