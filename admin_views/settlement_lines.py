"""Fills the employees of a settlement: their sums, and the lines that make them (R9.2)."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select

from admin_views.drawing import percent
from admin_views.page import Clause, Link
from admin_views.settlement_page import EmployeeRow, LineRow
from admin_views.sources import source_url
from models import db
from models.employee import Employee
from models.settlement import Settlement, SettlementDebt, SettlementLine, SettlementSums
from rules.employee import EmployeeKind
from rules.money import ZERO, round_fen, total
from rules.parameter import Parameters
from rules.permissions import allowed
from rules.settlement import ORDER, LineKind, Sums, room
from rules.settlement_lines import VISITS, clauses_of
from rules.settlement_steps import FINAL
from rules.ticket import ServiceMode
from workflows.correction import CORRECTABLE
from workflows.settlement_draft import WITH_PARAMETERS
from workflows.settlement_events import COMPLAINT, CORRECTION
from workflows.settlement_report import SUMS
from workflows.transaction import today

TOGETHER = VISITS | {LineKind.EXPENSE_REIMBURSEMENT}
MODES = list(ServiceMode)
Debts = dict[tuple[LineKind, str], SettlementDebt]


def figure(amount: Decimal) -> str:
    """An amount as columns print it."""
    return f"{amount:,.2f}".replace("-", "−")


def frozen_parameters(settlement: Settlement) -> Parameters:
    """The values under which the month was drafted."""
    return Parameters(json.loads(settlement.parameters))


def employee_rows(
    settlement: Settlement, *, only: frozenset[int] | None, opened: str | None
) -> tuple[EmployeeRow, ...]:
    """The employees of a month, `only` some of them by id; with the lines of the one that is `opened` by number."""
    visits = _visits(settlement)
    people = (
        select(SettlementSums, Employee)
        .join(Employee, Employee.id == SettlementSums.employee_id)
        .where(SettlementSums.settlement_id == settlement.id)
        .order_by(Employee.number)
    )
    if only is not None:
        people = people.where(Employee.id.in_(only))
    return tuple(
        _employee(settlement, sums, person, visits.get(person.id, 0), person.number == opened)
        for sums, person in db.session.execute(people)
    )


def _visits(settlement: Settlement) -> dict[int, int]:
    query = (
        select(SettlementLine.employee_id, func.count())
        .where(SettlementLine.settlement_id == settlement.id, SettlementLine.kind.in_(VISITS))
        .group_by(SettlementLine.employee_id)
    )
    return dict(db.session.execute(query).all())


def _note(sums: SettlementSums, person: Employee, day: date) -> str:
    if person.left_on is not None and person.left_on < day:
        return _("已离职")
    if sums.kind is EmployeeKind.NON_DEDICATED:
        return _("非专职")
    if person.probation_until is not None and person.probation_until >= day:
        return _("试用期")
    return sums.department or ""


def _employee(
    settlement: Settlement, sums: SettlementSums, person: Employee, visits: int, opened: bool
) -> EmployeeRow:
    row = Sums(**{name: getattr(sums, name) for name in SUMS})
    lines: tuple[LineRow, ...] = ()
    owed = left = None
    if opened:
        rates, debts = frozen_parameters(settlement), _debts(settlement, person.id)
        lines = _line_rows(settlement, person, debts, rates)
        if row.carried_forward > 0:
            owed = total(max(d.target - d.deducted_before, ZERO) for d in debts.values())
            left = room(row.wage, rates)
    address = {"month": str(settlement.month), "number": person.number}
    return EmployeeRow(
        person.number,
        sums.name,
        _note(sums, person, min(settlement.month.last_day, today())),
        visits,
        row,
        sums.overpaid_before,
        lines,
        owed,
        left,
        opened,
        url_for("settlement.lines", **address),
    )


def _debts(settlement: Settlement, employee: int) -> Debts:
    query = select(SettlementDebt).where(
        SettlementDebt.settlement_id == settlement.id, SettlementDebt.employee_id == employee
    )
    return {(debt.kind, debt.source): debt for debt in db.session.scalars(query)}


def _line_rows(
    settlement: Settlement, person: Employee, debts: Debts, rates: Parameters
) -> tuple[LineRow, ...]:
    """Visits of one mode and rate stand together, on-site first, and all claims; every other line alone."""
    query = (
        select(SettlementLine)
        .where(
            SettlementLine.settlement_id == settlement.id, SettlementLine.employee_id == person.id
        )
        .order_by(SettlementLine.position)
    )
    groups: dict[Any, list[SettlementLine]] = defaultdict(list)
    for line in db.session.scalars(query):
        together = line.kind in TOGETHER and not line.note
        groups[(line.kind, line.base, line.rate) if together else line.position].append(line)
    return tuple(
        _line_row(settlement, person.number, group, debts, rates)
        for group in sorted(groups.values(), key=_rank)
    )


def _rank(group: list[SettlementLine]) -> tuple[int, int]:
    first = group[0]
    visit = first.kind in VISITS and not first.note
    return ORDER[first.kind], MODES.index(first.base) if visit else len(MODES)


def _line_row(
    settlement: Settlement,
    number: str,
    group: list[SettlementLine],
    debts: Debts,
    rates: Parameters,
) -> LineRow:
    first = group[0]
    visit = first.kind in VISITS and not first.note
    return LineRow(
        first.kind.value,
        formula(first, len(group), debts, rates),
        total(line.amount for line in group),
        _version(settlement, first),
        tuple(Clause(code) for code in clauses_of(first.kind, correction=bool(first.note))),
        tuple(_sources(settlement, group)),
        _together(group),
        first.base if visit else None,
        first.note or "",
        _correct_url(settlement, number, group),
    )


def _correct_url(settlement: Settlement, number: str, group: list[SettlementLine]) -> str | None:
    """Where the clerk corrects a line of an approved month (R9.5); of several sources he names the one."""
    first = group[0]
    final = settlement.state in FINAL and first.kind in CORRECTABLE and not first.note
    if not (final and allowed("correction.prepare", current_user.roles)):
        return None
    source = first.source if len(group) == 1 else ""
    return url_for(
        "correction.create_view",
        month=str(settlement.month), employee=number, kind=first.kind.value, source=source,
    )  # fmt: skip


def _together(group: list[SettlementLine]) -> str:
    """What sources that fold are called."""
    if group[0].kind is LineKind.EXPENSE_REIMBURSEMENT:
        return _("报销单 %(n)s 份", n=len(group))
    return _("反馈单 %(n)s 份", n=len(group)) if group[0].kind in VISITS else ""


def _version(settlement: Settlement, line: SettlementLine) -> Link | None:
    """The version of the parameters that the line used; the defaults have no month."""
    if line.kind not in WITH_PARAMETERS or line.note:
        return None
    url = url_for("regulation.index", month=str(settlement.month))
    return Link(str(line.parameter_month) if line.parameter_month else _("默认"), url)


def _sources(settlement: Settlement, group: list[SettlementLine]) -> Iterable[Link]:
    if group[0].kind is LineKind.NO_COMPLAINT_BONUS and not group[0].note:
        return _complaints(settlement, group[0].employee_id)
    return (Link(x.source, source_url(CORRECTION if x.note else x.kind, x.source)) for x in group)


def _complaints(settlement: Settlement, employee: int) -> Iterable[Link]:
    """The complaints that the bonus of an employee counted (R7.4)."""
    numbers = [
        source
        for person, kind, source, *_rest in json.loads(settlement.counted)
        if person == employee and kind == COMPLAINT
    ]
    return [Link(n, source_url(COMPLAINT, n)) for n in numbers] or [Link(_("无属实投诉"))]


def formula(line: SettlementLine, count: int, debts: Debts, rates: Parameters) -> str:
    """How the amount came about, in a few words."""
    if line.note:
        return _("更正 %(month)s", month=line.base)
    if line.kind in VISITS:
        return _("%(n)s 次 × %(rate)s", n=count, rate=line.rate)
    if line.kind is LineKind.BASE_PAY:
        return _("%(share)s 月 × %(rate)s", share=line.base, rate=figure(Decimal(line.rate)))
    if line.kind is LineKind.NO_COMPLAINT_BONUS:
        return f"{line.base} − {line.rate}" if line.rate else line.base
    if line.kind is LineKind.EXPENSE_REIMBURSEMENT:
        return _("%(n)s 笔", n=count)
    if line.kind in (LineKind.PARTS_COMMISSION, LineKind.SOFTWARE_COMMISSION):
        return _commission(line)
    return _debt(line, debts, rates)


def _commission(line: SettlementLine) -> str:
    product = f"{figure(Decimal(line.base))} × {percent(Decimal(line.rate))}"
    paid = round_fen(max(Decimal(line.base), ZERO) * Decimal(line.rate)) - line.amount
    return _("%(product)s − 已发 %(paid)s", product=product, paid=figure(paid)) if paid else product


def _debt(line: SettlementLine, debts: Debts, rates: Parameters) -> str:
    """Share × outstanding, less what was deducted before, within the cap."""
    kind = LineKind.OVERDUE_DEDUCTION if line.kind is LineKind.OVERDUE_REFUND else line.kind
    debt = debts.get((kind, line.source)) or debts.get(
        (LineKind.PRIVATE_CHARGE_DEDUCTION, line.source)
    )
    text = (
        f"{figure(Decimal(line.base))} × {percent(Decimal(line.rate))}" if line.rate else line.base
    )
    if debt is None:
        return text
    if debt.deducted_before:
        text = _("%(product)s − 已扣 %(paid)s", product=text, paid=figure(debt.deducted_before))
    if debt.carried > 0:
        text = _(
            "%(product)s，上限 %(cap)s",
            product=text,
            cap=percent(rates.amount("deduction_cap_rate")),
        )
    return text
