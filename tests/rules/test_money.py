"""Money: rounding on the line, sums of lines (R0, Money)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import FEN, ZERO, floor_fen, round_fen, total

D = Decimal
exact = st.decimals(-(10**7), 10**7, places=6)


@pytest.mark.parametrize(
    ("exact_amount", "rounded"),
    [
        ("0.004", "0.00"),
        ("0.00499", "0.00"),
        ("0.005", "0.01"),
        ("0.0149", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("1.005", "1.01"),
        ("2.675", "2.68"),
        ("1266.666666", "1266.67"),
        ("7", "7.00"),
        ("-0.004", "0.00"),
        ("-0.005", "-0.01"),
        ("-2.675", "-2.68"),
    ],
)
def test_an_amount_is_rounded_half_up_to_the_fen(exact_amount: str, rounded: str) -> None:
    """R0: half a fen goes up, and a negative amount mirrors the positive one."""
    assert round_fen(D(exact_amount)) == D(rounded)


@pytest.mark.parametrize(
    ("exact_amount", "floored"),
    [
        ("0.009", "0.00"),
        ("0.01", "0.01"),
        ("0.0199", "0.01"),
        ("668.006", "668.00"),
        ("5", "5.00"),
        ("-0.005", "-0.01"),
    ],
)
def test_room_is_rounded_down(exact_amount: str, floored: str) -> None:
    """R8.5: rounded down, so the cap is never passed by a fraction of a fen."""
    assert floor_fen(D(exact_amount)) == D(floored)


def test_a_sum_is_the_sum_of_rounded_lines_not_the_rounded_sum() -> None:
    """R0, Money."""
    lines = [round_fen(D("0.125")), round_fen(D("0.125")), round_fen(D("0.125"))]
    assert total(lines) == D("0.39")  # the rounded sum would be 0.38


def test_no_lines_come_to_nothing_with_two_places() -> None:
    """R0, Money."""
    assert str(total([])) == "0.00"
    assert str(round_fen(D("7"))) == "7.00"
    assert total([D("0.10")] * 3) == D("0.30")


@given(exact)
def test_rounding_is_within_half_a_fen_and_done_once(amount: Decimal) -> None:
    """R0, Money."""
    rounded = round_fen(amount)
    assert abs(rounded - amount) <= FEN / 2
    assert round_fen(rounded) == rounded
    assert round_fen(-amount) == -rounded


@given(exact)
def test_the_floor_never_exceeds_the_amount_nor_misses_it_by_a_fen(amount: Decimal) -> None:
    """R0, Money."""
    assert ZERO <= amount - floor_fen(amount) < FEN
