"""Makers, and the devices under warranty (R1)."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Noun
from models.project import Project


class Maker(Noun, Model):
    """A maker of devices, and whether he comes on site (R5.1)."""

    __tablename__ = "makers"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    onsite_service: Mapped[bool | None]
    contact: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))


class Device(Noun, Model):
    """A delivered piece of hardware or software; `warranty_months` overrides the project's (R1.1)."""

    __tablename__ = "devices"
    serial: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    model: Mapped[str | None] = mapped_column(String(80))
    maker_id: Mapped[int | None] = mapped_column(
        ForeignKey("makers.id", ondelete="RESTRICT"), index=True
    )
    project_id: Mapped[int] = mapped_column(
        ForeignKey("projects.id", ondelete="RESTRICT"), index=True
    )
    warranty_months: Mapped[int | None]
    maker_warranty_until: Mapped[date | None]
    maker: Mapped[Maker | None] = relationship()
    project: Mapped[Project] = relationship()
    extensions: Mapped[list["WarrantyExtension"]] = relationship(viewonly=True)


class WarrantyExtension(Noun, Model):
    """Days by which a replacement under warranty extends it; names its ticket (R1.3)."""

    __tablename__ = "warranty_extensions"
    device_id: Mapped[int] = mapped_column(
        ForeignKey("devices.id", ondelete="RESTRICT"), index=True
    )
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("tickets.id", ondelete="RESTRICT"), unique=True
    )
    days: Mapped[int]
