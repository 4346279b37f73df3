"""The demonstration company's mark: its database says that it is one, so that it may show its log-ins."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import literal, select

from models import db
from models.account import Account
from rules.permissions import Role
from workflows.audit import record
from workflows.parameter import save_setting, setting
from workflows.refusal import Refused
from workflows.transaction import writing

MARK = "demonstration"
PASSWORD = "aftercare-demo"  # noqa: S105  (public: the log-in page of a demonstration says it)


@dataclass(frozen=True, slots=True)
class Login:
    """An account that anyone may try."""

    username: str
    name: str
    roles: tuple[Role, ...]


def in_demonstration() -> bool:
    """Whether this database holds the demonstration company, complete or not."""
    return setting(MARK) != ""


def is_complete() -> bool:
    """Whether the demonstration company has been built to its end."""
    return setting(MARK) == "yes"


def is_empty() -> bool:
    """Whether nothing at all has been entered yet."""
    tables = db.metadata.sorted_tables
    return not any(db.session.scalar(select(literal(1)).select_from(t).limit(1)) for t in tables)


def begin_demonstration(settings: dict[str, str]) -> None:
    """Mark an empty database as the demonstration's, with its settings; refused when there are data already."""
    with writing():
        if not is_empty():
            raise Refused(
                _(
                    "数据库里已经有数据。演示公司只建在空的数据库里：请另选 DATABASE_URL，或删去演示用的数据库文件。"
                )
            )
        for name, value in {**settings, MARK: "building"}.items():
            save_setting(name, value)
        record(None, "create", "demonstration", MARK, settings)


def complete_demonstration() -> None:
    """Note that the company is there to its last row."""
    with writing():
        save_setting(MARK, "yes")
        record(None, "complete", "demonstration", MARK, {})


def logins() -> list[Login]:
    """The accounts of the demonstration that can log in, by role; none elsewhere."""
    if not in_demonstration():
        return []
    query = select(Account).where(Account.password_hash.is_not(None), Account.disabled_at.is_(None))
    order = list(Role)
    found = [
        Login(account.username, account.display_name, tuple(sorted(account.roles, key=order.index)))
        for account in db.session.scalars(query.order_by(Account.id))
    ]
    return sorted(found, key=lambda login: [order.index(role) for role in login.roles])
