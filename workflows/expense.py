"""Expense claims: for an on-site visit of the claimant, approved by the manager (R7.7)."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select

from models import db
from models.account import Account
from models.expense import Expense
from models.ticket import Visit, VisitPerson
from rules.expense import refusal
from rules.expense_steps import CLAIM_STEPS, ClaimVerb
from rules.ticket import ServiceMode
from workflows.audit import record
from workflows.change import Values, apply_changes, found, only
from workflows.document import reason_of
from workflows.numbering import next_number
from workflows.permission import authorise, not_for_oneself, other_person
from workflows.refusal import Refused, Stale
from workflows.transaction import today, writing
from workflows.words import word

FIELDS = (
    "employee_id", "ticket_id", "spent_on", "category", "amount", "reason", "reported_on", "invoice_number", "note",
)  # fmt: skip


def _check(given: dict[str, Any]) -> None:
    """On an on-site visit of the claimant, with a day that has been and an amount > 0 (R7.7)."""
    on_visit = exists().where(
        Visit.id == VisitPerson.visit_id,
        Visit.ticket_id == given["ticket_id"],
        Visit.mode == ServiceMode.ONSITE,
        VisitPerson.employee_id == given["employee_id"],
    )
    if not db.session.scalar(select(on_visit)):
        raise Refused(
            _("不是该员工的现场服务单，不能报销。"), clause="R7.7", status=400, field="ticket_id"
        )
    if given["spent_on"] > today():
        raise Refused(_("日期在今天之后。请填实际发生的日期。"), status=400, field="spent_on")
    if given["amount"] <= 0:
        raise Refused(_("金额须大于 0。"), status=400, field="amount")


def create_expense(values: Values, *, actor: Account) -> Expense:
    """Claim an expense."""
    with writing():
        given = only(values, FIELDS)
        own = actor.employee_id is not None and actor.employee_id == given["employee_id"]
        authorise(actor, "expense.create", own=own)
        _check(given)
        row = Expense(number=next_number("BX", Expense.number), made_by_id=actor.id, **given)
        db.session.add(row)
        record(actor, "create", "expense", row.number, given, origin="web")
    return row


def _begin(expense_id: int, verb: ClaimVerb, actor: Account, version: int | None) -> Expense:
    row = found(Expense, expense_id)
    own = actor.employee_id is not None and row.employee_id == actor.employee_id
    permission = next(s.permission for (_state, known), s in CLAIM_STEPS.items() if known is verb)
    authorise(actor, permission, own=own)
    if version is not None and row.row_version != version:
        raise Stale(_("别人先保存了这条记录。请对照两份内容后再保存。"))
    if (row.state, verb) not in CLAIM_STEPS:
        raise Refused(_("现在是“%(state)s”，不能做这一步。", state=word(row.state)), clause="R7.7")
    return row


def update_expense(
    expense_id: int, values: Values, *, version: int | None, actor: Account
) -> Expense:
    """Change a claim that is not approved; a refused one is thereby claimed anew."""
    with writing():
        row = _begin(expense_id, ClaimVerb.CHANGE, actor, version)
        given = only(values, FIELDS)
        _check(given)
        changes = apply_changes(row, {**given, "refused_on": None}, version)
        record(actor, "change", "expense", row.number, changes, origin="web")
    return row


def _approve(expense_id: int, version: int | None, actor: Account) -> None:
    row = _begin(expense_id, ClaimVerb.APPROVE, actor, version)
    not_for_oneself(actor, row.employee_id, clause="R7.7")
    other_person(actor, row.made_by_id, clause="R7.7")
    if refusal(row.category, row.reason, row.reported_on, row.spent_on) is not None:
        raise Refused(
            _(
                "%(number)s：出租车和货运须紧急或大宗物品，且事前申报，才能报销。请退回。",
                number=row.number,
            ),
            clause="R7.7",
        )
    row.approved_on, row.approved_by_id = today(), actor.id
    record(actor, "approve", "expense", row.number, {"amount": row.amount}, origin="web")


def approve_expense(
    expense_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """The manager approves; a taxi or freight only as R7.7 has it, and nobody his own."""
    with writing():
        _approve(expense_id, version, actor)


def approve_expenses(ids: list[int], values: Values, *, actor: Account) -> None:
    """Approve several claims, all or none."""
    with writing():
        for number in ids:
            _approve(number, None, actor)


def refuse_expense(expense_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Refuse a claim with a reason; the claimant may mend it."""
    with writing():
        row = _begin(expense_id, ClaimVerb.REFUSE, actor, version)
        not_for_oneself(actor, row.employee_id, clause="R7.7")
        row.refused_on, row.refusal = today(), reason_of(values)
        record(actor, "refuse", "expense", row.number, {"reason": row.refusal}, origin="web")


def withdraw_expense(
    expense_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """The claimant withdraws his claim; it stays on record."""
    with writing():
        row = _begin(expense_id, ClaimVerb.WITHDRAW, actor, version)
        row.withdrawn_on = today()
        record(actor, "withdraw", "expense", row.number, {}, origin="web")
