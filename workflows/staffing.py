"""Who has how much work in hand, and who is at a customer's (R2.5)."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from models import db
from models.customer import Customer
from models.employee import Employee
from models.ticket import Ticket, Visit, VisitPerson
from rules.employee import EmployeeKind
from rules.ticket import ServiceMode, TicketState
from workflows.transaction import today

IN_HAND = (TicketState.ACCEPTED, TicketState.IN_SERVICE, TicketState.WAITING)
MOST = 2000


@dataclass(slots=True)
class Hand:
    """A dedicated technician: tickets in hand, those ordered that he has not accepted yet, and the visit that is on:
    at which customer, and whether on site. A ticket is in the hands of the people of its latest visit."""

    employee_id: int
    name: str
    in_hand: int = 0
    ordered: int = 0
    visiting: str | None = None
    onsite: bool = False

    @property
    def load(self) -> int:
        return self.in_hand + self.ordered


def hands() -> list[Hand]:
    """The dedicated technicians employed today, who has most work first."""
    day = today()
    people = select(Employee.id, Employee.name).where(
        Employee.kind == EmployeeKind.DEDICATED,
        Employee.hired_on <= day,
        or_(Employee.left_on.is_(None), Employee.left_on >= day),
    )
    found = {row.id: Hand(row.id, row.name) for row in db.session.execute(people)}
    other = aliased(Visit)
    latest = select(func.max(other.turn)).where(other.ticket_id == Ticket.id).scalar_subquery()
    on = and_(Visit.started_at.is_not(None), Visit.ended_at.is_(None))
    work = (
        select(VisitPerson.employee_id, Ticket.status, on.label("on"), Visit.mode, Customer.name)
        .join(Visit, Visit.id == VisitPerson.visit_id)
        .join(Ticket, Ticket.id == Visit.ticket_id)
        .join(Customer, Customer.id == Ticket.customer_id)
        .where(Ticket.status.in_([TicketState.DISPATCHED, *IN_HAND]), Visit.turn == latest)
        .order_by(Ticket.reported_at.desc(), Ticket.id)
        .limit(MOST)
    )  # fmt: skip
    for employee, status, on_now, mode, customer in db.session.execute(work):
        hand = found.get(employee)
        if hand is None:
            continue
        hand.in_hand += status in IN_HAND
        hand.ordered += status is TicketState.DISPATCHED
        if on_now and hand.visiting is None:
            hand.visiting, hand.onsite = customer, mode is ServiceMode.ONSITE
    return sorted(found.values(), key=lambda hand: (-hand.load, hand.employee_id))
