"""Parameter values by the month from which they hold (R7), and the company's settings."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Instant, Model, MonthText, Noun
from rules.period import Month


class ParameterValue(Noun, Model):
    """One parameter from one month on; it holds once `approved_at` is set (prepared by one, approved by the leader)."""

    __tablename__ = "parameter_values"
    __table_args__ = (UniqueConstraint("name", "month"),)
    name: Mapped[str] = mapped_column(String(40))
    month: Mapped[Month] = mapped_column(MonthText)
    value: Mapped[str] = mapped_column(String(80))
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)


class Setting(Noun, Model):
    """One company setting, e.g. `first_settlement_month` (R9.4), `effective_date` (R8.7), the public numbers."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[str] = mapped_column(String(200))
