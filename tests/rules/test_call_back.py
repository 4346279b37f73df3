"""Which forms are called back, how often, and what a call sets in doubt (R4.4)."""

from decimal import Decimal

import pytest

from rules.call_back import after_call, in_share, sets_in_doubt, to_be_called
from rules.ticket import TicketState


@pytest.mark.parametrize(
    ("share", "called"),
    [
        ("1", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("0", []),
        ("0.5", [1, 3, 5, 7, 9]),
        ("0.3", [1, 4, 7]),  # ⌈0.3 n⌉ = 1 1 1 2 2 2 3 3 3 3
        ("0.05", [1]),
    ],
)
def test_a_share_is_spread_over_the_month(share, called):
    found = [turn for turn in range(1, 11) if in_share(turn, Decimal(share))]
    assert found == called


@pytest.mark.parametrize("share", ["0", "0.07", "0.25", "0.3333", "0.9", "1"])
@pytest.mark.parametrize("forms", [1, 7, 40])
def test_never_less_than_the_share_and_never_a_whole_form_more(share, forms):
    called = sum(in_share(turn, Decimal(share)) for turn in range(1, forms + 1))
    assert 0 <= called - forms * Decimal(share) < 1


@pytest.mark.parametrize(
    ("drawn", "satisfaction", "complained", "called"),
    [
        pytest.param(True, 5, False, True, id="of the share"),
        pytest.param(False, 5, False, False, id="not of the share"),
        pytest.param(False, 3, False, False, id="3 is not dissatisfied"),
        pytest.param(False, 2, False, True, id="2 always"),
        pytest.param(False, 1, False, True, id="1 always"),
        pytest.param(False, 5, True, True, id="with a complaint always"),
    ],
)
def test_dissatisfied_and_complaining_customers_are_always_called(
    drawn, satisfaction, complained, called
):
    assert to_be_called(drawn, satisfaction, complained) is called


@pytest.mark.parametrize(
    ("reached", "attempts", "state"),
    [
        (False, 1, TicketState.FORM_RECEIVED),
        (False, 2, TicketState.FORM_RECEIVED),
        (False, 3, TicketState.CLOSED),
        (True, 1, TicketState.CALLED_BACK),
        (True, 3, TicketState.CALLED_BACK),
    ],
)
def test_the_third_call_in_vain_closes_the_ticket(reached, attempts, state):
    assert after_call(reached, attempts) is state


@pytest.mark.parametrize(
    ("form", "call", "not_served", "money_taken", "doubt"),
    [
        pytest.param(5, 5, False, False, False, id="the same"),
        pytest.param(5, 4, False, False, False, id="one star"),
        pytest.param(5, 3, False, False, True, id="two stars"),
        pytest.param(2, 4, False, False, True, id="two stars up"),
        pytest.param(5, None, False, False, False, id="nothing said"),
        pytest.param(5, 5, True, False, True, id="nobody came"),
        pytest.param(5, None, False, True, True, id="money was taken"),
    ],
)
def test_a_call_that_contradicts_the_form_sets_the_visit_in_doubt(
    form, call, not_served, money_taken, doubt
):
    assert sets_in_doubt(form, call, not_served=not_served, money_taken=money_taken) is doubt
