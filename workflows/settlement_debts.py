"""What cases ask of employees in a month: private charges and overdue receivables (R8.1–R8.4)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, func, select

from models import db
from models.complaint import Complaint
from models.overdue_case import OverdueCase
from models.private_charge_case import PrivateChargeCase
from models.receivable import Receivable
from models.settlement import Settlement, SettlementDebt
from rules.money import ZERO
from rules.overdue_case import CaseState, LeaverClaimState, liability, target_after_waiver
from rules.parameter import ParameterHistory
from rules.period import Month
from rules.private_charge_case import PrivateChargeState, cost
from rules.receivable import outstanding
from rules.settlement import Debt, LineKind
from workflows.overdue_case import payments_by_receivable
from workflows.parameter import go_live_month


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose events count in a settlement: from go-live for the first open month, else its own days."""

    first: date
    last: date


def _deducted_before(month: Month) -> dict[tuple[str, str], Decimal]:
    query = (
        select(SettlementDebt.kind, SettlementDebt.source, func.sum(SettlementDebt.taken))
        .join(Settlement, Settlement.id == SettlementDebt.settlement_id)
        .where(Settlement.month < month)
        .group_by(SettlementDebt.kind, SettlementDebt.source)
    )
    return {(kind, source): taken for kind, source, taken in db.session.execute(query)}


def debts_of(month: Month, span: Span, history: ParameterHistory) -> dict[int, list[Debt]]:
    """What each employee's cases ask of him this month, with what was deducted so far."""
    taken, waived = _deducted_before(month), _claims_waived(span)
    found: dict[int, list[Debt]] = defaultdict(list)
    for employee, debt in [*_private_charges(span, history), *_overdue(span)]:
        deducted = taken.get((debt.kind, debt.source), ZERO)
        if (debt.kind, debt.source) in waived:
            debt = replace(debt, target=target_after_waiver(debt.target, deducted))
        if debt.target != deducted:
            found[employee].append(replace(debt, deducted=deducted))
    return found


def go_live(month: Month) -> date:
    """The first day of the first month settled here; what was decided before is settled outside (R9.4)."""
    return (go_live_month() or month).first_day


def _private_charges(span: Span, history: ParameterHistory) -> list[tuple[int, Debt]]:
    """Amount collected plus the penalty of the month in which it was upheld, for approved cases (R8.1)."""
    query = (
        select(PrivateChargeCase.opened_on, Complaint)
        .join(Complaint, Complaint.id == PrivateChargeCase.complaint_id)
        .where(
            PrivateChargeCase.state == PrivateChargeState.APPROVED,
            PrivateChargeCase.approved_on <= span.last,
            PrivateChargeCase.opened_on.between(go_live(Month.of(span.first)), span.last),
        )
    )
    found: list[tuple[int, Debt]] = []
    for opened_on, row in db.session.execute(query):
        penalty = history.of(Month.of(opened_on)).amount("private_charge_penalty")
        charged = row.charged or ZERO
        debt = Debt(
            LineKind.PRIVATE_CHARGE_DEDUCTION, row.number, opened_on, cost(charged, penalty), ZERO,
            row.id, f"{charged} + {penalty}",
        )  # fmt: skip
        if row.employee_id is not None:
            found.append((row.employee_id, debt))
    return found


def _overdue(span: Span) -> list[tuple[int, Debt]]:
    """rate × what is outstanding at the month's end, for cases decided by then (R8.4)."""
    query = (
        select(OverdueCase, Receivable)
        .join(Receivable, Receivable.id == OverdueCase.receivable_id)
        .where(
            OverdueCase.state == CaseState.DECIDED,
            and_(
                OverdueCase.decided_on >= go_live(Month.of(span.first)),
                OverdueCase.decided_on <= span.last,
            ),
        )
    )
    paid = payments_by_receivable()
    found = []
    for row, receivable in db.session.execute(query):
        open_amount = outstanding(receivable.total, paid.get(receivable.id, ()), span.last)
        debt = Debt(
            LineKind.OVERDUE_DEDUCTION, receivable.number, row.opened_on, liability(row.rate or ZERO, open_amount), ZERO,
            receivable.id, str(open_amount), str(row.rate),
        )  # fmt: skip
        found.append((receivable.handler_id, debt))
    return found


def _claims_waived(span: Span) -> set[tuple[LineKind, str]]:
    """Cases whose claim the leader waived by the end of the month; they ask for nothing more (R8.7)."""
    query = (
        select(Receivable.number)
        .join(OverdueCase, OverdueCase.receivable_id == Receivable.id)
        .where(
            OverdueCase.claim == LeaverClaimState.WAIVED,
            OverdueCase.claim_decided_on <= span.last,
        )
    )
    return {(LineKind.OVERDUE_DEDUCTION, number) for number in db.session.scalars(query)}
