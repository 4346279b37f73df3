"""Which overdue cases a reader may see, and where each of them stands (R8.2–R8.7, R10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from admin_views.overdue_page import Standing
from models import db
from models.account import Account
from models.overdue_case import OverdueCase
from models.receivable import Receivable
from rules.money import ZERO
from rules.overdue_case import CaseState, LeaverClaimState
from rules.period import Month
from rules.permissions import Reach, allowed, reach
from workflows.overdue_record import missing_evidence
from workflows.overdue_report import CaseSums, Taken, months_taken, sums_of
from workflows.parameter import go_live_month

S = Standing
CLAIMS = {
    LeaverClaimState.OPEN: S.CLAIM_OPEN,
    LeaverClaimState.PURSUED: S.CLAIM_PURSUED,
    LeaverClaimState.WAIVED: S.CLAIM_WAIVED,
}
STATES = {
    CaseState.PROPOSED: S.TO_APPROVE,
    CaseState.WAIVED: S.WAIVED,
    CaseState.WITHDRAWN: S.WITHDRAWN,
}
# The groups of the list, in order, with the standings in each.
GROUPS: dict[str, Sequence[Standing]] = {
    "undecided": (S.RATE_TO_SET, S.EVIDENCE_MISSING),
    "proposed": (S.TO_APPROVE,),
    "claims": (S.CLAIM_OPEN, S.CLAIM_PURSUED),
    "deducting": (S.DEDUCTING, S.TO_REFUND),
    "ended": (S.DEDUCTED, S.REFUNDED, S.PAID, S.CLAIM_WAIVED, S.OUTSIDE, S.WAIVED, S.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A case with its money and its standing."""

    case: OverdueCase
    sums: CaseSums
    standing: Standing

    @property
    def group(self) -> str:
        """The group in which the list shows it."""
        return next(key for key, some in GROUPS.items() if self.standing in some)


def standing_of(case: OverdueCase, sums: CaseSums, go_live: Month | None) -> Standing:
    """The state of a case, with what holds it up or how it ended."""
    if case.state is CaseState.UNDECIDED:
        return S.EVIDENCE_MISSING if missing_evidence(case) else S.RATE_TO_SET
    if case.state in STATES:
        return STATES[case.state]
    if go_live is not None and case.decided_on is not None and case.decided_on < go_live.first_day:
        return S.OUTSIDE
    return CLAIMS.get(sums.claim) or _by_money(sums)


def _by_money(sums: CaseSums) -> Standing:
    if sums.still_open:
        return S.DEDUCTING if sums.still_open > ZERO else S.TO_REFUND
    if sums.net:
        return S.DEDUCTED
    return S.REFUNDED if sums.refunded else S.PAID


def own_only(actor: Account) -> int | None:
    """The employee to whose cases the reader is confined (0: nobody's); None if he sees all."""
    far = reach("overdue.read", actor.roles)
    return None if far is Reach.ALL else (actor.employee_id or 0)


def sees_pay(actor: Account, employee_id: int | None) -> bool:
    """Whether the reader may see what is taken from an employee's pay, None: from everyone's (R10)."""
    own = employee_id is not None and actor.employee_id == employee_id
    return allowed("settlement.read", actor.roles, own=own)


def known_cases(actor: Account) -> tuple[list[Known], Taken]:
    """Every case that the reader may see, the longest overdue first, and the months of them all."""
    only, start = own_only(actor), go_live_month()
    query = (
        select(OverdueCase)
        .join(OverdueCase.receivable)
        .options(
            contains_eager(OverdueCase.receivable).options(
                joinedload(Receivable.customer),
                joinedload(Receivable.handler),
                selectinload(Receivable.payments),
            ),
            selectinload(OverdueCase.collections),
        )
        .order_by(OverdueCase.opened_on, Receivable.number)
    )
    if only is not None:
        query = query.where(Receivable.handler_id == only)
    taken = months_taken(only)
    found = []
    for case in db.session.scalars(query):
        sums = sums_of(case, taken.get(case.receivable.number, ()))
        found.append(Known(case, sums, standing_of(case, sums, start)))
    return found, taken
