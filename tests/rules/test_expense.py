"""Which expense claims are reimbursed (R7.7)."""

from datetime import date
from itertools import product

import pytest

from rules.expense import ExpenseCategory, ExpenseReason, Refusal, refusal

SPENT = date(2026, 9, 10)
BEFORE, AFTER = date(2026, 9, 9), date(2026, 9, 11)
TAXI, FREIGHT = ExpenseCategory.TAXI, ExpenseCategory.FREIGHT
URGENT, BULKY, OTHER = ExpenseReason.URGENT, ExpenseReason.BULKY, ExpenseReason.OTHER


@pytest.mark.parametrize("reason", [None, *ExpenseReason])
@pytest.mark.parametrize("reported_on", [None, BEFORE, SPENT, AFTER])
def test_public_transport_is_reimbursed_without_reason_or_report(
    reason: ExpenseReason | None, reported_on: date | None
) -> None:
    """R7.7."""
    assert refusal(ExpenseCategory.PUBLIC_TRANSPORT, reason, reported_on, SPENT) is None


@pytest.mark.parametrize("category", [TAXI, FREIGHT])
@pytest.mark.parametrize(
    ("reason", "reported_on", "refused"),
    [
        pytest.param(URGENT, BEFORE, None, id="urgent, reported the day before"),
        pytest.param(URGENT, SPENT, None, id="urgent, reported the same day"),
        pytest.param(URGENT, AFTER, Refusal.REPORTED_LATE, id="urgent, reported the day after"),
        pytest.param(URGENT, None, Refusal.NOT_REPORTED, id="urgent, never reported"),
        pytest.param(BULKY, BEFORE, None, id="bulky, reported the day before"),
        pytest.param(BULKY, SPENT, None, id="bulky, reported the same day"),
        pytest.param(BULKY, AFTER, Refusal.REPORTED_LATE, id="bulky, reported the day after"),
        pytest.param(BULKY, None, Refusal.NOT_REPORTED, id="bulky, never reported"),
        pytest.param(OTHER, BEFORE, Refusal.NO_REASON, id="another reason does not do"),
        pytest.param(OTHER, None, Refusal.NO_REASON, id="another reason, never reported"),
        pytest.param(None, BEFORE, Refusal.NO_REASON, id="no reason"),
    ],
)
def test_taxi_and_freight_need_a_good_reason_reported_beforehand(
    category: ExpenseCategory,
    reason: ExpenseReason | None,
    reported_on: date | None,
    refused: Refusal | None,
) -> None:
    """R7.7: urgent or bulky, and reported on or before the day of the expense."""
    assert refusal(category, reason, reported_on, SPENT) is refused


def test_taxi_and_freight_are_judged_alike_in_every_case() -> None:
    """R7.7."""
    for reason, reported_on in product([None, *ExpenseReason], [None, BEFORE, SPENT, AFTER]):
        assert refusal(TAXI, reason, reported_on, SPENT) is refusal(
            FREIGHT, reason, reported_on, SPENT
        )
