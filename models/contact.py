"""A customer's people: whom to call, and for what (R2.7)."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Noun
from models.customer import Customer
from models.site import Site


class Contact(Noun, Model):
    """A person at a customer's, at one of his sites or at all; who has left stays on file with the day."""

    __tablename__ = "contacts"
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="RESTRICT"), index=True
    )
    site_id: Mapped[int | None] = mapped_column(
        ForeignKey("sites.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str] = mapped_column(String(80), index=True)
    duty: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    left_on: Mapped[date | None]
    customer: Mapped[Customer] = relationship()
    site: Mapped[Site | None] = relationship()
