"""Receivables and payments: the money side of sales, software services and repairs (R6.4)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, ForeignKey, String, select
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


def arisen(receivable_id: Mapped[int]) -> ColumnElement[bool]:
    """Whether a document's receivable has arisen: the sale delivered, the service completed, the repair returned."""
    of_document = select(Receivable.arose_on).where(Receivable.id == receivable_id)
    return of_document.correlate_except(Receivable).scalar_subquery().is_not(None)


class WriteOff(Noun, Model):
    """Money given up as lost (坏账核销): by the manager, approved by the leader; in force once `approved_on` is set (R6.6)."""

    __tablename__ = "write_offs"
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), unique=True
    )
    amount: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(String(500))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_on: Mapped[date]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_on: Mapped[date | None] = mapped_column(index=True)
    receivable: Mapped[Receivable] = relationship()


class Invoice(Noun, Model):
    """An invoice (发票) for a document, in part or whole; a wrong one is voided, never edited."""

    __tablename__ = "invoices"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), index=True
    )
    issued_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(120))
    amount: Mapped[Decimal] = mapped_column(Money)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    voided_on: Mapped[date | None] = mapped_column()
    void_reason: Mapped[str | None] = mapped_column(String(200))
    receivable: Mapped[Receivable] = relationship()


class Payment(Model):
    """Money received; a row is never changed, a wrong one is reversed by one with the negative amount (R6.4)."""

    __tablename__ = "payments"
    row_version = 1
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
