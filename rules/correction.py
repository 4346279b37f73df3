"""Corrections of approved months (R9.5): their states, and which of them find room in a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.clause import implements
from rules.permissions import Role
from rules.settlement_steps import SettlementVerb as Verb


class CorrectionState(StrEnum):
    """待审核, 待审批, 已批准, 已退回."""

    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verb leads, and in which roles it may be taken."""

    next: CorrectionState
    roles: frozenset[Role]
    clause: str = "R9.5"


S = CorrectionState
_BOTH = frozenset({Role.MANAGER, Role.LEADER})
STEPS: dict[tuple[CorrectionState, Verb], Step] = {
    (S.PREPARED, Verb.REVIEW): Step(S.REVIEWED, frozenset({Role.MANAGER})),
    (S.PREPARED, Verb.RETURN): Step(S.RETURNED, _BOTH),
    (S.REVIEWED, Verb.APPROVE): Step(S.APPROVED, frozenset({Role.LEADER})),
    (S.REVIEWED, Verb.RETURN): Step(S.RETURNED, _BOTH),
}


@implements("R9.5", "R8.6")
def finding_room(amounts: Iterable[Decimal], left: Decimal) -> list[bool]:
    """Which corrections, in order, go in without taking what is left below zero; the others wait for a later month."""
    found = []
    for amount in amounts:
        fits = left + amount >= 0
        left += amount if fits else 0
        found.append(fits)
    return found
