"""Runs the server."""

import gc
import os
from contextlib import suppress

import click
import waitress
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy.exc import DatabaseError

from commands.answer import answers
from commands.readiness import make_ready
from models import db
from models.engine import map_file
from workflows.demonstration import PASSWORD, is_empty, logins
from workflows.refusal import Refused
from workflows.search import merge_parts
from workflows.transaction import writing
from workflows.words import word


@click.command("serve")
@with_appcontext
@answers
def serve() -> None:
    """在本机启动服务（HOST、PORT）。"""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    make_ready(app)
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    try:
        server = waitress.create_server(app, host=host, port=int(port), threads=8, ident=None)
    except (OSError, ValueError):
        raise Refused(
            _("不能在 %(host)s:%(port)s 上启动：地址不对，或已被占用。请换一个，例如 PORT=8001。",
              host=host, port=port)
        ) from None  # fmt: skip
    say_logins()
    if is_empty():
        click.echo(
            "数据库是空的。先建管理员：flask --app app users create 名字 --role admin --password-stdin"
        )
    click.echo(f"Aftercare · 售后服务管理系统  http://{host}:{port}/")
    # Where it cannot be written (a full disk), pages are answered all the same.
    with suppress(DatabaseError, OSError), writing():
        merge_parts()
    map_file(db.engine)
    settle_memory()
    server.run()


def settle_memory() -> None:
    """Take what was loaded once out of the garbage collector's sight: going through it halts every page for a while."""
    gc.collect()
    gc.freeze()


def say_logins() -> None:
    """The demonstration's log-ins; nothing on any other database."""
    found = logins()
    for login in found:
        roles = "、".join(word(role) for role in login.roles)
        click.echo(f"  {login.username:<14}{roles:　<6}{login.name}")
    if found:
        click.echo(f"以上是演示公司的账号，密码都是 {PASSWORD}")
