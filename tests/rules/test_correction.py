"""Corrections: their steps over the full product, and which find room (R9.5)."""

from decimal import Decimal as D
from itertools import product

import pytest

from rules.correction import STEPS, CorrectionState, finding_room
from rules.permissions import Role, allowed
from rules.settlement_steps import SettlementVerb

S, V = CorrectionState, SettlementVerb
LEADS = {
    (S.PREPARED, V.REVIEW): S.REVIEWED,
    (S.PREPARED, V.RETURN): S.RETURNED,
    (S.REVIEWED, V.APPROVE): S.APPROVED,
    (S.REVIEWED, V.RETURN): S.RETURNED,
}


@pytest.mark.parametrize(("state", "verb"), list(product(S, V)))
def test_a_verb_leads_where_the_regulation_says_and_nowhere_else(
    state: CorrectionState, verb: SettlementVerb
) -> None:
    """R9.5: both approvals, one after the other; what is approved or returned stays so."""
    step = STEPS.get((state, verb))
    assert (step and step.next) == LEADS.get((state, verb))


@pytest.mark.parametrize(
    ("verb", "roles"),
    [
        (V.REVIEW, {Role.MANAGER}),
        (V.APPROVE, {Role.LEADER}),
        (V.RETURN, {Role.MANAGER, Role.LEADER}),
    ],
)
def test_each_verb_is_for_its_roles_and_the_permissions_say_the_same(
    verb: SettlementVerb, roles: set[Role]
) -> None:
    """R9.5, R10."""
    assert all(step.roles == roles for (_, taken), step in STEPS.items() if taken is verb)
    assert {role for role in Role if allowed(f"correction.{verb}", frozenset({role}))} == roles


@pytest.mark.parametrize(
    ("label", "amounts", "left", "fits"),
    [
        ("nothing to correct", [], "100.00", []),
        ("what gives always fits", ["50.00"], "0.00", [True]),
        ("just what is left", ["-100.00"], "100.00", [True]),
        ("a fen more", ["-100.01"], "100.00", [False]),
        ("one waits, a smaller one behind it goes", ["-80.00", "-30.00", "-20.00"], "100.00", [True, False, True]),
        ("what came before makes room", ["30.00", "-120.00"], "100.00", [True, True]),
        ("what comes after does not", ["-120.00", "30.00"], "100.00", [False, True]),
    ],
)  # fmt: skip
def test_a_correction_waits_that_would_take_the_sum_below_nothing(
    label: str, amounts: list[str], left: str, fits: list[bool]
) -> None:
    """R9.5, R8.6."""
    assert finding_room([D(amount) for amount in amounts], D(left)) == fits
