"""Employees: who they are, since when, and, for those who may see it, their base pay (R7.1)."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from admin_views.marks import grouped
from admin_views.noun.column import Badge, Column, badge
from admin_views.noun.field import Amount, Choice, Day, Line, Phone
from admin_views.noun.filter import ChoiceFilter, DayFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Related, Tab
from admin_views.noun.view import NounView
from models.employee import Employee
from rules.employee import EmployeeKind
from workflows.employee import create_employee, update_employee


class EmployeeForm(NounForm):
    """What of an employee is written down; his pay only for those who may see it."""

    number = Line(_l("工号"), most=40, required=True)
    name = Line(_l("姓名"), most=80, required=True)
    kind = Choice(_l("类别"), EmployeeKind, required=True)
    department = Line(_l("部门"), most=80)
    phone = Phone(_l("电话"), private=True)
    hired_on = Day(_l("入职日期"), required=True)
    probation_until = Day(_l("试用期至"))
    left_on = Day(_l("离职日期"), hint=_l("最后一个在职日。"))
    base_pay = Amount(
        _l("底薪"),
        required=True,
        verb="employee.pay",
        private=True,
        hint=_l("每月。某月另有应发底薪时以那个月的为准。"),
    )
    only_new = ("number",)
    sections = (
        Section(_l("是谁"), ("number", "name", "kind", "department", "phone"), _l("专职拿服务补贴和奖金，非专职拿人工费，其他不参与结算。")),
        Section(_l("在职与底薪"), ("hired_on", "probation_until", "left_on", "base_pay"), _l("入职、离职当月的底薪按在职天数折算（R7.1）。已审批的月份不受影响。")),
    )  # fmt: skip


class EmployeeView(NounView):
    """员工."""

    noun = "employee"
    title = _p("list", "员工")
    one = _l("员工")
    unit = _p("employee", "人")
    group = "settings"
    icon = "users"
    clauses = ("R7.1", "R7.8")
    model = Employee
    label = Employee.name
    sub = Employee.number
    default_order = (Employee.number, Employee.id)
    search_hint = _l("姓名、工号、电话、拼音首字母")
    empty = (_l("还没有员工"), _l("登记员工后才能派工和结算。"))
    columns = (
        Column("number", _l("工号"), Employee.number, kind="id", sort=True, card="top"),
        Column("name", _l("姓名"), Employee.name, kind="person", card="title"),
        Column("kind", _l("类别"), Employee.kind, kind="badge", show=badge, card="badge"),
        Column("department", _l("部门"), Employee.department),
        Column("phone", _l("电话"), Employee.phone, kind="phone", private=True),
        Column("hired_on", _l("入职"), Employee.hired_on, kind="day", card=""),
        Column("left_on", _l("离职"), Employee.left_on, kind="day", card=""),
        Column("base_pay", _l("底薪"), Employee.base_pay, kind="money", verb="employee.pay", private=True, unit=_l("元"), card="right", usual=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter("kind", _l("类别"), Employee.kind, codes=EmployeeKind),
        YesNoFilter("employed", _l("在职"), Employee.left_on.is_(None), yes=_l("在职"), no=_l("已离职")),
        DayFilter("hired", _l("入职"), Employee.hired_on, rare=True),
    )  # fmt: skip
    tabs = (
        Tab("employed", _l("在职"), {"employed": "yes"}),
        Tab("left", _l("已离职"), {"employed": "no"}),
        Tab("all", _l("全部")),
    )
    form_class = EmployeeForm
    create_with = staticmethod(create_employee)
    update_with = staticmethod(update_employee)
    create_label = _l("登记员工")
    related = (
        Related("ticket", "person", _p("list", "服务单")),
        Related("receivable", "handler", _p("list", "经手的应收款")),
        Related("expense", "employee", _p("list", "费用报销")),
        Related("base_pay", "employee", _p("list", "底薪核定")),
    )

    def own(self, actor: Any) -> Any:
        return Employee.id == (actor.employee_id or 0)

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("employee", row.number), ("employees", row.number)]

    def head(self, row: Any) -> Head:
        left = Badge("grey", str(_l("已离职"))) if row.left_on else badge(row.kind)
        facts = (
            Fact(row.number),
            Fact(row.department, "users"),
            Fact(self.private(row, row.phone and grouped(row.phone)), "phone"),
            Fact(_("入职 %(day)s", day=row.hired_on), "calendar"),
        )
        return Head(row.name, left, facts)
