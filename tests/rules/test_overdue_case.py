"""Overdue cases: last day to pay, opening, what the handler bears, and the tables of steps (R8.2–R8.4, R8.7)."""

from datetime import date, timedelta
from decimal import Decimal as D
from itertools import product

import pytest

from rules.overdue_case import (
    CLAIM_STEPS,
    STEPS,
    CaseState,
    CaseVerb,
    LeaverClaimState,
    LeaverClaimVerb,
    claim_state,
    last_day_to_pay,
    liability,
    opening_day,
    paid_in_time,
    rate_allowed,
    target_after_waiver,
)
from rules.permissions import Role

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
    ("rate", "allowed"),
    [
        ("0.7999", False), ("0.80", True), ("0.95", True), ("0.8001", True), ("0.80001", False), ("1.00", True),
        ("1.0001", False), ("NaN", False), ("Infinity", False),
    ],
)  # fmt: skip
def test_the_handlers_share_lies_between_both_ends(rate: str, allowed: bool) -> None:
    """R8.3: 80 % to 100 %, with at most four decimals."""
    assert rate_allowed(D(rate), D("0.80"), D("1.00")) is allowed


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


TABLE = """
               undecided  proposed   decided    waived     withdrawn
collect        undecided  proposed   decided    -          -
state          undecided  -          -          -          -
save           undecided  -          -          -          -
propose        proposed   -          -          -          -
propose_waiver proposed   -          -          -          -
send_back      -          undecided  -          -          -
approve        -          decided    -          -          -
waive          waived     waived     -          -          -
withdraw       withdrawn  withdrawn  -          -          -
reopen         -          -          -          -          undecided
"""
ROLES = {
    "collect": {"clerk", "technician", "commerce", "finance", "manager"},
    "state": {"technician", "manager"},
    "save": {"manager"},
    "propose": {"manager"},
    "propose_waiver": {"manager"},
    "send_back": {"leader"},
    "approve": {"leader"},
    "waive": {"leader"},
    "withdraw": set(),
    "reopen": set(),
}


def expected():
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {
        (CaseState(state), CaseVerb(verb)): None if cell == "-" else CaseState(cell)
        for verb, *cells in rows
        for state, cell in zip(head, cells, strict=True)
    }


def test_the_table_of_steps_is_the_one_of_the_regulation_in_every_cell():
    """R8.3: no other jump is possible."""
    assert set(expected()) == set(product(CaseState, CaseVerb))
    for cell, state in expected().items():
        step = STEPS.get(cell)
        assert (step and step.next) == state, cell


@pytest.mark.parametrize("verb", CaseVerb)
def test_each_step_is_for_its_roles(verb):
    """R10; the sweep's steps are nobody's."""
    steps = [step for (_state, other), step in STEPS.items() if other is verb]
    assert steps
    assert all(step.roles == {Role(role) for role in ROLES[verb]} for step in steps)


def test_a_claim_is_pursued_or_waived_by_the_leader_and_nothing_else():
    """R8.7."""
    legal = {
        (LeaverClaimState.OPEN, LeaverClaimVerb.PURSUE): LeaverClaimState.PURSUED,
        (LeaverClaimState.OPEN, LeaverClaimVerb.WAIVE_CLAIM): LeaverClaimState.WAIVED,
        (LeaverClaimState.PURSUED, LeaverClaimVerb.WAIVE_CLAIM): LeaverClaimState.WAIVED,
    }
    for cell in product(LeaverClaimState, LeaverClaimVerb):
        step = CLAIM_STEPS.get(cell)
        assert (step and step.next) == legal.get(cell), cell
    assert all(step.roles == {Role.LEADER} for step in CLAIM_STEPS.values())


@pytest.mark.parametrize(
    ("label", "decided", "left", "still_open", "state"),
    [
        ("still employed", None, False, "100.00", LeaverClaimState.NONE),
        ("left, one fen open", None, True, "0.01", LeaverClaimState.OPEN),
        ("left, nothing open", None, True, "0.00", LeaverClaimState.NONE),
        ("left, to be refunded", None, True, "-0.01", LeaverClaimState.NONE),
        (
            "pursued and still open",
            LeaverClaimState.PURSUED,
            True,
            "100.00",
            LeaverClaimState.PURSUED,
        ),
        (
            "pursued, the customer paid",
            LeaverClaimState.PURSUED,
            True,
            "0.00",
            LeaverClaimState.NONE,
        ),
        ("waived stays waived", LeaverClaimState.WAIVED, True, "0.00", LeaverClaimState.WAIVED),
    ],
)
def test_a_claim_stands_where_leaving_money_and_the_leader_put_it(
    label, decided, left, still_open, state
):
    """R8.7."""
    assert claim_state(decided, left, D(still_open)) is state


@pytest.mark.parametrize(
    ("target", "deducted", "after"),
    [("500.00", "120.00", "120.00"), ("120.00", "120.00", "120.00"), ("80.00", "120.00", "80.00")],
)
def test_a_waived_claim_takes_nothing_more_and_still_refunds(target, deducted, after):
    """R8.7, R8.4: the lower of target and what was deducted."""
    assert target_after_waiver(D(target), D(deducted)) == D(after)
