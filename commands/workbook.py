"""The register on the command line (workbook.md)."""

import hashlib
from pathlib import Path

import click
from flask.cli import AppGroup

from commands.answer import answers
from seed.sheets import SHEETS
from seed.workbook_headings import Layout
from seed.workbook_mark import mark_faults
from seed.workbook_reader import read_workbook
from seed.workbook_template import write_template
from workflows.account import account_named
from workflows.register import Fault, Outcome
from workflows.register_import import import_register, summary

workbook = AppGroup("workbook", help="登记簿（Excel）。")
NAMES = {sheet.key: sheet.name for sheet in SHEETS}
FILE = click.Path(path_type=Path)


@workbook.command("template")
@click.argument("file", type=FILE)
@answers
def template(file: Path) -> None:
    """写一份空的登记簿。"""
    write_template(file)
    click.echo(f"已写好空登记簿：{file}")


@workbook.command("import")
@click.argument("file", type=FILE)
@click.option("--as", "user", required=True, help="以哪个账号导入。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@click.option("--marked", type=FILE, help="把有错的单元格标在副本里。")
@answers
def import_(file: Path, user: str, dry_run: bool, marked: Path | None) -> None:
    """导入登记簿：全部写入，或什么都不写。"""
    actor = account_named(user)
    register, layout = read_workbook(
        file, lambda name, rows: click.echo(f"读取 {name}：{rows} 行", err=True)
    )
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    click.echo("检查……", err=True)
    outcome = import_register(
        register, actor=actor, file_digest=digest, dry_run=dry_run,
        progress=lambda sheet, rows: click.echo(f"写入 {NAMES[sheet]}：{rows} 行", err=True),
    )  # fmt: skip
    _say_warnings(outcome, layout)
    if outcome.faults:
        for fault in layout.in_order(outcome.faults):
            click.echo(_line(fault, layout))
        if marked:
            mark_faults(file, marked, outcome.faults, layout)
            click.echo(f"已标出有错的单元格：{marked}", err=True)
        click.echo(f"{len(outcome.faults)} 处有错，什么都没有写入。", err=True)
        raise SystemExit(1)
    for sheet, count in outcome.counts.items():
        click.echo(
            f"{NAMES[sheet]}：新增 {count.new}，补全 {count.completed}，未变 {count.unchanged}"
        )
    click.echo("检查通过，未写入（--dry-run）。" if dry_run else summary(outcome))


def _line(fault: Fault, layout: Layout) -> str:
    """One line, also where the sentence quotes a cell of several."""
    return f"{layout.cell(fault)}: {' '.join(fault.sentence.split())}"


def _say_warnings(outcome: Outcome, layout: Layout) -> None:
    for sentence in layout.unknown:
        click.echo(f"提醒 {sentence}", err=True)
    for warning in outcome.warnings:
        click.echo(f"提醒 {_line(warning, layout)}", err=True)
