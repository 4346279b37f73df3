"""The first page of who looks after the accounts: which need a look, whose log-ins failed, who is logged in (R10)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, exists, func, select

from admin_views.audit_words import origin_words
from admin_views.page import Link
from models import db
from models.account import Account
from models.audit import AuditRecord
from models.log_in import LogIn
from rules.period import SHANGHAI
from workflows.log_in import ALIVE
from workflows.transaction import today

MOST = 6
WEEK = timedelta(days=7)
ACTIVE = Account.disabled_at.is_(None)
FAILED = (AuditRecord.noun == "account", AuditRecord.verb == "log_in_failed")


@dataclass(frozen=True, slots=True)
class Failure:
    """A log-in that failed: as whom, from where, when."""

    name: str
    url: str
    origin: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Some:
    """Accounts that have something in common: how many, and the first of them."""

    count: int
    first: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AccountsCard:
    """Accounts with a password by which nobody ever logged in, accounts of no employee, and the latest failures."""

    never: Some
    nobodys: Some
    failures: tuple[Failure, ...]
    failures_url: str


@dataclass(frozen=True, slots=True)
class AccountNumbers:
    """How many accounts there are of each kind, log-ins that are alive, and failures within a week."""

    active: int
    disabled: int
    alive: int
    failed: int
    failed_url: str


def account_numbers() -> AccountNumbers:
    """The figures, in one statement."""
    since = today() - WEEK
    recent = AuditRecord.at >= datetime.combine(since, time(), SHANGHAI)
    alive = select(func.count()).select_from(LogIn).join(Account).where(*ALIVE, ACTIVE)
    active, disabled, logged_in, failed = db.session.execute(
        select(
            _number(Account, ACTIVE), _number(Account, ~ACTIVE), alive.scalar_subquery(),
            _number(AuditRecord, *FAILED, recent),
        )
    ).one()  # fmt: skip
    asked = urlencode({"verb": "log_in_failed", "at_from": since.isoformat()})
    return AccountNumbers(active, disabled, logged_in, failed, f"/admin/audit/?{asked}")


def accounts_card() -> AccountsCard:
    """What of the accounts wants a look."""
    ever = exists().where(LogIn.account_id == Account.id)
    latest = select(AuditRecord).where(*FAILED).order_by(AuditRecord.id.desc()).limit(MOST)
    failures = tuple(
        Failure(row.subject, f"/admin/audit/{row.id}/", origin_words(row.origin), row.at)
        for row in db.session.scalars(latest)
    )
    return AccountsCard(
        _some(ACTIVE, Account.password_hash.is_not(None), ~ever),
        _some(ACTIVE, Account.employee_id.is_(None)),
        failures, "/admin/audit/?verb=log_in_failed",
    )  # fmt: skip


def _number(model: Any, *conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()


def _some(*conditions: ColumnElement[bool]) -> Some:
    query = select(Account.id, Account.username, func.count().over()).where(*conditions)
    rows = db.session.execute(query.order_by(Account.username).limit(MOST)).all()
    links = tuple(Link(name, f"/admin/account/{number}/") for number, name, _count in rows)
    return Some(rows[0][2] if rows else 0, links)
