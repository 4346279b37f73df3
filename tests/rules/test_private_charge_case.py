"""Private-charge cases: what they cost, and their steps over the full product (R8.1)."""

from decimal import Decimal as D
from itertools import product

import pytest

from rules.permissions import Role, allowed
from rules.private_charge_case import STEPS, PrivateChargeState, PrivateChargeVerb, cost

S, V = PrivateChargeState, PrivateChargeVerb
LEADS = {
    (S.OPEN, V.PROPOSE): S.PROPOSED,
    (S.PROPOSED, V.PROPOSE): S.PROPOSED,
    (S.PROPOSED, V.SEND_BACK): S.OPEN,
    (S.PROPOSED, V.APPROVE): S.APPROVED,
}
WHO = {V.PROPOSE: Role.MANAGER, V.SEND_BACK: Role.LEADER, V.APPROVE: Role.LEADER}


@pytest.mark.parametrize(
    ("collected", "penalty", "debt"),
    [("350.00", "200.00", "550.00"), ("350.00", "0.00", "350.00"), ("0.01", "200.00", "200.01")],
)
def test_a_private_charge_costs_what_was_collected_and_the_penalty(
    collected: str, penalty: str, debt: str
) -> None:
    """R8.1: the penalty may be 0."""
    assert cost(D(collected), D(penalty)) == D(debt)


@pytest.mark.parametrize(("state", "verb"), list(product(S, V)))
def test_a_verb_leads_where_the_regulation_says_and_nowhere_else(
    state: PrivateChargeState, verb: PrivateChargeVerb
) -> None:
    """R8.1: the manager's and the leader's approval; an approved case stays so."""
    step = STEPS.get((state, verb))
    assert (step and step.next) == LEADS.get((state, verb))
    if step is not None:
        assert step.role is WHO[verb]
        holders = {r for r in Role if allowed(f"private_charge.{verb}", frozenset({r}))}
        assert holders == {WHO[verb]}
