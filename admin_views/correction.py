"""Corrections of approved months: prepared by the clerk, passed by the manager, approved by the leader (R9.5)."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from admin_views.documents import ReasonForm, open_for
from admin_views.noun.column import Column, badge, ref_column, words
from admin_views.noun.field import Amount, Choice, Line, MonthOf, Pick
from admin_views.noun.filter import ChoiceFilter, PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Step, Tab
from admin_views.noun.view import NounView
from models import db
from models.account import Account
from models.correction import Correction
from models.employee import Employee
from rules.correction import STEPS, CorrectionState
from rules.period import Month
from rules.settlement import LineKind
from rules.settlement_steps import SettlementVerb
from workflows.change import found
from workflows.correction import (
    CORRECTABLE,
    CorrectionRequest,
    approve_correction,
    prepare_correction,
    return_correction,
    review_correction,
)


class CorrectableKind(Choice):
    """The kinds of line that can be corrected: deductions and refunds follow by themselves."""

    def options(self) -> list[tuple[str, str]]:
        return [(kind.value, words(kind)) for kind in LineKind if kind in CORRECTABLE]


class CorrectionForm(NounForm):
    """Which line of which month was wrong, and by how much."""

    corrects_month = MonthOf(
        _l("更正的月份"), required=True, hint=_l("已审批的月份；没审批的退回重算。")
    )
    employee_id = Pick(_l("员工"), noun="employee", required=True)
    kind = CorrectableKind(_l("工资项目"), codes=LineKind, required=True)
    corrects_source = Line(
        _l("来源"),
        most=60,
        required=True,
        hint=_l("那一行的来源：服务单号、销售单号、工号或月份。"),
    )
    amount = Amount(
        _l("更正金额"), required=True, least=-(10**8), hint=_l("少发填正数，多发填负数。")
    )
    reason = Line(_l("理由"), most=200, required=True, wide=True)
    sections = (
        Section(_l("更正哪一行"), ("corrects_month", "employee_id", "kind", "corrects_source"), _l("已审批的月份不变，更正成为下一个未审批月份的一行（R9.5）。")),
        Section(_l("更正多少"), ("amount", "reason"), _l("最多扣回那一行已发的金额。经理审核、领导审批后生效。")),
    )  # fmt: skip


def prepare(values: Mapping[str, Any], *, actor: Account) -> Correction:
    """Prepare a correction from its form."""
    asked = CorrectionRequest(
        values["corrects_month"], found(Employee, values["employee_id"]).number, values["kind"],
        values["corrects_source"], values["amount"], values["reason"],
    )  # fmt: skip
    return prepare_correction(asked, actor=actor, origin="web")


def _number(correction_id: int) -> str:
    return found(Correction, correction_id).number


def _amount(row: Correction) -> str:
    return f"{'−' if row.amount < 0 else '+'}¥{abs(row.amount):,.2f}"


def _what(row: Correction) -> str:
    """Whose line of which month, and by how much."""
    return f"{row.employee.name} {row.corrects_month} {words(row.kind)} {_amount(row)}"


def _step(verb: SettlementVerb, label: Any, run: Any, cause: Any, **look: Any) -> Step:
    return Step(
        verb.value, label, f"correction.{verb.value}", run,
        lambda r: _("%(step)s：%(what)s？", step=label, what=_what(r)),
        lambda r: (_("%(number)s，理由：%(reason)s", number=r.number, reason=r.reason), cause), open_for(STEPS, verb), **look,
    )  # fmt: skip


V = SettlementVerb
CORRECTION_STEPS = (
    _step(
        V.REVIEW, _l("审核通过"),
        lambda n, values, *, version, actor: review_correction(_number(n), actor=actor, origin="web"),
        _l("交公司领导审批。"), primary=True,
    ),
    _step(
        V.APPROVE, _l("批准更正"),
        lambda n, values, *, version, actor: approve_correction(_number(n), actor=actor, origin="web"),
        _l("成为下一个未审批月份的一行，已审批的月份不变。"), primary=True,
    ),
    _step(
        V.RETURN, _l("退回"),
        lambda n, values, *, version, actor: return_correction(
            _number(n), actor=actor, reason=values["reason"], origin="web"
        ),
        _l("更正到此为止；要改就另开一张。"), form=ReasonForm, icon="arrow-back-up", danger=True,
    ),
)  # fmt: skip


class CorrectionView(NounView):
    """结算更正."""

    noun = "correction"
    title = _p("list", "结算更正")
    unit = _p("correction", "张")
    group = "month"
    icon = "pencil"
    clauses = ("R9.5",)
    model = Correction
    label = Correction.number
    joins = ((Employee, Employee.id == Correction.employee_id),)
    eager = (joinedload(Correction.employee),)
    verbs = {"create": "correction.prepare"}
    default_order = (Correction.id.desc(),)
    empty = (_l("没有结算更正"), _l("已审批的月份算错了，在这里开更正单，三人签过后计入下一个月。"))
    columns = (
        Column("number", _l("单号"), Correction.number, kind="id", card="top"),
        Column("state", _l("状态"), Correction.state, kind="badge", show=badge, card="badge"),
        ref_column("employee", _l("员工"), "employee", Correction.employee_id, Employee.name, Employee.number, card="title"),
        Column("month", _l("更正的月份"), Correction.corrects_month, show=str),
        Column("kind", _l("工资项目"), Correction.kind, kind="tag", show=words),
        Column("source", _l("来源"), Correction.corrects_source),
        Column("amount", _l("金额"), Correction.amount, kind="money", unit=_l("元"), card="right"),
    )  # fmt: skip
    filters = (
        ChoiceFilter("state", _l("状态"), Correction.state, codes=CorrectionState),
        PickFilter("employee", _l("员工"), Correction.employee_id, noun="employee"),
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("prepared", _l("待审核"), {"state": "prepared"}),
        Tab("reviewed", _l("待审批"), {"state": "reviewed"}),
    )
    form_class = CorrectionForm
    create_with = staticmethod(prepare)
    create_label = _l("开更正单")
    steps = CORRECTION_STEPS

    def own(self, actor: Account) -> ColumnElement[bool]:
        return Correction.employee_id == (actor.employee_id or 0)

    def new_values(self) -> dict[str, Any]:
        """A line of a settlement may name itself in the address: month, employee's number, kind and source."""
        asked = request.args
        if "month" not in asked:
            return {}
        try:
            month, kind = Month.parse(asked["month"]), LineKind(asked.get("kind", ""))
        except ValueError:
            abort(400)
        owner = select(Employee.id).where(Employee.number == asked.get("employee", ""))
        return {
            "corrects_month": month, "kind": kind, "employee_id": db.session.scalar(owner),
            "corrects_source": asked.get("source", "")[:60],
        }  # fmt: skip

    def head(self, row: Any) -> Head:
        facts = (
            Fact(row.employee.name, "user", ref=("employee", row.employee_id)),
            Fact(str(row.corrects_month), "calendar"),
            Fact(words(row.kind)),
            Fact(_amount(row), "cash"),
        )
        return Head(row.number, badge(row.state), facts)
