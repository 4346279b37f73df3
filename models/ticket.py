"""Tickets, their waits and their visits (R2–R4)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Instant, Model, Noun, code
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from rules.ticket import (
    ServiceMode,
    ServiceType,
    Severity,
    TicketSource,
    TicketState,
    Urgency,
    WaitReason,
)


class Ticket(Noun, Model):
    """One request for service; its clocks are computed from these moments, never stored (R3.1)."""

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_device_fault", "device_id", "reported_at"),)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    reported_at: Mapped[datetime] = mapped_column(Instant, index=True)
    source: Mapped[TicketSource] = mapped_column(code(TicketSource))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="RESTRICT"), index=True
    )
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id", ondelete="RESTRICT"))
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
    status: Mapped[TicketState] = mapped_column(code(TicketState), index=True)
    customer: Mapped[Customer] = relationship()
    device: Mapped[Device | None] = relationship()


class TicketWait(Noun, Model):
    """A wait of a ticket; only one for the customer stops its clocks (R3.1). Open while `ended_at` is empty."""

    __tablename__ = "ticket_waits"
    __table_args__ = (UniqueConstraint("ticket_id", "started_at"),)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="RESTRICT"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[WaitReason] = mapped_column(code(WaitReason))


class Visit(Noun, Model):
    """Work done on a ticket (服务实施), once; `turn` counts the ticket's visits from 1."""

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("ticket_id", "turn"),)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="RESTRICT"))
    turn: Mapped[int] = mapped_column(default=1, server_default="1")
    mode: Mapped[ServiceMode] = mapped_column(code(ServiceMode))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    advice: Mapped[str | None] = mapped_column(String(2000))
    ticket: Mapped[Ticket] = relationship()
    people: Mapped[list["VisitPerson"]] = relationship(order_by="VisitPerson.position")


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
