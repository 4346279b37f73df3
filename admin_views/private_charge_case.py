"""Cases of private charging: what an upheld complaint costs the employee, and how it is decided (R8.1)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from admin_views.documents import ReasonForm, open_for
from admin_views.noun.column import Column, badge, ref_column
from admin_views.noun.field import Choice, Text
from admin_views.noun.filter import ChoiceFilter, DayFilter, PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Step, Tab
from admin_views.noun.view import NounView
from models.account import Account
from models.complaint import Complaint
from models.employee import Employee
from models.private_charge_case import PrivateChargeCase
from rules.private_charge_case import STEPS, MoneyGoes, PrivateChargeState, PrivateChargeVerb
from workflows.private_charge_case import (
    Evidence,
    approve_private_charge,
    deduction_of,
    propose_private_charge,
    send_back_private_charge,
)


class EvidenceForm(NounForm):
    """What the leader must have before him."""

    proof = Text(
        _l("金额凭据"), required=True, most=500, example=_l("收据照片、转账记录、客户证明")
    )
    statement = Text(_l("员工陈述"), required=True, most=500)
    money_goes = Choice(
        _l("款项去向"), codes=MoneyGoes, required=True, hint=_l("退还客户，或计入收入、不计奖金。")
    )
    reason = Text(_l("理由"), most=500)
    sections = (Section(_l("证据"), ("proof", "statement", "money_goes", "reason")),)


def propose(number: int, values: Mapping[str, Any], *, version: int | None, actor: Account) -> None:
    """Put the case before the leader."""
    evidence = Evidence(
        values["proof"], values["statement"], values["money_goes"], values.get("reason") or ""
    )
    propose_private_charge(number, evidence, actor=actor, version=version)


def evidence_of(row: PrivateChargeCase) -> dict[str, Any]:
    """What a proposal sent back already had: it is mended, not written anew."""
    return {
        "proof": row.proof,
        "statement": row.statement,
        "money_goes": row.money_goes,
        "reason": row.reason,
    }


def _cost(row: PrivateChargeCase) -> str:
    """What is deducted, and what it is made of."""
    names = ("total", "charged", "penalty")
    sums = {name: f"¥{amount:,.2f}" for name, amount in zip(names, deduction_of(row), strict=True)}
    return _("扣款 %(total)s（收取 %(charged)s，处罚 %(penalty)s）", **sums)


V = PrivateChargeVerb
CASE_STEPS = (
    Step(
        "propose", _l("提交公司领导"), "private_charge.propose", propose,
        lambda r: _("把 %(number)s 提交公司领导？", number=r.complaint.number),
        lambda r: (_("批准后从当月起%(cost)s，先于逾期扣款（R8.1）。", cost=_cost(r)),),
        open_for(STEPS, V.PROPOSE), EvidenceForm, "send", primary=True, given=evidence_of,
    ),
    Step(
        "approve", _l("批准扣款"), "private_charge.approve",
        lambda number, values, *, version, actor: approve_private_charge(number, actor=actor, version=version),
        lambda r: _("批准 %(number)s 的扣款？", number=r.complaint.number),
        lambda r: (
            r.proof or "", r.statement or "",
            _("从本月起%(cost)s，每月不超过工资的上限。", cost=_cost(r)),
        ),
        open_for(STEPS, V.APPROVE), primary=True,
    ),
    Step(
        "send_back", _l("退回经理"), "private_charge.send_back",
        lambda number, values, *, version, actor: send_back_private_charge(
            number, actor=actor, reason=values["reason"], version=version
        ),
        lambda r: _("退回 %(number)s？", number=r.complaint.number),
        lambda r: (_("经理改好后重新提交。"),),
        open_for(STEPS, V.SEND_BACK), ReasonForm, "arrow-back-up", danger=True,
    ),
)  # fmt: skip


class PrivateChargeView(NounView):
    """私自收费."""

    noun = "private_charge"
    title = _p("list", "私自收费")
    unit = _p("private_charge", "案")
    group = "month"
    icon = "alert-triangle"
    clauses = ("R8.1",)
    model = PrivateChargeCase
    label = Complaint.number
    joins = (
        (Complaint, Complaint.id == PrivateChargeCase.complaint_id),
        (Employee, Employee.id == Complaint.employee_id),
    )
    eager = (joinedload(PrivateChargeCase.complaint).joinedload(Complaint.employee),)
    default_order = (PrivateChargeCase.id.desc(),)
    empty = (_l("没有私自收费的案件"), _l("属实的私自收费投诉会自动立案，列在这里。"))
    columns = (
        Column("number", _l("投诉"), Complaint.number, kind="id", card="top"),
        Column("state", _l("状态"), PrivateChargeCase.state, kind="badge", show=badge, card="badge"),
        ref_column("employee", _l("员工"), "employee", Complaint.employee_id, Employee.name, Employee.number, card="title"),
        Column("opened_on", _l("立案"), PrivateChargeCase.opened_on, kind="day"),
        Column("approved_on", _l("批准"), PrivateChargeCase.approved_on, kind="day", card=""),
        Column("charged", _l("收取金额"), Complaint.charged, kind="money", unit=_l("元"), card="right"),
    )  # fmt: skip
    filters = (
        ChoiceFilter("state", _l("状态"), PrivateChargeCase.state, codes=PrivateChargeState),
        DayFilter("opened_on", _l("立案"), PrivateChargeCase.opened_on),
        PickFilter("employee", _l("员工"), Complaint.employee_id, noun="employee"),
    )
    tabs = (
        Tab("open", _l("待提交"), {"state": "open"}),
        Tab("proposed", _l("待领导审批"), {"state": "proposed"}),
        Tab("all", _l("全部")),
    )
    form_class = EvidenceForm
    steps = CASE_STEPS

    def own(self, actor: Account) -> ColumnElement[bool]:
        return Complaint.employee_id == (actor.employee_id or 0)

    def name_of(self, row: Any) -> str:
        return f"{row.complaint.employee.name} · {row.complaint.number}"

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("private_charge_case", row.complaint.number)]

    def head(self, row: Any) -> Head:
        complaint = row.complaint
        approved = row.approved_on and _("%(day)s 批准", day=row.approved_on)
        on_paper = row.approved_on and row.proposed_by_id is None
        facts = (
            Fact(complaint.employee.name, "user", ref=("employee", complaint.employee_id)),
            Fact(complaint.number, "message-report", ref=("complaint", complaint.id)),
            Fact(_cost(row), "cash"),
            Fact(_("%(day)s 立案", day=row.opened_on), "calendar"),
            Fact(approved),
            Fact(_("登记簿所载的决定，证据留在纸上") if on_paper else ""),
        )
        return Head(self.name_of(row), badge(row.state), facts)
