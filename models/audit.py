"""The audit trail: every change chained to the one before, so that tampering shows (R10, I15)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Instant, Model


class AuditRecord(Model):
    """One change. `chain` = SHA-256 of the record before and of this one's own content."""

    __tablename__ = "audit_records"
    row_version = 1
    __table_args__ = (Index("ix_audit_records_subject", "noun", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    origin: Mapped[str] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(40))
    noun: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    details: Mapped[str] = mapped_column(Text)
    chain: Mapped[str] = mapped_column(String(64), unique=True)
    actor: Mapped[Account | None] = relationship()


class Attachment(Model):
    """A stored file under a random name, with its hash (I17)."""

    __tablename__ = "attachments"
    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    file_name: Mapped[str] = mapped_column(String(300))
    stored_name: Mapped[str] = mapped_column(String(80), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[Account] = relationship()
