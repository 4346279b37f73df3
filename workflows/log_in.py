"""Log-ins: begun with the right password, each ended by itself, by log-out, or all together (R10)."""

import hashlib
import secrets
from collections.abc import Sequence

from argon2.exceptions import VerificationError
from flask_babel import gettext as _
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from models import db
from models.account import Account
from models.log_in import LogIn
from workflows.account import HASHER, check_password
from workflows.audit import record
from workflows.refusal import Refused
from workflows.transaction import now, writing

SHOWN = 20


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin_log_in(account: Account, *, address: str, browser: str) -> str:
    """Put a log-in on file; the token for its cookie, which is kept nowhere."""
    token = secrets.token_urlsafe(24)
    with writing():
        db.session.add(
            LogIn(
                account_id=account.id, epoch=account.session_epoch, token_hash=_hash(token), begun_at=now(),
                address=address[:64], browser=browser[:200],
            )
        )  # fmt: skip
    return token


# Not ended by itself, nor with all others of its account.
ALIVE = (LogIn.ended_at.is_(None), LogIn.epoch == Account.session_epoch)


# Asked for every page, and so put together once.
WHO = (
    select(Account)
    .join(LogIn, LogIn.account_id == Account.id)
    .where(Account.id == bindparam("account"), LogIn.token_hash == bindparam("token"), *ALIVE)
    .options(joinedload(Account.role_rows))
)


def who_is(account_id: int, token: str) -> Account | None:
    """The account of a cookie, in one statement: active, and its log-in alive."""
    cookie = {"account": account_id, "token": _hash(token)}
    account = db.session.scalars(WHO, cookie).unique().one_or_none()
    return account if account is not None and account.is_active else None


def open_log_ins(actor: Account) -> Sequence[LogIn]:
    """One's own log-ins that are alive, the newest first."""
    query = select(LogIn).join(Account).where(LogIn.account_id == actor.id, *ALIVE)
    return db.session.scalars(query.order_by(LogIn.id.desc()).limit(SHOWN)).all()


def is_this(log_in: LogIn, token: str) -> bool:
    """Whether a log-in is the one of a token."""
    return log_in.token_hash == _hash(token)


def end_log_in(log_in_id: int, *, actor: Account) -> None:
    """End one of one's own log-ins: at its next request that browser is asked for the password."""
    with writing():
        row = db.session.get(LogIn, log_in_id)
        if row is None or row.account_id != actor.id or row.ended_at is not None:
            raise Refused(_("没有这次登录，或已经结束。"), status=404)
        row.ended_at = now()
        record(
            actor, "end_sessions", "account", actor.username, {"from": row.address}, origin="web"
        )


def end_token(token: str) -> None:
    """Log out: a copy of the cookie opens nothing any more."""
    with writing():
        db.session.execute(
            update(LogIn)
            .where(LogIn.token_hash == _hash(token), LogIn.ended_at.is_(None))
            .values(ended_at=now())
        )


def end_others(token: str, *, actor: Account) -> None:
    """End all of one's log-ins but the one of a token."""
    with writing():
        _end_others(token, actor)
        record(actor, "end_sessions", "account", actor.username, {}, origin="web")


def _end_others(token: str, actor: Account) -> None:
    others = (LogIn.account_id == actor.id, LogIn.token_hash != _hash(token))
    db.session.execute(
        update(LogIn).where(*others, LogIn.ended_at.is_(None)).values(ended_at=now())
    )


def change_own_password(old: str, new: str, *, token: str, actor: Account) -> None:
    """Change one's own password, which the old one allows; every other log-in ends."""
    with writing():
        try:
            HASHER.verify(actor.password_hash or "", old)
        except VerificationError as error:
            raise Refused(_("现在的密码不对。"), status=400, field="old") from error
        if old == new:
            raise Refused(_("新密码和现在的一样。"), status=400, field="new")
        try:
            check_password(new)
        except Refused as refused:
            raise Refused(refused.sentence, status=400, field="new") from refused
        actor.password_hash = HASHER.hash(new)
        _end_others(token, actor)
        record(actor, "set_password", "account", actor.username, {}, origin="web")
