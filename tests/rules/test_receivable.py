"""Receivables: when one is fully paid, what is owed on a day, and how old it is (R6.4, R6.5)."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.receivable import ageing_bucket, fully_paid_on, outstanding

TOTAL = D("100.00")
Rows = list[tuple[int, str]]


def payments(rows: Rows) -> list[tuple[date, D]]:
    """(day of September, amount) as payments."""
    return [(date(2026, 9, day), D(amount)) for day, amount in rows]


@pytest.mark.parametrize(
    ("label", "rows", "day"),
    [
        ("nothing paid", [], None),
        ("at once", [(5, "100.00")], 5),
        ("a fen short", [(5, "99.99")], None),
        ("the missing fen", [(5, "99.99"), (20, "0.01")], 20),
        ("in three parts, noted out of order", [(20, "40.00"), (5, "30.00"), (10, "30.00")], 20),
        ("two payments on one day", [(5, "60.00"), (5, "40.00")], 5),
        ("paid, then reversed", [(5, "100.00"), (9, "-100.00")], None),
        ("reversed and paid again later", [(5, "100.00"), (9, "-100.00"), (25, "100.00")], 25),
        (
            "the reversed part paid again",
            [(5, "60.00"), (8, "40.00"), (9, "-40.00"), (25, "40.00")],
            25,
        ),
        (
            "a wrong first payment, replaced before the rest",
            [(1, "60.00"), (2, "-60.00"), (5, "100.00")],
            5,
        ),
        (
            "reversed and replaced on the same day",
            [(5, "100.00"), (9, "-100.00"), (9, "100.00")],
            5,
        ),
    ],
)
def test_fully_paid_is_the_first_day_from_which_the_payments_reach_the_total(
    label: str, rows: Rows, day: int | None
) -> None:
    """R6.4: what was reversed was no payment."""
    found = fully_paid_on(TOTAL, payments(rows))
    assert found == (None if day is None else date(2026, 9, day))


@pytest.mark.parametrize(
    ("day", "owed"),
    [(4, "100.00"), (5, "70.00"), (8, "70.00"), (9, "100.00"), (10, "40.00"), (30, "40.00")],
)
def test_what_is_owed_counts_payments_and_reversals_up_to_the_days_end(day: int, owed: str) -> None:
    """R6.4, R8.4: 30 on the 5th, taken back on the 9th, 60 on the 10th."""
    rows = payments([(10, "60.00"), (5, "30.00"), (9, "-30.00")])
    assert outstanding(TOTAL, rows, date(2026, 9, day)) == D(owed)


fen = st.integers(1, 10_000).map(lambda n: D(n).scaleb(-2))


@given(st.lists(st.tuples(st.integers(1, 30), fen), min_size=1, max_size=6))
def test_the_day_of_full_payment_is_the_first_on_which_nothing_is_owed(
    rows: list[tuple[int, D]],
) -> None:
    """R6.4, I3: without reversals, whatever the order of the payments."""
    paid = [(date(2026, 9, day), amount) for day, amount in rows]
    total = sum((amount for _, amount in paid), D(0))
    day = fully_paid_on(total, paid)
    assert day == fully_paid_on(total, paid[::-1])
    assert day is not None
    assert outstanding(total, paid, day) == 0 < outstanding(total, paid, day - timedelta(days=1))
    assert fully_paid_on(total + D("0.01"), paid) is None


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, 0), (30, 0), (31, 1), (90, 1), (91, 2), (180, 2), (181, 3), (365, 3), (366, 4), (2000, 4)],
)
def test_a_receivable_ages_from_bucket_to_bucket(days: int, bucket: int) -> None:
    """R6.5: 0–30, 31–90, 91–180, 181–365, over 365 days."""
    arose = date(2025, 1, 1)
    assert ageing_bucket(arose, arose + timedelta(days=days)) == bucket
