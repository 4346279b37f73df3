"""Asking the table of permissions on behalf of an actor."""

from flask_babel import gettext as _

from models.account import Account
from rules.permissions import allowed
from workflows.refusal import Forbidden


def authorise(actor: Account, verb: str, *, own: bool = False) -> None:
    """Refuse an actor who may not do a verb (R10)."""
    if not actor.is_active or not allowed(verb, actor.roles, own=own):
        raise Forbidden(_("您的角色不能做这一步。请联系有权限的同事。"))
