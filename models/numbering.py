"""The last number given out of each kind and month (I13)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model, MonthText
from rules.period import Month


class NumberCounter(Model):
    """How far a kind of document has been numbered in a month."""

    __tablename__ = "number_counters"
    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    month: Mapped[Month] = mapped_column(MonthText, primary_key=True)
    last: Mapped[int]
