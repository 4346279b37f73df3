"""Employees, and the base pay found for them month by month (R7.1)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Money, MonthText, Noun, code
from rules.employee import EmployeeKind
from rules.period import Month


class Employee(Noun, Model):
    """A person of the company; `left_on` is the last day employed."""

    __tablename__ = "employees"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[EmployeeKind] = mapped_column(code(EmployeeKind))
    department: Mapped[str | None] = mapped_column(String(80))
    hired_on: Mapped[date]
    probation_until: Mapped[date | None]
    left_on: Mapped[date | None]
    base_pay: Mapped[Decimal] = mapped_column(Money)
    phone: Mapped[str | None] = mapped_column(String(40))


class BasePayEntry(Noun, Model):
    """The month's base pay as found under the company's rules, instead of the rate (R7.1)."""

    __tablename__ = "base_pay_entries"
    __table_args__ = (UniqueConstraint("employee_id", "month"),)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id", ondelete="RESTRICT"))
    month: Mapped[Month] = mapped_column(MonthText, index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(String(200))
    employee: Mapped[Employee] = relationship()
