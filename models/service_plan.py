"""Service plans and what they promise per severity (R3), and the company's own calendar days."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Noun, code
from rules.ticket import Severity


class ServicePlan(Noun, Model):
    """A plan: its hours as text (`24x7`, `5x8` or weekly windows) and its promises."""

    __tablename__ = "service_plans"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    hours: Mapped[str] = mapped_column(String(200))
    preset: Mapped[bool] = mapped_column(default=False)
    promises: Mapped[list["ServicePromise"]] = relationship(
        back_populates="plan", lazy="selectin", order_by="ServicePromise.severity"
    )


class ServicePromise(Noun, Model):
    """The allowances of one plan for one severity, in minutes; empty means no clock."""

    __tablename__ = "service_promises"
    __table_args__ = (UniqueConstraint("plan_id", "severity"),)
    plan_id: Mapped[int] = mapped_column(ForeignKey("service_plans.id", ondelete="RESTRICT"))
    severity: Mapped[Severity] = mapped_column(code(Severity))
    respond_minutes: Mapped[int | None]
    onsite_in_town_minutes: Mapped[int | None]
    onsite_out_of_town_minutes: Mapped[int | None]
    propose_minutes: Mapped[int | None]
    restore_minutes: Mapped[int | None]
    plan: Mapped[ServicePlan] = relationship(back_populates="promises")


class CalendarDay(Noun, Model):
    """A day on which the company's calendar overrides the official one (R3)."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(unique=True)
    working: Mapped[bool]
    note: Mapped[str | None] = mapped_column(String(200))
