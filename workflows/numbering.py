"""Giving out numbers of documents, unique and gapless per month (I13)."""

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute

from models import db
from models.numbering import NumberCounter
from rules.period import Month
from workflows.transaction import today


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
