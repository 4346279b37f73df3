"""Overdue cases: what the handler bears of a receivable not paid in time, and how that was decided (R8.2, R8.3, R8.7)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Instant, Model, Noun, Rate, code
from models.receivable import Receivable
from rules.overdue_case import CaseState, LeaverClaimState


class OverdueCase(Noun, Model):
    """One receivable's case. `rate` and `reason` are the manager's, in force once `decided_on` (the leader's approval) is set.

    `stated_by` is who wrote the employee's statement down, he himself or the manager; `claim` is what the leader
    did with what is still open against someone who left.
    """

    __tablename__ = "overdue_cases"
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), unique=True
    )
    opened_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[CaseState] = mapped_column(code(CaseState))
    rate: Mapped[Decimal | None] = mapped_column(Rate)
    reason: Mapped[str | None] = mapped_column(String(500))
    finding: Mapped[str | None] = mapped_column(String(500))
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    basis: Mapped[str | None] = mapped_column(String(500))
    notified_on: Mapped[date | None]
    agrees: Mapped[bool | None]
    statement: Mapped[str | None] = mapped_column(String(500))
    stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    stated_on: Mapped[date | None]
    waiver_proposed: Mapped[bool] = mapped_column(default=False)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    proposal_hash: Mapped[str | None] = mapped_column(String(64))
    sent_back_reason: Mapped[str | None] = mapped_column(String(500))
    decided_on: Mapped[date | None] = mapped_column(index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    waived_reason: Mapped[str | None] = mapped_column(String(500))
    claim: Mapped[LeaverClaimState | None] = mapped_column(code(LeaverClaimState))
    claim_decided_on: Mapped[date | None]
    claim_decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    claim_reason: Mapped[str | None] = mapped_column(String(500))
    receivable: Mapped[Receivable] = relationship()
    collections: Mapped[list["CollectionEntry"]] = relationship(
        order_by="CollectionEntry.asked_on, CollectionEntry.id"
    )
    found_by: Mapped[Account | None] = relationship(foreign_keys=found_by_id)
    stated_by: Mapped[Account | None] = relationship(foreign_keys=stated_by_id)
    proposed_by: Mapped[Account | None] = relationship(foreign_keys=proposed_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)
    claim_decided_by: Mapped[Account | None] = relationship(foreign_keys=claim_decided_by_id)


class CollectionEntry(Model):
    """One time the customer was asked for the money: who, when, how, what he answered (R8.3)."""

    __tablename__ = "collection_entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("overdue_cases.id", ondelete="RESTRICT"), index=True
    )
    asked_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    manner: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[Account] = relationship()
