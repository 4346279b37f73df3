"""Accounts on screen: who logs in, in which roles; whatever changes that ends the sessions (R10)."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from models import db
from models.account import Account, AccountRole
from models.employee import Employee
from rules.permissions import Role
from workflows.account import HASHER, check_password, create_account, disable_account
from workflows.audit import record
from workflows.change import Values, apply_changes, found, only
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing


def open_account(values: Values, *, actor: Account) -> Account:
    """Make an account by a form's values."""
    given = only(values, ("username", "roles", "employee_id", "password"))
    employee = db.session.get(Employee, given["employee_id"]) if given.get("employee_id") else None
    return create_account(
        given["username"],
        list(given["roles"]),
        employee_number=employee.number if employee else None,
        password=given["password"],
        actor=actor,
    )


def update_account(
    account_id: int, values: Values, *, version: int | None, actor: Account
) -> Account:
    """Change whose account it is and its roles; other roles end its sessions at the next request."""
    with writing():
        authorise(actor, "account.change")
        row = found(Account, account_id)
        given = only(values, ("employee_id", "roles"))
        roles = frozenset(given.pop("roles", None) or row.roles)
        _keep_an_admin(row, actor, roles)
        changes: dict[str, Any] = dict(apply_changes(row, given, version))
        if roles != row.roles:
            changes["roles"] = [sorted(row.roles), sorted(roles)]
            row.role_rows = [AccountRole(role=role) for role in sorted(roles)]
            row.session_epoch += 1
        if changes:
            record(actor, "change", "account", row.username, changes)
    return row


def _keep_an_admin(row: Account, actor: Account, roles: frozenset[Role]) -> None:
    if Role.ADMIN not in row.roles or Role.ADMIN in roles:
        return
    if row.id == actor.id:
        raise Refused(_("不能去掉自己的系统管理员角色。"), field="roles")
    others = (
        select(func.count())
        .select_from(AccountRole)
        .join(Account, Account.id == AccountRole.account_id)
        .where(AccountRole.role == Role.ADMIN, Account.disabled_at.is_(None), Account.id != row.id)
    )
    if not db.session.scalar(others):
        raise Refused(_("这是最后一个系统管理员，不能去掉这个角色。"), field="roles")


def disable(account_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Disable an account by its id."""
    disable_account(found(Account, account_id).username, actor=actor)


def enable(account_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Let a disabled account log in again."""
    with writing():
        authorise(actor, "account.disable")
        row = found(Account, account_id)
        changes = apply_changes(row, {"disabled_at": None}, version)
        if changes:
            row.failed_logins = 0
            record(actor, "enable", "account", row.username, {})


def set_password(account_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Give an account a new password, which ends its sessions; the password is not on record."""
    with writing():
        authorise(actor, "account.change")
        row = found(Account, account_id)
        apply_changes(row, {}, version)
        check_password(values["password"])
        row.password_hash = HASHER.hash(values["password"])
        row.session_epoch += 1
        row.failed_logins = 0
        record(actor, "set_password", "account", row.username, {})
