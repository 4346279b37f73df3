"""Accounts on the command line."""

import sys

import click
from flask.cli import AppGroup

from commands.answer import answers
from rules.permissions import Role
from workflows.account import create_account, disable_account

users = AppGroup("users", help="账号。")


@users.command("create")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([r.value for r in Role]),
)
@click.option("--employee", help="工号。")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="从标准输入读密码；没有密码的账号只能用于命令行。",
)
@answers
def create(name: str, roles: tuple[str, ...], employee: str | None, password_stdin: bool) -> None:
    """建立一个账号。"""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    create_account(
        name,
        [Role(r) for r in roles],
        employee_number=employee,
        password=password,
        actor=None,
    )
    click.echo(f"已建立账号 {name}：{'、'.join(roles)}")


@users.command("disable")
@click.argument("name")
@answers
def disable(name: str) -> None:
    """停用一个账号；它的登录随即失效。"""
    disable_account(name, actor=None)
    click.echo(f"已停用 {name}")
