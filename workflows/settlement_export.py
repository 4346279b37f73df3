"""The settlement with everything a reader needs to recompute it, for the files that leave the house (R9.2)."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from models import db
from models.account import Account
from models.employee import Employee
from models.settlement import Settlement, SettlementLine, SettlementSums
from rules.clause import implements
from rules.money import total
from rules.period import SHANGHAI, Month
from rules.settlement_lines import VISITS, clauses_of, working_of
from rules.ticket import ServiceMode
from workflows.audit import record
from workflows.permission import authorise
from workflows.settlement import settlement_of, signers
from workflows.settlement_draft import WITH_PARAMETERS
from workflows.settlement_report import SUMS
from workflows.transaction import writing


@implements("R10")
def export_settlement(month: Month, *, actor: Account, origin: str = "web") -> dict[str, Any]:
    """A month's details for a file, on record: who took it, in which draft, how many lines."""
    with writing():
        authorise(actor, "settlement.export")
        settlement = settlement_of(month)
        details = settlement_details(month)
        noted = {
            "format": "xlsx",
            "digest": settlement.digest,
            "revision": settlement.revision,
            "employees": len(details["employees"]),
            "rows": sum(len(employee["lines"]) for employee in details["employees"]),
        }
        record(actor, "export", "settlement", str(month), noted, origin=origin)
    return details


def settlement_details(month: Month) -> dict[str, Any]:
    """A month with each line's quantity, standard, clauses, version and note, and who signed when."""
    settlement = settlement_of(month)
    query = (
        select(SettlementSums, Employee.number)
        .join(Employee, Employee.id == SettlementSums.employee_id)
        .where(SettlementSums.settlement_id == settlement.id)
        .order_by(Employee.number)
    )
    lines = _lines(settlement)
    rows = db.session.execute(query).all()
    return {
        "month": month,
        "state": settlement.state,
        "revision": settlement.revision,
        "drafted_at": settlement.drafted_at.astimezone(SHANGHAI),
        "digest": settlement.digest,
        "signers": _signers(settlement),
        "employees": [_employee(sums, number, lines[sums.employee_id]) for sums, number in rows],
        "totals": {name: total(getattr(sums, name) for sums, _number in rows) for name in SUMS},
    }


def _employee(sums: SettlementSums, number: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "employee": number,
        "name": sums.name,
        "department": sums.department or "",
        "kind": sums.kind,
        "lines": lines,
        "overpaid_before": sums.overpaid_before,
        **{name: getattr(sums, name) for name in SUMS},
    }


def _lines(settlement: Settlement) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    query = select(SettlementLine).where(SettlementLine.settlement_id == settlement.id)
    for line in db.session.scalars(query.order_by(SettlementLine.position)):
        found[line.employee_id].append(_line(line))
    return found


def _line(line: SettlementLine) -> dict[str, Any]:
    correction = line.note is not None
    visit = line.kind in VISITS and not correction
    return {
        "kind": line.kind,
        "mode": ServiceMode(line.base) if visit else None,
        "source": line.source,
        "amount": line.amount,
        "base": line.base,
        "rate": line.rate,
        "working": working_of(line.kind, line.base, line.rate, line.amount, correction=correction),
        "clauses": clauses_of(line.kind, correction=correction),
        "version": line.parameter_month,
        "with_parameters": line.kind in WITH_PARAMETERS and not correction,
        "note": line.note or "",
    }


def _signers(settlement: Settlement) -> list[dict[str, Any]]:
    return [
        {"verb": verb, "name": step.actor.display_name, "at": step.at.astimezone(SHANGHAI)}
        for verb, step in signers(settlement).items()
    ]
