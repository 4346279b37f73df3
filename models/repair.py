"""Repairs by the maker (R5)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Money, Noun, told_by
from models.device import Device
from models.receivable import Receivable, arisen
from rules.repair_steps import RepairState


class Repair(Noun, Model):
    """A device sent to its maker; its receivable's total is fee + freight (0 = free), its `arose_on` the return."""

    __tablename__ = "repairs"
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), unique=True
    )
    requested_on: Mapped[date]
    device_id: Mapped[int] = mapped_column(
        ForeignKey("devices.id", ondelete="RESTRICT"), index=True
    )
    fee: Mapped[Decimal | None] = mapped_column(Money)
    freight: Mapped[Decimal | None] = mapped_column(Money)
    confirmed_on: Mapped[date | None] = mapped_column()
    sent_on: Mapped[date | None] = mapped_column()
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.id", ondelete="RESTRICT"), index=True
    )
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    checked_on: Mapped[date | None] = mapped_column()
    damage_reason: Mapped[str | None] = mapped_column(String(200))
    chargeable: Mapped[bool | None]
    maker_contact: Mapped[str | None] = mapped_column(String(500))
    maker_visits: Mapped[bool | None]
    maker_comes_on: Mapped[date | None] = mapped_column()
    quoted_on: Mapped[date | None] = mapped_column()
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_how: Mapped[str | None] = mapped_column(String(200))
    declined_on: Mapped[date | None] = mapped_column()
    repaired_on: Mapped[date | None] = mapped_column()
    given_up_on: Mapped[date | None] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column()
    state: Mapped[RepairState] = told_by(
        RepairState, "requested",
        ("closed", closed_on), ("returned", arisen(receivable_id)), ("irreparable", given_up_on),
        ("repaired", repaired_on), ("sent", sent_on), ("maker_onsite", maker_comes_on), ("declined", declined_on),
        ("confirmed", confirmed_on), ("quoted", quoted_on), ("checked", checked_on),
    )  # fmt: skip
    receivable: Mapped[Receivable] = relationship()
    device: Mapped[Device] = relationship()
