"""Opens the overdue cases that are due, as a nightly job does."""

import click
from flask.cli import AppGroup

from workflows.overdue_case import open_cases

overdue = AppGroup("overdue", help="逾期应收扣款。")


@overdue.command("open")
def open_due() -> None:
    """给到期未付清的应收款立案；查明按期付清的撤案。可以每天执行。"""
    click.echo(f"新立案 {open_cases()} 件。")
