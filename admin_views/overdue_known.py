"""Whose overdue cases and whose pay a reader may see (R10)."""

from models.account import Account
from rules.permissions import Reach, allowed, reach


def own_only(actor: Account) -> int | None:
    """The employee to whose cases the reader is confined (0: nobody's); None if he sees all."""
    far = reach("overdue.read", actor.roles)
    return None if far is Reach.ALL else (actor.employee_id or 0)


def sees_pay(actor: Account, employee_id: int | None) -> bool:
    """Whether the reader may see what is taken from an employee's pay, None: from everyone's (R10)."""
    own = employee_id is not None and actor.employee_id == employee_id
    return allowed("settlement.read", actor.roles, own=own)
