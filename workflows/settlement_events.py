"""What counts in a month: reads the events that no approved settlement has used up (R9.3, R9.4)."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Select,
    String,
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
from models.correction import Correction
from models.employee import BasePayEntry, Employee
from models.expense import Expense
from models.feedback_form import FeedbackForm
from models.parts_sale import PartsSale
from models.receivable import Payment, Receivable
from models.settlement import SettledSource, Settlement, SettlementSums
from models.ticket import Ticket, Visit, VisitPerson
from rules.complaint import ComplaintOrigin, Verdict
from rules.correction import CorrectionState
from rules.employee import EmployeeKind
from rules.money import ZERO
from rules.parameter import ParameterHistory
from rules.period import Month
from rules.receivable import ReceivableKind, fully_paid_on
from rules.settlement import Claim, CorrectionDue, Earned, Events, LineKind, Person, VisitDone
from workflows.overdue_case import payments_by_receivable
from workflows.settlement_debts import Span, debts_of

COMPLAINT = "complaint"
CORRECTION = "correction"
COMMISSION_KINDS = {
    ReceivableKind.PARTS_SALE: LineKind.PARTS_COMMISSION,
    ReceivableKind.SOFTWARE_SERVICE: LineKind.SOFTWARE_COMMISSION,
}


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
    debts = debts_of(month, span, history)
    corrections = _corrections(span, own)
    events = {
        employee: Events(
            visits=tuple(visits.get(employee, ())),
            earned=tuple(earned.get(employee, ())),
            claims=tuple(claims.get(employee, ())),
            complaints=len(complaints.get(employee, ())),
            debts=tuple(debts.get(employee, ())),
            corrections=tuple(corrections.get(employee, ())),
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


def unsettled(
    query: Select[*tuple[Any, ...]], kind: Any, source: Any, employee: Any, own: Any
) -> Select[*tuple[Any, ...]]:
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
    """Accepted complete forms, disputed ones not before they were cleared (R4.3, R4.4)."""
    counted = case(
        (FeedbackForm.cleared_on > FeedbackForm.accepted_on, FeedbackForm.cleared_on),
        else_=FeedbackForm.accepted_on,
    )
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


def _corrections(span: Span, own: Any) -> dict[int, list[CorrectionDue]]:
    """Approved corrections of earlier months, from the day of the leader's approval on (R9.5)."""
    query = select(
        Correction.employee_id, Correction.kind, Correction.number, Correction.amount,
        Correction.corrects_month, Correction.reason, Correction.id,
    ).where(Correction.state == CorrectionState.APPROVED, Correction.approved_on.between(span.first, span.last))  # fmt: skip
    found: dict[int, list[CorrectionDue]] = defaultdict(list)
    for employee, *values in db.session.execute(
        unsettled(query, literal(CORRECTION), Correction.number, Correction.employee_id, own)
    ):
        found[employee].append(CorrectionDue(*values))
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
        day, arose_on = fully_paid_on(row.total, paid.get(row.id, ())), row.arose_on
        counts = (
            day is not None
            and arose_on is not None
            and span.first <= max(day, arose_on) <= span.last
        )
        if turn and not (row.id in reversed_ones and (settled == 0) == counts):
            continue
        if not counts and not settled:
            continue
        base = (row.total if profit is None else profit) if counts else ZERO
        turns[kind.value, row.number, row.handler_id] = turn + 1
        found[row.handler_id].append(Earned(kind, row.number, base, row.id, settled))
    return found
