"""Feedback forms and call-backs (R4.2–R4.4)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Instant, Model, Noun
from models.employee import Employee
from models.ticket import Visit


class FeedbackForm(Noun, Model):
    """What the technician wrote and the customer rated and signed after a visit.

    `disputed_on` is set when a call contradicts the form, `cleared_on` when that is settled (R4.4).
    """

    __tablename__ = "feedback_forms"
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="RESTRICT"), unique=True)
    fault: Mapped[str | None] = mapped_column(String(2000))
    inspection: Mapped[str | None] = mapped_column(String(2000))
    result: Mapped[str | None] = mapped_column(String(2000))
    satisfaction: Mapped[int | None]
    signed_by: Mapped[str | None] = mapped_column(String(80))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_on: Mapped[date | None] = mapped_column(index=True)
    disputed_on: Mapped[date | None]
    cleared_on: Mapped[date | None]
    visit: Mapped[Visit] = relationship()


class CallBack(Noun, Model):
    """One attempt of the manager to reach the customer after a form came in (R4.4)."""

    __tablename__ = "call_backs"
    __table_args__ = (UniqueConstraint("ticket_id", "called_on", "caller_id", "reached"),)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="RESTRICT"))
    called_on: Mapped[date] = mapped_column(index=True)
    caller_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    reached: Mapped[bool]
    satisfaction: Mapped[int | None]
    remarks: Mapped[str | None] = mapped_column(String(2000))
    caller: Mapped[Employee] = relationship()
