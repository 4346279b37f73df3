"""Customers (R2.7)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model, Noun


class Customer(Noun, Model):
    """A customer; `in_town` is the region that decides the on-site promise (R3)."""

    __tablename__ = "customers"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    address: Mapped[str | None] = mapped_column(String(200))
    in_town: Mapped[bool]
    contact: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
