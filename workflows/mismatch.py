"""What does not add up in a month (R9.7), found when it is drafted."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models import db
from models.complaint import Complaint
from models.employee import Employee
from models.expense import Expense
from models.feedback_form import CallBack, FeedbackForm
from models.overdue_case import OverdueCase
from models.parts_sale import PartsSale
from models.private_charge_case import PrivateChargeCase
from models.receivable import Receivable
from models.settlement import Settlement, SettlementDebt
from models.ticket import Ticket, Visit, VisitPerson
from rules.call_back import in_share, to_be_called
from rules.clause import implements
from rules.complaint import Verdict
from rules.employee import EmployeeKind
from rules.money import ZERO
from rules.overdue_case import CaseState, opening_day
from rules.period import SHANGHAI, Month
from rules.private_charge_case import PrivateChargeState
from rules.receivable import outstanding
from rules.settlement import Statement, bonus_due
from workflows.moments import month_bounds
from workflows.overdue_case import payments_by_receivable
from workflows.parameter import parameter_history, setting
from workflows.settlement_events import Gathered

CARRIED_MONTHS = 6
DAY = timedelta(days=1)
Found = dict[tuple[str, str], dict[str, Any]]


@implements("R9.7")
def find_mismatches(
    month: Month, gathered: Gathered, figures: Mapping[int, Statement]
) -> list[dict[str, Any]]:
    """Rows (kind, source, employee, amount), in a fixed order; kinds are the codes of R9.7."""
    found: Found = {}
    for kind, rows in (
        ("visit_without_form", _visits_without_form(month)),
        ("form_not_called_back", _not_called_back(month)),
        ("visit_disputed", _disputed()),
        ("complaint_open", _open_complaints(month)),
        ("claim_without_visit", _claims_without_visit(month)),
        ("invoice_twice", _invoices_twice(month)),
        ("purchase_price_unconfirmed", _unconfirmed(month)),
        ("receivable_without_case", _without_case(month)),
        ("case_undecided", _undecided(month)),
        ("private_charge_undecided", _private_charges(month)),
        ("carried_too_long", _carried_long(month, figures)),
        ("bonus_without_visit", _bonus_without_visit(gathered, month)),
        ("found_no_room", _no_room(figures)),
    ):
        for source, employee, amount in rows:
            row = {
                "kind": kind,
                "source": source,
                "employee_id": employee,
                "amount": amount,
            }
            found.setdefault((kind, source), row | {"explanation": None})
    return [found[key] for key in sorted(found)]


Rows = Iterable[tuple[str, int | None, Decimal | None]]


def _visits_without_form(month: Month) -> Rows:
    start, end = month_bounds(month)
    query = (
        select(Ticket.number)
        .join(Visit, Visit.ticket_id == Ticket.id)
        .outerjoin(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(
            Visit.ended_at >= start,
            Visit.ended_at < end,
            FeedbackForm.accepted_on.is_(None),
        )
    )
    return [(number, None, None) for number in db.session.scalars(query)]


def _not_called_back(month: Month) -> Rows:
    return [(number, None, None) for number, called in calls_due(month) if not called]


@implements("R4.4")
def calls_due(month: Month) -> list[tuple[str, bool]]:
    """The tickets (numbers) whose forms, accepted in a month, are to be called back, and whether somebody called."""
    share = parameter_history().of(month).amount("callback_share")
    called, complained = (
        set(db.session.scalars(select(column).distinct()))
        for column in (CallBack.ticket_id, Complaint.ticket_id)
    )
    query = (
        select(Ticket.id, Ticket.number, FeedbackForm.satisfaction, FeedbackForm.drawn)
        .join(Visit, Visit.ticket_id == Ticket.id)
        .join(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(FeedbackForm.accepted_on.between(month.first_day, month.last_day))
        .order_by(FeedbackForm.accepted_on, FeedbackForm.id)
    )
    return [
        (number, ticket in called)
        for turn, (ticket, number, stars, drawn) in enumerate(
            db.session.connection().execute(query), 1
        )
        if ticket in called
        or to_be_called(
            in_share(turn, share) if drawn is None else drawn, stars, ticket in complained
        )
    ]


def _disputed() -> Rows:
    query = (
        select(Ticket.number)
        .join(Visit, Visit.ticket_id == Ticket.id)
        .join(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(
            FeedbackForm.disputed_on.is_not(None),
            FeedbackForm.cleared_on.is_(None),
            FeedbackForm.voided_on.is_(None),
        )
    )
    return [(number, None, None) for number in db.session.scalars(query)]


def _open_complaints(month: Month) -> Rows:
    query = (
        select(Complaint.number, Complaint.employee_id)
        .join(Employee, Employee.id == Complaint.employee_id)
        .where(
            Complaint.verdict == Verdict.OPEN,
            Complaint.received_on <= month.last_day,
            Employee.kind != EmployeeKind.OTHER,
        )
    )
    return [(number, employee, None) for number, employee in db.session.execute(query)]


def _claims_without_visit(month: Month) -> Rows:
    """Claims of the month on whose day the ticket had no on-site visit of the claimant."""
    query = (
        select(Expense.number, Expense.employee_id, Expense.amount, Expense.spent_on,
               Ticket.arrived_at, Ticket.completed_at)
        .join(Ticket, Ticket.id == Expense.ticket_id)
        .where(Expense.approved_on.between(month.first_day, month.last_day))
    )  # fmt: skip
    found = []
    for number, employee, amount, day, arrived, completed in db.session.execute(query):
        first = arrived or completed
        last = completed or arrived
        if (
            first is None
            or last is None
            or not first.astimezone(SHANGHAI).date() <= day <= last.astimezone(SHANGHAI).date()
        ):
            found.append((number, employee, amount))
    return found


def _invoices_twice(month: Month) -> Rows:
    twice = (
        select(Expense.invoice_number)
        .where(Expense.invoice_number.is_not(None), Expense.spent_on <= month.last_day)
        .group_by(Expense.invoice_number)
        .having(func.count() > 1)
    )
    query = select(Expense.number, Expense.employee_id, Expense.amount).where(
        Expense.invoice_number.in_(twice),
        Expense.approved_on.between(month.first_day, month.last_day),
    )
    return [(number, employee, amount) for number, employee, amount in db.session.execute(query)]


def _unconfirmed(month: Month) -> Rows:
    query = (
        select(Receivable.number, Receivable.handler_id, PartsSale.net_profit)
        .join(PartsSale, PartsSale.receivable_id == Receivable.id)
        .where(Receivable.arose_on <= month.last_day, ~PartsSale.purchase_confirmed)
    )
    return [(number, handler, profit) for number, handler, profit in db.session.execute(query)]


def _undecided(month: Month) -> Rows:
    query = (
        select(Receivable.number, Receivable.handler_id, Receivable.total)
        .join(OverdueCase, OverdueCase.receivable_id == Receivable.id)
        .where(
            OverdueCase.opened_on <= month.last_day,
            OverdueCase.state.in_([CaseState.UNDECIDED, CaseState.PROPOSED]),
        )
    )
    return [(number, handler, total) for number, handler, total in db.session.execute(query)]


def _without_case(month: Month) -> Rows:
    """Receivables past their last day to pay that should have a case and have none (R8.2, R8.7)."""
    history, effective = parameter_history(), setting("effective_date")
    paid = payments_by_receivable()
    query = (
        select(Receivable)
        .outerjoin(OverdueCase, OverdueCase.receivable_id == Receivable.id)
        .where(OverdueCase.id.is_(None), Receivable.arose_on <= month.last_day)
    )
    found: list[tuple[str, int | None, Decimal | None]] = []
    for row in db.session.scalars(query):
        if row.arose_on is None or row.arose_on.isoformat() < effective:
            continue
        rates = history.of(Month.of(row.arose_on))
        opens = opening_day(row.arose_on, rates.count("overdue_months"))
        left = outstanding(row.total, paid.get(row.id, ()), opens - DAY)
        if row.kind in rates.overdue_kinds and left > 0 and opens <= month.last_day:
            found.append((row.number, row.handler_id, left))
    return found


def _private_charges(month: Month) -> Rows:
    """Upheld private charges that manager and leader have not decided (R8.1)."""
    query = (
        select(Complaint.number, Complaint.employee_id, Complaint.charged)
        .join(PrivateChargeCase, PrivateChargeCase.complaint_id == Complaint.id)
        .where(
            PrivateChargeCase.opened_on <= month.last_day,
            PrivateChargeCase.state != PrivateChargeState.APPROVED,
        )
    )
    return [(number, employee, charged) for number, employee, charged in db.session.execute(query)]


def _no_room(figures: Mapping[int, Statement]) -> Rows:
    """Corrections and commissions taken back that wait for a month with room (R8.6, R9.5)."""
    return [
        (source, employee, None)
        for employee, statement in figures.items()
        for source in statement.waiting
    ]


def _carried_long(month: Month, figures: Mapping[int, Statement]) -> Rows:
    """What was carried six months ago already, and is carried on still: of each case what is left of it."""
    query = (
        select(
            SettlementDebt.kind, SettlementDebt.source, SettlementDebt.employee_id, SettlementDebt.carried
        )
        .join(Settlement, Settlement.id == SettlementDebt.settlement_id)
        .where(Settlement.month == month.plus(-CARRIED_MONTHS), SettlementDebt.carried > 0)
    )  # fmt: skip
    carried = {
        (after.debt.kind, after.debt.source, employee): after.carried
        for employee, statement in figures.items()
        for after in statement.debts
    }
    found = []
    for kind, source, employee, before in db.session.execute(query):
        left = min(before, carried.get((kind, source, employee), ZERO))
        if left > 0:
            found.append((source, employee, left))
    return found


def _bonus_without_visit(gathered: Gathered, month: Month) -> Rows:
    """Who would get the bonus without a single visit (R7.4)."""
    start, end = month_bounds(month)
    query = (
        select(VisitPerson.employee_id)
        .distinct()
        .join(Visit, Visit.id == VisitPerson.visit_id)
        .where(Visit.ended_at >= start, Visit.ended_at < end)
    )
    busy = set(db.session.scalars(query))
    return [
        (person.number, employee, None)
        for employee, person in gathered.people.items()
        if bonus_due(person, month)
        and employee not in busy
        and not gathered.events[employee].visits
    ]
