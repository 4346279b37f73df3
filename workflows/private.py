"""Asking for what is masked: the reason goes on record before it is shown (trust.md, People and data)."""

from flask_babel import gettext as _

from models.account import Account
from workflows.audit import record
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing

SHORTEST, LONGEST = 4, 200


def reveal(noun: str, subject: str, reason: str, *, actor: Account) -> None:
    """Put on record who wanted to see a record's private values, and why."""
    reason = reason.strip()
    if not SHORTEST <= len(reason) <= LONGEST or not reason.isprintable():
        raise Refused(_("请写明查看的理由，4 至 200 个字。"), status=400)
    with writing():
        authorise(actor, "private.reveal")
        record(actor, "reveal", noun, subject, {"reason": reason})
