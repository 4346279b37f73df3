"""Accounts: who logs in, in which roles, as which employee (R10)."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Instant, Model, Noun, code
from models.employee import Employee
from rules.permissions import Role


class Account(Noun, UserMixin, Model):
    """Who may log in. `session_epoch` rises whenever all its log-ins must end.

    `log_in_token` is the token of the log-in that asks, for its cookie; it is not kept here.
    """

    log_in_token = ""

    __tablename__ = "accounts"
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    employee_id: Mapped[int | None] = mapped_column(
        ForeignKey("employees.id", ondelete="RESTRICT"), index=True
    )
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    session_epoch: Mapped[int] = mapped_column(default=1, server_default="1")
    failed_logins: Mapped[int] = mapped_column(default=0, server_default="0")
    last_failed_at: Mapped[datetime | None] = mapped_column(Instant)
    language: Mapped[str | None] = mapped_column(String(16))
    employee: Mapped[Employee | None] = relationship(lazy="joined")
    role_rows: Mapped[list["AccountRole"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", back_populates="account"
    )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(row.role for row in self.role_rows)

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def display_name(self) -> str:
        return self.employee.name if self.employee else self.username

    def get_id(self) -> str:
        """What the session cookie carries: it dies with its log-in."""
        return f"{self.id}.{self.log_in_token}"


class AccountRole(Model):
    """One role of one account."""

    __tablename__ = "account_roles"
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[Role] = mapped_column(code(Role), primary_key=True)
    account: Mapped[Account] = relationship(back_populates="role_rows")
