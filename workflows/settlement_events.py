"""What counts in a month: reads the events that no approved settlement has used up (R9.3, R9.4)."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from models import db
from models.complaint import Complaint
from models.employee import BasePayEntry, Employee
from models.expense import Expense
from models.feedback_form import FeedbackForm
from models.overdue_case import OverdueCase
from models.parts_sale import PartsSale
from models.receivable import Payment, Receivable
from models.settlement import SettledSource, Settlement, SettlementDebt, SettlementSums
from models.ticket import Ticket, Visit, VisitPerson
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.employee import EmployeeKind
from rules.money import ZERO
from rules.overdue_case import CaseState, liability
from rules.parameter import ParameterHistory
from rules.period import Month
from rules.receivable import ReceivableKind, fully_paid_on, outstanding
from rules.settlement import Claim, Debt, Earned, Events, LineKind, Person, VisitDone
from workflows.overdue_case import payments_by_receivable
from workflows.parameter import go_live_month

COMPLAINT = "complaint"
COMMISSION_KINDS = {
    ReceivableKind.PARTS_SALE: LineKind.PARTS_COMMISSION,
    ReceivableKind.SOFTWARE_SERVICE: LineKind.SOFTWARE_COMMISSION,
}


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose events count in a settlement: from go-live for the first open month, else its own days."""

    first: date
    last: date


@dataclass(slots=True)
class Gathered:
    """Events by employee id, with the complaints counted and the documents' earlier commissions."""

    people: dict[int, Person]
    names: dict[int, tuple[str, str | None, EmployeeKind]]
    events: dict[int, Events]
    complaints: dict[int, list[str]] = field(default_factory=dict)
    turns: dict[tuple[str, str, int], int] = field(default_factory=dict)


def gather(month: Month, span: Span, history: ParameterHistory, *, again: bool = False) -> Gathered:
    """Everything that counts in a month, by employee; `again` leaves the month's own settlement out of account."""
    people, names = _people(month)
    own = (
        select(Settlement.id).where(Settlement.month == month).scalar_subquery() if again else None
    )
    visits = _visits(span, own)
    claims = _claims(span, own)
    complaints = _complaints(span, own)
    turns: dict[tuple[str, str, int], int] = {}
    earned = _earned(span, turns, own)
    debts = _debts(month, span, history)
    events = {
        employee: Events(
            visits=tuple(visits.get(employee, ())),
            earned=tuple(earned.get(employee, ())),
            claims=tuple(claims.get(employee, ())),
            complaints=len(complaints.get(employee, ())),
            debts=tuple(debts.get(employee, ())),
        )
        for employee in people
    }
    return Gathered(people, names, events, complaints, turns)


def _people(month: Month) -> tuple[dict[int, Person], dict[int, Any]]:
    entries: dict[int, Decimal] = dict(
        db.session.execute(
            select(BasePayEntry.employee_id, BasePayEntry.amount).where(BasePayEntry.month == month)
        ).all()
    )
    before = dict(
        db.session.execute(
            select(SettlementSums.employee_id, SettlementSums.overpaid)
            .join(Settlement, Settlement.id == SettlementSums.settlement_id)
            .where(Settlement.month == month.plus(-1))
        ).all()
    )
    people, names = {}, {}
    query = select(Employee).where(Employee.kind != EmployeeKind.OTHER).order_by(Employee.number)
    for row in db.session.scalars(query):
        people[row.id] = Person(
            number=row.number,
            kind=row.kind,
            hired_on=row.hired_on,
            probation_until=row.probation_until,
            left_on=row.left_on,
            base_rate=row.base_pay,
            base_entry=entries.get(row.id),
            overpaid_before=before.get(row.id, ZERO),
        )
        names[row.id] = (row.name, row.department, row.kind)
    return people, names


def _other_than(own: Any) -> Any:
    return true() if own is None else SettledSource.settlement_id < own


def unsettled(query: Select[Any], kind: Any, source: Any, employee: Any, own: Any) -> Select[Any]:
    """Only what no approved settlement has used up (R9.3)."""
    used = (
        select(literal(1))
        .where(
            SettledSource.kind == kind,
            SettledSource.source == source,
            SettledSource.employee_id == employee,
            _other_than(own),
        )
        .exists()
    )
    return query.where(~used)


def _visits(span: Span, own: Any) -> dict[int, list[VisitDone]]:
    """Accepted complete forms, disputed ones from the day on which they were cleared (R4.3, R4.4)."""
    counted = func.coalesce(FeedbackForm.cleared_on, FeedbackForm.accepted_on)
    source = case(
        (Visit.turn == 1, Ticket.number),
        else_=Ticket.number + literal("-") + cast(Visit.turn, String),
    )
    kind = case(
        (
            Employee.kind == EmployeeKind.DEDICATED,
            literal(LineKind.SERVICE_ALLOWANCE.value),
        ),
        else_=literal(LineKind.ONSITE_LABOUR.value),
    )
    query = (
        select(VisitPerson.employee_id, source, Visit.mode, FeedbackForm.id)
        .join(Visit, Visit.id == VisitPerson.visit_id)
        .join(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .join(Ticket, Ticket.id == Visit.ticket_id)
        .join(Employee, Employee.id == VisitPerson.employee_id)
        .where(
            FeedbackForm.accepted_on.is_not(None),
            counted.between(span.first, span.last),
            or_(FeedbackForm.disputed_on.is_(None), FeedbackForm.cleared_on.is_not(None)),
        )
    )
    found: dict[int, list[VisitDone]] = defaultdict(list)
    for employee, number, mode, form in db.session.execute(
        unsettled(query, kind, source, VisitPerson.employee_id, own)
    ):
        found[employee].append(VisitDone(number, mode, form))
    return found


def _claims(span: Span, own: Any) -> dict[int, list[Claim]]:
    query = select(Expense.employee_id, Expense.number, Expense.amount, Expense.id).where(
        Expense.approved_on.between(span.first, span.last)
    )
    found: dict[int, list[Claim]] = defaultdict(list)
    kind = literal(LineKind.EXPENSE_REIMBURSEMENT.value)
    for employee, number, amount, row in db.session.execute(
        unsettled(query, kind, Expense.number, Expense.employee_id, own)
    ):
        found[employee].append(Claim(number, amount, row))
    return found


def _complaints(span: Span, own: Any) -> dict[int, list[str]]:
    """Upheld complaints of customers by the month received (R7.4, R9.3)."""
    query = select(Complaint.employee_id, Complaint.number).where(
        Complaint.employee_id.is_not(None),
        Complaint.verdict == Verdict.UPHELD,
        Complaint.origin != ComplaintOrigin.INTERNAL,
        Complaint.received_on.between(span.first, span.last),
    )
    found: dict[int, list[str]] = defaultdict(list)
    for employee, number in db.session.execute(
        unsettled(query, literal(COMPLAINT), Complaint.number, Complaint.employee_id, own)
    ):
        found[employee].append(number)
    return found


def _commissions_before(own: Any) -> dict[tuple[str, str], tuple[Decimal, int]]:
    """(kind, document) → what was paid as commission so far, and in how many turns."""
    kinds = [kind.value for kind in COMMISSION_KINDS.values()]
    query = (
        select(SettledSource.kind, SettledSource.source, func.sum(SettledSource.amount), func.max(SettledSource.turn))
        .where(SettledSource.kind.in_(kinds), _other_than(own))
        .group_by(SettledSource.kind, SettledSource.source)
    )  # fmt: skip
    return {(kind, source): (paid, turn) for kind, source, paid, turn in db.session.execute(query)}


def _earned(
    span: Span, turns: dict[tuple[str, str, int], int], own: Any
) -> dict[int, list[Earned]]:
    """Sales and services delivered and fully paid; and commissions to take back after a reversal (R7.5, R7.6)."""
    before = _commissions_before(own)
    reversed_ones = set(
        db.session.scalars(select(Payment.receivable_id).where(Payment.reverses_id.is_not(None)))
    )
    paid = payments_by_receivable()
    query = (
        select(Receivable, PartsSale.net_profit)
        .outerjoin(PartsSale, PartsSale.receivable_id == Receivable.id)
        .where(
            Receivable.kind.in_(COMMISSION_KINDS),
            Receivable.arose_on <= span.last,
            or_(PartsSale.id.is_(None), PartsSale.purchase_confirmed),
        )
    )
    found: dict[int, list[Earned]] = defaultdict(list)
    for row, profit in db.session.execute(query):
        kind = COMMISSION_KINDS[row.kind]
        settled, turn = before.get((kind.value, row.number), (ZERO, 0))
        day = fully_paid_on(row.total, paid.get(row.id, ()))
        counts = day is not None and span.first <= max(day, row.arose_on) <= span.last
        if turn and not (row.id in reversed_ones and (settled == 0) == counts):
            continue
        if not counts and not settled:
            continue
        base = (row.total if profit is None else profit) if counts else ZERO
        turns[kind.value, row.number, row.handler_id] = turn + 1
        found[row.handler_id].append(Earned(kind, row.number, base, row.id, settled))
    return found


def _deducted_before(month: Month) -> dict[tuple[str, str], Decimal]:
    query = (
        select(SettlementDebt.kind, SettlementDebt.source, func.sum(SettlementDebt.taken))
        .join(Settlement, Settlement.id == SettlementDebt.settlement_id)
        .where(Settlement.month < month)
        .group_by(SettlementDebt.kind, SettlementDebt.source)
    )
    return {(kind, source): taken for kind, source, taken in db.session.execute(query)}


def _debts(month: Month, span: Span, history: ParameterHistory) -> dict[int, list[Debt]]:
    taken = _deducted_before(month)
    found: dict[int, list[Debt]] = defaultdict(list)
    for employee, debt in [*_private_charges(span, history), *_overdue(span)]:
        deducted = taken.get((debt.kind, debt.source), ZERO)
        if debt.target != deducted:
            found[employee].append(replace(debt, deducted=deducted))
    return found


def go_live(month: Month) -> date:
    """The first day of the first month settled here; what was decided before is settled outside (R9.4)."""
    return (go_live_month() or month).first_day


def _private_charges(span: Span, history: ParameterHistory) -> list[tuple[int, Debt]]:
    """Amount collected plus the penalty of the month in which it was upheld (R8.1)."""
    query = select(Complaint).where(
        Complaint.employee_id.is_not(None),
        Complaint.kind == ComplaintKind.PRIVATE_CHARGE,
        Complaint.verdict == Verdict.UPHELD,
        Complaint.origin != ComplaintOrigin.INTERNAL,
        Complaint.decided_on.between(go_live(Month.of(span.first)), span.last),
    )
    found = []
    for row in db.session.scalars(query):
        penalty = history.of(Month.of(row.decided_on)).amount("private_charge_penalty")
        charged = row.charged or ZERO
        debt = Debt(
            LineKind.PRIVATE_CHARGE_DEDUCTION, row.number, row.decided_on, charged + penalty, ZERO,
            row.id, f"{charged} + {penalty}",
        )  # fmt: skip
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
            LineKind.OVERDUE_DEDUCTION, receivable.number, row.opened_on, liability(row.rate, open_amount), ZERO,
            receivable.id, str(open_amount), str(row.rate),
        )  # fmt: skip
        found.append((receivable.handler_id, debt))
    return found
