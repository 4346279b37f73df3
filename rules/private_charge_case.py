"""Private-charge cases: what they cost, and how they are decided (R8.1)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.clause import implements
from rules.permissions import Role


class PrivateChargeState(StrEnum):
    """待处理, 待领导审批, 扣款中."""

    OPEN = "open"
    PROPOSED = "proposed"
    APPROVED = "approved"


class PrivateChargeVerb(StrEnum):
    """What can be done to a case."""

    PROPOSE = "propose"
    SEND_BACK = "send_back"
    APPROVE = "approve"


class MoneyGoes(StrEnum):
    """Where the money collected goes: back to the customer, or booked as income without commission."""

    CUSTOMER = "customer"
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verb leads, and in which role it may be taken."""

    next: PrivateChargeState
    role: Role
    clause: str = "R8.1"


S, V = PrivateChargeState, PrivateChargeVerb
STEPS: dict[tuple[PrivateChargeState, PrivateChargeVerb], Step] = {
    (S.OPEN, V.PROPOSE): Step(S.PROPOSED, Role.MANAGER),
    (S.PROPOSED, V.PROPOSE): Step(S.PROPOSED, Role.MANAGER),
    (S.PROPOSED, V.SEND_BACK): Step(S.OPEN, Role.LEADER),
    (S.PROPOSED, V.APPROVE): Step(S.APPROVED, Role.LEADER),
}
EVIDENCE = ("proof", "statement", "money_goes")


@implements("R8.1")
def cost(charged: Decimal, penalty: Decimal) -> Decimal:
    """What an upheld complaint of that kind costs: the amount collected plus the penalty."""
    return charged + penalty
