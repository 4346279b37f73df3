"""Which complaints count against an employee (R4.5)."""

from datetime import date

import pytest

from rules.complaint import (
    ComplaintOrigin,
    Verdict,
    answer_due,
    counts,
    may_investigate,
)

CUSTOMER = [origin for origin in ComplaintOrigin if origin is not ComplaintOrigin.INTERNAL]


@pytest.mark.parametrize("origin", CUSTOMER)
def test_an_upheld_complaint_of_a_customer_counts_by_whatever_line_it_came(
    origin: ComplaintOrigin,
) -> None:
    """R4.5: complaint line, service line, call-back and letter are alike."""
    assert counts(origin, Verdict.UPHELD)


@pytest.mark.parametrize("verdict", [Verdict.OPEN, Verdict.NOT_UPHELD])
@pytest.mark.parametrize("origin", ComplaintOrigin)
def test_a_complaint_that_is_not_upheld_never_counts(
    origin: ComplaintOrigin, verdict: Verdict
) -> None:
    """R4.5: it counts against an employee only once upheld."""
    assert not counts(origin, verdict)


@pytest.mark.parametrize("verdict", Verdict)
def test_an_internal_matter_never_counts(verdict: Verdict) -> None:
    """R4.5: only what a customer complains of, or confirms in a call."""
    assert not counts(ComplaintOrigin.INTERNAL, verdict)


@pytest.mark.parametrize(
    ("received", "days", "overrides", "due"),
    [
        pytest.param("2026-11-02", 3, {}, "2026-11-05", id="Monday to Thursday"),
        pytest.param("2026-11-05", 3, {}, "2026-11-10", id="over a weekend"),
        pytest.param("2026-11-07", 1, {}, "2026-11-09", id="received on a Saturday"),
        pytest.param("2026-09-30", 3, {}, "2026-10-10", id="over the National Day week and its Saturday worked"),
        pytest.param("2026-11-02", 3, {"2026-11-03": False}, "2026-11-06", id="a company holiday"),
        pytest.param("2026-11-05", 3, {"2026-11-07": True}, "2026-11-09", id="a Saturday worked"),
        pytest.param("2026-11-02", 0, {}, "2026-11-02", id="the same day"),
    ],
)  # fmt: skip
def test_a_complaint_is_answered_within_working_days_of_the_day_after(
    received: str, days: int, overrides: dict[str, bool], due: str
) -> None:
    """R4.5: the day received doesn't count (R0, Periods)."""
    own = {date.fromisoformat(day): worked for day, worked in overrides.items()}
    assert answer_due(date.fromisoformat(received), days, own) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("investigator", "against", "may"),
    [(1, 2, True), (1, 1, False), (1, None, True), (None, 1, True), (None, None, True)],
)
def test_nobody_investigates_a_complaint_against_himself(
    investigator: int | None, against: int | None, may: bool
) -> None:
    """R4.5: an account without an employee is nobody against whom a complaint could be."""
    assert may_investigate(investigator, against) is may
