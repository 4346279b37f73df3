"""Receivables and payments: the money side of sales, software services and repairs (R6.4)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Money, Noun, code
from models.customer import Customer
from models.employee import Employee
from rules.receivable import ReceivableKind


class Receivable(Noun, Model):
    """What a customer owes for one document, under the document's number; `arose_on` is empty until it arises."""

    __tablename__ = "receivables"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[ReceivableKind] = mapped_column(code(ReceivableKind))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="RESTRICT"), index=True
    )
    handler_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    total: Mapped[Decimal] = mapped_column(Money)
    arose_on: Mapped[date | None] = mapped_column(index=True)
    customer: Mapped[Customer] = relationship()
    handler: Mapped[Employee] = relationship()
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.paid_on, Payment.id")


class Payment(Model):
    """Money received; a row is never changed, a wrong one is reversed by one with the negative amount (R6.4)."""

    __tablename__ = "payments"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    paid_on: Mapped[date] = mapped_column(index=True)
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), index=True
    )
    amount: Mapped[Decimal] = mapped_column(Money)
    method: Mapped[str | None] = mapped_column(String(40))
    remark: Mapped[str | None] = mapped_column(String(200))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), unique=True)
