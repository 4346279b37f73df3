"""The monthly statistics as a sheet (R9.6)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from seed.workbook_looks import Formats, formats, printable, put

STATISTICS = "月度统计"
HEADS = (
    "工号", "姓名", "现场", "电话", "在线", "完整反馈单", "缺反馈单", "满意度", "回访率", "已接通", "未接通", "已更正", "有疑问",
    "属实投诉", "重复故障", "响应达标", "应响应", "到场达标", "应到场", "方案达标", "应方案", "恢复达标", "应恢复",
    "销售额", "净利", "软件服务费",
)  # fmt: skip
CALLS = ("reached", "not_reached", "corrected", "disputed")
MONEYS = ("sales", "net_profit", "software_fees")
MEANS = {
    "mean_response_minutes": "平均响应时间（分钟）",
    "mean_resolution_minutes": "平均解决时间（分钟）",
}


def write_statistics(path: Path, statistics: Mapping[str, Any]) -> None:
    """A workbook with the statistics alone."""
    with xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        statistics_sheet(book.add_worksheet(STATISTICS), statistics, formats(book))


def statistics_sheet(page: Any, statistics: Mapping[str, Any], looks: Formats) -> None:
    """A row per technician and the department's, in which a shared visit counts once."""
    title = f"{statistics['month']} 月度售后服务统计表"
    put(page, 0, 0, title, looks.title)
    page.write_row(1, 0, HEADS, looks.head)
    page.set_row(1, 32)
    page.set_column(0, 1, 11)
    page.set_column(2, len(HEADS) - 4, 7)
    page.set_column(len(HEADS) - 3, len(HEADS) - 1, 13)
    rows = statistics["technicians"]
    for at, row in enumerate(rows, 2):
        _row(page, at, row, looks.money, looks.share, None)
    total = {"employee": "合计", "name": "（每次服务只计一次）", **statistics["department"]}
    _row(page, len(rows) + 2, total, looks.sum, looks.share, looks.label)
    for at, (key, label) in enumerate(MEANS.items(), len(rows) + 4):
        put(page, at, 0, label)
        if statistics["department"].get(key) is not None:
            page.write_number(at, 4, float(statistics["department"][key]))
    printable(page, 2, title)


def _row(page: Any, at: int, row: Mapping[str, Any], money: Any, share: Any, look: Any) -> None:
    put(page, at, 0, row["employee"], look)
    put(page, at, 1, row["name"], look)
    calls, clocks = row.get("call_backs", {}), row["sla"].values()
    numbers: list[Any] = [
        *row["visits"].values(), row["complete_forms"], row["incomplete_forms"], row["satisfaction"], row["called_back"],
        *(calls.get(key, 0) for key in CALLS), row["upheld_complaints"], row["repeat_faults"],
        *(count for clock in clocks for count in (clock["met"], clock["due"])),
        *(row.get(key, "0") for key in MONEYS),
    ]  # fmt: skip
    for column, number in enumerate(numbers, 2):
        looks = {7: money, 8: share} | dict.fromkeys(range(len(HEADS) - 3, len(HEADS)), money)
        if number is not None:
            page.write_number(at, column, float(number), looks.get(column, look))
