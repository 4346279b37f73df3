"""Which expense claims are reimbursed (R7.7)."""

from datetime import date
from enum import StrEnum

from rules.clause import implements


class ExpenseCategory(StrEnum):
    """What was spent on: 公共交通, 出租车, 货运."""

    PUBLIC_TRANSPORT = "public_transport"
    TAXI = "taxi"
    FREIGHT = "freight"


class ExpenseReason(StrEnum):
    """Why a taxi or freight was needed: 紧急, 大宗物品, 其他."""

    URGENT = "urgent"
    BULKY = "bulky"
    OTHER = "other"


class Refusal(StrEnum):
    """Why a claim is refused."""

    NO_REASON = "no_reason"
    NOT_REPORTED = "not_reported"
    REPORTED_LATE = "reported_late"


@implements("R7.7")
def refusal(
    category: ExpenseCategory,
    reason: ExpenseReason | None,
    reported_on: date | None,
    spent_on: date,
) -> Refusal | None:
    """Why a taxi or freight claim is refused; public transport never is."""
    if category is ExpenseCategory.PUBLIC_TRANSPORT:
        return None
    if reason not in (ExpenseReason.URGENT, ExpenseReason.BULKY):
        return Refusal.NO_REASON
    if reported_on is None:
        return Refusal.NOT_REPORTED
    return Refusal.REPORTED_LATE if reported_on > spent_on else None
