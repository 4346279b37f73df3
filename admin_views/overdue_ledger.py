"""What was deducted, refunded and carried: by employee with his months, by month with its cases (R8.4, R8.5)."""

from collections import defaultdict
from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _

from admin_views.overdue_page import LedgerPart, LedgerRow
from admin_views.page import Link
from rules.money import total
from rules.settlement_steps import FINAL
from workflows.overdue_report import MonthTaken, Taken
from workflows.overdue_standing import Known, owed
from workflows.words import word


def latest(taken: Taken) -> list[MonthTaken]:
    """What the latest month that was drafted did; its carried amounts are those that stand."""
    rows = [row for months in taken.values() for row in months]
    last = max((row.month for row in rows), default=None)
    return [row for row in rows if row.month == last]


def _part(label: Link, note: str, rows: Iterable[MonthTaken]) -> LedgerPart:
    some = list(rows)
    return LedgerPart(
        label, note, total(r.deducted for r in some), total(r.refunded for r in some),
        total(r.carried for r in some),
    )  # fmt: skip


def _month_link(row: MonthTaken) -> Link:
    return Link(str(row.month), url_for("settlement.month", month=str(row.month)))


def by_employee(cases: list[Known], taken: Taken) -> tuple[LedgerRow, ...]:
    """A row for each handler, ordered by number, with the months of his cases."""
    people: dict[int, list[Known]] = defaultdict(list)
    for known in cases:
        people[known.case.receivable.handler_id].append(known)
    ordered = sorted(people.values(), key=lambda some: some[0].case.receivable.handler.number)
    last = latest(taken)
    return tuple(_employee(some, taken, last) for some in ordered)


def _employee(cases: list[Known], taken: Taken, last: list[MonthTaken]) -> LedgerRow:
    handler = cases[0].case.receivable.handler
    rows = [row for k in cases for row in taken.get(k.case.receivable.number, ())]
    months: dict[str, list[MonthTaken]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.month, reverse=True):
        months[str(row.month)].append(row)
    parts = tuple(_part(_month_link(some[0]), _state(some[0]), some) for some in months.values())
    return LedgerRow(
        handler.number, Link(handler.name), _("已离职") if handler.left_on else handler.number,
        len(cases), total(r.deducted for r in rows), total(r.refunded for r in rows),
        total(r.carried for r in last if r.employee_id == handler.id),
        total(k.sums.outstanding for k in owed(cases)), parts,
    )  # fmt: skip


def _state(row: MonthTaken) -> str:
    return "" if row.state in FINAL else _(word(row.state))


def by_month(cases: list[Known], taken: Taken) -> tuple[LedgerRow, ...]:
    """A row for each drafted month in which a case deducted, refunded or carried, the latest first."""
    documents = {known.case.receivable.number: known.case for known in cases}
    months: dict[str, list[MonthTaken]] = defaultdict(list)
    for rows in taken.values():
        for row in rows:
            months[str(row.month)].append(row)
    found = []
    for month, rows in sorted(months.items(), reverse=True):
        parts = []
        for row in rows:
            case = documents.get(row.source)
            url = url_for("overdue.case", pk=case.id) if case else None
            note = case.receivable.handler.name if case else ""
            parts.append(_part(Link(row.source, url), note, [row]))
        whole = _part(_month_link(rows[0]), _state(rows[0]), rows)
        found.append(
            LedgerRow(month, whole.label, whole.note, len(rows), whole.deducted, whole.refunded,
                      whole.carried, None, tuple(parts))
        )  # fmt: skip
    return tuple(found)


def total_row(cases: list[Known], taken: Taken) -> LedgerRow:
    """The sums of all: carried is what the latest month carries on."""
    rows = [row for months in taken.values() for row in months]
    return LedgerRow(
        "total", Link(""), "", len(cases), total(r.deducted for r in rows),
        total(r.refunded for r in rows), total(r.carried for r in latest(taken)),
        total(k.sums.outstanding for k in owed(cases)),
    )  # fmt: skip
