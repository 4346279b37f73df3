"""Sites: the places where a customer's devices stand (R2.7)."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy.orm import joinedload

from admin_views.customer import town
from admin_views.noun.column import Column, ref_column
from admin_views.noun.field import Line, Pick, YesNo
from admin_views.noun.filter import PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Related
from admin_views.noun.view import NounView
from models.customer import Customer
from models.site import Site
from workflows.site import create_site, subject, update_site


def region(in_town: bool | None) -> str | None:
    """The region's words; none of its own leaves it to the customer's."""
    return None if in_town is None else town(in_town)


class SiteForm(NounForm):
    """What of a place is written down."""

    customer_id = Pick(_l("客户"), noun="customer", required=True)
    name = Line(_l("地点"), most=80, required=True, example=_l("总部机房"))
    address = Line(_l("地址"), most=200, wide=True, private=True)
    in_town = YesNo(
        _l("地区"), yes=_l("市内"), no=_l("市外"), hint=_l("未定则按客户的地区计到场时限（R3）。")
    )
    note = Line(_l("备注"), most=200, wide=True, example=_l("进门须登记，车停地下二层"))
    only_new = ("customer_id",)
    sections = (
        Section(_l("在哪里"), ("customer_id", "name", "address", "in_town"), _l("同一客户分处市内、市外时，到场时限按地点计。")),
        Section(_l("怎么进"), ("note",), _l("技术员上门前看得到。")),
    )  # fmt: skip


class SiteView(NounView):
    """客户地点."""

    noun = "site"
    title = _p("list", "客户地点")
    one = _l("客户地点")
    unit = _p("site", "处")
    group = "customers"
    icon = "map-pin"
    clauses = ("R2.7", "R3")
    model = Site
    label = Site.name
    sub = Customer.name
    joins = ((Customer, Customer.id == Site.customer_id),)
    eager = (joinedload(Site.customer),)
    default_order = (Site.id.desc(),)
    search_hint = _l("地点、地址、拼音首字母")
    empty = (
        _l("还没有客户地点"),
        _l("客户分处几地时登记地点，报修时可以选，到场时限按地点的地区计。"),
    )
    columns = (
        Column("name", _l("地点"), Site.name, kind="id", sort=True, card="title"),
        ref_column("customer", _l("客户"), "customer", Site.customer_id, Customer.name, card="sub"),
        Column("in_town", _l("地区"), Site.in_town, kind="tag", show=region, card="badge"),
        Column("address", _l("地址"), Site.address, private=True),
        Column("note", _l("备注"), Site.note, usual=False),
    )  # fmt: skip
    filters = (
        PickFilter("customer", _l("客户"), Site.customer_id, noun="customer"),
        YesNoFilter("in_town", _l("地区"), Site.in_town, yes=_l("市内"), no=_l("市外")),
    )
    form_class = SiteForm
    create_with = staticmethod(create_site)
    update_with = staticmethod(update_site)
    create_label = _l("登记地点")
    related = (
        Related("contact", "site", _p("list", "联系人")),
        Related("ticket", "site", _p("list", "服务单")),
    )

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("site", subject(row))]

    def head(self, row: Any) -> Head:
        facts = (
            Fact(row.customer.name, "building", ref=("customer", row.customer_id)),
            Fact(region(row.in_town)),
            Fact(self.private(row, row.address), "map-pin"),
        )
        return Head(row.name, facts=facts)
