"""Contacts at customers: taking them into the file and keeping it right (R2.7)."""

import re
from typing import Any

from flask_babel import gettext as _

from models import db
from models.account import Account
from models.contact import Contact
from models.customer import Customer
from models.site import Site
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing

FIELDS = ("name", "duty", "site_id", "phone", "email", "left_on")


def subject(contact: Contact) -> str:
    """What a contact is called on record, under whatever name: the customer's number, and its own id."""
    return f"{contact.customer.number}/{contact.id}"


def _check(given: dict[str, Any], customer_id: int) -> None:
    if (
        given.get("site_id") is not None
        and found(Site, given["site_id"]).customer_id != customer_id
    ):
        raise Refused(_("这个地点不是该客户的，请重新选择地点。"), status=400, field="site_id")
    email = given.get("email")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise Refused(_("这不像邮箱地址。例如 li@example.com。"), status=400, field="email")


def create_contact(values: Values, *, actor: Account) -> Contact:
    """Take a person at a customer's into the file."""
    with writing():
        authorise(actor, "contact.create")
        given = only(values, ("customer_id", *FIELDS))
        customer = found(Customer, given["customer_id"])
        _check(given, customer.id)
        row = Contact(customer=customer, **{name: given.get(name) for name in FIELDS})
        db.session.add(row)
        db.session.flush()
        record(actor, "create", "contact", subject(row), as_created(given))
    return row


def update_contact(
    contact_id: int, values: Values, *, version: int | None, actor: Account
) -> Contact:
    """Change what is known of a person; who has left keeps his place in the file with the day."""
    with writing():
        authorise(actor, "contact.change")
        row = found(Contact, contact_id)
        given = only(values, FIELDS)
        _check(given, row.customer_id)
        changes = apply_changes(row, given, version)
        if changes:
            record(actor, "change", "contact", subject(row), changes)
    return row
