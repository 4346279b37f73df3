"""The overdue page as a file: each view's rows, harmless in a spreadsheet (R10)."""

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response
from flask_babel import gettext as _

from admin_views.noun.export import KINDS, csv_of, plain, xlsx_of
from admin_views.overdue_known import own_only
from admin_views.overdue_ledger import by_employee, by_month
from admin_views.overdue_page import LedgerRow
from models.account import Account
from rules.money import ZERO
from rules.overdue_case import CaseState, LeaverClaimState
from workflows.overdue_standing import Known, known_cases
from workflows.transaction import today

Rows = list[list[object]]


def rows_of(view: str, actor: Account) -> tuple[list[str], Rows]:
    """The heads and the rows of a view, as far as the reader may see them."""
    cases, taken = known_cases(own_only(actor))
    if view == "case":
        return _case_heads(), [_case(known) for known in cases]
    rows = by_employee(cases, taken) if view == "employee" else by_month(cases, taken)
    label = _("员工") if view == "employee" else _("月份")
    part = _("月份") if view == "employee" else _("单据编号")
    return [label, part, _("已扣"), _("返还"), _("结转")], [x for row in rows for x in _parts(row)]


def _parts(row: LedgerRow) -> Iterator[list[object]]:
    for part in row.parts:
        yield [row.label.label, part.label.label, part.deducted, part.refunded, part.carried]


def _case_heads() -> list[str]:
    return [
        _("单据编号"), _("单据种类"), _("工号"), _("经手人"), _("客户"), _("应收"), _("已收"), _("未收"),
        _("产生日期"), _("立案日期"), _("状态"), _("催收次数"), _("过错认定"), _("依据"), _("告知日期"), _("员工意见"),
        _("员工陈述"), _("承担比例"), _("理由"), _("决定日期"), _("应承担"), _("已扣"), _("返还"), _("待扣"), _("追偿"),
    ]  # fmt: skip


def _case(known: Known) -> list[object]:
    case, sums, row = known.case, known.sums, known.case.receivable
    agrees = {True: _("同意"), False: _("有异议"), None: None}[case.agrees]
    decided = case.state is CaseState.DECIDED
    claim = None if sums.claim is LeaverClaimState.NONE else sums.claim
    return [
        row.number, row.kind, row.handler.number, row.handler.name, row.customer.name, row.total,
        row.total - sums.outstanding, sums.outstanding, row.arose_on, case.opened_on, case.state,
        len(case.collections), case.finding, case.basis, case.notified_on, agrees, case.statement,
        case.rate if decided else None, case.waived_reason or (case.reason if decided else None), case.decided_on,
        sums.target if decided else None, sums.deducted, sums.refunded,
        max(sums.still_open, ZERO) if decided else None, claim,
    ]  # fmt: skip


def answer_file(view: str, kind: str, heads: list[str], rows: Rows) -> Response:
    """The rows as a download."""
    write = csv_of if kind == "csv" else xlsx_of
    plain_rows = [[plain(value) for value in row] for row in rows]
    answer = Response(write(heads, plain_rows), mimetype=KINDS[kind])
    name = quote(f"{_('逾期扣款')}-{today().isoformat()}.{kind}")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=overdue-{view}.{kind}; filename*=UTF-8''{name}"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
