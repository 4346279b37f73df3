"""How each person likes his lists: filters kept under a name, and the columns chosen."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model


class SavedView(Model):
    """A filter that one person keeps under a name; `query` is the list's own query string."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("account_id", "noun", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    noun: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(1000))


class ColumnChoice(Model):
    """The columns that one person sees of a noun's list: keys parted by spaces."""

    __tablename__ = "column_choices"
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    noun: Mapped[str] = mapped_column(String(40), primary_key=True)
    columns: Mapped[str] = mapped_column(String(1000))
