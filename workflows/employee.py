"""Employees: taking them into the file, and keeping what pay rests on right (R7.1, R7.4)."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.employee import Employee
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing

FIELDS = (
    "name", "kind", "department", "hired_on", "probation_until", "left_on", "base_pay", "phone",
)  # fmt: skip


def _check(values: dict[str, Any]) -> None:
    hired = values["hired_on"]
    for field in ("probation_until", "left_on"):
        day = values.get(field)
        if day is not None and day < hired:
            raise Refused(_("这一天早于入职日期 %(day)s。", day=hired), field=field)


def create_employee(values: Values, *, actor: Account) -> Employee:
    """Take an employee into the file."""
    with writing():
        authorise(actor, "employee.create")
        given = only(values, ("number", *FIELDS))
        if db.session.scalar(select(Employee.id).where(Employee.number == given["number"])):
            raise Refused(_("工号 %(number)s 已有人使用。", number=given["number"]), field="number")
        _check(given)
        row = Employee(**given)
        db.session.add(row)
        record(actor, "create", "employee", row.number, as_created(given))
    return row


def update_employee(
    employee_id: int, values: Values, *, version: int | None, actor: Account
) -> Employee:
    """Change an employee's file; settled months keep what they were settled with."""
    with writing():
        authorise(actor, "employee.change")
        row = found(Employee, employee_id)
        given = only(values, FIELDS)
        _check({name: given.get(name, getattr(row, name)) for name in FIELDS})
        changes = apply_changes(row, given, version)
        if changes:
            record(actor, "change", "employee", row.number, changes)
    return row
