"""What counts in a month: reads the events that no approved settlement has used up (R9.3, R9.4)."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    String,
    case,
    cast,
    literal,
    or_,
    select,
)

from models import db
from models.complaint import Complaint
from models.correction import Correction
from models.employee import BasePayEntry, Employee
from models.expense import Expense
from models.feedback_form import FeedbackForm
from models.settlement import Settlement, SettlementSums
from models.ticket import Ticket, Visit, VisitPerson
from rules.clause import implements
from rules.complaint import ComplaintOrigin, Verdict
from rules.correction import CorrectionState
from rules.employee import EmployeeKind
from rules.money import ZERO
from rules.parameter import ParameterHistory
from rules.period import Month
from rules.settlement import Claim, CorrectionDue, Events, LineKind, Person, VisitDone
from workflows.settlement_commissions import earned_commissions
from workflows.settlement_debts import Span, debts_of
from workflows.settlement_sources import Key, OpenMonths, unsettled

COMPLAINT = "complaint"
CORRECTION = "correction"
VISIT_KINDS = (LineKind.SERVICE_ALLOWANCE, LineKind.ONSITE_LABOUR)


@dataclass(slots=True)
class Gathered:
    """Events by employee id, with the complaints counted and the documents' earlier commissions."""

    people: dict[int, Person]
    names: dict[int, tuple[str, str | None, EmployeeKind]]
    events: dict[int, Events]
    complaints: dict[int, list[str]] = field(default_factory=dict)
    turns: dict[Key, int] = field(default_factory=dict)


def gather(month: Month, span: Span, history: ParameterHistory, *, again: bool = False) -> Gathered:
    """Everything that counts in a month, by employee; `again` leaves the month's own settlement out of account."""
    people, names = _people(month)
    own = (
        select(Settlement.id).where(Settlement.month == month).scalar_subquery() if again else None
    )
    counted = OpenMonths(month)
    turns: dict[Key, int] = {}
    visits = counted.left(_visits(span, own), attrgetter("source"), *VISIT_KINDS)
    claims = counted.left(_claims(span, own), attrgetter("source"), LineKind.EXPENSE_REIMBURSEMENT)
    complaints = counted.left(_complaints(span, own), str, COMPLAINT)
    corrections = counted.left(_corrections(span, own), attrgetter("source"), CORRECTION)
    earned = earned_commissions(span, turns, own, counted)
    debts = debts_of(month, span, history)
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


@implements("R4.3", "R4.4")
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
    for employee, number, mode, form in db.session.connection().execute(
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
