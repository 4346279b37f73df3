"""Tickets: the list with each one's tightest clock, and the page with its states, clocks, visits and timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_babel import pgettext
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from admin_views.documents import attach_step
from admin_views.marks import grouped
from admin_views.noun.column import Column, Missing, Ref, badge, words
from admin_views.noun.field import Choice, Day, Line, Moment, Phone, Pick, Text
from admin_views.noun.filter import AmongFilter, ChoiceFilter, DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.listing import sees_all
from admin_views.noun.part import Fact, Head, Related, Step, Tab
from admin_views.noun.view import NounView
from admin_views.ticket_page import CLOCKS, Bar, TicketHub, bar, hub_of, ways_on
from admin_views.ticket_steps import TICKET_BULK, TICKET_STEPS
from admin_views.warranty import EXTENDED
from models.account import Account
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from models.project import Project
from models.site import Site
from models.ticket import Ticket, Visit, VisitPerson
from rules.ticket import ServiceMode, ServiceType, Severity, TicketSource, TicketState, Urgency
from rules.ticket_steps import STEPS, TicketVerb
from rules.warranty import warranty_end
from workflows import ticket_intake
from workflows.attachment import attach_to_ticket
from workflows.desk import Work
from workflows.replacement import may_replace
from workflows.ticket import covered_at_report
from workflows.ticket_clocks import clock_faces, tightest
from workflows.ticket_forecast import Draft, foresee
from workflows.ticket_sheet import TICKET_WHOLE, TicketSheet, sheet_of
from workflows.ticket_step import on_visit
from workflows.transaction import today

OPEN_STATES = [s.value for s in TicketState if s not in (TicketState.CLOSED, TicketState.CANCELLED)]


def tightest_bars(ids: Sequence[int]) -> Mapping[int, Bar | None]:
    """The tightest clock of each ticket of a page."""
    faces = clock_faces(ids)
    return {number: bar(tightest(faces.get(number, ()))) for number in ids}


# Who is on a ticket's latest visit, the first named.
PERSON = (
    select(Employee.name)
    .join(VisitPerson, VisitPerson.employee_id == Employee.id)
    .join(Visit, Visit.id == VisitPerson.visit_id)
    .where(Visit.ticket_id == Ticket.id)
    .order_by(Visit.turn.desc(), VisitPerson.position)
    .limit(1)
    .correlate(Ticket)
    .scalar_subquery()
)


def on_ticket(employee: int) -> Select[Any]:
    """The tickets on a visit of which somebody was, or shall be."""
    return (
        select(Visit.ticket_id)
        .join(VisitPerson, VisitPerson.visit_id == Visit.id)
        .where(VisitPerson.employee_id == employee)
    )


def devices_of(project: int) -> Select[Any]:
    """The devices of a project."""
    return select(Device.id).where(Device.project_id == project)


def person_or_step(value: tuple[str | None, int, TicketState]) -> str | Missing | None:
    """Who is on a ticket; of one that waits to be dispatched, the way there."""
    name, number, status = value
    if name is None and (status, TicketVerb.DISPATCH) in STEPS:
        return Missing(_("派工"), "ticket", number, TicketVerb.DISPATCH.value)
    return name


def cover(value: tuple[Any, ...]) -> str:
    """Whether a ticket is in warranty, as judged or as computed on the day of its report (R1.4)."""
    reported, override, device, accepted, project_months, device_months, extended = value
    end = warranty_end(accepted, project_months, device_months, int(extended or 0))
    covered = covered_at_report(reported, override, (accepted, end) if device else None)
    if covered is None:
        return ""
    return pgettext("column", "在保") if covered else pgettext("column", "过保")


def within(customer: str, place: str | None) -> str:
    """A place as it stands beside its customer, whose name it need not repeat."""
    return (place or "").removeprefix(customer).strip()


@dataclass(frozen=True, slots=True)
class Level:
    """A severity and its urgency: A is outlined red."""

    severity: str
    urgency: str

    @property
    def text(self) -> str:
        return f"{self.severity} · {self.urgency}" if self.urgency else self.severity


class TicketForm(NounForm):
    """A request as the clerk writes it down (R2.2)."""

    customer_id = Pick(_l("客户"), noun="customer", required=True)
    device_id = Pick(
        _l("设备"), noun="device", within="customer", hint=_l("选了设备才知是否过保。")
    )
    site_id = Pick(
        _l("客户地点"),
        noun="site",
        within="customer",
        hint=_l("地点有地区的，到场时限按地点计（R3）。"),
    )
    source = Choice(_l("来源"), codes=TicketSource, required=True)
    reported_at = Moment(_l("报修时间"), hint=_l("留空为现在。"))
    reporter = Line(_l("报修人"), most=80)
    phone = Phone(_l("联系电话"))
    place = Line(_l("服务地点"), most=200)
    fault = Text(_l("故障现象"), required=True, most=2000, wide=True)
    severity = Choice(
        _l("问题等级"),
        codes=Severity,
        required=True,
        hint=_l("A 停运 · B 影响运行 · C 暂不影响 · D 改进意见"),
    )
    urgency = Choice(_l("紧急程度"), codes=Urgency)
    service_type = Choice(_l("服务种类"), codes=ServiceType)
    mode = Choice(_l("服务方式"), codes=ServiceMode, required=True, hint=_l("优先电话、在线。"))
    onsite_reason = Line(_l("现场原因"), most=200, hint=_l("上门必填：为何不能远程。"))
    agreed_on = Day(_l("约定日期"), hint=_l("C、D 级与客户约定。"))
    only_new = ("customer_id", "source", "severity", "reported_at")
    sections = (
        Section(_l("谁报的"), ("customer_id", "device_id", "site_id", "source", "reported_at", "reporter", "phone", "place"), _l("时钟从报修时间起算（R3.1）。")),
        Section(_l("什么问题"), ("fault", "severity", "urgency", "service_type"), _l("等级决定各时钟；登记后用“改等级”改（R3.3）。")),
        Section(_l("怎么服务"), ("mode", "onsite_reason", "agreed_on"), _l("能远程不上门（R2.2）。")),
    )  # fmt: skip


DRAFTED = frozenset(field.name for field in fields(Draft))


def create(values: dict[str, Any], *, actor: Account) -> Ticket:
    """Register a request from its form."""
    return ticket_intake.register(ticket_intake.Request(**values), actor=actor)


def update(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    """Correct what was written down."""
    kept = {key: value for key, value in values.items() if key in ticket_intake.EDITABLE}
    ticket_intake.edit(number, kept, actor=actor, version=version)


class TicketView(NounView):
    """服务单."""

    works = (
        Work.ASSIGN, Work.DISPATCH, Work.ACCEPT, Work.START, Work.SERVE, Work.WRITE_FORM, Work.CLOSE,
    )  # fmt: skip
    noun = "ticket"
    title = _p("list", "服务单")
    one = _l("服务单")
    unit = _p("ticket", "张")
    group = "service"
    icon = "ticket"
    clauses = (
        "R1.4",
        "R2.1",
        "R2.2",
        "R2.3",
        "R2.4",
        "R2.5",
        "R3.1",
        "R3.3",
        "R3.4",
        "R3.5",
        "R4.6",
    )
    model = Ticket
    label = Ticket.number
    joins = (
        (Customer, Customer.id == Ticket.customer_id),
        (Site, Site.id == Ticket.site_id),
        (Device, Device.id == Ticket.device_id),
        (Project, Project.id == Device.project_id),
    )
    default_order = (Ticket.reported_at.desc(), Ticket.id.desc())
    search_hint = _l("单号、报修人、电话、故障")
    empty = (_l("没有这样的服务单"), _l("客户报修、专员登记后列在这里；也可放宽筛选。"))
    columns = (
        Column("number", _l("服务单"), Ticket.number, kind="id", card="top"),
        Column("reported_at", _l("报修"), Ticket.reported_at, kind="moment", sort=True, card=""),
        Column(
            "customer", _l("客户 · 地点"), (Customer.name, Ticket.customer_id, Ticket.place), kind="ref",
            show=lambda v: Ref(v[0], "customer", v[1], within(v[0], v[2])), card="sub",
        ),
        Column("fault", _l("故障现象"), Ticket.fault, card="title"),
        Column(
            "severity", _l("等级"), (Ticket.severity, Ticket.urgency), kind="severity",
            show=lambda v: Level(v[0].value, words(v[1])),
        ),
        Column("status", _l("状态"), Ticket.status, kind="badge", show=badge, card="badge"),
        Column("person", _l("负责人"), (PERSON, Ticket.id, Ticket.status), kind="person", show=person_or_step),
        Column("clock", _l("最紧的时钟"), load=tightest_bars, kind="clock", card="right"),
        Column(
            "warranty", _l("质保"), show=cover, card="",
            value=(
                Ticket.reported_at, Ticket.out_of_warranty, Ticket.device_id, Project.accepted_on,
                Project.warranty_months, Device.warranty_months, EXTENDED,
            ),
        ),
    )  # fmt: skip
    filters = (
        DayFilter("reported_at", _l("报修"), Ticket.reported_at, moment=True),
        ChoiceFilter("status", _l("状态"), Ticket.status, codes=TicketState),
        ChoiceFilter("severity", _l("等级"), Ticket.severity, codes=Severity),
        PickFilter("customer", _l("客户"), Ticket.customer_id, noun="customer"),
        AmongFilter(
            "person", _l("技术员"), Ticket.id, noun="employee", rows=on_ticket, verb="employee.read"
        ),
        PickFilter("device", _l("设备"), Ticket.device_id, noun="device", rare=True),
        AmongFilter(
            "project", _l("项目"), Ticket.device_id, noun="project", rows=devices_of, rare=True
        ),
        PickFilter("site", _l("客户地点"), Ticket.site_id, noun="site", rare=True),
        YesNoFilter(
            "in_town", _l("地区"), func.coalesce(Site.in_town, Customer.in_town),
            yes=_l("市内"), no=_l("市外"), rare=True,
        ),
        ChoiceFilter("mode", _l("方式"), Ticket.mode, codes=ServiceMode, rare=True),
        ChoiceFilter("source", _l("来源"), Ticket.source, codes=TicketSource, rare=True),
        ChoiceFilter("service_type", _l("种类"), Ticket.service_type, codes=ServiceType, rare=True),
    )  # fmt: skip
    tabs = (
        Tab("open", _l("未关闭"), {"status": OPEN_STATES}),
        Tab("desk", _l("待派工"), {"status": ["registered", "verified"]}),
        Tab(
            "at_work", _l("服务中"), {"status": ["dispatched", "accepted", "in_service", "waiting"]}
        ),
        Tab("form", _l("等反馈单"), {"status": "served"}),
        Tab("call", _l("待回访"), {"status": "form_received"}),
        Tab(
            "month",
            _l("本月全部"),
            lambda actor: {"reported_at_from": today().replace(day=1).isoformat()},
        ),
        Tab("all", _l("全部")),
    )
    eager = TICKET_WHOLE
    form_class = TicketForm
    create_with = staticmethod(create)
    update_with = staticmethod(update)
    create_label = _l("登记服务单")
    then = TicketVerb.DISPATCH.value
    verbs = {"create": "ticket.register", "change": "ticket.edit"}
    steps = (*TICKET_STEPS, attach_step("ticket.attach", attach_to_ticket))
    bulk = TICKET_BULK
    details_template = "noun/ticket.html"
    extra_css = [*NounView.extra_css, "/static/ticket.css"]
    related = (
        Related("form", "ticket", _p("list", "反馈单")),
        Related("call_back", "ticket", _p("list", "回访")),
        Related("expense", "ticket", _p("list", "费用")),
        Related("complaint", "ticket", _p("list", "投诉")),
        Related("attachment", "ticket", _p("list", "附件")),
    )

    def permission_of(self, endpoint: str, **arguments: Any) -> str | None:
        return (
            "ticket.register"
            if endpoint == "foreseen"
            else super().permission_of(endpoint, **arguments)
        )

    def new_values(self) -> dict[str, Any]:
        """A customer's or a device's page may name itself: it is his request, or about this device."""
        device, customer = self._named("device"), self._named("customer")
        if device is not None:
            return {"device_id": device.id, "customer_id": device.project.customer_id}
        return {} if customer is None else {"customer_id": customer.id}

    def _named(self, noun: str) -> Any:
        """The record that the address names; 404 for one that the reader does not see."""
        view, number = self.peer(noun), request.args.get(noun)
        if view is None or number is None:
            return None
        return view.get_one_for(number, view.verb_of("read"))

    def side(self, row: Any) -> str | None:
        return url_for(".foreseen") if row is None else None

    @expose("/foreseen/", methods=("POST",))
    def foreseen(self) -> ResponseReturnValue:
        """What registering what is typed so far would cause; what cannot be read yet is left out."""
        form = self.open_form(TicketForm, {}, row=None, posted=request.form, new=True)
        form.validate()
        typed = {f.name: f.data for f in form if f.name in DRAFTED and not f.errors and f.data}
        draft = Draft(**typed)
        seen = foresee(draft)
        known = [one for one in (seen.repeat, *seen.unfinished) if one is not None]
        own = set(self.labels([one.id for one in known]))  # of others' tickets nothing is told
        repeat = seen.repeat if seen.repeat is not None and seen.repeat.id in own else None
        return self.render(
            "noun/ticket_foreseen.html",
            draft=draft,
            seen=seen,
            names=CLOCKS,
            badge=badge,
            repeat=repeat,
            unfinished=[one for one in seen.unfinished if one.id in own and one is not repeat],
        )

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return [("ticket", Ticket.id), ("customer", Ticket.customer_id)]

    def own(self, actor: Account) -> ColumnElement[bool]:
        mine = exists().where(
            Visit.ticket_id == Ticket.id,
            VisitPerson.visit_id == Visit.id,
            VisitPerson.employee_id == (actor.employee_id or 0),
        )
        return or_(mine, Ticket.registered_by_id == actor.id)

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [
            ("ticket", row.number),
            ("tickets", row.number),
            ("forms", row.number),
            ("waits", row.number),
        ]

    def open_steps(self, row: Any) -> list[Step]:
        offered = {offer.verb.value for offer in self._sheet(row).offers}
        if not may_replace(row):
            offered.discard(TicketVerb.REPLACE.value)
        return [step for step in self.steps if step.verb in offered]

    def values_of(self, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name, None) for name in TicketForm()._fields}

    def head(self, row: Any) -> Head:
        where = within(row.customer.name, row.place)
        place = f"{row.customer.name}{' · ' + where if where else ''}"
        facts = (
            Fact(row.number),
            Fact(place, "building"),
            Fact(
                _("%(level)s 级", level=row.severity.value),
                family="red" if row.severity is Severity.A else "",
            ),
            Fact(words(row.urgency)),
            Fact(_("、").join(self._sheet(row).people), "user"),
            Fact(row.phone and grouped(row.phone), "phone"),
        )
        return Head(row.fault.split("\n")[0][:60], badge(row.status), facts)

    def name_of(self, row: Any) -> str:
        return str(row.number)

    def hub(self, row: Any) -> TicketHub:
        visits, sheet = self.peer("visit"), self._sheet(row)
        all_seen = visits is not None and sees_all(visits)
        ways = ways_on(sheet, visits, self.actor)
        return hub_of(sheet, ways, lambda one: all_seen or on_visit(one, self.actor))

    def _sheet(self, row: Ticket) -> TicketSheet:
        """The ticket's sheet, put together once a request."""
        if g.get("sheet_of") != row.id:
            g.sheet_of, g.sheet = row.id, sheet_of(row, actor=self.actor)
        sheet: TicketSheet = g.sheet
        return sheet
