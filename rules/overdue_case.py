"""Overdue cases: last day to pay, what the handler bears, and the steps from opening to the end (R8.2–R8.4, R8.7)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.clause import implements
from rules.money import ZERO, round_fen
from rules.period import last_day_of_period
from rules.permissions import PERMISSIONS, Reach, Role


class CaseState(StrEnum):
    """Where a case stands: undecided 待定比例, proposed 待领导审批, decided 扣款中, waived 已免除, withdrawn 已撤案."""

    UNDECIDED = "undecided"
    PROPOSED = "proposed"
    DECIDED = "decided"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


class CaseVerb(StrEnum):
    """What can be done to a case; the sweep withdraws and reopens by itself."""

    COLLECT = "collect"
    STATE = "state"
    SAVE = "save"
    PROPOSE = "propose"
    PROPOSE_WAIVER = "propose_waiver"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    WAIVE = "waive"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class LeaverClaimState(StrEnum):
    """What became of what is still open against someone who left: none, open 待决定, pursued 追偿中, waived 已免追偿."""

    NONE = "none"
    OPEN = "open"
    PURSUED = "pursued"
    WAIVED = "waived"


class LeaverClaimVerb(StrEnum):
    """What the leader does with a claim."""

    PURSUE = "pursue"
    WAIVE_CLAIM = "waive_claim"


class CollectionManner(StrEnum):
    """How the customer was asked: 电话, 上门, 函件, 消息."""

    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verb leads, and the permission it asks for; the sweep's steps are nobody's."""

    next: CaseState
    permission: str | None
    clause: str = "R8.3"

    @property
    def roles(self) -> frozenset[Role]:
        """Who may take the step, at least in a case of his own."""
        return _roles(self.permission)


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """Where a verb leads a claim, and the permission it asks for."""

    next: LeaverClaimState
    permission: str = "overdue.claim"
    clause: str = "R8.7"

    @property
    def roles(self) -> frozenset[Role]:
        """Who may take the step."""
        return _roles(self.permission)


def _roles(permission: str | None) -> frozenset[Role]:
    granted = PERMISSIONS[permission] if permission else {}
    return frozenset(role for role, reach in granted.items() if reach is not Reach.NONE)


S, V = CaseState, CaseVerb
STEPS: dict[tuple[CaseState, CaseVerb], Step] = {
    (S.UNDECIDED, V.COLLECT): Step(S.UNDECIDED, "overdue.collect"),
    (S.PROPOSED, V.COLLECT): Step(S.PROPOSED, "overdue.collect"),
    (S.DECIDED, V.COLLECT): Step(S.DECIDED, "overdue.collect"),
    (S.UNDECIDED, V.STATE): Step(S.UNDECIDED, "overdue.state"),
    (S.UNDECIDED, V.SAVE): Step(S.UNDECIDED, "overdue.propose"),
    (S.UNDECIDED, V.PROPOSE): Step(S.PROPOSED, "overdue.propose"),
    (S.UNDECIDED, V.PROPOSE_WAIVER): Step(S.PROPOSED, "overdue.propose"),
    (S.PROPOSED, V.SEND_BACK): Step(S.UNDECIDED, "overdue.approve"),
    (S.PROPOSED, V.APPROVE): Step(S.DECIDED, "overdue.approve"),
    (S.UNDECIDED, V.WAIVE): Step(S.WAIVED, "overdue.waive"),
    (S.PROPOSED, V.WAIVE): Step(S.WAIVED, "overdue.waive"),
    (S.UNDECIDED, V.WITHDRAW): Step(S.WITHDRAWN, None, "R8.2"),
    (S.PROPOSED, V.WITHDRAW): Step(S.WITHDRAWN, None, "R8.2"),
    (S.WITHDRAWN, V.REOPEN): Step(S.UNDECIDED, None, "R8.2"),
}
CLAIM_STEPS: dict[tuple[LeaverClaimState, LeaverClaimVerb], ClaimStep] = {
    (LeaverClaimState.OPEN, LeaverClaimVerb.PURSUE): ClaimStep(LeaverClaimState.PURSUED),
    (LeaverClaimState.OPEN, LeaverClaimVerb.WAIVE_CLAIM): ClaimStep(LeaverClaimState.WAIVED),
    (LeaverClaimState.PURSUED, LeaverClaimVerb.WAIVE_CLAIM): ClaimStep(LeaverClaimState.WAIVED),
}
OPEN = (S.UNDECIDED, S.PROPOSED)
RATE_STEP = Decimal("0.0001")
EVIDENCE = ("collections", "finding", "basis", "notified_on", "statement")


@implements("R8.2")
def last_day_to_pay(arose_on: date, overdue_months: int) -> date:
    """The last day on which payment is in time; the case opens the day after."""
    return last_day_of_period(arose_on, overdue_months)


@implements("R8.2")
def opening_day(arose_on: date, overdue_months: int) -> date:
    """The day on which the case opens if the receivable is then not fully paid; its month is the case's."""
    return last_day_to_pay(arose_on, overdue_months) + timedelta(days=1)


@implements("R8.2")
def paid_in_time(fully_paid_on: date | None, arose_on: date, overdue_months: int) -> bool:
    """Whether it was fully paid on or before the last day; then it can have no case."""
    return fully_paid_on is not None and fully_paid_on <= last_day_to_pay(arose_on, overdue_months)


@implements("R8.3")
def rate_allowed(rate: Decimal, least: Decimal, most: Decimal) -> bool:
    """Whether the share that the handler bears lies in its range, both ends included, to the hundredth of a percent."""
    return rate.is_finite() and least <= rate <= most and rate == rate.quantize(RATE_STEP)


@implements("R8.4")
def liability(rate: Decimal, outstanding: Decimal) -> Decimal:
    """What the handler bears at a month's end: rate × outstanding, rounded on its own line."""
    return round_fen(rate * outstanding)


@implements("R8.7")
def claim_state(
    decided: LeaverClaimState | None, left: bool, still_open: Decimal
) -> LeaverClaimState:
    """Where a claim stands: none before he left or once nothing is open, unless it was waived."""
    if decided is LeaverClaimState.WAIVED:
        return LeaverClaimState.WAIVED
    if not left or still_open <= ZERO:
        return LeaverClaimState.NONE
    return decided or LeaverClaimState.OPEN


@implements("R8.7")
def target_after_waiver(target: Decimal, deducted: Decimal) -> Decimal:
    """Once its claim is waived a case asks for no more than was deducted; what the customer pays still refunds."""
    return min(target, deducted)
