"""The settlement and the statistics as the contract shows them (workbook.md)."""

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models import db
from models.employee import Employee
from models.settlement import Settlement, SettlementLine, SettlementSums
from rules.money import ZERO
from rules.period import Month
from rules.settlement import Statement
from rules.settlement_steps import FROZEN
from workflows.settlement import settlement_of
from workflows.statistics import compute_statistics

SUMS = (
    "wage", "reimbursements", "refunds", "deductions", "net", "carried_forward", "base_paid", "payable", "overpaid",
)  # fmt: skip


def settlement_report(month: Month) -> dict[str, Any]:
    """The settlement of a month as drafted or frozen."""
    settlement = settlement_of(month)
    lines: dict[int, list[dict[str, str]]] = defaultdict(list)
    query = select(SettlementLine).where(SettlementLine.settlement_id == settlement.id)
    for line in db.session.scalars(query.order_by(SettlementLine.position)):
        shown = {
            "kind": line.kind.value,
            "source": line.source,
            "amount": str(line.amount),
        }
        lines[line.employee_id].append(shown)
    rows = db.session.execute(
        select(SettlementSums, Employee.number)
        .join(Employee, Employee.id == SettlementSums.employee_id)
        .where(SettlementSums.settlement_id == settlement.id)
    ).all()
    employees = [
        {
            "employee": number,
            "name": sums.name,
            "lines": lines[sums.employee_id],
            **{name: str(getattr(sums, name)) for name in SUMS},
        }
        for sums, number in sorted(rows, key=lambda row: row[1])
    ]
    return {
        "month": str(month),
        "status": settlement.state.value,
        "employees": employees,
        "totals": _totals(employees),
    }


def _totals(employees: list[dict[str, Any]]) -> dict[str, str]:
    return {name: str(sum((Decimal(e[name]) for e in employees), ZERO)) for name in SUMS}


def statement_report(number: str, name: str, statement: Statement) -> dict[str, Any]:
    """One employee's computed month in the same form."""
    lines = [
        {"kind": x.kind.value, "source": x.source, "amount": str(x.amount)} for x in statement.lines
    ]
    sums = {key: str(getattr(statement.sums, key)) for key in SUMS}
    return {"employee": number, "name": name, "lines": lines, **sums}


def statistics_report(month: Month) -> dict[str, Any]:
    """The statistics: as frozen once submitted, else computed now."""
    settlement = db.session.scalar(select(Settlement).where(Settlement.month == month))
    if settlement is not None and settlement.state in FROZEN and settlement.statistics:
        frozen: dict[str, Any] = json.loads(settlement.statistics)
        return frozen
    return compute_statistics(month)


def latest_month() -> Month | None:
    """The latest month that has been drafted."""
    return db.session.scalar(select(Settlement.month).order_by(Settlement.month.desc()).limit(1))
