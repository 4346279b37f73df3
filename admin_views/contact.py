"""Contacts: whom to call at a customer's (R2.7)."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy.orm import joinedload

from admin_views.marks import grouped
from admin_views.noun.column import Badge, Column, ref_column
from admin_views.noun.field import Day, Line, Phone, Pick
from admin_views.noun.filter import PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Tab
from admin_views.noun.view import NounView
from models.contact import Contact
from models.customer import Customer
from workflows.contact import create_contact, subject, update_contact


class ContactForm(NounForm):
    """What of a person is written down."""

    customer_id = Pick(_l("客户"), noun="customer", required=True)
    name = Line(_l("姓名"), most=80, required=True)
    duty = Line(_l("职务"), most=80, example=_l("信息科主任"))
    site_id = Pick(_l("客户地点"), noun="site", within="customer")
    phone = Phone(_l("电话"), private=True)
    email = Line(_l("邮箱"), most=120, private=True)
    left_on = Day(_l("离开日期"), hint=_l("此人不再负责的那天；资料保留。"))
    only_new = ("customer_id",)
    sections = (
        Section(_l("是谁"), ("customer_id", "name", "duty", "site_id", "left_on")),
        Section(_l("怎么找"), ("phone", "email")),
    )


def standing(left_on: Any) -> Badge:
    """Whether somebody is still there."""
    return Badge("grey", _("已离开")) if left_on else Badge("green", _("仍在职"))


class ContactView(NounView):
    """联系人."""

    noun = "contact"
    title = _p("list", "联系人")
    one = _l("联系人")
    unit = _p("contact", "人")
    group = "customers"
    icon = "address-book"
    clauses = ("R2.7",)
    model = Contact
    label = Contact.name
    sub = Customer.name
    joins = ((Customer, Customer.id == Contact.customer_id),)
    eager = (joinedload(Contact.customer), joinedload(Contact.site))
    default_order = (Contact.id.desc(),)
    search_hint = _l("姓名、职务、电话、拼音首字母")
    empty = (_l("还没有联系人"), _l("登记客户的联系人后，报修、回访、催收都找得到人。"))
    columns = (
        Column("name", _l("姓名"), Contact.name, kind="id", sort=True, card="title"),
        ref_column("customer", _l("客户"), "customer", Contact.customer_id, Customer.name, card="sub"),
        Column("duty", _l("职务"), Contact.duty),
        Column("phone", _l("电话"), Contact.phone, kind="phone", private=True),
        Column("email", _l("邮箱"), Contact.email, private=True, usual=False),
        Column("standing", _l("状态"), Contact.left_on, kind="badge", show=standing, card="badge"),
    )  # fmt: skip
    filters = (
        PickFilter("customer", _l("客户"), Contact.customer_id, noun="customer"),
        PickFilter("site", _l("客户地点"), Contact.site_id, noun="site", rare=True),
        YesNoFilter(
            "there", _l("仍在职"), Contact.left_on.is_(None), yes=_l("仍在职"), no=_l("已离开")
        ),
    )
    tabs = (Tab("there", _l("仍在职"), {"there": "yes"}), Tab("all", _l("全部")))
    form_class = ContactForm
    create_with = staticmethod(create_contact)
    update_with = staticmethod(update_contact)
    create_label = _l("登记联系人")

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("contact", subject(row))]

    def head(self, row: Any) -> Head:
        facts = (
            Fact(row.duty),
            Fact(row.customer.name, "building", ref=("customer", row.customer_id)),
            Fact(row.site and row.site.name, "map-pin", ref=row.site and ("site", row.site_id)),
            Fact(self.private(row, row.phone and grouped(row.phone)), "phone"),
            Fact(self.private(row, row.email), "mail"),
        )
        return Head(row.name, standing(row.left_on), facts)
