"""Write-offs (坏账核销): proposed by the manager, approved by the leader; the employee's liability stays (R6.6)."""

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.receivable import Receivable, WriteOff
from rules.clause import implements
from workflows.audit import record
from workflows.change import Values, found
from workflows.document import reason_of
from workflows.permission import authorise, not_for_oneself, other_person
from workflows.receivable import paid_so_far
from workflows.refusal import Refused
from workflows.transaction import today, writing


def write_off_of(receivable_id: int) -> WriteOff | None:
    """The write-off of a receivable, proposed or approved."""
    return db.session.scalar(select(WriteOff).where(WriteOff.receivable_id == receivable_id))


@implements("R6.6")
def propose_write_off(
    receivable_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """The manager proposes to give up what is still open."""
    with writing():
        authorise(actor, "write_off.propose")
        receivable = found(Receivable, receivable_id)
        not_for_oneself(actor, receivable.handler_id, clause="R6.6")
        left = receivable.total - paid_so_far(receivable)
        if receivable.arose_on is None or left <= 0:
            raise Refused(_("没有未收的款项，不用核销。"), clause="R6.6")
        if write_off_of(receivable.id) is not None:
            raise Refused(_("这笔应收款已经提出核销。"), clause="R6.6")
        row = WriteOff(
            receivable_id=receivable.id, amount=left, reason=reason_of(values),
            proposed_by_id=actor.id, proposed_on=today(),
        )  # fmt: skip
        db.session.add(row)
        details = {"amount": left, "reason": row.reason}
        record(actor, "propose", "write_off", receivable.number, details, origin="web")


def _proposed(receivable_id: int, actor: Account) -> WriteOff:
    authorise(actor, "write_off.approve")
    row = write_off_of(receivable_id)
    if row is None or row.approved_on is not None:
        raise Refused(_("没有待批准的核销。"), clause="R6.6")
    not_for_oneself(actor, row.receivable.handler_id, clause="R6.6")
    return row


@implements("R6.6")
def approve_write_off(
    receivable_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """The leader approves; what is open no longer counts as owed by the customer."""
    with writing():
        row = _proposed(receivable_id, actor)
        other_person(actor, row.proposed_by_id, clause="R6.6")
        if row.amount != row.receivable.total - paid_so_far(row.receivable):
            raise Refused(_("提出核销之后又有收款。请退回，由经理重新提出。"), clause="R6.6")
        row.approved_by_id, row.approved_on = actor.id, today()
        number = row.receivable.number
        record(actor, "approve", "write_off", number, {"amount": row.amount}, origin="web")


def refuse_write_off(
    receivable_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """The leader refuses a write-off with a reason; the receivable stays open."""
    with writing():
        row = _proposed(receivable_id, actor)
        number, reason = row.receivable.number, reason_of(values)
        db.session.delete(row)
        record(actor, "refuse", "write_off", number, {"reason": reason}, origin="web")
