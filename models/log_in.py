"""Log-ins: each browser in which somebody is logged in, or was (R10)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Instant, Model


class LogIn(Model):
    """One log-in. The cookie carries a token of which only the hash is kept; ended, the cookie opens nothing.

    It lives while its `epoch` is its account's: what ends all log-ins of an account raises that one.
    """

    __tablename__ = "log_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    epoch: Mapped[int] = mapped_column(server_default="0")
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))
    account: Mapped[Account] = relationship()
