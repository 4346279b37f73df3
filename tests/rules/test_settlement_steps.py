"""The steps of a settlement: the full product of states and verbs, illegal cells included (R9.1)."""

from itertools import product

import pytest

from rules.permissions import Role, allowed
from rules.settlement_steps import FINAL, FROZEN, STEPS, SettlementState, SettlementVerb

S, V = SettlementState, SettlementVerb

# State by state, where each verb leads; a dash is illegal.
# fmt: off
TABLE = """
            draft   submit     review    approve   return    pay
draft       draft   submitted  -         -         -         -
returned    draft   -          -         -         -         -
submitted   -       -          reviewed  -         returned  -
reviewed    -       -          -         approved  returned  -
approved    -       -          -         -         -         paid
paid        -       -          -         -         -         -
"""
# fmt: on
VERBS, *ROWS = (line.split() for line in TABLE.strip().splitlines())
EXPECTED = {
    (S(state), V(verb)): None if cell == "-" else S(cell)
    for state, *cells in ROWS
    for verb, cell in zip(VERBS, cells, strict=True)
}


def test_the_table_names_every_state_and_verb() -> None:
    """R9.1."""
    assert set(EXPECTED) == set(product(S, V))
    assert set(STEPS) <= set(EXPECTED)


@pytest.mark.parametrize(("state", "verb"), list(product(S, V)))
def test_a_verb_leads_where_the_regulation_says_and_nowhere_else(
    state: SettlementState, verb: SettlementVerb
) -> None:
    """R9.1, R9.2, R9.5: an approved month is only paid, a paid one is never touched."""
    step = STEPS.get((state, verb))
    assert (step and step.next) == EXPECTED[state, verb]


@pytest.mark.parametrize(
    ("verb", "roles"),
    [
        (V.DRAFT, {Role.CLERK}),
        (V.SUBMIT, {Role.CLERK}),
        (V.REVIEW, {Role.MANAGER}),
        (V.APPROVE, {Role.LEADER}),
        (V.RETURN, {Role.MANAGER, Role.LEADER}),
        (V.PAY, {Role.FINANCE}),
    ],
)
def test_each_verb_is_for_the_roles_of_the_regulation_from_every_state(
    verb: SettlementVerb, roles: set[Role]
) -> None:
    """R9.1; and the table of permissions says the same (R10)."""
    steps = [step for (_, taken), step in STEPS.items() if taken is verb]
    assert steps
    assert all(step.roles == roles for step in steps)
    assert {role for role in Role if allowed(f"settlement.{verb}", frozenset({role}))} == roles


def test_submitted_and_later_months_are_frozen_and_two_states_are_for_good() -> None:
    """R9.2, R9.5."""
    assert {S.SUBMITTED, S.REVIEWED, S.APPROVED, S.PAID} == FROZEN
    assert {S.APPROVED, S.PAID} == FINAL
    redrafted = {state for state, verb in STEPS if verb is V.DRAFT}
    assert redrafted.isdisjoint(FROZEN)
