"""The sample register with its months in different states: June paid, July submitted, August a draft."""

from rules.settlement_steps import SettlementState
from tests.cast import AUGUST, JULY, JUNE, carry_through, people, take_in
from workflows import settlement as steps

STATES = {
    JUNE: SettlementState.PAID,
    JULY: SettlementState.SUBMITTED,
    AUGUST: SettlementState.DRAFT,
}


def play_sample() -> None:
    """Fill an empty database."""
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)
    steps.pay(JUNE, actor=cast["finance"])
    steps.draft(JULY, actor=cast["clerk"])
    steps.submit(JULY, actor=cast["clerk"], explain="已核对")
    steps.draft(AUGUST, actor=cast["clerk"])
