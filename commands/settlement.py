"""The month on the command line: drafting, signing, showing."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from commands.answer import answers
from rules.period import Month
from seed.settlement_book import write_settlement
from seed.settlement_files import table, write_csv
from seed.statistics_sheet import write_statistics
from workflows import settlement as steps
from workflows.account import account_named
from workflows.refusal import Refused
from workflows.settlement_export import settlement_details
from workflows.settlement_report import SUMS, settlement_report, statistics_report
from workflows.ticket import device_report, ticket_report
from workflows.what_if import what_if

settlement = AppGroup("settlement", help="月度绩效结算。")
statistics = AppGroup("statistics", help="月度售后服务统计。")
ticket = AppGroup("ticket", help="服务单。")
device = AppGroup("device", help="设备。")
FILE = click.Path(path_type=Path)
AS = click.option("--as", "user", required=True, help="以哪个账号。")
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["json", "xlsx", "csv", "table"]),
    default="table",
)
OUTPUT = click.option("--output", type=FILE, help="写到文件，而不是屏幕。")


def month_of(text: str) -> Month:
    """A month as typed; refused with the right form."""
    try:
        return Month.parse(text)
    except ValueError:
        raise Refused(_("“%(text)s”不是月份，应写成 2026-10。", text=text), status=400) from None


@settlement.command("draft")
@click.argument("month")
@AS
@answers
def draft(month: str, user: str) -> None:
    """起草（或重新起草）一个月。"""
    found = steps.draft(month_of(month), actor=account_named(user))
    click.echo(f"{month} 已起草（第 {found.revision} 稿）。")


@settlement.command("submit")
@click.argument("month")
@AS
@click.option("--explain", help="一句话说明尚未处理的不一致。")
@answers
def submit(month: str, user: str, explain: str | None) -> None:
    """提交：数字从此冻结。"""
    steps.submit(month_of(month), actor=account_named(user), explain=explain)
    click.echo(f"{month} 已提交。")


@settlement.command("review")
@click.argument("month")
@AS
@answers
def review(month: str, user: str) -> None:
    """部门经理审核。"""
    steps.review(month_of(month), actor=account_named(user))
    click.echo(f"{month} 已审核。")


@settlement.command("approve")
@click.argument("month")
@AS
@answers
def approve(month: str, user: str) -> None:
    """公司领导审批。"""
    steps.approve(month_of(month), actor=account_named(user))
    click.echo(f"{month} 已审批。")


@settlement.command("pay")
@click.argument("month")
@AS
@answers
def pay(month: str, user: str) -> None:
    """财务发放。"""
    steps.pay(month_of(month), actor=account_named(user))
    click.echo(f"{month} 已发放。")


@settlement.command("return")
@click.argument("month")
@AS
@click.option("--reason", required=True, help="退回的理由。")
@answers
def give_back(month: str, user: str, reason: str) -> None:
    """退回给专员。"""
    steps.give_back(month_of(month), actor=account_named(user), reason=reason)
    click.echo(f"{month} 已退回。")


def _put(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")


def _json(report: Any) -> str:
    return json.dumps(report, ensure_ascii=False, indent=1)


def _file_needed(output: Path | None) -> Path:
    if output is None:
        raise Refused(_("Excel 要写到文件：请加 --output 文件名.xlsx。"), status=400)
    return output


@settlement.command("show")
@click.argument("month")
@FORMAT
@OUTPUT
@answers
def show(month: str, form: str, output: Path | None) -> None:
    """显示一个月的结算。"""
    report = settlement_report(month_of(month))
    rows = [["工号", "姓名", *SUMS]] + [
        [e["employee"], e["name"], *(e[s] for s in SUMS)] for e in report["employees"]
    ]
    rows.append(["合计", "", *(report["totals"][s] for s in SUMS)])
    if form == "json":
        _put(_json(report), output)
    elif form == "xlsx":
        target = str(_file_needed(output))
        write_settlement(
            target, settlement_details(month_of(month)), statistics_report(month_of(month))
        )
    else:
        _put(write_csv(rows) if form == "csv" else table(rows), output)


@settlement.command("what-if")
@click.argument("month")
@click.option("--parameters", "file", type=FILE, required=True, help="JSON：参数名 → 值。")
@answers
def try_parameters(month: str, file: Path) -> None:
    """换一组参数试算，什么都不改。"""
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Refused(
            _('读不了参数文件。应是 JSON，例如 {"allowance_onsite": "40.00"}。'),
            status=400,
        ) from None
    if not isinstance(values, dict):
        raise Refused(
            _('读不了参数文件。应是 JSON，例如 {"allowance_onsite": "40.00"}。'),
            status=400,
        )
    click.echo(_json(what_if(month_of(month), {str(k): v for k, v in values.items()})))


@statistics.command("show")
@click.argument("month")
@FORMAT
@OUTPUT
@answers
def show_statistics(month: str, form: str, output: Path | None) -> None:
    """显示一个月的统计。"""
    report = statistics_report(month_of(month))
    head = [
        "工号",
        "姓名",
        "现场",
        "电话",
        "在线",
        "完整反馈单",
        "缺反馈单",
        "满意度",
        "回访率",
        "属实投诉",
        "重复故障",
    ]
    rows = [head]
    for row in [
        *report["technicians"],
        {"employee": "合计", "name": "", **report["department"]},
    ]:
        counts = [
            *(row["visits"][mode] for mode in ("onsite", "phone", "online")),
            row["complete_forms"],
            row["incomplete_forms"],
            row["satisfaction"] or "–",
        ]
        tail = [
            row["called_back"] or "–",
            row["upheld_complaints"],
            row["repeat_faults"],
        ]
        rows.append([row["employee"], row["name"], *map(str, counts + tail)])
    if form == "json":
        _put(_json(report), output)
    elif form == "xlsx":
        write_statistics(_file_needed(output), report)
    else:
        _put(write_csv(rows) if form == "csv" else table(rows), output)


@ticket.command("show")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(["json"]), default="json")
@answers
def show_ticket(number: str, form: str) -> None:
    """显示一张服务单和它的时钟。"""
    click.echo(_json(ticket_report(number)))


@device.command("show")
@click.argument("serial")
@click.option("--format", "form", type=click.Choice(["json"]), default="json")
@answers
def show_device(serial: str, form: str) -> None:
    """显示一台设备和它的质保。"""
    click.echo(_json(device_report(serial)))
