"""What settlements took, refunded and carried for overdue cases, month by month (R8.4, R8.5)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from models import db
from models.overdue_case import OverdueCase
from models.settlement import Settlement, SettlementDebt
from rules.money import ZERO, total
from rules.overdue_case import LeaverClaimState, claim_state, liability, target_after_waiver
from rules.period import Month
from rules.settlement import LineKind
from rules.settlement_steps import FINAL, SettlementState
from workflows.overdue_record import outstanding_of
from workflows.transaction import today


@dataclass(frozen=True, slots=True)
class MonthTaken:
    """A case in one month's settlement; `taken` is negative where it was refunded."""

    month: Month
    state: SettlementState
    employee_id: int
    source: str
    target: Decimal
    taken: Decimal
    carried: Decimal

    @property
    def deducted(self) -> Decimal:
        return max(self.taken, ZERO)

    @property
    def refunded(self) -> Decimal:
        return max(-self.taken, ZERO)


Taken = dict[str, list[MonthTaken]]


def months_taken(employee_id: int | None = None) -> Taken:
    """By document number, the months of each case in order; of all employees, or of one."""
    query = (
        select(Settlement.month, Settlement.state, SettlementDebt)
        .join(SettlementDebt, SettlementDebt.settlement_id == Settlement.id)
        .where(SettlementDebt.kind == LineKind.OVERDUE_DEDUCTION)
        .order_by(Settlement.month, SettlementDebt.source)
    )
    if employee_id is not None:
        query = query.where(SettlementDebt.employee_id == employee_id)
    found: Taken = defaultdict(list)
    for month, state, row in db.session.execute(query):
        taken = MonthTaken(
            month, state, row.employee_id, row.source, row.target, row.taken, row.carried
        )
        found[row.source].append(taken)
    return found


@dataclass(frozen=True, slots=True)
class CaseSums:
    """Where the money of a case stands today: `target` is what he bears of what is outstanding now."""

    outstanding: Decimal
    target: Decimal
    deducted: Decimal
    refunded: Decimal
    claim: LeaverClaimState

    @property
    def net(self) -> Decimal:
        """What was deducted and not given back."""
        return self.deducted - self.refunded

    @property
    def still_open(self) -> Decimal:
        """What is still to deduct; negative: to refund."""
        return self.target - self.net


def sums_of(case: OverdueCase, months: Iterable[MonthTaken]) -> CaseSums:
    """The sums of a case, whose months are given, as of today."""
    rows = list(months)
    owed = outstanding_of(case, today())
    target = ZERO if case.rate is None else liability(case.rate, owed)
    deducted = total(row.deducted for row in rows)
    refunded = total(row.refunded for row in rows)
    claim = _claim(case, rows, target - (deducted - refunded))
    if claim is LeaverClaimState.WAIVED:
        target = target_after_waiver(target, deducted - refunded)
    return CaseSums(owed, target, deducted, refunded, claim)


def _claim(case: OverdueCase, rows: list[MonthTaken], still_open: Decimal) -> LeaverClaimState:
    """A claim begins when an approved settlement, from his last month on, could not take everything (R8.7)."""
    left_on = case.receivable.handler.left_on
    left = left_on is not None and left_on < today()
    settled = [
        row.carried
        for row in rows
        if left_on is not None and row.month >= Month.of(left_on) and row.state in FINAL
    ]
    rest = min(settled[-1], still_open) if settled else ZERO
    return claim_state(case.claim, left, rest)
