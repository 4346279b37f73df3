"""Which complaints count against an employee (R4.5)."""

import pytest

from rules.complaint import ComplaintOrigin, Verdict, counts

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
