"""A month recomputed under other parameters, beside the real one; changes nothing (R9.8)."""

from typing import Any

from sqlalchemy import select

from models import db
from models.settlement import Settlement
from rules.clause import implements
from rules.money import total
from rules.parameter import (
    Parameters,
)
from rules.period import Month
from rules.settlement_steps import FINAL
from workflows.parameter import parameter_history, read_values
from workflows.settlement_draft import compute
from workflows.settlement_report import settlement_report, statement_report


@implements("R9.8")
def what_if(month: Month, values: dict[str, Any]) -> dict[str, Any]:
    """Per employee and in total: the real net, the net under `values`, and the difference."""
    changed = read_values(values)
    real_rates = parameter_history().of(month)
    rates = Parameters({**real_rates.values, **changed}, real_rates.since)
    settlement = db.session.scalar(select(Settlement).where(Settlement.month == month))
    final = settlement is not None and settlement.state in FINAL
    gathered, tried = compute(month, rates, again=final)
    real = compute(month, real_rates, again=final)[1]
    employees = []
    for employee, statement in tried.items():
        if statement.empty and real[employee].empty:
            continue
        number, name = gathered.people[employee].number, gathered.names[employee][0]
        before, after = real[employee].sums.net, statement.sums.net
        row = {
            "employee": number,
            "name": name,
            "real": str(before),
            "what_if": str(after),
            "difference": str(after - before),
        }
        employees.append({**row, "settlement": statement_report(number, name, statement)})
    nets = (
        total(s.sums.net for s in real.values()),
        total(s.sums.net for s in tried.values()),
    )
    totals = {
        "real": str(nets[0]),
        "what_if": str(nets[1]),
        "difference": str(nets[1] - nets[0]),
    }
    shown = settlement_report(month)["totals"]["net"] if settlement is not None else None
    return {
        "month": str(month),
        "parameters": changed,
        "employees": employees,
        "totals": totals,
        "settled_net": shown,
    }
