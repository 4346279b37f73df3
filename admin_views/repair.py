"""Repairs by the maker, step by step (R5)."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from admin_views.documents import (
    CUSTOMER,
    DOCUMENT_FILTERS,
    DOCUMENT_JOINS,
    HANDLER,
    MONEY_TABS,
    NUMBER,
    TOTAL,
    document_eager,
    document_facts,
    found_as_document,
    handled_by,
    open_for,
)
from admin_views.noun.column import Column, badge, ref_column
from admin_views.noun.field import Amount, Day, Line, Pick, Text, YesNo
from admin_views.noun.filter import ChoiceFilter, DayFilter, PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Step, Tab
from admin_views.noun.view import NounView
from models.account import Account
from models.device import Device
from models.receivable import Receivable
from models.repair import Repair
from rules.repair_steps import REPAIR_STEPS, RepairState, RepairVerb
from workflows import repair as repairs
from workflows.desk import Work


class RepairForm(NounForm):
    """What a technician asks for."""

    device_id = Pick(_l("设备"), noun="device", required=True)
    handler_id = Pick(
        _l("申请人"), noun="employee", required=True, hint=_l("收费维修由他负责收款（R5.4）。")
    )
    ticket_id = Pick(_l("服务单"), noun="ticket", within="device")
    sections = (
        Section(_l("修什么"), ("device_id", "ticket_id"), _l("商务随后核对我方与厂商两边的质保（R5.1）。")),
        Section(_l("谁申请"), ("handler_id",)),
    )  # fmt: skip


class CheckForm(NounForm):
    """What the maker said, and whether people did the damage."""

    maker_contact = Text(
        _l("与厂商的联系"), required=True, most=500, wide=True, hint=_l("找谁、何时、能否上门。")
    )
    maker_visits = YesNo(
        _l("厂商能否上门"), yes=_l("上门"), no=_l("不上门"),
        hint=_l("选“未定”按厂商资料。保修期内能上门的不送修（R5.2）。"),
    )  # fmt: skip
    damage_reason = Line(_l("人为损坏的原因"), most=200, wide=True, hint=_l("填了即按收费维修。"))
    sections = (Section("", ("maker_contact", "maker_visits", "damage_reason")),)


class QuoteForm(NounForm):
    """What it costs the customer."""

    fee = Amount(_l("维修费"), required=True)
    freight = Amount(_l("运费"))
    sections = (Section("", ("fee", "freight")),)


class ConfirmForm(NounForm):
    """Who of the customer agreed, and how."""

    confirmed_by = Line(_l("确认人"), required=True, most=80)
    confirmed_how = Line(
        _l("怎么确认"), required=True, most=200, example=_l("电话、邮件、盖章回传")
    )
    sections = (Section("", ("confirmed_by", "confirmed_how")),)


class VisitForm(NounForm):
    """When the maker comes."""

    maker_comes_on = Day(_l("上门日期"), hint=_l("留空为今天。"))
    sections = (Section("", ("maker_comes_on",)),)


class GiveUpForm(NounForm):
    """What the customer owes all the same."""

    fee = Amount(_l("检测费"), hint=_l("不收费留空。"))
    sections = (Section("", ("fee",)),)


class ReturnForm(NounForm):
    """When the device was back."""

    returned_on = Day(_l("返还日期"), hint=_l("留空为今天。"))
    sections = (Section("", ("returned_on",)),)


def _step(
    verb: RepairVerb, label: Any, run: Any, cause: Any, form: Any = None, **look: Any
) -> Step:
    """A step of a repair; all are commerce's."""
    return Step(
        verb.value, label, "repair.handle", run,
        lambda row: _("%(number)s：%(step)s？", number=row.receivable.number, step=label),
        lambda row: (cause,), _open(verb), form, **look,
    )  # fmt: skip


def _open(verb: RepairVerb) -> Callable[[Any], bool]:
    """Whether a repair's state lets a step; what costs nothing is not quoted (R5.2)."""
    lets = open_for(REPAIR_STEPS, verb)
    return lambda row: lets(row) and (verb is not V.QUOTE or row.chargeable is not False)


V = RepairVerb
STEPS = (
    _step(V.CHECK, _l("核对质保"), repairs.check_warranties, _l("系统按两边质保判断是否收费（R5.2）。"), CheckForm, primary=True),
    _step(V.QUOTE, _l("报价"), repairs.quote, _l("收费维修须客户确认后才送修。"), QuoteForm, icon="cash"),
    _step(V.CONFIRM, _l("客户确认"), repairs.confirm_quote, _l("谁、何时、怎么确认都留底（R5.2）。"), ConfirmForm, primary=True),
    _step(V.DECLINE, _l("客户放弃"), repairs.decline_quote, _l("不产生费用。"), danger=True, icon="x"),
    _step(V.MAKER_COMES, _l("厂商上门"), repairs.maker_comes, _l("保内优先厂商上门（R5.1）。"), VisitForm, icon="truck-delivery"),
    _step(V.SEND, _l("送修"), repairs.send, _l("设备寄往厂商。"), icon="send", primary=True),
    _step(V.REPAIR, _l("已修复"), repairs.note_repaired, _l("等待返还客户。"), primary=True),
    _step(V.GIVE_UP, _l("无法修复"), repairs.give_up, _l("可另收检测费。"), GiveUpForm, danger=True, icon="x"),
    _step(V.GIVE_BACK, _l("返还客户"), repairs.give_back, _l("收费维修自返还之日产生应收款（R5.4）。"), ReturnForm, primary=True),
    _step(V.CLOSE, _l("关闭"), repairs.close_repair, _l("关闭后不再变动。"), primary=True),
)  # fmt: skip


class RepairView(NounView):
    """返厂维修."""

    works = (Work.REPAIR,)
    noun = "repair"
    title = _p("list", "返厂维修")
    unit = _p("repair", "单")
    group = "service"
    icon = "refresh"
    clauses = ("R5.1", "R5.2", "R5.3", "R5.4")
    model = Repair
    label = Receivable.number
    sub = Receivable.number
    joins = (
        (Receivable, Receivable.id == Repair.receivable_id),
        (Device, Device.id == Repair.device_id),
        *DOCUMENT_JOINS,
    )
    eager = (*document_eager(Repair.receivable), joinedload(Repair.device))
    default_order = (Repair.id.desc(),)
    search_hint = _l("单号")
    empty = (_l("还没有返厂维修"), _l("技术员申请后列在这里，由商务核对质保并联系厂商。"))
    columns = (
        NUMBER,
        Column("state", _l("状态"), Repair.state, kind="badge", show=badge, card="badge"),
        ref_column("device", _l("设备"), "device", Repair.device_id, Device.name, Device.serial, card="title"),
        CUSTOMER,
        HANDLER,
        Column("requested_on", _l("申请日期"), Repair.requested_on, kind="day"),
        TOTAL,
    )  # fmt: skip
    filters = (
        ChoiceFilter("state", _l("状态"), Repair.state, codes=RepairState),
        DayFilter("requested_on", _l("申请日期"), Repair.requested_on),
        PickFilter("device", _l("设备"), Repair.device_id, noun="device", rare=True),
        *DOCUMENT_FILTERS,
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("requested", _l("待核质保"), {"state": "requested"}),
        Tab("away", _l("在厂商"), {"state": ["sent", "maker_onsite"]}),
        Tab("back", _l("待返还"), {"state": ["repaired", "irreparable"]}),
    )
    form_class = RepairForm
    create_with = staticmethod(repairs.request_repair)
    create_label = _l("申请返修")
    steps = STEPS
    related = MONEY_TABS
    course = (
        ("requested_on", _l("申请日期")), ("checked_on", _l("核对质保")), ("maker_contact", _l("与厂商的联系")),
        ("damage_reason", _l("人为损坏的原因")), ("quoted_on", _l("报价日期")), ("fee", _l("维修费")),
        ("freight", _l("运费")), ("confirmed_on", _l("客户确认日期")), ("confirmed_by", _l("确认人")),
        ("confirmed_how", _l("怎么确认")), ("declined_on", _l("客户放弃")), ("maker_comes_on", _l("厂商上门")),
        ("sent_on", _l("送修日期")), ("repaired_on", _l("已修复")), ("given_up_on", _l("无法修复")),
        ("receivable.arose_on", _l("返还日期")), ("closed_on", _l("关闭日期")),
    )  # fmt: skip

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return found_as_document(Repair.receivable_id)

    def own(self, actor: Account) -> ColumnElement[bool]:
        return handled_by(actor)

    def name_of(self, row: Any) -> str:
        return str(row.receivable.number)

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("repair", row.receivable.number), ("repairs", row.receivable.number)]

    def values_of(self, row: Any) -> dict[str, Any]:
        return super().values_of(row) | {"handler_id": row.receivable.handler_id}

    def head(self, row: Any) -> Head:
        charged = {True: _("收费"), False: _("免费"), None: ""}[row.chargeable]
        facts = (
            Fact(f"{row.device.name} {row.device.serial}", "qrcode", ref=("device", row.device_id)),
            Fact(charged),
            Fact(row.maker_contact, "phone"),
        )
        return Head(
            row.receivable.number, badge(row.state), (*facts, *document_facts(row.receivable))
        )
