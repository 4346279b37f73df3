"""The demonstration company on the command line."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from commands.answer import answers
from commands.serve import say_logins
from seed.company.founding import found_company
from workflows.demonstration import in_demonstration, is_complete, is_empty
from workflows.refusal import Refused
from workflows.transaction import now

demonstration = AppGroup("demonstration", help="演示公司。")


@demonstration.command("create")
@click.option(
    "--months", default=24, type=click.IntRange(2, 60), show_default=True, help="到本月为止的月数。"
)
@click.option(
    "--tickets",
    default=3000,
    type=click.IntRange(10, 100_000),
    show_default=True,
    help="服务单张数。",
)
@click.option("--if-empty", is_flag=True, help="数据库已有数据时什么都不做。")
@answers
def create(months: int, tickets: int, if_empty: bool) -> None:
    """在空的数据库里建立演示公司。"""
    if if_empty and not is_empty():
        _not_half_built()
        return
    click.echo(f"正在建立演示公司：{months} 个月，约 {tickets} 张服务单……")
    found_company(now(), months=months, tickets=tickets, progress=_say)
    if not if_empty:  # the server says them at its end
        say_logins()


def _say(done: int, whole: int, sentence: str) -> None:
    click.echo(f"  [{done:>2}/{whole}] {sentence}")


def _not_half_built() -> None:
    if in_demonstration() and not is_complete():
        raise Refused(
            _(
                "演示公司上次没有建完。请删去它的数据库（默认 instance/aftercare.sqlite），再来一次。"
            )
        )
