"""Devices with their two warranty clocks, and the makers who made them (R1.1, R1.8, R5.1)."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from admin_views.noun.column import Badge, Column, ref_column
from admin_views.noun.details_page import Told
from admin_views.noun.field import Day, Line, Number, Phone, Pick, YesNo
from admin_views.noun.filter import DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Related, Tab
from admin_views.noun.view import NounView
from admin_views.warranty import WARRANTY, Warranties, bars, show_bars, warranties
from models import db
from models.base import Instant
from models.customer import Customer
from models.device import Device, Maker, WarrantyExtension
from models.project import Project
from models.ticket import Ticket
from rules.warranty import DEFAULT_MONTHS
from workflows.device import create_device, create_maker, update_device, update_maker
from workflows.transaction import now, today

# How many tickets a device had within the last year.
SERVICES = (
    select(func.count())
    .where(
        Ticket.device_id == Device.id,
        Ticket.reported_at >= bindparam(None, callable_=lambda: now() - timedelta(days=365), type_=Instant),
    )
    .correlate(Device)
    .scalar_subquery()
)  # fmt: skip


class DeviceForm(NounForm):
    """What of a device is written down."""

    serial = Line(_l("序列号"), most=80, required=True)
    name = Line(_l("设备"), required=True, example=_l("精密空调 CRV-40"))
    model = Line(_l("型号"), most=80)
    maker_id = Pick(_l("厂商"), noun="maker")
    project_id = Pick(_l("项目"), noun="project", required=True)
    warranty_months = Number(_l("质保月数"), least=1, most=600, hint=_l("留空按项目的月数。"))
    maker_warranty_until = Day(_l("厂商质保至"), hint=_l("我方决定谁付钱，厂商决定谁动手。"))
    only_new = ("serial",)
    sections = (
        Section(_l("是什么"), ("serial", "name", "model", "maker_id"), _l("一个序列号就是一台设备，登记后不改。")),
        Section(_l("质保"), ("project_id", "warranty_months", "maker_warranty_until"), _l("我方质保从项目终验合格日起算（R1.1）。")),
    )  # fmt: skip


class DeviceView(NounView):
    """设备."""

    noun = "device"
    title = _p("list", "设备")
    one = _l("设备")
    unit = _p("device", "台")
    group = "customers"
    icon = "server"
    clauses = ("R1.1", "R1.3", "R1.8")
    model = Device
    label = Device.serial
    sub = Device.name
    joins = (
        (Project, Project.id == Device.project_id),
        (Customer, Customer.id == Project.customer_id),
        (Maker, Maker.id == Device.maker_id),
    )
    default_order = (Device.id.desc(),)
    search_hint = _l("设备、序列号、型号")
    empty = (_l("还没有设备"), _l("项目交付的硬件和软件登记后列在这里。"))
    columns = (
        Column("name", _l("设备"), Device.name, card="title"),
        Column("serial", _l("序列号"), Device.serial, kind="id", sort=True, card="top"),
        ref_column("customer", _l("客户"), "customer", Customer.id, Customer.name, card="sub"),
        ref_column("project", _l("项目"), "project", Project.id, Project.name, card="", usual=False),
        Column("maker", _l("厂商"), Maker.name, card=""),
        Column("warranty", _l("我方质保 / 厂商质保"), WARRANTY, kind="clocks", show=show_bars),
        Column("gap", _l("缺口天数"), WARRANTY, kind="count", show=lambda v: warranties(v).gap_days),
        Column("services", _l("一年内服务"), SERVICES, kind="count", card=""),
    )  # fmt: skip
    filters = (
        PickFilter("customer", _l("客户"), Project.customer_id, noun="customer"),
        PickFilter("project", _l("项目"), Device.project_id, noun="project"),
        PickFilter("maker", _l("厂商"), Device.maker_id, noun="maker"),
        DayFilter("maker_until", _l("厂商质保至"), Device.maker_warranty_until),
        DayFilter("accepted", _l("验收"), Project.accepted_on, rare=True),
        YesNoFilter("in_town", _l("地区"), Customer.in_town, yes=_l("市内"), no=_l("市外"), rare=True),
    )  # fmt: skip
    tabs = (
        Tab("all", _l("全部")),
        Tab("maker_ends", _l("厂商质保 30 天内到期"), lambda actor: {"maker_until_from": today(), "maker_until_to": today() + timedelta(days=30)}),
    )  # fmt: skip
    eager = (joinedload(Device.maker), joinedload(Device.project).joinedload(Project.customer))
    form_class = DeviceForm
    create_with = staticmethod(create_device)
    update_with = staticmethod(update_device)
    create_label = _l("登记设备")
    related = (
        Related("ticket", "device", _p("list", "服务单")),
        Related("repair", "device", _p("list", "返厂维修")),
        Related("parts_sale", "device", _p("list", "配件")),
    )
    details_template = "noun/device.html"

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("device", row.serial), ("devices", row.serial)]

    def head(self, row: Any) -> Head:
        found = self.warranties_of(row)
        badge = Badge("green", _("在保")) if found.ours else Badge("grey", _("过保"))
        facts = (
            Fact(_("序列号 %(serial)s", serial=row.serial)),
            Fact(row.model),
            Fact(row.project.customer.name, "building", ref=("customer", row.project.customer_id)),
            Fact(row.project.name, "folder", ref=("project", row.project_id)),
            Fact(
                row.maker.name if row.maker else None,
                "building-factory-2",
                ref=("maker", row.maker_id or 0),
            ),
        )
        return Head(row.name, badge, facts)

    def warranties_of(self, row: Device) -> Warranties:
        """The two warranties of one device."""
        query = self.joined(select(*WARRANTY).select_from(Device)).where(Device.id == row.id)
        return warranties(tuple(db.session.execute(query).one()))

    def file(self, row: Any) -> list[tuple[Section, list[Told]]]:
        """A device without months of its own follows its project, and says so (R1.1)."""
        months = row.project.warranty_months
        follows = _("随项目，%(n)s 个月", n=DEFAULT_MONTHS if months is None else months)

        def told(one: Told) -> Told:
            own = one.text or one.label != _("质保月数")
            return one if own else one._replace(text=follows)

        return [(section, [told(one) for one in some]) for section, some in super().file(row)]

    def hub(self, row: Any) -> Any:
        found = self.warranties_of(row)
        query = (
            select(Ticket.id, Ticket.number, WarrantyExtension.days)
            .join(WarrantyExtension, WarrantyExtension.ticket_id == Ticket.id)
            .where(WarrantyExtension.device_id == row.id)
            .order_by(Ticket.id)
        )
        return {"bars": bars(found), "found": found, "extensions": db.session.execute(query).all()}


class MakerForm(NounForm):
    """What of a maker is written down."""

    name = Line(_l("名称"), most=80, required=True)
    onsite_service = YesNo(_l("厂商上门服务"), yes=_l("上门"), no=_l("不上门"))
    contact = Line(_l("联系人"), most=80)
    phone = Phone(_l("电话"))
    sections = (Section(_l("厂商"), ("name", "onsite_service", "contact", "phone"), _l("在保设备优先请厂商上门（R5.1）。")),)  # fmt: skip


class MakerView(NounView):
    """厂商."""

    noun = "maker"
    title = _p("list", "厂商")
    one = _l("厂商")
    unit = _p("maker", "家")
    group = "customers"
    icon = "building-factory-2"
    clauses = ("R1.8",)
    model = Maker
    label = Maker.name
    default_order = (Maker.name, Maker.id)
    search_hint = _l("名称、电话、拼音首字母")
    empty = (_l("还没有厂商"), _l("设备的厂商登记后列在这里。"))
    columns = (
        Column("name", _l("名称"), Maker.name, sort=True, card="title"),
        Column(
            "onsite_service",
            _l("上门服务"),
            Maker.onsite_service,
            kind="tag",
            show=lambda v: None if v is None else (_("上门") if v else _("不上门")),
        ),
        Column("contact", _l("联系人"), Maker.contact),
        Column("phone", _l("电话"), Maker.phone, kind="phone"),
    )
    filters = (YesNoFilter("onsite", _l("上门服务"), Maker.onsite_service),)
    form_class = MakerForm
    create_with = staticmethod(create_maker)
    update_with = staticmethod(update_maker)
    create_label = _l("登记厂商")
    related = (Related("device", "maker", _p("list", "设备")),)
