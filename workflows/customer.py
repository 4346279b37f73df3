"""Customers: taking them into the file and keeping it right (R2.7)."""

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.customer import Customer
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.numbering import next_in_file
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing

FIELDS = ("name", "in_town", "address", "contact", "phone")
PREFIX = "KH-"


def create_customer(values: Values, *, actor: Account) -> Customer:
    """Take a customer into the file; without a number of his own he gets the next."""
    with writing():
        authorise(actor, "customer.create")
        given = only(values, ("number", *FIELDS))
        given["number"] = given.get("number") or next_in_file(PREFIX, Customer.number)
        if db.session.scalar(select(Customer.id).where(Customer.number == given["number"])):
            sentence = _("编号 %(number)s 已有客户使用。", number=given["number"])
            raise Refused(sentence, field="number")
        row = Customer(**given)
        db.session.add(row)
        record(actor, "create", "customer", row.number, as_created(given))
    return row


def update_customer(
    customer_id: int, values: Values, *, version: int | None, actor: Account
) -> Customer:
    """Change a customer's file."""
    with writing():
        authorise(actor, "customer.change")
        row = found(Customer, customer_id)
        changes = apply_changes(row, only(values, FIELDS), version)
        if changes:
            record(actor, "change", "customer", row.number, changes)
    return row
