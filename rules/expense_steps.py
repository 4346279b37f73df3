"""The steps of an expense claim (R7.7)."""

from enum import StrEnum

from rules.step import Step


class ClaimState(StrEnum):
    """待审批, 已批准, 已退回, 已撤回."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ClaimVerb(StrEnum):
    """What can be done to a claim."""

    CHANGE = "change"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


S, V = ClaimState, ClaimVerb
CLAIM_STEPS: dict[tuple[ClaimState, ClaimVerb], Step[ClaimState]] = {
    (S.PENDING, V.CHANGE): Step(S.PENDING, "expense.change", "R7.7"),
    (S.REFUSED, V.CHANGE): Step(S.PENDING, "expense.change", "R7.7"),
    (S.PENDING, V.APPROVE): Step(S.APPROVED, "expense.approve", "R7.7"),
    (S.PENDING, V.REFUSE): Step(S.REFUSED, "expense.approve", "R7.7"),
    (S.PENDING, V.WITHDRAW): Step(S.WITHDRAWN, "expense.change", "R7.7"),
    (S.REFUSED, V.WITHDRAW): Step(S.WITHDRAWN, "expense.change", "R7.7"),
}
