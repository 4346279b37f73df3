"""A month's base pay as found under the company's rules, instead of the rate (R7.1)."""

from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.employee import BasePayEntry, Employee
from models.settlement import Settlement
from rules.period import Month
from rules.settlement_steps import FROZEN
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing


def subject(row: BasePayEntry) -> str:
    """What an entry is called on record: whose, and of which month."""
    return f"{row.employee.number} {row.month}"


def is_settled(month: Month) -> bool:
    """Whether a month's settlement has been submitted, so that its base pay stands."""
    frozen = (Settlement.month == month, Settlement.state.in_(FROZEN))
    return db.session.scalar(select(Settlement.id).where(*frozen)) is not None


def _check(month: Month, amount: Decimal) -> None:
    if is_settled(month):
        sentence = _("%(month)s 已提交结算，不能再改。请先退回该月，或在下月更正", month=month)
        raise Refused(sentence, clause="R7.1", field="month")
    if amount < 0:
        raise Refused(_("应发底薪不能小于 0。"), clause="R7.1", status=400, field="amount")


def create_base_pay(values: Values, *, actor: Account) -> BasePayEntry:
    """Enter what an employee's base pay of a month comes to, with the reason."""
    with writing():
        authorise(actor, "base_pay.create")
        given = only(values, ("employee_id", "month", "amount", "reason"))
        employee = found(Employee, given["employee_id"])
        _check(given["month"], given["amount"])
        same = (
            BasePayEntry.employee_id == employee.id,
            BasePayEntry.month == given["month"],
        )
        if db.session.scalar(select(BasePayEntry.id).where(*same)):
            sentence = _("%(name)s 的 %(month)s 已经核定过，请打开那一条修改。",
                         name=employee.name, month=given["month"])  # fmt: skip
            raise Refused(sentence, field="month")
        row = BasePayEntry(
            employee=employee, month=given["month"], amount=given["amount"], reason=given["reason"]
        )
        db.session.add(row)
        record(actor, "create", "base_pay", subject(row), as_created(given))
    return row


def update_base_pay(
    entry_id: int, values: Values, *, version: int | None, actor: Account
) -> BasePayEntry:
    """Find it anew while the month is not submitted; what it was stays on record."""
    with writing():
        authorise(actor, "base_pay.change")
        row = found(BasePayEntry, entry_id)
        given = only(values, ("amount", "reason"))
        _check(row.month, given.get("amount", row.amount))
        name = subject(row)
        changes = apply_changes(row, given, version)
        if changes:
            record(actor, "change", "base_pay", name, changes)
    return row
