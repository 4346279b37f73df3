"""Tickets, their orders, waits, visits and events (R2–R4)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Instant, Model, Noun, code
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from models.site import Site
from rules.ticket import (
    OrderState,
    ServiceMode,
    ServiceType,
    Severity,
    TicketSource,
    TicketState,
    Urgency,
    WaitReason,
)
from rules.ticket_steps import TicketVerb

if TYPE_CHECKING:
    from models.complaint import Complaint
    from models.feedback_form import CallBack, FeedbackForm


class Ticket(Noun, Model):
    """One request for service; its clocks are computed from these moments, never stored (R3.1).

    `out_of_warranty` is the clerk's override of what the device says (R1.4). A ticket of a workbook was taken by
    the clerk who keeps the register; it has neither account nor events. `ended_at`: when it was closed or cancelled.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_device_fault", "device_id", "reported_at"),
        Index("ix_tickets_status_reported_at", "status", "reported_at"),
        Index("ix_tickets_customer_id_reported_at", "customer_id", "reported_at"),
    )
    number: Mapped[str] = mapped_column(String(40), unique=True)
    reported_at: Mapped[datetime] = mapped_column(Instant, index=True)
    source: Mapped[TicketSource] = mapped_column(code(TicketSource))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="RESTRICT"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id", ondelete="RESTRICT"))
    site_id: Mapped[int | None] = mapped_column(
        ForeignKey("sites.id", ondelete="RESTRICT"), index=True
    )
    reporter: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str | None] = mapped_column(String(200))
    fault: Mapped[str] = mapped_column(String(2000))
    severity: Mapped[Severity] = mapped_column(code(Severity))
    urgency: Mapped[Urgency | None] = mapped_column(code(Urgency))
    service_type: Mapped[ServiceType | None] = mapped_column(code(ServiceType))
    out_of_warranty: Mapped[bool | None]
    chargeable: Mapped[bool | None]
    mode: Mapped[ServiceMode] = mapped_column(code(ServiceMode))
    onsite_reason: Mapped[str | None] = mapped_column(String(200))
    responded_at: Mapped[datetime | None] = mapped_column(Instant)
    arrived_at: Mapped[datetime | None] = mapped_column(Instant)
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    status: Mapped[TicketState] = mapped_column(code(TicketState))
    taken_by_clerk: Mapped[bool] = mapped_column(default=True, server_default=true())
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    registered_at: Mapped[datetime | None] = mapped_column(Instant)
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    agreed_on: Mapped[date | None]
    warranty_reason: Mapped[str | None] = mapped_column(String(200))
    human_made: Mapped[bool] = mapped_column(default=False, server_default=false())
    damage_reason: Mapped[str | None] = mapped_column(String(200))
    repeat_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="RESTRICT"), index=True
    )
    customer: Mapped[Customer] = relationship()
    device: Mapped[Device | None] = relationship()
    site: Mapped[Site | None] = relationship()
    registered_by: Mapped[Account | None] = relationship(foreign_keys=[registered_by_id])
    verified_by: Mapped[Account | None] = relationship(foreign_keys=[verified_by_id])
    repeat_of: Mapped["Ticket | None"] = relationship(remote_side="Ticket.id")
    waits: Mapped[list["TicketWait"]] = relationship(
        order_by="TicketWait.started_at", viewonly=True
    )
    calls: Mapped[list["CallBack"]] = relationship(order_by="CallBack.id", viewonly=True)
    complaints: Mapped[list["Complaint"]] = relationship(order_by="Complaint.id", viewonly=True)


class TicketOrder(Noun, Model):
    """An employee ordered to a ticket (服务指令), and what became of it; all of them stay on record (R2.5)."""

    __tablename__ = "ticket_orders"
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("tickets.id", ondelete="RESTRICT"), index=True
    )
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    ordered_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[OrderState] = mapped_column(code(OrderState))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(String(200))
    employee: Mapped[Employee] = relationship()
    ordered_by: Mapped[Account] = relationship()


class TicketEvent(Model):
    """One step of a ticket, as its timeline shows it; never changed afterwards (R2.4).

    `note` is what people wrote; `facts` are the codes and numbers of the step as JSON, put into words when shown.
    """

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_ticket_id_id", "ticket_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    verb: Mapped[TicketVerb] = mapped_column(code(TicketVerb))
    from_state: Mapped[TicketState | None] = mapped_column(code(TicketState))
    to_state: Mapped[TicketState] = mapped_column(code(TicketState))
    note: Mapped[str | None] = mapped_column(String(500))
    facts: Mapped[str | None] = mapped_column(String(200))
    actor: Mapped[Account] = relationship()


class TicketWait(Noun, Model):
    """A wait of a ticket; only one for the customer stops its clocks (R3.1). Open while `ended_at` is empty."""

    __tablename__ = "ticket_waits"
    __table_args__ = (UniqueConstraint("ticket_id", "started_at"),)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="RESTRICT"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[WaitReason] = mapped_column(code(WaitReason))


class Visit(Noun, Model):
    """Work done on a ticket (服务实施), once; `turn` counts the ticket's visits from 1.

    An order plans the next one: until `started_at` or `ended_at` is set it stands for who shall do it.
    """

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("ticket_id", "turn"),)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="RESTRICT"))
    turn: Mapped[int] = mapped_column(default=1, server_default="1")
    mode: Mapped[ServiceMode] = mapped_column(code(ServiceMode))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    place: Mapped[str | None] = mapped_column(String(200))
    content: Mapped[str | None] = mapped_column(String(2000))
    result: Mapped[str | None] = mapped_column(String(2000))
    advice: Mapped[str | None] = mapped_column(String(2000))
    ticket: Mapped[Ticket] = relationship()
    people: Mapped[list["VisitPerson"]] = relationship(order_by="VisitPerson.position")
    form: Mapped["FeedbackForm | None"] = relationship(viewonly=True)

    @property
    def begun(self) -> bool:
        return self.started_at is not None or self.ended_at is not None


class VisitPerson(Model):
    """A technician on a visit, in the order in which he was named."""

    __tablename__ = "visit_people"
    visit_id: Mapped[int] = mapped_column(
        ForeignKey("visits.id", ondelete="RESTRICT"), primary_key=True
    )
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=1)
    employee: Mapped[Employee] = relationship()
