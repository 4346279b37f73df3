"""Software services are approved before the customer is charged (R6.3)."""

from datetime import date

import pytest

from rules.software_service import charged_too_early

APPROVED = date(2026, 9, 10)


@pytest.mark.parametrize(
    ("approved", "charged", "early"),
    [
        pytest.param(APPROVED, date(2026, 9, 9), True, id="charged the day before"),
        pytest.param(APPROVED, APPROVED, False, id="charged the same day"),
        pytest.param(APPROVED, date(2026, 9, 11), False, id="charged the day after"),
        pytest.param(None, APPROVED, True, id="charged and never approved"),
        pytest.param(APPROVED, None, False, id="not charged yet"),
        pytest.param(None, None, False, id="neither"),
    ],
)
def test_nothing_is_charged_before_the_approval(
    approved: date | None, charged: date | None, early: bool
) -> None:
    """R6.3."""
    assert charged_too_early(approved, charged) is early
