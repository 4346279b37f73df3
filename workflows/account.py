"""Accounts: creating them, and checking a log-in."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account, AccountRole
from models.employee import Employee
from rules.permissions import Role
from workflows.audit import record
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import now, writing

HASHER = PasswordHasher()
SHORTEST_PASSWORD = 12
FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=5)
COMMON = {
    "password1234",
    "123456789012",
    "aaaaaaaaaaaa",
    "qwertyuiop12",
    "admin1234567",
}
# Unknown names take as long as known ones.
NOBODY = HASHER.hash("nobody has this password")


def check_password(password: str) -> None:
    """Refuse a password that is too short or among the commonest."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(_("密码至少 12 个字符。可以用几个词连成一句。"), status=400)
    if password.lower() in COMMON or len(set(password)) < 4:
        raise Refused(_("这个密码太常见。请换一个只有您知道的。"), status=400)


def create_account(
    username: str,
    roles: list[Role],
    *,
    employee_number: str | None,
    password: str | None,
    actor: Account | None,
    hashed: str | None = None,
) -> Account:
    """Make an account; without a password it can act on the command line only.

    `hashed` is the password's hash, where it has been made already.

    An actor of None is the command line itself, whose user owns the machine.
    """
    if password is not None:
        check_password(password)
        hashed = hashed or HASHER.hash(password)
    with writing():
        if actor is not None:
            authorise(actor, "account.create")
        if db.session.scalar(select(Account.id).where(Account.username == username)):
            sentence = _("账号 %(name)s 已经有了。请换一个名字。", name=username)
            raise Refused(sentence, field="username")
        employee = None
        if employee_number is not None:
            employee = db.session.scalar(select(Employee).where(Employee.number == employee_number))
            if employee is None:
                raise Refused(_("没有工号 %(number)s。请先登记员工。", number=employee_number))
        account = Account(
            username=username,
            password_hash=hashed if password is not None else None,
            employee=employee,
            role_rows=[AccountRole(role=role) for role in dict.fromkeys(roles)],
        )
        db.session.add(account)
        db.session.flush()
        details = {"roles": sorted(roles), "employee": employee_number}
        record(actor, "create", "account", username, details)
    return account


def account_named(username: str) -> Account:
    """The active account of a name; refused when there is none."""
    account: Account | None = db.session.scalar(select(Account).where(Account.username == username))
    if account is None or not account.is_active:
        raise Refused(_("没有可用的账号 %(name)s。请先用 users create 建立。", name=username))
    return account


def wait_before_login(account: Account) -> timedelta:
    """How long this account still waits after failures; the owner is slowed, never locked out."""
    if account.failed_logins < FREE_FAILURES or account.last_failed_at is None:
        return timedelta()
    pause = min(
        timedelta(seconds=2 ** (account.failed_logins - FREE_FAILURES + 1)),
        LONGEST_WAIT,
    )
    return max(account.last_failed_at + pause - now(), timedelta())


def log_in(username: str, password: str) -> Account | None:
    """The account if the password is right; None, equally slowly, if not."""
    account = db.session.scalar(select(Account).where(Account.username == username))
    kept = account.password_hash if account and account.password_hash else NOBODY
    try:
        HASHER.verify(kept, password)
        right = account is not None and account.password_hash is not None and account.is_active
    except VerificationError:
        right = False
    if account is None or (right and not account.failed_logins):
        return account if right else None
    with writing():
        account.failed_logins = 0 if right else account.failed_logins + 1
        account.last_failed_at = None if right else now()
        record(
            account,
            "log_in" if right else "log_in_failed",
            "account",
            username,
            {},
            origin="web",
        )
    return account if right else None


def check_not_own(account: Account, actor: Account) -> None:
    """Refuse to disable oneself: one would be locked out at once, and perhaps nobody left to undo it."""
    if account.id == actor.id:
        raise Refused(_("不能停用自己的账号。请让另一位管理员来做。"))


def disable_account(username: str, *, actor: Account | None) -> None:
    """Disable an account; its sessions end with the next request."""
    with writing():
        if actor is not None:
            authorise(actor, "account.disable")
        account = account_named(username)
        if actor is not None:
            check_not_own(account, actor)
        account.disabled_at = now()
        account.session_epoch += 1
        record(actor, "disable", "account", username, {})
