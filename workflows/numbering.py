"""Giving out numbers: of documents, unique and gapless per month (I13), and of what is filed for good."""

import re

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute

from models import db
from models.numbering import NumberCounter
from rules.period import Month
from workflows.transaction import today


def next_in_file(prefix: str, column: InstrumentedAttribute[str]) -> str:
    """The number after the highest of our own counting of customers and the like, e.g. ``KH-0042``."""
    numbers = db.session.scalars(select(column).where(column.startswith(prefix, autoescape=True)))
    counts = (re.fullmatch(r"\d{1,9}", number.removeprefix(prefix)) for number in numbers)
    return f"{prefix}{max((int(count[0]) for count in counts if count), default=0) + 1:04d}"


def next_number(prefix: str, column: InstrumentedAttribute[str]) -> str:
    """The next number of a kind, such as ``FW2611-001``, inside the caller's transaction.

    A number that a workbook brought in is passed over; when the transaction fails, its number is given out again.
    """
    month = Month.of(today())
    counter = db.session.get(NumberCounter, (prefix, month))
    if counter is None:
        counter = NumberCounter(prefix=prefix, month=month, last=0)
        db.session.add(counter)
    while True:
        counter.last += 1
        number = f"{prefix}{month.year % 100:02d}{month.number:02d}-{counter.last:03d}"
        if not db.session.scalar(select(exists().where(column == number))):
            return number
