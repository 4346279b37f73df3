"""Projects, whose acceptance starts the warranties, and the service plans that they may have (R1.1, R3)."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import func, select

from admin_views.noun.column import Badge, Column, ref_column
from admin_views.noun.field import Day, Line, Number, Pick, YesNo
from admin_views.noun.filter import DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Related, Step, Tab
from admin_views.noun.view import NounView
from models.customer import Customer
from models.device import Device
from models.project import Project, ProjectPlan
from models.service_plan import ServicePlan
from rules.warranty import DEFAULT_MONTHS, in_warranty, warranty_end
from workflows.project import create_project, set_plan, update_project
from workflows.transaction import today

DEVICES = (
    select(func.count()).where(Device.project_id == Project.id).correlate(Project).scalar_subquery()
)
PLAN = (
    select(ServicePlan.name)
    .join(ProjectPlan, ProjectPlan.plan_id == ServicePlan.id)
    .where(ProjectPlan.project_id == Project.id)
    .order_by(ProjectPlan.valid_from.desc())
    .limit(1)
    .correlate(Project)
    .scalar_subquery()
)


def warranty_badge(value: tuple[Any, Any]) -> Badge:
    """Whether a project is in warranty today."""
    accepted, months = value
    if accepted is None:
        return Badge("grey", _("未验收"))
    if in_warranty(accepted, warranty_end(accepted, months, None), today()):
        return Badge("green", _("在保"))
    return Badge("grey", _("过保"))


class ProjectForm(NounForm):
    """What of a project is written down."""

    number = Line(_l("项目编号"), most=40, hint=_l("留空则自动编号。"))
    name = Line(_l("名称"), required=True)
    customer_id = Pick(_l("客户"), noun="customer", required=True)
    accepted_on = Day(_l("终验合格日期"), hint=_l("质保从这一天起算；没有终验就留空。"))
    warranty_months = Number(
        _l("质保月数"), least=1, most=600, example=str(DEFAULT_MONTHS), hint=_l("留空为 36 个月。")
    )
    seal_required = YesNo(_l("反馈单须盖章"), yes=_l("须盖章"), no=_l("签字即可"))
    only_new = ("number",)
    sections = (
        Section(_l("项目"), ("number", "name", "customer_id")),
        Section(_l("质保"), ("accepted_on", "warranty_months", "seal_required"), _l("终验合格启动项目全部设备的质保（R1.1）。")),
    )  # fmt: skip


class PlanForm(NounForm):
    """Which service plan holds from when on."""

    plan_id = Pick(_l("服务级别"), noun="service_plan", required=True)
    valid_from = Day(_l("从哪天起"), hint=_l("留空为今天。此前报修的服务单仍按原级别。"))
    sections = (Section("", ("plan_id", "valid_from")),)


class CustomerProjectView(NounView):
    """项目."""

    noun = "project"
    title = _p("list", "项目")
    one = _l("项目")
    unit = _p("project", "个")
    group = "customers"
    icon = "folder"
    clauses = ("R1.1", "R1.2")
    model = Project
    label = Project.name
    sub = Project.number
    joins = ((Customer, Customer.id == Project.customer_id),)
    default_order = (Project.id.desc(),)
    search_hint = _l("名称、编号、客户、拼音首字母")
    empty = (_l("还没有项目"), _l("登记项目后，设备和服务级别挂在项目下。"))
    columns = (
        Column("number", _l("编号"), Project.number, kind="id", sort=True, card="top"),
        Column("name", _l("名称"), Project.name, card="title"),
        ref_column("customer", _l("客户"), "customer", Customer.id, Customer.name, card="sub"),
        Column("warranty", _l("质保"), (Project.accepted_on, Project.warranty_months), kind="badge", show=warranty_badge, card="badge"),
        Column("accepted_on", _l("终验合格"), Project.accepted_on, kind="day"),
        Column("plan", _l("服务级别"), PLAN),
        Column("devices", _p("list", "设备"), DEVICES, kind="count", card=""),
    )  # fmt: skip
    filters = (
        PickFilter("customer", _l("客户"), Project.customer_id, noun="customer"),
        DayFilter("accepted", _l("终验合格"), Project.accepted_on),
        YesNoFilter("accepted_at_all", _l("验收"), Project.accepted_on.is_not(None), yes=_l("已验收"), no=_l("未验收")),
        YesNoFilter("seal", _l("盖章"), Project.seal_required, yes=_l("须盖章"), no=_l("签字即可"), rare=True),
    )  # fmt: skip
    tabs = (
        Tab("all", _l("全部")),
        Tab("open", _l("未验收"), {"accepted_at_all": "no"}),
        Tab("accepted", _l("已验收"), {"accepted_at_all": "yes"}),
    )
    form_class = ProjectForm
    create_with = staticmethod(create_project)
    update_with = staticmethod(update_project)
    create_label = _l("登记项目")
    steps = (
        Step(
            "set_plan", _l("定服务级别"), "project.change", set_plan,
            lambda row: _("定 %(name)s 的服务级别", name=row.name),
            lambda row: (_("从这一天起报修的服务单按新级别计时，以前的不变（R3）。"),),
            form=PlanForm, icon="list-check",
        ),
    )  # fmt: skip
    related = (
        Related("device", "project", _p("list", "设备")),
        Related("ticket", "project", _p("list", "服务单")),
    )

    def found_by(self) -> list[tuple[str, Any]]:
        return [("project", Project.id), ("customer", Project.customer_id)]

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("project", row.number), ("projects", row.number)]

    def head(self, row: Any) -> Head:
        end = warranty_end(row.accepted_on, row.warranty_months, None)
        facts = (
            Fact(row.number),
            Fact(row.customer.name, "building", ref=("customer", row.customer_id)),
            Fact(_("质保至 %(day)s", day=end) if end else None),
            Fact(row.plans[-1].plan.name if row.plans else _("默认服务级别"), "list-check"),
        )
        return Head(row.name, warranty_badge((row.accepted_on, row.warranty_months)), facts)


class ServicePlanView(NounView):
    """服务级别."""

    noun = "service_plan"
    title = _p("list", "服务级别")
    unit = _p("service_plan", "个")
    group = "settings"
    icon = "list-check"
    clauses = ("R3", "R3.4")
    model = ServicePlan
    label = ServicePlan.name
    sub = ServicePlan.hours
    default_order = (ServicePlan.id,)
    empty = (_l("还没有服务级别"), _l("四个预设级别在第一次导入登记簿时建立。"))
    columns = (
        Column("name", _l("名称"), ServicePlan.name, card="title"),
        Column("hours", _l("服务时间"), ServicePlan.hours, card="sub"),
        Column(
            "preset",
            _l("来源"),
            ServicePlan.preset,
            kind="tag",
            show=lambda v: _("预设") if v else _("自定"),
        ),
    )
    details_template = "noun/service_plan.html"

    def hub(self, row: Any) -> Any:
        return row.promises
