"""Asking the table of permissions on behalf of an actor, and keeping two signatures two people's."""

from collections.abc import Callable

from flask_babel import gettext as _

from models import db
from models.account import Account
from rules.permissions import Reach, allowed, reach
from workflows.refusal import Forbidden


def authorise(actor: Account, verb: str, *, own: bool | Callable[[], bool] = False) -> None:
    """Refuse an actor who may not do a verb (R10); whether it is his own is asked only where that decides."""
    if callable(own):
        own = reach(verb, actor.roles) is Reach.OWN and own()
    if not actor.is_active or not allowed(verb, actor.roles, own=own):
        raise Forbidden(_("您的角色不能做这一步。请联系有权限的同事。"))


def same_person(first: Account, second: Account) -> bool:
    """Whether two accounts are one person's: the same account, or accounts of the same employee."""
    return first.id == second.id or (
        first.employee_id is not None and first.employee_id == second.employee_id
    )


def other_person(actor: Account, maker_id: int | None, *, clause: str = "R10") -> None:
    """Refuse an actor who made what he is about to approve, under whichever account (R10)."""
    maker = None if maker_id is None else db.session.get(Account, maker_id)
    if maker is not None and same_person(actor, maker):
        raise Forbidden(_("这是您自己提出的，须由另一个人批准。"), clause=clause)


def not_for_oneself(actor: Account, employee_id: int | None, *, clause: str = "R10") -> None:
    """Refuse an actor whom the matter itself concerns."""
    if employee_id is not None and actor.employee_id == employee_id:
        raise Forbidden(_("这件事涉及您本人，须由别人决定。"), clause=clause)
