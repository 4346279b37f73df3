"""Checks the invariants on the whole database."""

import click

from workflows.verify import find_breaches


@click.command("verify")
def verify() -> None:
    """核对整个数据库；每处不符一行。"""
    found = list(find_breaches())
    for breach in found:
        click.echo(breach)
    if found:
        raise SystemExit(1)
    click.echo("核对无误。")
