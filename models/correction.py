"""Corrections of approved months: lines of the next open month, with a reason and both approvals (R9.5)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Instant, Model, Money, MonthText, Noun, code
from models.employee import Employee
from rules.correction import CorrectionState
from rules.period import Month
from rules.settlement import LineKind


class Correction(Noun, Model):
    """A signed amount that an approved month lacked or had too much, for one employee and one kind of line."""

    __tablename__ = "corrections"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    corrects_month: Mapped[Month] = mapped_column(MonthText)
    kind: Mapped[LineKind] = mapped_column(code(LineKind))
    corrects_source: Mapped[str] = mapped_column(String(60))
    amount: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[CorrectionState] = mapped_column(code(CorrectionState))
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_on: Mapped[date | None] = mapped_column(index=True)
    employee: Mapped[Employee] = relationship()
