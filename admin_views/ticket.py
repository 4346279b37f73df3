"""Tickets: the list with each one's tightest clock, and the page with its states, clocks, visits and timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from admin_views.audit_words import verb_words
from admin_views.noun.column import Badge, Column, Ref, badge, words
from admin_views.noun.field import Choice, Day, Line, Moment, Phone, Pick, Text
from admin_views.noun.filter import ChoiceFilter, DayFilter, PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Related, Step, Tab
from admin_views.noun.view import NounView
from admin_views.page import Family
from admin_views.ticket_steps import TICKET_STEPS
from models import db
from models.account import Account
from models.customer import Customer
from models.employee import Employee
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, TicketEvent, Visit, VisitPerson
from rules.clock import ClockState
from rules.permissions import allowed
from rules.ticket import ServiceMode, ServiceType, Severity, TicketSource, TicketState, Urgency
from workflows import ticket_intake
from workflows.ticket import device_end, in_warranty_at_report
from workflows.ticket_clocks import ClockFace, clock_faces, tightest
from workflows.ticket_step import in_charge
from workflows.transaction import today

CLOCKS = {"respond": _l("响应"), "onsite": _l("到场"), "propose": _l("方案"), "restore": _l("恢复")}
PATH = (
    TicketState.REGISTERED, TicketState.VERIFIED, TicketState.DISPATCHED, TicketState.ACCEPTED,
    TicketState.IN_SERVICE, TicketState.SERVED, TicketState.FORM_RECEIVED, TicketState.CALLED_BACK,
    TicketState.CLOSED,
)  # fmt: skip
OPEN_STATES = [s.value for s in TicketState if s not in (TicketState.CLOSED, TicketState.CANCELLED)]


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock as it is drawn: its name, how full (0 … 100), the colour, and the words beside it."""

    label: str
    share: int
    family: Family
    text: str
    due: str = ""


def span(time: timedelta) -> str:
    """A duration as h:mm."""
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def bar(face: ClockFace | None) -> Bar | None:
    """A clock's bar: green below 75 %, amber from there, red once missed, grey while paused (look.md)."""
    if face is None:
        return None
    due = words(face.clock.due)
    label, share = str(CLOCKS[face.name.value]), min(face.percent, 100)
    match face.state:
        case ClockState.MET:
            return Bar(label, share, "green", _("达标"), due)
        case ClockState.MISSED:
            return Bar(
                label, 100, "red", _("超时 %(time)s", time=span(face.over or timedelta())), due
            )
        case ClockState.PAUSED:
            return Bar(label, share, "grey", _("暂停"), due)
    family: Family = "amber" if face.urgent else "green"
    return Bar(label, share, family, _("剩 %(time)s", time=span(face.left or timedelta())), due)


def tightest_bars(ids: Sequence[int]) -> Mapping[int, Bar | None]:
    """The tightest clock of each ticket of a page."""
    faces = clock_faces(ids)
    return {number: bar(tightest(faces.get(number, ()))) for number in ids}


def people(ids: Sequence[int]) -> Mapping[int, str]:
    """Who is on each ticket's latest visit."""
    query = (
        select(Visit.ticket_id, Employee.name)
        .join(VisitPerson, VisitPerson.visit_id == Visit.id)
        .join(Employee, Employee.id == VisitPerson.employee_id)
        .where(Visit.ticket_id.in_(ids))
        .order_by(Visit.ticket_id, Visit.turn.desc(), VisitPerson.position)
    )
    found: dict[int, str] = {}
    for ticket, name in db.session.execute(query):
        found.setdefault(ticket, name)
    return found


@dataclass(frozen=True, slots=True)
class Level:
    """A severity and its urgency: A is outlined red."""

    severity: str
    urgency: str


class TicketForm(NounForm):
    """A request as the clerk writes it down (R2.2)."""

    customer_id = Pick(_l("客户"), noun="customer", required=True)
    device_id = Pick(_l("设备"), noun="device", hint=_l("选了设备才知是否过保。"))
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
        Section(_l("谁报的"), ("customer_id", "device_id", "source", "reported_at", "reporter", "phone", "place"), _l("时钟从报修时间起算（R3.1）。")),
        Section(_l("什么问题"), ("fault", "severity", "urgency", "service_type"), _l("等级决定各时钟；改等级会重算（R3.3）。")),
        Section(_l("怎么服务"), ("mode", "onsite_reason", "agreed_on"), _l("能远程不上门（R2.2）。")),
    )  # fmt: skip


def create(values: dict[str, Any], *, actor: Account) -> Ticket:
    """Register a request from its form."""
    return ticket_intake.register(ticket_intake.Request(**values), actor=actor)


def update(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    """Correct what was written down."""
    kept = {key: value for key, value in values.items() if key in ticket_intake.EDITABLE}
    ticket_intake.edit(number, kept, actor=actor, version=version)


@dataclass(frozen=True, slots=True)
class Stage:
    """One state of the path with the moment at which it was reached."""

    label: str
    at: str
    standing: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, for the timeline."""

    title: str
    who: str
    note: str
    at: datetime
    family: str


@dataclass(frozen=True, slots=True)
class TicketHub:
    """What a ticket's page draws besides."""

    stages: tuple[Stage, ...]
    clocks: tuple[Bar, ...]
    events: tuple[Happening, ...]
    visits: tuple[Any, ...]
    warranty: str
    warranty_family: str


class TicketView(NounView):
    """服务单."""

    noun = "ticket"
    title = _l("服务单")
    unit = _l("张")
    group = "service"
    icon = "ticket"
    model = Ticket
    label = Ticket.number
    joins = ((Customer, Customer.id == Ticket.customer_id),)
    default_order = (Ticket.reported_at.desc(), Ticket.id.desc())
    search_hint = _l("单号、报修人、电话、故障")
    empty = (_l("没有这样的服务单"), _l("客户报修、专员登记后列在这里；也可放宽筛选。"))
    columns = (
        Column("number", _l("服务单"), Ticket.number, kind="id", card="top"),
        Column("reported_at", _l("报修"), Ticket.reported_at, kind="moment", sort=True),
        Column(
            "customer", _l("客户 · 地点"), (Customer.name, Ticket.customer_id, Ticket.place), kind="ref",
            show=lambda v: Ref(v[0], "customer", v[1], v[2] or ""), card="sub",
        ),
        Column("fault", _l("故障现象"), Ticket.fault, card="title"),
        Column(
            "severity", _l("等级"), (Ticket.severity, Ticket.urgency), kind="severity",
            show=lambda v: Level(v[0].value, words(v[1])),
        ),
        Column("status", _l("状态"), Ticket.status, kind="badge", show=badge, card="badge"),
        Column("person", _l("负责人"), load=people, kind="person"),
        Column("clock", _l("最紧的时钟"), load=tightest_bars, kind="clock", card="right"),
    )  # fmt: skip
    filters = (
        DayFilter("reported_at", _l("报修"), Ticket.reported_at, moment=True),
        ChoiceFilter("status", _l("状态"), Ticket.status, codes=TicketState),
        ChoiceFilter("severity", _l("等级"), Ticket.severity, codes=Severity),
        PickFilter("customer", _l("客户"), Ticket.customer_id, noun="customer"),
        PickFilter("device", _l("设备"), Ticket.device_id, noun="device", rare=True),
        ChoiceFilter("mode", _l("方式"), Ticket.mode, codes=ServiceMode, rare=True),
        ChoiceFilter("source", _l("来源"), Ticket.source, codes=TicketSource, rare=True),
        ChoiceFilter("service_type", _l("种类"), Ticket.service_type, codes=ServiceType, rare=True),
    )
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
    )
    form_class = TicketForm
    create_with = staticmethod(create)
    update_with = staticmethod(update)
    create_label = _l("登记服务单")
    verbs = {"create": "ticket.register", "change": "ticket.edit"}
    steps = TICKET_STEPS
    details_template = "noun/ticket.html"
    extra_css = [*NounView.extra_css, "/static/ticket.css"]
    related = (
        Related("form", "ticket", _l("反馈单")),
        Related("call_back", "ticket", _l("回访")),
        Related("expense", "ticket", _l("费用")),
        Related("complaint", "ticket", _l("投诉")),
    )

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
        own = in_charge(row, self.actor)
        return [
            step for step in self.steps
            if step.open(row) and allowed(step.permission, self.actor.roles, own=own)
        ]  # fmt: skip

    def values_of(self, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name, None) for name in TicketForm()._fields}

    def head(self, row: Any) -> Head:
        place = f"{row.customer.name}{' · ' + row.place if row.place else ''}"
        facts = (
            Fact(row.number),
            Fact(place, "building"),
            Fact(
                _("%(level)s 级", level=row.severity.value),
                family="red" if row.severity is Severity.A else "",
            ),
            Fact(words(row.urgency)),
            Fact(people([row.id]).get(row.id, ""), "user"),
            Fact(row.phone, "phone"),
        )
        return Head(row.fault.split("\n")[0][:60], badge(row.status), facts)

    def name_of(self, row: Any) -> str:
        return str(row.number)

    def hub(self, row: Any) -> TicketHub:
        faces = clock_faces([row.id]).get(row.id, ())
        covered = in_warranty_at_report(row)
        end = device_end(row.device) if row.device else None
        text = {
            True: _("在保 至 %(day)s", day=words(end)) if end else _("在保"),
            False: _("过保"), None: _("未选设备"),
        }[covered]  # fmt: skip
        return TicketHub(
            stages(row), tuple(b for b in map(bar, faces) if b), events(row), visits(row), text,
            {True: "green", False: "amber", None: ""}[covered],
        )  # fmt: skip


def stages(row: Ticket) -> tuple[Stage, ...]:
    """The path of states with the moment of each; a ticket of a register tells them by its own times."""
    query = select(TicketEvent.to_state, TicketEvent.at).where(TicketEvent.ticket_id == row.id)
    reached: dict[TicketState, datetime] = dict(
        db.session.execute(query.order_by(TicketEvent.id)).all()
    )
    told = {
        TicketState.REGISTERED: row.reported_at, TicketState.ACCEPTED: row.responded_at,
        TicketState.IN_SERVICE: row.arrived_at, TicketState.SERVED: row.completed_at,
    }  # fmt: skip
    reached = {state: at for state, at in told.items() if at} | reached
    here = PATH.index(row.status) if row.status in PATH else -1
    if row.status is TicketState.WAITING:
        here = PATH.index(TicketState.IN_SERVICE if row.arrived_at else TicketState.DISPATCHED)
    return tuple(
        Stage(
            words(state),
            words(reached.get(state))[5:] if position <= here else "",
            "done" if position < here else "now" if position == here else "later",
        )
        for position, state in enumerate(PATH)
    )


def events(row: Ticket) -> tuple[Happening, ...]:
    """What happened, the latest first."""
    query = (
        select(TicketEvent)
        .options(joinedload(TicketEvent.actor))
        .where(TicketEvent.ticket_id == row.id)
        .order_by(TicketEvent.id.desc())
        .limit(50)
    )
    colours = {
        "wait": "amber",
        "refuse": "amber",
        "cancel": "red",
        "serve": "green",
        "receive_form": "green",
    }
    found = [
        Happening(
            verb_words(e.verb.value),
            e.actor.display_name,
            e.note or "",
            e.at,
            colours.get(e.verb.value, ""),
        )
        for e in db.session.scalars(query).unique()
    ]
    if not found:
        told = (
            (_("完成"), row.completed_at), (_("提交方案"), row.proposed_at), (_("到场"), row.arrived_at),
            (_("响应"), row.responded_at), (_("报修"), row.reported_at),
        )  # fmt: skip
        found = [
            Happening(title, words(row.source) if title == _("报修") else "", "", at, "")
            for title, at in told
            if at
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit with who was there and how its form stands."""

    turn: int
    mode: str
    people: str
    when: str
    what: str
    form: Badge
    form_id: int | None
    visit_id: int


def visits(row: Ticket) -> tuple[VisitRow, ...]:
    """The visits, the latest first."""
    query = (
        select(Visit, FeedbackForm)
        .options(selectinload(Visit.people).joinedload(VisitPerson.employee))
        .outerjoin(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(Visit.ticket_id == row.id)
        .order_by(Visit.turn.desc())
    )
    found = []
    for visit, form in db.session.execute(query):
        start, end = words(visit.started_at), words(visit.ended_at)
        when = f"{start[5:]} – {end[5:] or _('进行中')}" if visit.begun else _("已计划")
        names = "、".join(person.employee.name for person in visit.people)
        what = "；".join(filter(None, (visit.content, visit.result)))
        found.append(
            VisitRow(visit.turn, words(visit.mode), names, when, what, form_badge(form), form.id if form else None, visit.id)
        )  # fmt: skip
    return tuple(found)


def form_badge(form: FeedbackForm | None) -> Badge:
    """How a visit's form stands."""
    if form is None:
        return Badge("amber", _("缺反馈单"))
    if form.disputed_on and not form.cleared_on:
        return Badge("red", _("有疑问"))
    if form.accepted_on:
        return Badge("green", _("完整 · 已审核"))
    return Badge("amber", _("待审核") if form.signed_by else _("待客户签字"))
