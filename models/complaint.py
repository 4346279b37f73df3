"""Complaints (R4.5)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Money, Noun, code
from models.customer import Customer
from models.employee import Employee
from models.ticket import Ticket
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict


class Complaint(Noun, Model):
    """A complaint; it counts against the employee only once upheld. `charged` is what was collected privately (R8.1).

    `form_id` is the form that a call set in doubt, of the internal matter opened for it (R4.4).
    """

    __tablename__ = "complaints"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    received_on: Mapped[date] = mapped_column(index=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="RESTRICT"), index=True
    )
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="RESTRICT"), index=True
    )
    employee_id: Mapped[int | None] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    origin: Mapped[ComplaintOrigin] = mapped_column(code(ComplaintOrigin))
    kind: Mapped[ComplaintKind] = mapped_column(code(ComplaintKind))
    content: Mapped[str] = mapped_column(String(2000))
    verdict: Mapped[Verdict] = mapped_column(code(Verdict))
    decided_on: Mapped[date | None]
    charged: Mapped[Decimal | None] = mapped_column(Money)
    form_id: Mapped[int | None] = mapped_column(
        ForeignKey("feedback_forms.id", ondelete="RESTRICT"), index=True
    )
    investigator_id: Mapped[int | None] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT")
    )
    finding: Mapped[str | None] = mapped_column(String(2000))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(String(2000))
    customer: Mapped[Customer] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    employee: Mapped[Employee | None] = relationship(foreign_keys=[employee_id])
    investigator: Mapped[Employee | None] = relationship(foreign_keys=[investigator_id])
