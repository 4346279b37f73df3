"""Call-backs: what customers said on the phone beside what they signed (R4.4)."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased, joinedload

from admin_views.noun.column import Badge, Column, ref_column, words
from admin_views.noun.field import Day, Number, Pick, Text, YesNo
from admin_views.noun.filter import DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Tab
from admin_views.noun.view import NounView
from models import db
from models.account import Account
from models.customer import Customer
from models.employee import Employee
from models.feedback_form import CallBack, FeedbackForm
from models.ticket import Ticket, Visit, VisitPerson
from workflows.desk import Work

FirstVisit = aliased(Visit)


def reached(value: bool) -> Badge:
    """Whether the customer was reached."""
    return Badge("green", _("已接通")) if value else Badge("amber", _("未接通"))


class CallReading(NounForm):
    """A call as it is read."""

    ticket_id = Pick(_l("服务单"), noun="ticket")
    called_on = Day(_l("日期"))
    caller_id = Pick(_l("回访人"), noun="employee")
    reached = YesNo(_l("结果"), yes=_l("已接通"), no=_l("未接通"))
    satisfaction = Number(_l("客户说的满意度"))
    not_served = YesNo(_l("客户称没有服务"))
    money_taken = YesNo(_l("客户称被收了钱"))
    remarks = Text(_l("备注"))
    sections = (
        Section(_l("回访"), ("ticket_id", "called_on", "caller_id", "reached")),
        Section(_l("客户怎么说"), ("satisfaction", "not_served", "money_taken", "remarks")),
    )


class CallBackView(NounView):
    """电话回访."""

    works = (Work.CALL_BACK,)
    list_template = "noun/call_back_list.html"
    noun = "call_back"
    title = _p("list", "电话回访")
    unit = _p("call_back", "次")
    group = "service"
    icon = "phone"
    clauses = ("R4.4",)
    model = CallBack
    form_class = CallReading
    history_label = _l("服务单的修改记录")
    label = Ticket.number
    joins = (
        (Ticket, Ticket.id == CallBack.ticket_id),
        (Customer, Customer.id == Ticket.customer_id),
        (Employee, Employee.id == CallBack.caller_id),
        (FirstVisit, (FirstVisit.ticket_id == CallBack.ticket_id) & (FirstVisit.turn == 1)),
        (FeedbackForm, FeedbackForm.visit_id == FirstVisit.id),
    )
    eager = (joinedload(CallBack.caller),)
    default_order = (CallBack.id.desc(),)
    empty = (_l("还没有回访"), _l("反馈单审核通过后，在服务单上登记回访。"))
    columns = (
        Column("ticket", _l("服务单"), Ticket.number, kind="id", card="top"),
        Column("reached", _l("结果"), CallBack.reached, kind="badge", show=reached, card="badge"),
        ref_column("customer", _l("客户"), "customer", Ticket.customer_id, Customer.name, card="title"),
        Column("called_on", _l("日期"), CallBack.called_on, kind="day", sort=True),
        Column("caller", _l("回访人"), Employee.name, kind="person"),
        Column("form_stars", _l("反馈单满意度"), FeedbackForm.satisfaction, kind="count"),
        Column("stars", _l("电话满意度"), CallBack.satisfaction, kind="count"),
        Column("remarks", _l("备注"), CallBack.remarks, card="sub"),
    )  # fmt: skip
    filters = (
        DayFilter("called_on", _l("日期"), CallBack.called_on),
        YesNoFilter("reached", _l("结果"), CallBack.reached, yes=_l("已接通"), no=_l("未接通")),
        PickFilter("customer", _l("客户"), Ticket.customer_id, noun="customer"),
        PickFilter("ticket", _l("服务单"), CallBack.ticket_id, noun="ticket", rare=True),
    )
    tabs = (Tab("all", _l("全部")), Tab("missed", _l("未接通"), {"reached": "no"}))

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return [("ticket", CallBack.ticket_id), ("customer", Ticket.customer_id)]

    def own(self, actor: Account) -> ColumnElement[bool]:
        return exists().where(
            Visit.ticket_id == CallBack.ticket_id, VisitPerson.visit_id == Visit.id,
            VisitPerson.employee_id == (actor.employee_id or 0),
        )  # fmt: skip

    def name_of(self, row: Any) -> str:
        return str(db.session.get_one(Ticket, row.ticket_id).number)

    def values_of(self, row: Any) -> dict[str, Any]:
        """Of somebody who was not reached nothing is told, not even a no."""
        said = (
            {} if row.reached else {"satisfaction": None, "not_served": None, "money_taken": None}
        )
        return super().values_of(row) | said

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("ticket", self.name_of(row))]

    def head(self, row: Any) -> Head:
        facts = (
            Fact(words(row.called_on), "calendar"),
            Fact(row.caller.name, "user"),
            Fact(_("满意度 %(n)s", n=row.satisfaction) if row.satisfaction else ""),
            Fact(_("客户称没有服务") if row.not_served else "", family="red"),
            Fact(_("客户称被收了钱") if row.money_taken else "", family="red"),
            Fact(row.remarks or ""),
        )
        return Head(self.name_of(row), reached(row.reached), facts)
