"""Base pay of single months as found, instead of the rate (R7.1)."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from admin_views.noun.column import Column, ref_column
from admin_views.noun.field import Amount, Line, MonthOf, Pick
from admin_views.noun.filter import PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head
from admin_views.noun.view import NounView
from models.account import Account
from models.employee import BasePayEntry, Employee
from workflows.base_pay import create_base_pay, is_settled, subject, update_base_pay


class BasePayForm(NounForm):
    """What a month's base pay comes to, and why."""

    employee_id = Pick(_l("员工"), noun="employee", required=True)
    month = MonthOf(_l("月份"), required=True)
    amount = Amount(_l("应发底薪"), required=True, private=True)
    reason = Line(_l("原因"), most=200, required=True, wide=True, example=_l("病假 3 天；转正调薪"))
    only_new = ("employee_id", "month")
    sections = (
        Section(_l("谁、哪个月"), ("employee_id", "month"), _l("没有核定的月份按员工资料里的底薪，入职、离职当月按天折算（R7.1）。")),
        Section(_l("核定多少"), ("amount", "reason"), _l("月份提交结算之前可以改；之后要么退回该月，要么在下月更正（R9.5）。")),
    )  # fmt: skip


class BasePayView(NounView):
    """底薪核定."""

    noun = "base_pay"
    title = _p("list", "底薪核定")
    unit = _p("base_pay", "条")
    group = "month"
    icon = "list-check"
    clauses = ("R7.1",)
    model = BasePayEntry
    label = BasePayEntry.month
    joins = ((Employee, Employee.id == BasePayEntry.employee_id),)
    eager = (joinedload(BasePayEntry.employee),)
    default_order = (BasePayEntry.month.desc(), BasePayEntry.id)
    empty = (_l("还没有底薪核定"), _l("考勤、转正、工龄使某月应发底薪与标准不同时，登记在这里。"))
    columns = (
        Column("month", _l("月份"), BasePayEntry.month, kind="id", show=str, card="top"),
        ref_column("employee", _l("员工"), "employee", BasePayEntry.employee_id, Employee.name, Employee.number, card="title"),
        Column("reason", _l("原因"), BasePayEntry.reason, card="sub"),
        Column("amount", _l("应发底薪"), BasePayEntry.amount, kind="money", unit=_l("元"), private=True, card="right"),
    )  # fmt: skip
    filters = (PickFilter("employee", _l("员工"), BasePayEntry.employee_id, noun="employee"),)
    form_class = BasePayForm
    create_with = staticmethod(create_base_pay)
    update_with = staticmethod(update_base_pay)
    create_label = _l("核定底薪")

    def own(self, actor: Account) -> ColumnElement[bool]:
        return BasePayEntry.employee_id == (actor.employee_id or 0)

    def still_editable(self, row: Any) -> bool:
        return not is_settled(row.month)

    def name_of(self, row: Any) -> str:
        return f"{row.employee.name} · {row.month}"

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        found = [("base_pay", subject(row))]
        return [*found, ("base_pay_entries", f"{row.employee.number} {row.month}")]

    def head(self, row: Any) -> Head:
        amount = self.private(row, f"¥{row.amount:,.2f}")
        facts = (
            Fact(row.employee.name, "user", ref=("employee", row.employee_id)),
            Fact(row.reason),
            Fact(amount, "cash"),
        )
        return Head(self.name_of(row), facts=facts)
