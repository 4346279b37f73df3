"""Where each overdue case stands, from its state and its money (R8.2–R8.7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from models import db
from models.overdue_case import OverdueCase
from models.receivable import Receivable
from rules.money import ZERO, total
from rules.overdue_case import CaseState, LeaverClaimState
from rules.period import Month
from workflows.overdue_record import missing_evidence
from workflows.overdue_report import CaseSums, Taken, months_taken, sums_of
from workflows.parameter import go_live_month


class Standing(StrEnum):
    """Where a case stands for the reader: its state, with what holds it up or how it ended."""

    RATE_TO_SET = "rate_to_set"
    EVIDENCE_MISSING = "evidence_missing"
    TO_APPROVE = "to_approve"
    DEDUCTING = "deducting"
    TO_REFUND = "to_refund"
    CLAIM_OPEN = "claim_open"
    CLAIM_PURSUED = "claim_pursued"
    CLAIM_WAIVED = "claim_waived"
    REFUNDED = "refunded"
    DEDUCTED = "deducted"
    PAID = "paid"
    OUTSIDE = "outside"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


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


def known_cases(only: int | None = None) -> tuple[list[Known], Taken]:
    """Every case, `only` those of one handler, the longest overdue first; and the months of them all."""
    start = go_live_month()
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


@dataclass(frozen=True, slots=True)
class OverdueSums:
    """What is outstanding on cases that are not at their end, how many nobody has decided, and of how many
    it is being deducted."""

    outstanding: Decimal
    undecided: int
    deducted: int


def owed(cases: Iterable[Known]) -> tuple[Known, ...]:
    """The cases that are not at their end."""
    return tuple(known for known in cases if known.group != "ended")


def sums_over(cases: Sequence[Known]) -> OverdueSums:
    """The figures of some cases, the same wherever they are told."""
    return OverdueSums(
        total(known.sums.outstanding for known in owed(cases)),
        sum(known.group == "undecided" for known in cases),
        sum(known.group == "deducting" for known in cases),
    )
