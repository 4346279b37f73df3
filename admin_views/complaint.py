"""Complaints: registered, investigated by somebody else, decided, answered in time (R4.5)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import joinedload

from admin_views.noun.column import Badge, Column, badge, ref_column, words
from admin_views.noun.field import Amount, Choice, Day, Pick, Text, YesNo
from admin_views.noun.filter import ChoiceFilter, DayFilter, PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Step, Tab
from admin_views.noun.view import NounView
from models import db
from models.account import Account
from models.complaint import Complaint
from models.customer import Customer
from models.employee import Employee
from models.private_charge_case import PrivateChargeCase
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from workflows import complaint as complaints
from workflows.desk import Work
from workflows.transaction import today


class ComplaintForm(NounForm):
    """What a customer complains of."""

    customer_id = Pick(_l("客户"), noun="customer", required=True)
    ticket_id = Pick(_l("服务单"), noun="ticket", within="customer")
    employee_id = Pick(_l("被投诉人"), noun="employee", hint=_l("还不知道就留空。"))
    received_on = Day(_l("受理日期"), hint=_l("留空为今天；按这一天计入月份。"))
    origin = Choice(_l("投诉渠道"), codes=ComplaintOrigin, required=True)
    kind = Choice(_l("类型"), codes=ComplaintKind, required=True)
    content = Text(_l("内容"), required=True, most=2000, wide=True)
    sections = (
        Section(_l("谁投诉、投诉谁"), ("customer_id", "ticket_id", "employee_id", "received_on"), _l("核实属实之前不影响任何人（R4.5）。")),
        Section(_l("投诉什么"), ("origin", "kind", "content"), _l("内部渠道的不计入奖金（R4.5）。")),
    )  # fmt: skip


class InvestigatorForm(NounForm):
    """Who looks into it."""

    employee_id = Pick(_l("调查人"), noun="employee", required=True)
    sections = (Section("", ("employee_id",)),)


class DecisionForm(NounForm):
    """What was found."""

    upheld = YesNo(_l("核实结果"), yes=_l("属实"), no=_l("不属实"), required=True)
    employee_id = Pick(_l("责任人"), noun="employee", hint=_l("登记时未填的，在这里补。"))
    charged = Amount(_l("私自收取的金额"), hint=_l("私自收费属实必填（R8.1）。"))
    finding = Text(_l("查到了什么"), required=True, most=2000, wide=True)
    sections = (Section("", ("upheld", "employee_id", "charged", "finding")),)


class AnswerForm(NounForm):
    """What the customer was told."""

    answer = Text(_l("怎么答复的"), required=True, most=2000, wide=True)
    sections = (Section("", ("answer",)),)


def create(values: dict[str, Any], *, actor: Account) -> Complaint:
    """Register a complaint from its form."""
    return complaints.register_complaint(complaints.Grievance(**values), actor=actor)


def _assign(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    complaints.assign_investigator(number, values["employee_id"], actor=actor, version=version)


def _decide(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    decision = complaints.Decision(
        bool(values["upheld"]), values["finding"], values.get("charged"), values.get("employee_id")
    )
    complaints.decide_complaint(number, decision, actor=actor, version=version)


def _answer(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    complaints.answer_complaint(number, actor=actor, answer=values["answer"], version=version)


def answers(ids: Sequence[int]) -> dict[int, Badge | None]:
    """How the answer to the customer stands, of each complaint of a page (R4.5)."""
    rows = db.session.scalars(select(Complaint).where(Complaint.id.in_(ids))).all()
    last = complaints.answers_due(rows)
    return {row.id: _answered(row, last.get(row.id)) for row in rows}


def _answered(row: Complaint, last: date | None) -> Badge | None:
    if row.answered_on is not None:
        return Badge("green", _("已答复"))
    if last is None:
        return None
    if today() > last:
        return Badge("red", _("答复超时"))
    return Badge("amber", _("%(day)s 前答复", day=words(last)[5:]))


class ComplaintView(NounView):
    """投诉."""

    works = (Work.DECIDE,)
    noun = "complaint"
    title = _p("list", "投诉")
    unit = _p("complaint", "件")
    group = "service"
    icon = "message-report"
    clauses = ("R4.5", "R8.1")
    model = Complaint
    label = Complaint.number
    joins = (
        (Customer, Customer.id == Complaint.customer_id),
        (Employee, Employee.id == Complaint.employee_id),
    )
    eager = (
        joinedload(Complaint.customer),
        joinedload(Complaint.ticket),
        joinedload(Complaint.employee),
    )
    default_order = (Complaint.id.desc(),)
    search_hint = _l("单号")
    empty = (_l("没有这样的投诉"), _l("投诉电话、回访或来信受理后列在这里。"))
    columns = (
        Column("number", _l("单号"), Complaint.number, kind="id", card="top"),
        Column("verdict", _l("核实结果"), Complaint.verdict, kind="badge", show=badge, card="badge"),
        ref_column("customer", _l("客户"), "customer", Complaint.customer_id, Customer.name, card="title"),
        Column("employee", _l("被投诉人"), Employee.name, kind="person"),
        Column("kind", _l("类型"), Complaint.kind, kind="tag", show=words),
        Column("content", _l("内容"), Complaint.content, card="sub"),
        Column("origin", _l("渠道"), Complaint.origin, show=words),
        Column("received_on", _l("受理日期"), Complaint.received_on, kind="day", sort=True),
        Column("answer", _l("答复"), load=answers, kind="badge"),
    )  # fmt: skip
    filters = (
        ChoiceFilter("verdict", _l("核实结果"), Complaint.verdict, codes=Verdict),
        ChoiceFilter("kind", _l("类型"), Complaint.kind, codes=ComplaintKind),
        DayFilter("received_on", _l("受理日期"), Complaint.received_on),
        PickFilter("customer", _l("客户"), Complaint.customer_id, noun="customer"),
        PickFilter("employee", _l("被投诉人"), Complaint.employee_id, noun="employee", rare=True),
        PickFilter("ticket", _l("服务单"), Complaint.ticket_id, noun="ticket", rare=True),
        ChoiceFilter("origin", _l("渠道"), Complaint.origin, codes=ComplaintOrigin, rare=True),
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("open", _l("待核实"), {"verdict": "open"}),
        Tab("upheld", _l("属实"), {"verdict": "upheld"}),
    )
    form_class = ComplaintForm
    create_with = staticmethod(create)
    create_label = _l("登记投诉")
    verbs = {"create": "complaint.register", "change": "complaint.decide"}
    steps = (
        Step(
            "assign", _l("指派调查"), "complaint.assign", _assign,
            lambda r: _("指派人调查 %(number)s", number=r.number), lambda r: (_("被投诉人自己不能调查（R4.5）。"),),
            lambda r: r.verdict is Verdict.OPEN, InvestigatorForm, "user-plus",
        ),
        Step(
            "decide", _l("核实"), "complaint.decide", _decide,
            lambda r: _("%(number)s 查清了？", number=r.number),
            lambda r: (_("属实的按受理月份计入奖金（R7.4）；私自收费另立案（R8.1）。"),),
            lambda r: r.verdict is Verdict.OPEN, DecisionForm, primary=True,
        ),
        Step(
            "answer", _l("答复客户"), "complaint.answer", _answer,
            lambda r: _("答复 %(number)s 的客户", number=r.number), lambda r: (_("答复后投诉时钟停止。"),),
            lambda r: r.answered_on is None and r.origin is not ComplaintOrigin.INTERNAL, AnswerForm, "phone",
        ),
    )  # fmt: skip

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return [("customer", Complaint.customer_id), ("employee", Complaint.employee_id)]

    def own(self, actor: Account) -> ColumnElement[bool]:
        return Complaint.employee_id == actor.employee_id if actor.employee_id else false()

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("complaint", row.number), ("complaints", row.number)]

    course = (
        ("investigator.name", _l("调查人")), ("decided_on", _l("核实日期")), ("finding", _l("查到了什么")),
        ("charged", _l("私自收取的金额")), ("answered_on", _l("答复日期")), ("answer", _l("答复内容")),
    )  # fmt: skip

    def head(self, row: Any) -> Head:
        answer = answers([row.id])[row.id]
        case = db.session.scalar(
            select(PrivateChargeCase.id).where(PrivateChargeCase.complaint_id == row.id)
        )
        facts = (
            Fact(row.customer.name, "building"),
            Fact(row.employee.name if row.employee else "", "user"),
            Fact(words(row.kind)),
            Fact(words(row.received_on), "calendar"),
            Fact(
                answer.label if answer else "",
                family=answer.family if answer and answer.family == "red" else "",
            ),
            Fact(row.finding or ""),
            Fact(_("私自收费案") if case else "", "alert-triangle", ref=("private_charge", case)),
        )
        return Head(row.number, badge(row.verdict), facts)
