"""The steps of a settlement: who may take which from where (R9.1)."""

from dataclasses import dataclass
from enum import StrEnum

from rules.permissions import Role


class SettlementState(StrEnum):
    """草稿, 已退回, 已提交, 已审核, 已审批, 已发放."""

    DRAFT = "draft"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PAID = "paid"


class SettlementVerb(StrEnum):
    """What can be done to a settlement."""

    DRAFT = "draft"
    SUBMIT = "submit"
    REVIEW = "review"
    APPROVE = "approve"
    RETURN = "return"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verb leads, and in which roles it may be taken."""

    next: SettlementState
    roles: frozenset[Role]
    clause: str = "R9.1"


_CLERK = frozenset({Role.CLERK})
_MANAGER = frozenset({Role.MANAGER})
_LEADER = frozenset({Role.LEADER})
S, V = SettlementState, SettlementVerb

STEPS: dict[tuple[SettlementState, SettlementVerb], Step] = {
    (S.DRAFT, V.DRAFT): Step(S.DRAFT, _CLERK, "R9.2"),
    (S.RETURNED, V.DRAFT): Step(S.DRAFT, _CLERK, "R9.2"),
    (S.DRAFT, V.SUBMIT): Step(S.SUBMITTED, _CLERK),
    (S.SUBMITTED, V.REVIEW): Step(S.REVIEWED, _MANAGER),
    (S.SUBMITTED, V.RETURN): Step(S.RETURNED, _MANAGER | _LEADER),
    (S.REVIEWED, V.APPROVE): Step(S.APPROVED, _LEADER),
    (S.REVIEWED, V.RETURN): Step(S.RETURNED, _MANAGER | _LEADER),
    (S.APPROVED, V.PAY): Step(S.PAID, frozenset({Role.FINANCE})),
}
FROZEN = frozenset({S.SUBMITTED, S.REVIEWED, S.APPROVED, S.PAID})
FINAL = frozenset({S.APPROVED, S.PAID})
