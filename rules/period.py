"""Days, months and periods of the regulation (R0, Periods), in the calendar of Asia/Shanghai."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTH_TEXT = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; orders by time and prints as ``2026-10``."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2026-10``; anything else is a ValueError."""
        match = MONTH_TEXT.fullmatch(text)
        if match is None or match[1] == "0000":
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which a day lies."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, self.days)

    def plus(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from first to last, both included; none when last is before first."""
    while first <= last:
        yield first
        first = first.plus(1)


def last_day_of_period(start: date, months: int) -> date:
    """The last day of a period of months from a date: the same day, clamped to the month's end."""
    month = Month.of(start).plus(months)
    return date(month.year, month.number, min(start.day, month.days))


def business_day(instant: datetime) -> date:
    """The Shanghai day of an aware instant; days and months of the regulation are those."""
    return instant.astimezone(SHANGHAI).date()
