"""The settlement as files: an Excel workbook with live formulas, CSV, and a plain table."""

import csv
import io
import unicodedata
from pathlib import Path
from typing import Any

import xlsxwriter

from rules.settlement import LineKind
from workflows.settlement_report import SUMS
from workflows.words import word

HEADS = (
    "工资项",
    "费用报销",
    "扣款返还",
    "扣款",
    "本月应发合计(税前)",
    "扣款结转",
    "月初已发底薪",
    "本次应付",
    "多发结转",
)
RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MONEY = "#,##0.00"


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula; numbers stay as they are."""
    if text.startswith(RISKY) and not text.lstrip("-").replace(".", "", 1).isdigit():
        return f"'{text}"
    return text


def write_csv(rows: list[list[str]]) -> str:
    """CSV with a byte-order mark, so that Excel reads the Chinese."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [guarded(str(cell)) for cell in row] for row in rows
    )
    return "\ufeff" + out.getvalue().rstrip("\n")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def table(rows: list[list[str]]) -> str:
    """Columns in line, for the eye."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _sheet_name(employee: dict[str, Any], used: set[str]) -> str:
    clean = "".join(
        ch for ch in f"{employee['employee']} {employee['name']}" if ch not in "[]:*?/\\'"
    )[:28]
    name, turn = clean, 2
    while name.lower() in used:
        name, turn = f"{clean[:25]}-{turn}", turn + 1
    used.add(name.lower())
    return name


def write_workbook(
    path: Path, settlement: dict[str, Any] | None, statistics: dict[str, Any]
) -> None:
    """Statistics, the settlement, and a sheet per employee; sums are formulas over the lines."""
    with xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEF2FD", "bottom": 1})
        money = book.add_format({"num_format": MONEY})
        _statistics_sheet(book.add_worksheet("月度统计"), statistics, head)
        if settlement is None:
            return
        summary = book.add_worksheet("月度绩效结算")
        used: set[str] = {"月度统计", "月度绩效结算"}
        names = []
        for employee in settlement["employees"]:
            name = _sheet_name(employee, used)
            names.append(name)
            _employee_sheet(book.add_worksheet(name), employee, head, money)
        _summary_sheet(summary, settlement, names, head, money)


def _statistics_sheet(page: Any, statistics: dict[str, Any], head: Any) -> None:
    titles = ["工号", "姓名", "现场", "电话", "在线", "完整反馈单", "缺反馈单", "满意度", "回访率", "属实投诉", "重复故障",
              "响应达标/应", "到场达标/应", "方案达标/应", "恢复达标/应"]  # fmt: skip
    page.write_row(0, 0, titles, head)
    page.set_column(0, len(titles) - 1, 12)
    rows = [
        *statistics["technicians"],
        {"employee": "合计", "name": "", **statistics["department"]},
    ]
    for at, row in enumerate(rows, 1):
        page.write_string(at, 0, row["employee"])
        page.write_string(at, 1, row["name"])
        numbers = [
            *row["visits"].values(),
            row["complete_forms"],
            row["incomplete_forms"],
        ]
        for index, number in enumerate(numbers, 2):
            page.write_number(at, index, number)
        for index, value in ((7, row["satisfaction"]), (8, row["called_back"])):
            if value is not None:
                page.write_number(at, index, float(value))
        page.write_number(at, 9, row["upheld_complaints"])
        page.write_number(at, 10, row["repeat_faults"])
        for index, clock in enumerate(row["sla"].values(), 11):
            page.write_string(at, index, f"{clock['met']}/{clock['due']}")


def _employee_sheet(page: Any, employee: dict[str, Any], head: Any, money: Any) -> None:
    page.set_column(0, 1, 20)
    page.set_column(2, 2, 14, money)
    page.write_string(0, 0, f"{employee['employee']} {employee['name']}")
    page.write_row(1, 0, ["项目", "来源", "金额"], head)
    for at, line in enumerate(employee["lines"], 2):
        page.write_string(at, 0, word(LineKind(line["kind"])))
        page.write_string(at, 1, line["source"])
        page.write_number(at, 2, float(line["amount"]), money)
    end = len(employee["lines"]) + 2
    page.write_string(end, 0, "本月应发合计(税前)", head)
    formula = f"=SUM(C3:C{end})" if employee["lines"] else "=0"
    page.write_formula(end, 2, formula, money, float(employee["net"]))


def _summary_sheet(
    page: Any, settlement: dict[str, Any], names: list[str], head: Any, money: Any
) -> None:
    page.write_row(0, 0, ["工号", "姓名", *HEADS], head)
    page.set_column(0, 1, 12)
    page.set_column(2, 10, 16, money)
    for at, (employee, name) in enumerate(zip(settlement["employees"], names, strict=True), 1):
        page.write_string(at, 0, employee["employee"])
        page.write_string(at, 1, employee["name"])
        lines = (
            f"'{name}'!$A$3:$A${len(employee['lines']) + 3}",
            f"'{name}'!$C$3:$C${len(employee['lines']) + 3}",
        )
        for index, key in enumerate(SUMS, 2):
            formula = _sum_formula(key, at + 1, lines)
            value = float(employee[key])
            if formula:
                page.write_formula(at, index, formula, money, value)
            else:
                page.write_number(at, index, value, money)
    end = len(names) + 1
    page.write_string(end, 0, "合计", head)
    for index, key in enumerate(SUMS, 2):
        letter = chr(65 + index)
        page.write_formula(
            end,
            index,
            f"=SUM({letter}2:{letter}{end})",
            money,
            float(settlement["totals"][key]),
        )


KINDS_OF = {
    "wage": list(LineKind)[:6],
    "reimbursements": [LineKind.EXPENSE_REIMBURSEMENT],
    "refunds": [LineKind.OVERDUE_REFUND],
    "deductions": [LineKind.PRIVATE_CHARGE_DEDUCTION, LineKind.OVERDUE_DEDUCTION],
}


def _sum_formula(key: str, row: int, lines: tuple[str, str]) -> str | None:
    if key == "net":
        return f"=C{row}+D{row}+E{row}-F{row}"
    if key not in KINDS_OF:
        return None
    sums = "+".join(f'SUMIF({lines[0]},"{word(kind)}",{lines[1]})' for kind in KINDS_OF[key])
    return f"=-({sums})" if key == "deductions" else f"={sums}"
