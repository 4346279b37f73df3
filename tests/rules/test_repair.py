"""Repairs by the maker: which device comes in, and the customer's confirmation before it is sent (R5.2)."""

from datetime import date

import pytest

from rules.repair import comes_in, sent_unconfirmed

CONFIRMED = date(2026, 9, 10)


@pytest.mark.parametrize(
    ("covered", "maker_comes", "taken_in"),
    [(True, True, False), (True, False, True), (False, True, True), (False, False, True)],
)
def test_a_device_comes_in_out_of_warranty_or_when_the_maker_does_not_come(
    covered: bool, maker_comes: bool, taken_in: bool
) -> None:
    """R5.2: in warranty the maker's on-site service is preferred."""
    assert comes_in(covered, maker_comes) is taken_in


@pytest.mark.parametrize(
    ("confirmed", "sent", "wrong"),
    [
        pytest.param(CONFIRMED, date(2026, 9, 9), True, id="sent the day before"),
        pytest.param(CONFIRMED, CONFIRMED, False, id="sent the same day"),
        pytest.param(CONFIRMED, date(2026, 9, 11), False, id="sent the day after"),
        pytest.param(None, CONFIRMED, True, id="sent without confirmation"),
        pytest.param(None, None, False, id="still here"),
        pytest.param(CONFIRMED, None, False, id="confirmed, still here"),
    ],
)
def test_a_chargeable_repair_is_sent_only_after_the_customer_confirmed(
    confirmed: date | None, sent: date | None, wrong: bool
) -> None:
    """R5.2: a free one needs no confirmation."""
    assert sent_unconfirmed(True, confirmed, sent) is wrong
    assert not sent_unconfirmed(False, confirmed, sent)
