"""The company's time: its months up to the present one, its working days, and chance that always falls alike."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rules.calendar_day import is_workday
from rules.period import SHANGHAI, Month, business_day, months_between

DAY = timedelta(days=1)
SEED = "江城"


def chance(*of: object) -> random.Random:
    """The dice for one thing: the same things give the same throws, whatever is thrown elsewhere."""
    return random.Random("/".join(map(str, (SEED, *of))))  # noqa: S311  (a story, no secret)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a Shanghai day."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def worked(day: date) -> bool:
    """Whether the office works on a day; its own calendar days are few and matter to clocks only."""
    return is_workday(day, {})


def workday_from(day: date, ahead: int = 0) -> date:
    """The working day so many working days after a day (0: itself or the next one)."""
    while not worked(day):
        day += DAY
    for _ in range(ahead):
        day = workday_from(day + DAY)
    return day


@dataclass(frozen=True, slots=True)
class Timeline:
    """How long the story is, and the moment at which it is told."""

    now: datetime
    length: int = 24

    @property
    def today(self) -> date:
        return business_day(self.now)

    @property
    def current(self) -> Month:
        return Month.of(self.today)

    @property
    def first(self) -> Month:
        """The go-live month."""
        return self.current.plus(1 - self.length)

    @property
    def last_register(self) -> datetime:
        """When the clerk last took in the register; what came in since was entered on screen."""
        return self.now - timedelta(minutes=10)

    def months(self) -> Iterator[Month]:
        """Every month of the story, the current one last."""
        return months_between(self.first, self.current)

    def day(self, months: int, day: int) -> date:
        """A day of the month so many months before (negative) or after the current one, clamped to its last."""
        month = self.current.plus(months)
        return date(month.year, month.number, min(day, month.days))
