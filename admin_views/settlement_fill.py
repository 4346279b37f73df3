"""Fills the settlement page from what was drafted or frozen."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from admin_views.page import Action, Clause, Link, Tab
from admin_views.settlement_page import (
    CompareRow,
    Comparison,
    EmployeeRow,
    HistoryStep,
    LineRow,
    MismatchGroup,
    MismatchItem,
    MonthTile,
    Returned,
    SettlementPage,
    Signature,
)
from models import db
from models.account import Account
from models.employee import Employee
from models.settlement import (
    Settlement,
    SettlementDebt,
    SettlementLine,
    SettlementMismatch,
    SettlementStep,
    SettlementSums,
)
from rules.employee import EmployeeKind
from rules.money import ZERO, total
from rules.parameter import Parameters
from rules.period import SHANGHAI, Month
from rules.permissions import Role
from rules.settlement import LineKind, Sums, room
from rules.settlement_steps import FROZEN, STEPS, SettlementVerb
from workflows.parameter import go_live_month, parameter_history
from workflows.settlement import signers
from workflows.settlement_report import SUMS
from workflows.transaction import today
from workflows.words import word

CLAUSES = {
    LineKind.BASE_PAY: ("R7.1",),
    LineKind.SERVICE_ALLOWANCE: ("R7.2",),
    LineKind.ONSITE_LABOUR: ("R7.3",),
    LineKind.NO_COMPLAINT_BONUS: ("R7.4",),
    LineKind.PARTS_COMMISSION: ("R7.5",),
    LineKind.SOFTWARE_COMMISSION: ("R7.6",),
    LineKind.EXPENSE_REIMBURSEMENT: ("R7.7",),
    LineKind.OVERDUE_REFUND: ("R8.4",),
    LineKind.PRIVATE_CHARGE_DEDUCTION: ("R8.1", "R8.5"),
    LineKind.OVERDUE_DEDUCTION: ("R8.3", "R8.5"),
}
VISITS = (LineKind.SERVICE_ALLOWANCE, LineKind.ONSITE_LABOUR)
RED = {"case_undecided", "visit_disputed"}
CHAIN = (
    (SettlementVerb.SUBMIT, Role.CLERK),
    (SettlementVerb.REVIEW, Role.MANAGER),
    (SettlementVerb.APPROVE, Role.LEADER),
    (SettlementVerb.PAY, Role.FINANCE),
)
ENDPOINTS = {SettlementVerb.RETURN: "give_back"}


def moment(at: datetime) -> str:
    """An instant as lists print it."""
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"


def fill(month: Month, tab: str, actor: Account, *, mine_only: bool) -> SettlementPage:
    """The page of a month; `mine_only` shows the reader his own row and nothing of others."""
    settlement = db.session.scalar(select(Settlement).where(Settlement.month == month))
    months = _months(month, mine_only)
    if settlement is None:
        actions = _actions(None, month, actor)
        return SettlementPage(month, None, months, tab, (), actions)
    employees = _employees(settlement, actor.employee_id if mine_only else None)
    mismatches = () if mine_only else _mismatches(settlement)
    steps = _steps(settlement)
    returned = next((s for s in reversed(steps) if s.verb is SettlementVerb.RETURN), None)
    return SettlementPage(
        month,
        settlement.state,
        months,
        tab,
        _tabs(month, tab, len(employees), mismatches, len(steps), mine_only),
        _actions(settlement, month, actor),
        digest=settlement.digest,
        revision=settlement.revision,
        drafted_at=moment(settlement.drafted_at),
        visits=sum(row.visits for row in employees),
        frozen=settlement.state in FROZEN,
        returned=returned
        and Returned(returned.actor.display_name, moment(returned.at), returned.reason or ""),
        sums=_total([row.sums for row in employees]),
        employees=employees,
        signatures=_signatures(settlement, actor),
        mismatches=mismatches,
        mismatches_url=url_for("settlement.month", month=str(month), tab="mismatches"),
        comparison=_comparison(month, employees) if tab == "compare" else None,
        history=_history(steps) if tab == "history" else (),
    )


def _months(month: Month, mine_only: bool) -> tuple[MonthTile, ...]:
    start, running = go_live_month(), Month.of(today())
    query = (
        select(Settlement.month, Settlement.state, func.sum(SettlementSums.net))
        .outerjoin(SettlementSums, SettlementSums.settlement_id == Settlement.id)
        .group_by(Settlement.month, Settlement.state)
    )
    known = {m: (state, net) for m, state, net in db.session.execute(query)}
    tiles = []
    for number in range(1, 13):
        tile = Month(month.year, number)
        state, net = known.get(tile, (None, None))
        live = start is None or tile >= start
        url = url_for("settlement.month", month=str(tile)) if live and tile <= running else None
        shown = None if net is None or mine_only else Decimal(net)
        tiles.append(
            MonthTile(
                tile, state, shown, url, tile == month, live, tile == running and state is None
            )
        )
    return tuple(tiles)


def _tabs(
    month: Month, tab: str, people: int, mismatches: Any, steps: int, mine_only: bool
) -> tuple[Tab, ...]:
    counts = {
        "employees": people,
        "mismatches": sum(len(g.items) for g in mismatches),
        "compare": None,
        "history": steps,
    }
    keys = ("employees",) if mine_only else counts
    return tuple(
        Tab(key, url_for("settlement.month", month=str(month), tab=key), counts[key], key == tab)
        for key in keys
    )


def _actions(settlement: Settlement | None, month: Month, actor: Account) -> tuple[Action, ...]:
    """What the reader may do now, the next step last; never his own second signature (R9.1)."""
    found = []
    if settlement is None:
        if Role.CLERK in actor.roles and month <= Month.of(today()):
            found.append(SettlementVerb.DRAFT)
    else:
        signed = {step.actor_id for step in signers(settlement).values()}
        for verb in (SettlementVerb.DRAFT, SettlementVerb.RETURN, *(v for v, _role in CHAIN)):
            step = STEPS.get((settlement.state, verb))
            own = verb in (SettlementVerb.REVIEW, SettlementVerb.APPROVE) and actor.id in signed
            if step is not None and step.roles & actor.roles and not own:
                found.append(verb)
    return tuple(
        Action(
            verb.value, url_for(f"settlement.{ENDPOINTS.get(verb, verb.value)}", month=str(month))
        )
        for verb in found
    )


def _employees(settlement: Settlement, only: int | None) -> tuple[EmployeeRow, ...]:
    lines: dict[int, list[SettlementLine]] = defaultdict(list)
    query = select(SettlementLine).where(SettlementLine.settlement_id == settlement.id)
    for line in db.session.scalars(query.order_by(SettlementLine.position)):
        lines[line.employee_id].append(line)
    owed: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for debt in db.session.scalars(
        select(SettlementDebt).where(SettlementDebt.settlement_id == settlement.id)
    ):
        owed[debt.employee_id] += max(debt.target - debt.deducted_before, ZERO)
    people = (
        select(SettlementSums, Employee)
        .join(Employee, Employee.id == SettlementSums.employee_id)
        .where(SettlementSums.settlement_id == settlement.id)
        .order_by(Employee.number)
    )
    rates = parameter_history().of(settlement.month)
    return tuple(
        _employee(sums, person, lines[person.id], owed[person.id], rates)
        for sums, person in db.session.execute(people)
        if only in (None, person.id)
    )


def _note(sums: SettlementSums, person: Employee, month_end: Any) -> str:
    if person.left_on is not None and person.left_on < month_end:
        return "已离职"
    if sums.kind is EmployeeKind.NON_DEDICATED:
        return word(sums.kind)
    return sums.department or ""


def _employee(
    sums: SettlementSums,
    person: Employee,
    lines: list[SettlementLine],
    owed: Decimal,
    rates: Parameters,
) -> EmployeeRow:
    row = Sums(**{name: getattr(sums, name) for name in SUMS})
    carried = row.carried_forward > 0
    return EmployeeRow(
        person.number,
        sums.name,
        _note(sums, person, today()),
        sum(line.kind in VISITS for line in lines),
        row,
        sums.overpaid_before,
        _line_rows(lines),
        owed if carried else None,
        room(row.wage, rates) if carried else None,
    )


def _line_rows(lines: list[SettlementLine]) -> tuple[LineRow, ...]:
    """Visits of one mode and rate stand together; every other line alone."""
    groups: dict[Any, list[SettlementLine]] = {}
    for line in lines:
        key = (line.kind, line.base, line.rate) if line.kind in VISITS else (line.kind, line.source)
        groups.setdefault(key, []).append(line)
    return tuple(_line_row(group) for group in groups.values())


def _line_row(group: list[SettlementLine]) -> LineRow:
    first = group[0]
    visit = first.kind in VISITS
    return LineRow(
        first.kind.value,
        _formula(first, len(group)),
        total(line.amount for line in group),
        first.parameter_month,
        tuple(Clause(code) for code in CLAUSES[first.kind]),
        tuple(Link(line.source) for line in group),
        f"反馈单 {len(group)} 份" if visit else "",
        first.base if visit else None,
    )


def _formula(line: SettlementLine, count: int) -> str:
    if line.kind in VISITS:
        return f"{count} 次 × {line.rate}"
    if line.kind is LineKind.NO_COMPLAINT_BONUS:
        return f"{line.base} − {line.rate}" if line.rate else line.base
    if line.kind is LineKind.EXPENSE_REIMBURSEMENT:
        return "1 笔"
    if not line.rate:
        return line.base
    if line.kind is LineKind.BASE_PAY:
        return f"{line.base} 月 × {line.rate}"
    return f"{line.base} × {Decimal(line.rate) * 100:.0f} %"


def _total(rows: list[Sums]) -> Sums:
    return Sums(**{name: total(getattr(row, name) for row in rows) for name in SUMS})


def _mismatches(settlement: Settlement) -> tuple[MismatchGroup, ...]:
    query = (
        select(SettlementMismatch, Employee.name)
        .outerjoin(Employee, Employee.id == SettlementMismatch.employee_id)
        .where(SettlementMismatch.settlement_id == settlement.id)
        .order_by(SettlementMismatch.kind, SettlementMismatch.source)
    )
    groups: dict[str, list[MismatchItem]] = defaultdict(list)
    for row, name in db.session.execute(query):
        field = f"why/{row.kind}/{row.source}"
        groups[row.kind].append(
            MismatchItem(Link(row.source), field, name or "", row.amount, row.explanation)
        )
    return tuple(
        MismatchGroup(kind, "red" if kind in RED else "amber", tuple(items))
        for kind, items in groups.items()
    )


def _steps(settlement: Settlement) -> list[SettlementStep]:
    query = select(SettlementStep).where(SettlementStep.settlement_id == settlement.id)
    return list(db.session.scalars(query.order_by(SettlementStep.id)))


def _signatures(settlement: Settlement, actor: Account) -> tuple[Signature, ...]:
    signed = signers(settlement)
    waiting = next((verb for verb, _role in CHAIN if verb not in signed), None)
    found = []
    for verb, role in CHAIN:
        step = signed.get(verb)
        if step is not None:
            mine = step.actor_id == actor.id
            found.append(
                Signature(verb.value, "done", role, step.actor.display_name, mine, moment(step.at))
            )
        else:
            now = verb is waiting
            mine = (
                now
                and role in actor.roles
                and actor.id not in {s.actor_id for s in signed.values()}
            )
            found.append(
                Signature(
                    verb.value,
                    "now" if now else "later",
                    role,
                    actor.display_name if mine else None,
                    mine,
                )
            )
    return tuple(found)


def _comparison(month: Month, employees: tuple[EmployeeRow, ...]) -> Comparison | None:
    query = (
        select(SettlementSums.name, SettlementSums.net, Employee.number)
        .join(Settlement, Settlement.id == SettlementSums.settlement_id)
        .join(Employee, Employee.id == SettlementSums.employee_id)
        .where(Settlement.month == month.plus(-1))
    )
    before = {number: (name, net) for name, net, number in db.session.execute(query)}
    if not before:
        return None
    now = {row.number: (row.name, row.sums.net) for row in employees}
    both = {
        n: (before.get(n, (None, ZERO))[1], now.get(n, (None, ZERO))[1])
        for n in sorted(before | now)
    }
    most = max((abs(b - a) for a, b in both.values()), default=ZERO) or Decimal(1)
    rows = tuple(
        CompareRow(now.get(n, before.get(n))[0], a, b, b - a, int((b - a) / most * 100))
        for n, (a, b) in both.items()
    )
    sums = total(a for a, _b in both.values()), total(b for _a, b in both.values())
    return Comparison(month.plus(-1), rows, CompareRow("", sums[0], sums[1], sums[1] - sums[0], 0))


def _history(steps: list[SettlementStep]) -> tuple[HistoryStep, ...]:
    return tuple(
        HistoryStep(
            s.verb.value,
            s.actor.display_name,
            next(iter(sorted(s.actor.roles)), ""),
            moment(s.at),
            s.reason,
            s.digest,
        )
        for s in reversed(steps)
    )
