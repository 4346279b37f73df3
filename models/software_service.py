"""Paid software services (R6.3)."""

from datetime import date

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Noun, code, told_by
from models.receivable import Receivable, arisen
from rules.parts_sale import ApprovalLevel
from rules.software_service_steps import ServiceState


class SoftwareService(Noun, Model):
    """A software service; its fee is its receivable's total, its completion the receivable's `arose_on`."""

    __tablename__ = "software_services"
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), unique=True
    )
    reported_on: Mapped[date]
    content: Mapped[str] = mapped_column(String(500))
    approval_level: Mapped[ApprovalLevel | None] = mapped_column(code(ApprovalLevel))
    approved_on: Mapped[date | None] = mapped_column()
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    invoice_wanted: Mapped[bool] = mapped_column(default=False, server_default=false())
    refused_on: Mapped[date | None] = mapped_column()
    refusal: Mapped[str | None] = mapped_column(String(500))
    cancelled_on: Mapped[date | None] = mapped_column()
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[ServiceState] = told_by(
        ServiceState, "reported",
        ("cancelled", cancelled_on), ("completed", arisen(receivable_id)), ("approved", approved_on),
        ("refused", refused_on),
    )  # fmt: skip
    receivable: Mapped[Receivable] = relationship()
