"""Logging in and out, and who is asking."""

from urllib.parse import urlsplit

from flask import Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import select

from admin_views.page import LoginPage, Trial
from models import db
from models.account import Account
from workflows.account import FREE_FAILURES, log_in, wait_before_login
from workflows.demonstration import PASSWORD, logins
from workflows.log_in import begin_log_in, end_token, who_is
from workflows.parameter import setting


def here(target: str) -> str:
    """An address of ours to go on to; anything that could lead elsewhere gives the home page."""
    parts = urlsplit(target)
    ours = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not parts.netloc
        and not parts.scheme
    )
    return target if ours and "\\" not in target and target.isprintable() else "/"


def _failed(username: str) -> str:
    """What happens next; the same words whether or not the name exists."""
    account = db.session.scalar(select(Account).where(Account.username == username))
    left = FREE_FAILURES - (account.failed_logins if account else 1)
    if left > 0:
        return _("用户名或密码不对。多次输错后，每次需等待。")
    return _("用户名或密码不对。请稍等片刻再试。")


def register_login(app: Flask) -> None:
    """The log-in manager and its two addresses."""
    manager = LoginManager(app)
    manager.login_view = "login"
    manager.login_message = None

    @manager.user_loader
    def load(identity: str) -> Account | None:
        number, _dot, token = identity.partition(".")
        readable = number.isascii() and number.isdigit() and len(number) < 10
        return who_is(int(number), token) if readable else None

    @app.route("/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        username = request.form.get("username", "").strip()[:64]
        next_url = here(request.values.get("next", "/"))
        error = None
        if request.method == "POST":
            account = _try(username, request.form.get("password", "")[:256])
            if account is not None:
                session.clear()
                agent = request.user_agent.string
                account.log_in_token = begin_log_in(
                    account, address=request.remote_addr or "", browser=agent
                )
                login_user(account)
                return redirect(next_url)
            error = _failed(username)
        page = LoginPage(
            username, error, next_url,
            service_phone=setting("service_phone") or None, complaint_phone=setting("complaint_phone") or None,
            trials=tuple(Trial(t.username, t.name, t.roles[0]) for t in logins()), trial_password=PASSWORD,
        )  # fmt: skip
        return render_template("login.html", page=page), 200 if error is None else 401

    @app.post("/logout")
    def logout() -> ResponseReturnValue:
        end_token(own_token())
        logout_user()
        session.clear()
        return redirect(url_for("login"))


def own_token() -> str:
    """The token of the log-in whose cookie asks."""
    return str(session.get("_user_id", "")).partition(".")[2]


def _try(username: str, password: str) -> Account | None:
    account = db.session.scalar(select(Account).where(Account.username == username))
    if account is not None and wait_before_login(account):
        return None
    return log_in(username, password)
