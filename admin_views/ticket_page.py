"""What a ticket's page draws besides its file: path of states, clocks, visits, timeline (look.md, 04)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views.audit_words import verb_words
from admin_views.noun.column import Badge, short, words
from admin_views.noun.part import Way
from admin_views.page import Family
from admin_views.warranty import Bar as WarrantyBar
from admin_views.warranty import Warranties, bars
from models.account import Account
from models.device import Device
from models.feedback_form import FeedbackForm
from models.ticket import Visit
from rules.clock import ClockState
from rules.ticket import TicketState
from rules.ticket_steps import TicketVerb
from workflows.ticket import device_end, in_warranty_at_report
from workflows.ticket_clocks import ClockFace
from workflows.ticket_sheet import TicketSheet
from workflows.ticket_step import on_visit
from workflows.ticket_timeline import Entry
from workflows.transaction import today

CLOCKS = {"respond": _l("响应"), "onsite": _l("到场"), "propose": _l("方案"), "restore": _l("恢复")}
PATH = (
    TicketState.REGISTERED, TicketState.VERIFIED, TicketState.DISPATCHED, TicketState.ACCEPTED,
    TicketState.IN_SERVICE, TicketState.SERVED, TicketState.FORM_RECEIVED, TicketState.CALLED_BACK,
    TicketState.CLOSED,
)  # fmt: skip
COLOURS = {
    "wait": "amber",
    "refuse": "amber",
    "cancel": "red",
    "serve": "green",
    "receive_form": "green",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock as it is drawn: its name, how full (0 … 100), the colour, and the words beside it."""

    label: str
    share: int
    family: Family
    text: str
    due: str = ""
    done: str = ""


def span(time: timedelta) -> str:
    """A duration as h:mm."""
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def bar(face: ClockFace | None) -> Bar | None:
    """A clock's bar: green below 75 %, amber from there, red once missed, grey while paused (look.md)."""
    if face is None:
        return None
    due = short(face.clock.due)
    label = str(CLOCKS[face.name.value])
    share = min(face.percent, 100)
    match face.state:
        case ClockState.MET:
            return Bar(label, share, "green", _("达标"), due, short(face.clock.done))
        case ClockState.MISSED:
            return Bar(
                label, 100, "red", _("超时 %(time)s", time=span(face.over or timedelta())), due
            )
        case ClockState.PAUSED:
            return Bar(label, share, "grey", _("暂停"), due)
    family: Family = "amber" if face.urgent else "green"
    return Bar(label, share, family, _("剩 %(time)s", time=span(face.left or timedelta())), due)


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
    at: datetime | date
    family: str


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """The device that failed: (noun, id) of it and of its project, who repairs it at whose cost, today."""

    name: str
    serial: str
    ref: tuple[str, int]
    project: str
    project_ref: tuple[str, int]
    maker: str
    warranties: tuple[WarrantyBar, ...]
    gap_days: int


@dataclass(frozen=True, slots=True)
class TicketHub:
    """What a ticket's page draws besides."""

    stages: tuple[Stage, ...]
    clocks: tuple[Bar, ...]
    events: tuple[Happening, ...]
    visits: tuple["VisitRow", ...]
    warranty: str
    warranty_family: str
    device: DeviceCard | None
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit with who was there and how its form stands."""

    turn: int
    mode: str
    people: str
    when: str
    what: str
    form: Badge
    form_ref: tuple[str, int | None]
    ref: tuple[str, int | None]


def form_badge(form: FeedbackForm | None, visit: Visit) -> Badge:
    """How a visit's form stands; before the visit has ended none is missing."""
    if form is None and visit.ended_at is None:
        return Badge("grey", _("未结束") if visit.started_at else _("未开始"))
    if form is None:
        return Badge("amber", _("缺反馈单"))
    if form.disputed_on and not form.cleared_on:
        return Badge("red", _("有疑问"))
    if form.accepted_on:
        return Badge("green", _("完整 · 已审核"))
    return Badge("amber", _("待审核") if form.signed_by else _("待客户签字"))


def hub_of(sheet: TicketSheet, ways: Iterable[Way], seen: Callable[[Visit], bool]) -> TicketHub:
    """All of it, from the ticket's sheet: `ways` lead to its visits and forms, of which those that are `seen` by the reader
    are links."""
    row = sheet.ticket
    covered = in_warranty_at_report(row)
    end = device_end(row.device) if row.device else None
    text = {
        True: _("在保 至 %(day)s", day=words(end)) if end else _("在保"),
        False: _("过保"), None: _("未选设备"),
    }[covered]  # fmt: skip
    return TicketHub(
        _stages(sheet), tuple(b for b in map(bar, sheet.faces) if b), tuple(map(_happening, sheet.entries)),
        tuple(_visit(visit, seen(visit)) for visit in reversed(sheet.visits)), text, {True: "green", False: "amber", None: ""}[covered],
        _device(row.device) if row.device else None, tuple(ways),
    )  # fmt: skip


# What is done on the page of a form, to which forms.
FORM_WAYS = (
    (TicketVerb.RECEIVE_FORM, _l("审核反馈单"), lambda form: form.handed_in),
    (TicketVerb.SETTLE_DISPUTE, _l("处理疑问"), lambda form: form.in_doubt),
)


def ways_on(sheet: TicketSheet, visits: Any, actor: Account) -> Iterator[Way]:
    """What of a ticket is done on another page: its visit's form is written there, a form looked at (R4.2, R4.4)."""
    offered = {offer.verb for offer in sheet.offers}
    if TicketVerb.SUBMIT_FORM in offered and visits is not None:
        step = next(step for step in visits.steps if step.verb == "submit_form")
        due = (visit for visit in sheet.visits if step.open(visit) and on_visit(visit, actor))
        for one in islice(due, 1):
            url = url_for("visit.step_view", pk=one.id, verb=step.verb)
            yield Way(_("填反馈单"), url, "clipboard-check")
    for verb, label, asks in FORM_WAYS:
        if verb in offered:
            for form in islice(filter(asks, sheet.forms), 1):
                url = url_for("form.details_view", pk=form.id)
                yield Way(label, url, "clipboard-check")


def _device(device: Device) -> DeviceCard:
    project = device.project
    found = Warranties(
        project.accepted_on, device_end(device), device.maker_warranty_until, today()
    )
    name = f"{device.name} {device.model or ''}".strip()
    return DeviceCard(
        name, device.serial, ("device", device.id), project.name, ("project", project.id),
        device.maker.name if device.maker else "", bars(found), found.gap_days,
    )  # fmt: skip


def _stages(sheet: TicketSheet) -> tuple[Stage, ...]:
    status = sheet.ticket.status
    here = PATH.index(status) if status in PATH else -1
    if status is TicketState.WAITING:
        begun = sheet.ticket.arrived_at is not None
        here = PATH.index(TicketState.IN_SERVICE if begun else TicketState.DISPATCHED)
    return tuple(
        Stage(
            words(state), short(sheet.times.get(state)) if position <= here else "",
            "done" if position < here else "now" if position == here else "later",
        )
        for position, state in enumerate(PATH)
    )  # fmt: skip


def _happening(entry: Entry) -> Happening:
    family = COLOURS.get(entry.verb.value, "")
    return Happening(verb_words(entry.verb.value), entry.who, entry.note, entry.at, family)


def when_of(visit: Visit) -> str:
    """From when to when a visit was; of an old register only its end may be known."""
    start, end = short(visit.started_at), short(visit.ended_at)
    if not start:
        return _("至 %(end)s", end=end) if end else _("已计划")
    return f"{start} – {end or _('进行中')}"


def _visit(visit: Visit, seen: bool) -> VisitRow:
    names = _("、").join(person.employee.name for person in visit.people)
    what = _("；").join(filter(None, (visit.content, visit.result)))
    form = visit.form
    return VisitRow(
        visit.turn, words(visit.mode), names, when_of(visit), what, form_badge(form, visit),
        ("form", form.id if form and seen else None), ("visit", visit.id if seen else None),
    )  # fmt: skip
