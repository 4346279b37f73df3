"""Overdue cases: the last day to pay, opening, and what the handler bears (R8.2, R8.4)."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from rules.overdue_case import (
    last_day_to_pay,
    liability,
    opening_day,
    paid_in_time,
)

AROSE, LAST = date(2025, 10, 15), date(2026, 10, 15)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("arose", "months", "last"),
    [
        pytest.param(AROSE, 12, LAST, id="15 October + 12"),
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 28), id="29 February + 12"),
        pytest.param(date(2023, 2, 28), 12, date(2024, 2, 28), id="28 February into a leap year"),
        pytest.param(date(2025, 8, 31), 6, date(2026, 2, 28), id="the 31st + 6"),
        pytest.param(date(2023, 8, 31), 6, date(2024, 2, 29), id="the 31st + 6, leap"),
        pytest.param(date(2025, 12, 31), 1, date(2026, 1, 31), id="over the year's end"),
        pytest.param(date(2026, 1, 31), 1, date(2026, 2, 28), id="31 January + 1"),
    ],
)
def test_the_case_opens_the_day_after_the_last_day_to_pay(
    arose: date, months: int, last: date
) -> None:
    """R8.2."""
    assert last_day_to_pay(arose, months) == last
    assert opening_day(arose, months) == last + DAY


@pytest.mark.parametrize(
    ("paid", "in_time"),
    [(LAST - DAY, True), (LAST, True), (LAST + DAY, False), (None, False)],
)
def test_paying_on_the_last_day_is_in_time(paid: date | None, in_time: bool) -> None:
    """R8.2: arising 2025-10-15 → paid on 2026-10-15 is in time."""
    assert paid_in_time(paid, AROSE, 12) is in_time


@pytest.mark.parametrize(
    ("rate", "owed", "target"),
    [
        ("0.80", "1000.00", "800.00"),
        ("1.00", "1000.00", "1000.00"),
        ("0.80", "0.01", "0.01"),
        ("0.85", "33.30", "28.31"),
        ("0.8888", "0.56", "0.50"),
        ("0.90", "0.00", "0.00"),
    ],
)
def test_the_liability_is_the_share_of_what_is_missing_rounded_half_up(
    rate: str, owed: str, target: str
) -> None:
    """R8.4: 0.85 × 33.30 = 28.305 → 28.31; 0.8888 × 0.56 = 0.497728 → 0.50."""
    assert liability(D(rate), D(owed)) == D(target)
