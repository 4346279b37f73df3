"""Fills what stands beside a month's real figures: the month before, and other parameters (R9.8)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import select

from admin_views.page import Clause
from admin_views.regulation import NAMES, UNITS, shown_value
from admin_views.settlement_page import (
    CompareRow,
    Comparison,
    EmployeeRow,
    Trial,
    TrialField,
    TrialGroup,
)
from models import db
from models.employee import Employee
from models.settlement import Settlement, SettlementSums
from rules.money import ZERO, total
from rules.parameter import DEFINITIONS, ParameterKind
from rules.period import Month
from workflows.parameter import parameter_history, read_values
from workflows.refusal import Refused
from workflows.what_if import what_if

Nets = Iterable[tuple[str, Decimal, Decimal]]
# What of the parameters a recomputed month depends on; the others steer work that is done or undone.
TRIED = (
    "allowance_onsite", "allowance_phone", "allowance_online", "onsite_labour_rate", "no_complaint_bonus",
    "complaint_penalty", "complaint_limit", "parts_commission_rate", "software_commission_rate",
    "deduction_cap_rate", "minimum_wage",
)  # fmt: skip


def _rows(nets: Nets) -> tuple[tuple[CompareRow, ...], CompareRow]:
    """A row per employee, its bar in shares of the greatest difference, and their total."""
    listed = list(nets)
    most = max((abs(now - before) for _who, before, now in listed), default=ZERO) or Decimal(1)
    rows = tuple(
        CompareRow(who, before, now, now - before, int((now - before) / most * 100))
        for who, before, now in listed
    )
    sums = total(row.before or ZERO for row in rows), total(row.now or ZERO for row in rows)
    return rows, CompareRow("", *sums, sums[1] - sums[0], 0)


def fill_comparison(month: Month, employees: tuple[EmployeeRow, ...]) -> Comparison | None:
    """This month's nets beside those of the month before; None where there is none."""
    query = (
        select(Employee.number, SettlementSums.name, SettlementSums.net)
        .join(Settlement, Settlement.id == SettlementSums.settlement_id)
        .join(Employee, Employee.id == SettlementSums.employee_id)
        .where(Settlement.month == month.plus(-1))
    )
    before = {number: (name, net) for number, name, net in db.session.execute(query)}
    if not before:
        return None
    now = {row.number: (row.name, row.sums.net) for row in employees}
    absent = ("", ZERO)
    rows, sums = _rows(
        (now.get(n, before.get(n, absent))[0], before.get(n, absent)[1], now.get(n, absent)[1])
        for n in sorted(before | now)
    )
    return Comparison(month.plus(-1), rows, sums)


def fill_trial(month: Month, typed: Mapping[str, str]) -> Trial:
    """The parameters that may be tried, and with something typed into them the month under it (R9.8)."""
    held = parameter_history().of(month).values
    entered = {code: typed.get(code, "").strip()[:80] for code in TRIED}
    fields, values = [], {}
    for code in TRIED:
        error = ""
        if entered[code]:
            try:
                values |= read_values({code: entered[code]})
            except Refused:
                error = _wanted(code)
        fields.append(_field(code, held[code], entered[code], error))
    groups = tuple(
        TrialGroup(chapter, tuple(them))
        for chapter, them in groupby(fields, key=lambda field: field.clause.code.partition(".")[0])
    )
    if not values or any(field.error for field in fields):
        return Trial(groups)
    return _tried(month, groups, values)


def _wanted(code: str) -> str:
    """What may stand in a parameter's field."""
    definition = DEFINITIONS[code]
    if definition.kind is ParameterKind.MONEY:
        return _("请填 0 或以上的金额，最多两位小数，如 40.00。")
    if definition.kind is ParameterKind.RATE:
        return _("请填 0 到 1 的比例，如 0.30 或 30%。")
    return _("请填 %(least)s 或以上的整数。", least=definition.least)


def _field(code: str, held: str, typed: str, error: str) -> TrialField:
    clause = Clause(DEFINITIONS[code].clause)
    unit, real = str(UNITS.get(code, "")), shown_value(code, held)
    return TrialField(code, str(NAMES[code]), clause, unit, real, typed, error)


def _tried(month: Month, groups: tuple[TrialGroup, ...], values: Mapping[str, str]) -> Trial:
    report = what_if(month, dict(values))
    rows, sums = _rows(
        (row["name"], Decimal(row["real"]), Decimal(row["what_if"])) for row in report["employees"]
    )
    settled = report["settled_net"]
    drifted = settled is not None and Decimal(settled) != sums.before
    return Trial(groups, rows, sums, drifted, len(values))
