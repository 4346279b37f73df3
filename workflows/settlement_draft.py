"""A month's figures: what counts, what it comes to, and the rows and the digest of a draft (R9.2, R9.3)."""

import hashlib
import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from models import db
from models.account import Account
from models.settlement import (
    Settlement,
    SettlementDebt,
    SettlementLine,
    SettlementMismatch,
    SettlementSums,
)
from rules.clause import implements
from rules.employee import EmployeeKind
from rules.parameter import Parameters
from rules.period import Month, months_between
from rules.settlement import LineKind, Statement, Sums, settle
from rules.settlement_steps import FINAL, SettlementState
from rules.ticket import ServiceMode
from workflows.bulk_insert import insert_rows
from workflows.mismatch import find_mismatches
from workflows.parameter import base_pay_ahead, go_live_month, parameter_history
from workflows.settlement_debts import Span
from workflows.settlement_events import COMPLAINT, CORRECTION, Gathered, gather
from workflows.transaction import now

WITH_PARAMETERS = {
    LineKind.SERVICE_ALLOWANCE, LineKind.ONSITE_LABOUR, LineKind.NO_COMPLAINT_BONUS,
    LineKind.PARTS_COMMISSION, LineKind.SOFTWARE_COMMISSION, LineKind.OVERDUE_DEDUCTION,
    LineKind.PRIVATE_CHARGE_DEDUCTION,
}  # fmt: skip
Figures = dict[int, Statement]
SUMS = tuple(field.name for field in fields(Sums))


@implements("R9.3", "R9.4")
def span_of(month: Month) -> Span:
    """The days whose events count in a month's draft.

    All since go-live that no approved month used up, if the month is the first open one; else its own days,
    because earlier open months take theirs.
    """
    start = go_live_month() or month
    earlier = select(Settlement.month).where(Settlement.month < month, Settlement.state.in_(FINAL))
    approved = set(db.session.scalars(earlier))
    first_open = all(m in approved for m in months_between(start, month.plus(-1)))
    return Span(start.first_day if first_open else month.first_day, month.last_day)


def compute(month: Month, rates: Parameters, *, again: bool = False) -> tuple[Gathered, Figures]:
    """Every employee's month under some parameters; writes nothing.

    `again` computes an approved month once more from the sources that it used up.
    """
    gathered = gather(month, span_of(month), parameter_history(), again=again)
    ahead = base_pay_ahead()
    figures = {
        employee: settle(person, month, gathered.events[employee], rates, base_pay_ahead=ahead)
        for employee, person in gathered.people.items()
    }
    return gathered, figures


def write_draft(
    settlement: Settlement | None,
    month: Month,
    rates: Parameters,
    gathered: Gathered,
    figures: Figures,
    actor: Account,
) -> Settlement:
    """Replace a draft's figures."""
    shown = {e: s for e, s in figures.items() if not s.empty}
    lines = _line_rows(gathered, shown, rates)
    base = db.session.scalar(select(Settlement.digest).where(Settlement.month == month.plus(-1)))
    mismatches = _explained(settlement, find_mismatches(month, gathered, figures))
    digest = digest_of(month, rates, gathered, shown, base)
    if settlement is None:
        settlement = Settlement(month=month, revision=0)
        db.session.add(settlement)
    settlement.state, settlement.revision = (
        SettlementState.DRAFT,
        settlement.revision + 1,
    )
    settlement.drafted_at, settlement.drafted_by_id = now(), actor.id
    settlement.parameters = json.dumps(dict(rates.values), ensure_ascii=False, sort_keys=True)
    settlement.digest, settlement.base_digest, settlement.statistics = (
        digest,
        base,
        None,
    )
    settlement.counted = json.dumps(_counted(gathered, figures))
    db.session.flush()
    _replace(SettlementLine, settlement.id, lines)
    _replace(SettlementSums, settlement.id, _sums_rows(gathered, shown))
    _replace(SettlementDebt, settlement.id, _debt_rows(shown))
    _replace(SettlementMismatch, settlement.id, mismatches)
    return settlement


def _explained(
    settlement: Settlement | None, mismatches: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Mismatches with the words that an earlier submission gave them: a returned month need not be explained anew."""
    if settlement is None:
        return mismatches
    query = select(
        SettlementMismatch.kind, SettlementMismatch.source, SettlementMismatch.explanation
    ).where(SettlementMismatch.settlement_id == settlement.id)
    known = {(kind, source): words for kind, source, words in db.session.execute(query)}
    return [row | {"explanation": known.get((row["kind"], row["source"]))} for row in mismatches]


def _replace(model: Any, settlement_id: int, rows: list[dict[str, Any]]) -> None:
    db.session.execute(delete(model).where(model.settlement_id == settlement_id))
    insert_rows(model.__table__, rows, settlement_id=settlement_id)


def _line_rows(gathered: Gathered, figures: Figures, rates: Parameters) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for employee, statement in figures.items():
        for line in statement.lines:
            rows.append(
                {
                    "position": len(rows) + 1,
                    "employee_id": employee,
                    "kind": line.kind,
                    "source": line.source,
                    "source_id": employee if line.kind is LineKind.BASE_PAY else line.source_id,
                    "amount": line.amount,
                    "base": line.base,
                    "rate": line.rate,
                    "parameter_month": rates.since if line.kind in WITH_PARAMETERS else None,
                    "note": line.note,
                }
            )
    return rows


def _sums(statement: Statement) -> dict[str, Decimal]:
    return {name: getattr(statement.sums, name) for name in SUMS}


def _sums_rows(gathered: Gathered, figures: Figures) -> list[dict[str, Any]]:
    rows = []
    for employee, statement in figures.items():
        name, department, kind = gathered.names[employee]
        before = gathered.people[employee].overpaid_before
        person = {
            "employee_id": employee,
            "name": name,
            "department": department,
            "kind": kind,
        }
        rows.append({**person, **_sums(statement), "overpaid_before": before})
    return rows


def _debt_rows(figures: Figures) -> list[dict[str, Any]]:
    return [
        {
            "employee_id": employee,
            "kind": after.debt.kind,
            "source": after.debt.source,
            "opened_on": after.debt.opened_on,
            "target": after.debt.target,
            "deducted_before": after.debt.deducted,
            "taken": after.taken,
            "carried": after.carried,
        }
        for employee, statement in figures.items()
        for after in statement.debts
    ]


@implements("R9.2")
def digest_of(
    month: Month,
    rates: Parameters,
    gathered: Gathered,
    figures: Figures,
    base: str | None,
) -> str:
    """The hash of everything that is signed: parameters, people, lines, debts, sums, and the month before."""
    hasher = hashlib.sha256()
    hasher.update(
        json.dumps([str(month), dict(rates.values), base], sort_keys=True, default=str).encode()
    )
    for employee, statement in figures.items():
        person = gathered.people[employee]
        content = [
            person.number, gathered.names[employee], sorted(gathered.complaints.get(employee, ())),
            [(x.kind, x.source, str(x.amount), x.base, x.rate, x.note) for x in statement.lines],
            [(x.debt.source, str(x.debt.target), str(x.taken), str(x.carried)) for x in statement.debts],
            [str(amount) for amount in _sums(statement).values()],
        ]  # fmt: skip
        hasher.update(json.dumps(content, ensure_ascii=False).encode())
    return hasher.hexdigest()


def _counted(gathered: Gathered, figures: Figures) -> list[list[Any]]:
    """[employee id, kind, source, turn, amount] of every event that a draft counts, lines of 0.00 included."""
    rows: list[list[Any]] = []
    for employee, events in gathered.events.items():
        amounts = {(x.kind, x.source): str(x.amount) for x in figures[employee].lines}
        dedicated = gathered.people[employee].kind is EmployeeKind.DEDICATED
        visit = LineKind.SERVICE_ALLOWANCE if dedicated else LineKind.ONSITE_LABOUR
        sources = [
            (visit, v.source) for v in events.visits if dedicated or v.mode is ServiceMode.ONSITE
        ]
        sources += [(LineKind.EXPENSE_REIMBURSEMENT, claim.source) for claim in events.claims]
        waiting = figures[employee].waiting
        sources += [(e.kind, e.source) for e in events.earned if e.source not in waiting]
        for kind, source in sources:
            turn = gathered.turns.get((kind, source, employee), 1)
            rows.append([employee, kind, source, turn, amounts.get((kind, source), "0.00")])
        rows += [
            [employee, COMPLAINT, number, 1, "0.00"]
            for number in gathered.complaints.get(employee, ())
        ]
        rows += [
            [employee, CORRECTION, due.source, 1, str(due.amount)]
            for due in events.corrections
            if due.source not in waiting
        ]
    return sorted(rows)
