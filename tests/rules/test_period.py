"""Periods of the regulation (R0, R8.2, R1.1)."""

from datetime import date
from decimal import Decimal as D

import pytest

from rules.money import floor_fen, round_fen
from rules.overdue_case import opening_day, paid_in_time
from rules.parts_sale import ApprovalLevel, level_suffices
from rules.period import Month, last_day_of_period
from rules.warranty import in_warranty, warranty_end


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
    assert last_day_of_period(start, months) == last


@pytest.mark.parametrize(
    ("paid", "in_time"),
    [
        (date(2026, 10, 14), True),
        (date(2026, 10, 15), True),
        (date(2026, 10, 16), False),
        (None, False),
    ],
)
def test_paying_on_the_last_day_is_in_time(paid, in_time):
    """R8.2: arising 2025-10-15, 12 months."""
    assert paid_in_time(paid, date(2025, 10, 15), 12) is in_time
    assert opening_day(date(2025, 10, 15), 12) == date(2026, 10, 16)


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (date(2023, 10, 31), False),
        (date(2023, 11, 1), True),
        (date(2026, 11, 1), True),
        (date(2026, 11, 2), False),
    ],
)
def test_the_last_day_of_the_warranty_is_covered(day, covered):
    """R1.1."""
    end = warranty_end(date(2023, 11, 1), 36, None)
    assert in_warranty(date(2023, 11, 1), end, day) is covered


@pytest.mark.parametrize(
    ("amount", "manager"), [("4999.99", True), ("5000.00", False), ("5000.01", False)]
)
def test_a_sale_on_credit_waits_for_the_leader_from_the_threshold_on(amount, manager):
    """R6.2."""
    assert level_suffices(ApprovalLevel.MANAGER, D(amount), D("5000.00")) is manager
    assert level_suffices(ApprovalLevel.LEADER, D(amount), D("5000.00"))


@pytest.mark.parametrize(
    ("exact", "half_up", "down"),
    [
        ("0.005", "0.01", "0.00"),
        ("-0.005", "-0.01", "-0.01"),
        ("1.0149", "1.01", "1.01"),
        ("2.675", "2.68", "2.67"),
    ],
)
def test_money_is_rounded_half_up_and_room_down(exact, half_up, down):
    assert (round_fen(D(exact)), floor_fen(D(exact))) == (D(half_up), D(down))


def test_months_count_over_the_years_end():
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert str(Month.parse("2026-02").last_day) == "2026-02-28"
