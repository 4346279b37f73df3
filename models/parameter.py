"""Parameter values by the month from which they hold (R7), and the company's settings."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Instant, Model, MonthText, Noun, code
from rules.parameter import DraftState
from rules.period import Month


class ParameterValue(Noun, Model):
    """One parameter from one month on; it holds once `approved_at` is set.

    From a workbook it comes approved on paper: `approved_by_id` is then empty.
    """

    __tablename__ = "parameter_values"
    __table_args__ = (UniqueConstraint("name", "month"),)
    name: Mapped[str] = mapped_column(String(40))
    month: Mapped[Month] = mapped_column(MonthText)
    value: Mapped[str] = mapped_column(String(80))
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)


class ParameterDraft(Noun, Model):
    """Values that one person prepared for a month on, until the leader approves or refuses them (R7).

    `content` is JSON, name → canonical text; `digest` binds the approval to it.
    """

    __tablename__ = "parameter_drafts"
    month: Mapped[Month] = mapped_column(MonthText, index=True)
    content: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[DraftState] = mapped_column(code(DraftState))
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    refusal: Mapped[str | None] = mapped_column(String(500))


class Setting(Noun, Model):
    """One company setting, e.g. `first_settlement_month` (R9.4), `effective_date` (R8.7), the public numbers."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[str] = mapped_column(String(200))
