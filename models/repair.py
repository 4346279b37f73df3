"""Repairs by the maker (R5)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Money, Noun
from models.device import Device
from models.receivable import Receivable


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
    confirmed_on: Mapped[date | None]
    sent_on: Mapped[date | None]
    receivable: Mapped[Receivable] = relationship()
    device: Mapped[Device] = relationship()
