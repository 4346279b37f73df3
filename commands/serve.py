"""Runs the server."""

import os

import click
import waitress
from flask import current_app
from flask.cli import with_appcontext

from commands.answer import answers
from commands.readiness import make_ready
from workflows.demonstration import PASSWORD, logins
from workflows.words import word


@click.command("serve")
@with_appcontext
@answers
def serve() -> None:
    """在本机启动服务（HOST、PORT）。"""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    make_ready(app)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    for login in logins():
        roles = "、".join(word(role) for role in login.roles)
        click.echo(f"  {login.username:<14} {roles:　<6} {login.name}")
    if logins():
        click.echo(f"演示公司的账号如上，密码都是 {PASSWORD}")
    click.echo(f"Aftercare · 售后服务管理系统  http://{host}:{port}/")
    waitress.serve(app, host=host, port=port, threads=8)
