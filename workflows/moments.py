"""Turning business days into the instants at which they begin."""

from datetime import datetime, time

from rules.period import SHANGHAI, Month


def month_bounds(month: Month) -> tuple[datetime, datetime]:
    """The instant at which a month begins in Shanghai, and the one at which the next begins."""
    first, following = (
        datetime.combine(m.first_day, time(), SHANGHAI) for m in (month, month.plus(1))
    )
    return first, following
