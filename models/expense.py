"""Expense claims (R7.7)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Money, Noun, code, told_by
from models.employee import Employee
from models.ticket import Ticket
from rules.expense import ExpenseCategory, ExpenseReason
from rules.expense_steps import ClaimState


class Expense(Noun, Model):
    """A claim for an on-site visit; `reported_on` is the report beforehand, `approved_on` the final approval."""

    __tablename__ = "expenses"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    spent_on: Mapped[date]
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("tickets.id", ondelete="RESTRICT"), index=True
    )
    category: Mapped[ExpenseCategory] = mapped_column(code(ExpenseCategory))
    amount: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[ExpenseReason | None] = mapped_column(code(ExpenseReason))
    reported_on: Mapped[date | None]
    invoice_number: Mapped[str | None] = mapped_column(String(40), index=True)
    approved_on: Mapped[date | None] = mapped_column(index=True)
    note: Mapped[str | None] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    refused_on: Mapped[date | None] = mapped_column()
    refusal: Mapped[str | None] = mapped_column(String(500))
    withdrawn_on: Mapped[date | None] = mapped_column()
    state: Mapped[ClaimState] = told_by(
        ClaimState, "pending",
        ("withdrawn", withdrawn_on), ("approved", approved_on), ("refused", refused_on),
    )  # fmt: skip
    employee: Mapped[Employee] = relationship()
    ticket: Mapped[Ticket] = relationship()
