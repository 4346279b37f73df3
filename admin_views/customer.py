"""Customers: the list, the form, and the page that gathers all that concerns one (R2.7)."""

from typing import Any

from flask import abort, g
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from admin_views import customer_hub
from admin_views.marks import grouped
from admin_views.noun.column import Column
from admin_views.noun.field import Line, Phone, YesNo
from admin_views.noun.filter import YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Figure, Head, Related, Tab
from admin_views.noun.view import NounView
from models.customer import Customer
from rules.permissions import Reach
from workflows.customer import create_customer, update_customer


def town(in_town: bool | None) -> str:
    """The region's words."""
    return _("市内") if in_town else _("市外")


class CustomerForm(NounForm):
    """What of a customer is written down."""

    number = Line(_l("客户编号"), most=40, hint=_l("留空则自动编号。"))
    name = Line(_l("名称"), required=True)
    in_town = YesNo(_l("地区"), yes=_l("市内"), no=_l("市外"), required=True)
    address = Line(_l("地址"), most=200, wide=True, private=True)
    contact = Line(_l("联系人"), most=80)
    phone = Phone(_l("电话"), private=True)
    only_new = ("number",)
    sections = (
        Section(_l("是谁、在哪里"), ("number", "name", "in_town", "address"), _l("地区决定到场时限按市内还是市外计（R3）。")),
        Section(_l("找谁"), ("contact", "phone"), _l("报修时先带出这位联系人。")),
    )  # fmt: skip


class CustomerView(NounView):
    """客户."""

    noun = "customer"
    title = _p("list", "客户")
    one = _l("客户")
    unit = _p("customer", "家")
    group = "customers"
    icon = "building"
    clauses = ("R2.7",)
    model = Customer
    label = Customer.name
    sub = Customer.number
    default_order = (Customer.id.desc(),)
    search_hint = _l("名称、编号、电话、拼音首字母")
    empty = (_l("还没有客户"), _l("登记第一家客户，或导入登记簿后，客户会列在这里。"))
    columns = (
        Column("number", _l("编号"), Customer.number, kind="id", sort=True, card="top"),
        Column("name", _l("名称"), Customer.name, sort=True, card="title"),
        Column("in_town", _l("地区"), Customer.in_town, kind="tag", show=town, card="badge"),
        Column("contact", _l("联系人"), Customer.contact),
        Column("phone", _l("电话"), Customer.phone, kind="phone", private=True),
        Column("address", _l("地址"), Customer.address, card="sub", private=True),
    )
    filters = (YesNoFilter("in_town", _l("地区"), Customer.in_town, yes=_l("市内"), no=_l("市外")),)
    tabs = (
        Tab("all", _l("全部")),
        Tab("in_town", _l("市内"), {"in_town": "yes"}),
        Tab("out_of_town", _l("市外"), {"in_town": "no"}),
    )
    form_class = CustomerForm
    create_with = staticmethod(create_customer)
    update_with = staticmethod(update_customer)
    create_label = _l("登记客户")
    first_tab = "device"
    details_template = "noun/customer.html"
    related = (
        Related(
            "device",
            "customer",
            _p("list", "设备"),
            ("name", "serial", "warranty", "gap", "services"),
        ),
        Related("ticket", "customer", _p("list", "服务单")),
        Related("receivable", "customer", _p("list", "应收款")),
        Related("complaint", "customer", _p("list", "投诉")),
        Related("project", "customer", _p("list", "项目")),
        Related("site", "customer", _p("list", "地点"), ("name", "in_town", "address")),
        Related("contact", "customer", _p("list", "联系人"), ("name", "duty", "phone", "standing")),
    )

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("customer", row.number), ("customers", row.number)]

    def head(self, row: Any) -> Head:
        facts = (
            Fact(row.number),
            Fact(town(row.in_town)),
            Fact(row.contact, "user"),
            Fact(self.private(row, row.phone and grouped(row.phone)), "phone"),
            Fact(self.private(row, row.address), "map-pin"),
        )
        return Head(row.name, facts=facts, figures=self.figures(row))

    def sees(self, verb: str) -> bool:
        """Whether the reader sees all of a kind, so that counts over a customer are true for him."""
        return self.reach_for(verb) is Reach.ALL

    def figures(self, row: Customer) -> list[Figure]:
        """The strip under the title: devices, service, satisfaction, money."""
        found = [customer_hub.device_figure(row.id)]
        if self.sees("ticket.read"):
            service, satisfaction = customer_hub.service_figures(row.id)
            sla = Figure(_("近 12 月 SLA"), "–", load=f"{self.url}/{row.id}/sla/")
            found += [service, sla, satisfaction]
        if self.sees("receivable.read"):
            found.append(customer_hub.money_figure(self.ageing_of(row)))
        return found

    def ageing_of(self, row: Customer) -> customer_hub.Ageing:
        """What the customer owes, asked once per request."""
        if "ageing" not in g:
            g.ageing = customer_hub.ageing(row.id)
        ageing: customer_hub.Ageing = g.ageing
        return ageing

    def permission_of(self, endpoint: str, **arguments: Any) -> str | None:
        return (
            "ticket.read"
            if endpoint == "sla_view"
            else super().permission_of(endpoint, **arguments)
        )

    @expose("/<pk>/sla/")
    def sla_view(self, pk: str) -> ResponseReturnValue:
        """The figure of the promises kept within a year, which the page asks for by itself: it takes some statements."""
        row = self.get_one(pk)
        if not self.sees("ticket.read"):
            abort(403)
        return self.render("noun/figure.html", figure=customer_hub.sla_figure(row.id))

    def hub(self, row: Any) -> Any:
        return {
            "ageing": self.ageing_of(row) if self.sees("receivable.read") else None,
            "complaints": customer_hub.latest_complaints(row.id)
            if self.sees("complaint.read")
            else None,
            "tickets": customer_hub.latest_tickets(row.id) if self.sees("ticket.read") else [],
        }
