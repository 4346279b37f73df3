"""Feedback forms and call-backs (R4.2–R4.4)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Instant, Model, Noun, code
from models.employee import Employee
from models.ticket import Visit
from rules.feedback_form import ConfirmationWay


class FeedbackForm(Noun, Model):
    """What the technician wrote and the customer rated and signed after a visit.

    `disputed_on` is set when a call contradicts the form, `cleared_on` when it counts after all, `voided_on` when
    it never will (R4.4). A form of a workbook stands for the paper on file; one written here is locked while
    `submitted_at` is set. `drawn` says whether it belongs to the share called back; empty for a workbook's: its turn tells.
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
    voided_on: Mapped[date | None]
    comment: Mapped[str | None] = mapped_column(String(2000))
    confirmation: Mapped[ConfirmationWay | None] = mapped_column(code(ConfirmationWay))
    confirmation_text: Mapped[str | None] = mapped_column(String(2000))
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    written_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT")
    )
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    drawn: Mapped[bool | None]
    visit: Mapped[Visit] = relationship()
    written_by: Mapped[Employee | None] = relationship()

    @property
    def on_paper(self) -> bool:
        return self.written_by_id is None

    @property
    def handed_in(self) -> bool:
        """Whether it waits for the clerk: submitted, or come in on paper, and not accepted yet."""
        return self.accepted_on is None and (self.submitted_at is not None or self.on_paper)

    @property
    def in_doubt(self) -> bool:
        return self.disputed_on is not None and self.cleared_on is None and self.voided_on is None


class CallBack(Noun, Model):
    """One attempt of the manager to reach the customer after a form came in (R4.4).

    `form_id` is the form whose satisfaction it confirms or corrects; a workbook's call names none.
    """

    __tablename__ = "call_backs"
    __table_args__ = (
        UniqueConstraint("ticket_id", "called_on", "caller_id", "reached", "attempt"),
    )
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="RESTRICT"))
    called_on: Mapped[date] = mapped_column(index=True)
    caller_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    reached: Mapped[bool]
    satisfaction: Mapped[int | None]
    remarks: Mapped[str | None] = mapped_column(String(2000))
    form_id: Mapped[int | None] = mapped_column(
        ForeignKey("feedback_forms.id", ondelete="RESTRICT"), index=True
    )
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
    not_served: Mapped[bool] = mapped_column(default=False, server_default=false())
    money_taken: Mapped[bool] = mapped_column(default=False, server_default=false())
    caller: Mapped[Employee] = relationship()
