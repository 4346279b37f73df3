"""Paid software services (R6.3)."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Noun, code
from models.receivable import Receivable
from rules.parts_sale import ApprovalLevel


class SoftwareService(Noun, Model):
    """A software service; its fee is its receivable's total, its completion the receivable's `arose_on`."""

    __tablename__ = "software_services"
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), unique=True
    )
    reported_on: Mapped[date]
    content: Mapped[str] = mapped_column(String(500))
    approval_level: Mapped[ApprovalLevel | None] = mapped_column(code(ApprovalLevel))
    approved_on: Mapped[date | None]
    receivable: Mapped[Receivable] = relationship()
