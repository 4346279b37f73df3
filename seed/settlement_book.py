"""The settlement as an Excel workbook that recomputes itself: sums and products are live formulas over its lines."""

from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from rules.settlement import WAGE, LineKind
from rules.settlement_steps import SettlementState, SettlementVerb
from seed.settlement_files import guarded
from seed.statistics_sheet import STATISTICS, statistics_sheet
from seed.workbook_looks import Formats, formats, printable, put, widths
from workflows.words import word

SUMMARY = "月度绩效结算"
RATES = frozenset(
    {LineKind.PARTS_COMMISSION, LineKind.SOFTWARE_COMMISSION, LineKind.OVERDUE_DEDUCTION}
)
LINE_HEADS = ("项目", "服务方式", "数量", "标准", "金额", "条款", "参数版本", "来源", "说明")
SUMMARY_HEADS = (
    "工号", "姓名", "部门", "工资项", "费用报销", "扣款返还", "扣款", "本月应发合计(税前)",
    "月初已发底薪", "上月多发", "本次应付", "多发结转", "扣款结转",
)  # fmt: skip
COLUMNS = {  # of the summary, by what they hold
    "wage": "D", "reimbursements": "E", "refunds": "F", "deductions": "G", "net": "H",
    "base_paid": "I", "overpaid_before": "J", "payable": "K", "overpaid": "L", "carried_forward": "M",
}  # fmt: skip
KINDS = {
    "wage": [kind for kind in LineKind if kind in WAGE],
    "reimbursements": [LineKind.EXPENSE_REIMBURSEMENT],
    "refunds": [LineKind.OVERDUE_REFUND],
    "deductions": [LineKind.PRIVATE_CHARGE_DEDUCTION, LineKind.OVERDUE_DEDUCTION],
}
STEPS = {
    SettlementVerb.SUBMIT: "提交（售后专员）", SettlementVerb.REVIEW: "审核（部门经理）",
    SettlementVerb.APPROVE: "审批（公司领导）", SettlementVerb.PAY: "发放（财务）",
}  # fmt: skip
FIRST_LINE = 3  # the row, counted from 1, of the first line on an employee's sheet
FIRST_PERSON = 4


def write_settlement(
    target: str | IO[bytes], details: Mapping[str, Any], statistics: Mapping[str, Any]
) -> None:
    """The settlement, the statistics, and a sheet per employee."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        looks = formats(book)
        summary = book.add_worksheet(SUMMARY)
        statistics_sheet(book.add_worksheet(STATISTICS), statistics, looks)
        used, names = {SUMMARY, STATISTICS}, []
        for employee in details["employees"]:
            names.append(sheet_name(employee, used))
            _employee_sheet(book.add_worksheet(names[-1]), employee, str(details["month"]), looks)
        _summary_sheet(summary, details, names, looks)


def sheet_name(employee: Mapping[str, Any], used: set[str]) -> str:
    """A name that Excel takes and no formula abuses, unlike all those in use."""
    text = f"{employee['employee']} {employee['name']}"
    kept = "".join(ch for ch in text if ch.isprintable() and ch not in "[]:*?/\\'!").strip()
    while guarded(kept) != kept:
        kept = kept[1:].lstrip()
    kept = kept[:28].strip() or "-"
    name, turn = kept, 2
    while name.lower() in {other.lower() for other in used}:
        name, turn = f"{kept[:25]}-{turn}", turn + 1
    used.add(name)
    return name


def _employee_sheet(page: Any, employee: Mapping[str, Any], month: str, looks: Formats) -> None:
    who = f"{employee['employee']} {employee['name']}"
    put(page, 0, 0, " · ".join(filter(None, (who, employee["department"], month))), looks.title)
    page.write_row(1, 0, LINE_HEADS, looks.head)
    shown = [_line_texts(line) for line in employee["lines"]]
    widths(
        page,
        [
            list(LINE_HEADS),
            ["本月应发合计(税前)", "", "1,000.00", "1,000.00", "-100,000.00", "", "", "", ""],
            *shown,
        ],
    )
    for at, line in enumerate(employee["lines"], FIRST_LINE - 1):
        _line(page, at, line, looks)
    _employee_sums(page, employee, looks)
    printable(page, 2, who)


def _line_texts(line: Mapping[str, Any]) -> list[str]:
    version = str(line["version"] or ("默认" if line["with_parameters"] else ""))
    mode = word(line["mode"]) if line["mode"] else ""
    return [
        word(line["kind"]),
        mode,
        "",
        "",
        "",
        " ".join(line["clauses"]),
        version,
        line["source"],
        _remark(line),
    ]


def _remark(line: Mapping[str, Any]) -> str:
    """How an amount came about that is no product, or why it was corrected."""
    if line["note"]:
        return f"更正 {line['base']}：{line['note']}"
    if line["working"] is not None or line["kind"] is LineKind.EXPENSE_REIMBURSEMENT:
        return ""
    return (
        f"{line['base']} − {line['rate']}"
        if line["kind"] is LineKind.NO_COMPLAINT_BONUS
        else _product(line)
    )


def _product(line: Mapping[str, Any]) -> str:
    return f"{line['base']} × {line['rate']}" if line["rate"] else line["base"]


def _line(page: Any, at: int, line: Mapping[str, Any], looks: Formats) -> None:
    for column, text in enumerate(_line_texts(line)):
        if text:
            put(page, at, column, text, looks.wrap if column == len(LINE_HEADS) - 1 else None)
    working, amount = line["working"], float(line["amount"])
    if working is None:
        page.write_number(at, 4, amount, looks.money)
        return
    if working.quantity.denominator == 1:
        page.write_number(at, 2, working.quantity.numerator)
    elif "/" in line["base"]:
        page.write_formula(at, 2, f"={line['base']}", None, float(working.quantity))
    else:
        page.write_number(at, 2, float(Decimal(line["base"])), looks.money)
    page.write_number(
        at, 3, abs(float(working.standard)), looks.share if line["kind"] in RATES else looks.money
    )
    sign = "-" if working.standard < 0 else ""
    page.write_formula(at, 4, f"={sign}ROUND(C{at + 1}*D{at + 1},2)", looks.money, amount)


def _employee_sums(page: Any, employee: Mapping[str, Any], looks: Formats) -> None:
    """The net as the sum of the lines, and what of it is still to pay (R8.6, R7.9)."""
    end = (
        FIRST_LINE - 1 + len(employee["lines"])
    )  # rows are counted from 0 here, from 1 in formulas
    lines = f"SUM(E{FIRST_LINE}:E{end})" if employee["lines"] else "0"
    net, paid, before = end + 1, end + 2, end + 3
    rest = f"E{net}-E{paid}-E{before}"
    for at, (label, formula, value) in enumerate((
        ("本月应发合计(税前)", f"={lines}", employee["net"]),
        ("月初已发底薪", None, employee["base_paid"]),
        ("上月多发", None, employee["overpaid_before"]),
        ("本次应付", f"=MAX(0,{rest})", employee["payable"]),
        ("多发结转", f"=MAX(0,-({rest}))", employee["overpaid"]),
        ("扣款结转", None, employee["carried_forward"]),
    ), end):  # fmt: skip
        put(page, at, 0, label, looks.label)
        if formula:
            page.write_formula(at, 4, formula, looks.sum, float(value))
        else:
            page.write_number(at, 4, float(value), looks.sum)


def _summary_sheet(page: Any, details: Mapping[str, Any], names: list[str], looks: Formats) -> None:
    people = details["employees"]
    put(page, 0, 0, f"{details['month']} {SUMMARY}", looks.title)
    put(
        page,
        1,
        0,
        f"{word(SettlementState(details['state']))} · 第 {details['revision']} 稿 · 数据截至 {details['drafted_at']:%Y-%m-%d %H:%M} · 指纹 {details['digest']}",
    )
    page.write_row(2, 0, SUMMARY_HEADS, looks.head)
    page.set_row(2, 32)
    texts = [[e["employee"], e["name"], e["department"]] for e in people]
    widths(page, [["工号", "姓名", "部门"], *texts])
    page.set_column(3, len(SUMMARY_HEADS) - 1, 14)
    for at, (employee, name) in enumerate(zip(people, names, strict=True), FIRST_PERSON - 1):
        for column, text in enumerate(texts[at - FIRST_PERSON + 1]):
            put(page, at, column, text)
        for key, letter in COLUMNS.items():
            _summary_cell(page, f"{letter}{at + 1}", key, employee, name, looks)
    _summary_foot(page, details, FIRST_PERSON - 1 + len(people), looks)
    printable(page, 3, f"{details['month']} {SUMMARY}")


def _summary_cell(
    page: Any, cell: str, key: str, employee: Mapping[str, Any], sheet: str, looks: Formats
) -> None:
    """A sum as the formula over the employee's sheet, or over its row."""
    row, value = cell[1:], float(employee[key])
    rest = f"H{row}-I{row}-J{row}"
    formulas = {
        "net": f"=D{row}+E{row}+F{row}-G{row}",
        "payable": f"=MAX(0,{rest})",
        "overpaid": f"=MAX(0,-({rest}))",
    }
    if key in KINDS:
        last = FIRST_LINE + max(len(employee["lines"]), 1) - 1
        kinds, amounts = (f"'{sheet}'!${c}${FIRST_LINE}:${c}${last}" for c in "AE")
        sums = "+".join(f'SUMIF({kinds},"{word(kind)}",{amounts})' for kind in KINDS[key])
        formulas[key] = f"=0-({sums})" if key == "deductions" else f"={sums}"
    if key in formulas:
        page.write_formula(cell, formulas[key], looks.money, value)
    else:
        page.write_number(cell, value, looks.money)


def _summary_foot(page: Any, details: Mapping[str, Any], end: int, looks: Formats) -> None:
    """The totals, and who signed when; empty lines for those still to come."""
    put(page, end, 0, f"合计 {len(details['employees'])} 人", looks.label)
    before = float(sum(Decimal(e["overpaid_before"]) for e in details["employees"]))
    for key, letter in COLUMNS.items():
        value = before if key == "overpaid_before" else float(details["totals"][key])
        formula = f"=SUM({letter}{FIRST_PERSON}:{letter}{end})" if details["employees"] else "=0"
        page.write_formula(f"{letter}{end + 1}", formula, looks.sum, value)
    signed = {signer["verb"]: signer for signer in details["signers"]}
    for at, (verb, label) in enumerate(STEPS.items(), end + 2):
        put(page, at, 0, label)
        if verb in signed:
            put(page, at, 3, signed[verb]["name"])
            put(page, at, 4, f"{signed[verb]['at']:%Y-%m-%d %H:%M}")
