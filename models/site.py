"""A customer's sites: the places where his devices stand (R2.7)."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Noun
from models.customer import Customer


class Site(Noun, Model):
    """A place of a customer; its region, where it has one, goes before the customer's in the on-site promise (R3)."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("customer_id", "name"),)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(80), index=True)
    address: Mapped[str | None] = mapped_column(String(200))
    in_town: Mapped[bool | None]
    note: Mapped[str | None] = mapped_column(String(200))
    customer: Mapped[Customer] = relationship()
