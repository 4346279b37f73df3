"""Periods and months of the regulation (R0)."""

from datetime import date, datetime

import pytest

from rules.period import Month, business_day, last_day_of_period, months_between


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2023, 11, 1), 36, date(2026, 11, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
    ],
)
def test_a_period_ends_on_the_same_day_clamped_to_the_months_end(start, months, last):
    """R0."""
    assert last_day_of_period(start, months) == last


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-08-31T15:59:59.999999+00:00", date(2026, 8, 31)),
        ("2026-08-31T16:00:00+00:00", date(2026, 9, 1)),
        ("2026-12-31T23:59:59.999999+08:00", date(2026, 12, 31)),
        ("2027-01-01T00:00:00+08:00", date(2027, 1, 1)),
    ],
)
def test_a_day_is_one_of_shanghai_to_its_last_moment(instant, day):
    """R0."""
    assert business_day(datetime.fromisoformat(instant)) == day


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-0", "2026-13", "2026-1", "0000-01", "2026-01-01", " 2026-01"]
)
def test_what_is_no_month_is_refused(text):
    """R0."""
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_the_months_between_two_include_both():
    """R0."""
    assert [str(m) for m in months_between(Month(2026, 11), Month(2027, 1))] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]
    assert list(months_between(Month(2026, 2), Month(2026, 1))) == []


def test_months_count_over_the_years_end():
    """R0."""
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert str(Month.parse("2026-02").last_day) == "2026-02-28"
