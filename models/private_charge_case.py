"""Private-charge cases: how the deduction for an upheld complaint was decided (R8.1)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Instant, Model, Noun, code
from models.complaint import Complaint
from rules.private_charge_case import MoneyGoes, PrivateChargeState


class PrivateChargeCase(Noun, Model):
    """One upheld complaint's case; it deducts from `approved_on` on. From a workbook it comes approved, on paper."""

    __tablename__ = "private_charge_cases"
    complaint_id: Mapped[int] = mapped_column(
        ForeignKey("complaints.id", ondelete="RESTRICT"), unique=True
    )
    opened_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[PrivateChargeState] = mapped_column(code(PrivateChargeState))
    proof: Mapped[str | None] = mapped_column(String(500))
    statement: Mapped[str | None] = mapped_column(String(500))
    money_goes: Mapped[MoneyGoes | None] = mapped_column(code(MoneyGoes))
    reason: Mapped[str | None] = mapped_column(String(500))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    proposal_hash: Mapped[str | None] = mapped_column(String(64))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_on: Mapped[date | None] = mapped_column(index=True)
    complaint: Mapped[Complaint] = relationship()
