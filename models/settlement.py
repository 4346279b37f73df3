"""Settlements: a month's frozen sums, lines and their sources, and who signed them (R9)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Instant, Model, Money, MonthText, Noun, code
from models.employee import Employee
from rules.employee import EmployeeKind
from rules.period import Month
from rules.settlement import LineKind
from rules.settlement_steps import SettlementState, SettlementVerb


class Settlement(Noun, Model):
    """The settlement of one month. `digest` is the hash of all its figures, parameters and sources; signatures bind it.

    `base_digest` is the digest of the month before on which carried amounts rest.
    """

    __tablename__ = "settlements"
    month: Mapped[Month] = mapped_column(MonthText, unique=True)
    state: Mapped[SettlementState] = mapped_column(code(SettlementState))
    revision: Mapped[int] = mapped_column(default=1)
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    parameters: Mapped[str] = mapped_column(Text)
    statistics: Mapped[str | None] = mapped_column(Text)
    counted: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    base_digest: Mapped[str | None] = mapped_column(String(64))


class SettlementSums(Model):
    """One employee's nine sums of a month; `overpaid_before` is what came off this month's base pay (R7.9)."""

    __tablename__ = "settlement_sums"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[EmployeeKind] = mapped_column(code(EmployeeKind))
    wage: Mapped[Decimal] = mapped_column(Money)
    reimbursements: Mapped[Decimal] = mapped_column(Money)
    refunds: Mapped[Decimal] = mapped_column(Money)
    deductions: Mapped[Decimal] = mapped_column(Money)
    net: Mapped[Decimal] = mapped_column(Money)
    carried_forward: Mapped[Decimal] = mapped_column(Money)
    base_paid: Mapped[Decimal] = mapped_column(Money)
    payable: Mapped[Decimal] = mapped_column(Money)
    overpaid: Mapped[Decimal] = mapped_column(Money)
    overpaid_before: Mapped[Decimal] = mapped_column(Money)
    employee: Mapped[Employee] = relationship()


class SettlementLine(Model):
    """One signed amount of one employee, with its source and how it came about.

    `base` × `rate` (texts, e.g. ``"1"`` × ``"30.00"``) is what the screen shows; `parameter_month` is the
    version of the parameters used; `source_id` is the id of the source's own row.
    """

    __tablename__ = "settlement_lines"
    __table_args__ = (Index("ix_settlement_lines_source", "kind", "source"),)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id", ondelete="RESTRICT"))
    kind: Mapped[LineKind] = mapped_column(code(LineKind))
    source: Mapped[str] = mapped_column(String(60))
    source_id: Mapped[int | None]
    amount: Mapped[Decimal] = mapped_column(Money)
    base: Mapped[str] = mapped_column(String(60))
    rate: Mapped[str] = mapped_column(String(60))
    parameter_month: Mapped[Month | None] = mapped_column(MonthText)
    note: Mapped[str | None] = mapped_column(String(200))


class SettlementDebt(Model):
    """What one case of an employee owed in a month: target − deducted before = taken + carried (R8.4, R8.5)."""

    __tablename__ = "settlement_debts"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), primary_key=True
    )
    kind: Mapped[LineKind] = mapped_column(code(LineKind), primary_key=True)
    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    opened_on: Mapped[date]
    target: Mapped[Decimal] = mapped_column(Money)
    deducted_before: Mapped[Decimal] = mapped_column(Money)
    taken: Mapped[Decimal] = mapped_column(Money)
    carried: Mapped[Decimal] = mapped_column(Money)


class SettledSource(Model):
    """A source that a settlement has used up; unique, so that none is settled twice (R9.3).

    Complaints counted for the bonus stand here too, also where no bonus was due. `turn` tells a commission (1)
    from its reversal (2) and so on.
    """

    __tablename__ = "settled_sources"
    __table_args__ = (UniqueConstraint("kind", "source", "employee_id", "turn"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(60))
    turn: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Money)


class SettlementStep(Model):
    """One step of a settlement: who did what when, and the digest that was signed (R9.1)."""

    __tablename__ = "settlement_steps"
    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), index=True)
    verb: Mapped[SettlementVerb] = mapped_column(code(SettlementVerb))
    actor_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(500))
    actor: Mapped[Account] = relationship()


class SettlementMismatch(Model):
    """Something that does not add up in a month (R9.7), and the word that explains it."""

    __tablename__ = "settlement_mismatches"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"))
    amount: Mapped[Decimal | None] = mapped_column(Money)
    explanation: Mapped[str | None] = mapped_column(String(500))
