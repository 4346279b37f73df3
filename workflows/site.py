"""Sites of customers: taking them into the file and keeping it right (R2.7, R3)."""

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.customer import Customer
from models.site import Site
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing

FIELDS = ("name", "address", "in_town", "note")


def subject(site: Site) -> str:
    """What a site is called on record, under whatever name: its customer's number, and its own id."""
    return f"{site.customer.number}/{site.id}"


def _only_one(customer_id: int, name: str, besides: int | None = None) -> None:
    same = (Site.customer_id == customer_id, Site.name == name, Site.id != (besides or 0))
    if db.session.scalar(select(Site.id).where(*same)):
        raise Refused(_("这个客户已有地点“%(name)s”。", name=name), field="name")


def create_site(values: Values, *, actor: Account) -> Site:
    """Take a place of a customer into the file."""
    with writing():
        authorise(actor, "site.create")
        given = only(values, ("customer_id", *FIELDS))
        customer = found(Customer, given["customer_id"])
        _only_one(customer.id, given["name"])
        row = Site(customer=customer, **{name: given.get(name) for name in FIELDS})
        db.session.add(row)
        db.session.flush()
        record(actor, "create", "site", subject(row), as_created(given))
    return row


def update_site(site_id: int, values: Values, *, version: int | None, actor: Account) -> Site:
    """Change what is known of a place; a region changed counts for the clocks of its open tickets too."""
    with writing():
        authorise(actor, "site.change")
        row = found(Site, site_id)
        given = only(values, FIELDS)
        _only_one(row.customer_id, given.get("name", row.name), row.id)
        changes = apply_changes(row, given, version)
        if changes:
            record(actor, "change", "site", subject(row), changes)
    return row
