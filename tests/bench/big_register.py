"""A register of 40,000 tickets of one month, with an accepted form for each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from seed.sheets import SHEETS

EMPLOYEES, CUSTOMERS, PROJECTS, DEVICES, TICKETS = 500, 400, 600, 2_000, 40_000
FIRST_MINUTE = datetime(2026, 9, 1)
MODES = ("现场", "电话", "在线")
FAULTS = ("视频无信号", "门禁读卡器无反应", "网络中断", "服务器蓝屏", "软件升级失败", "打印机卡纸")
Cells = dict[str, Any]


def _employees() -> Iterator[Cells]:
    for n in range(EMPLOYEES):
        yield {"工号": f"T{n:03}", "姓名": f"员工{n}", "类别": "非专职" if n % 5 == 4 else "专职", "部门": "售后部",
               "入职日期": date(2020, 3, 1), "底薪": 4000 + n, "手机": f"138{n:08}"}  # fmt: skip


def _customers() -> Iterator[Cells]:
    for n in range(CUSTOMERS):
        yield {"客户编号": f"C{n:04}", "客户名称": f"客户{n}有限公司", "地址": f"文化路{n}号", "区域": "市内" if n % 3 else "市外",
               "联系人": f"联系人{n}", "电话": f"0371-6{n:07}"}  # fmt: skip


def _projects() -> Iterator[Cells]:
    for n in range(PROJECTS):
        yield {"项目编号": f"P{n:04}", "项目名称": f"弱电工程{n}", "客户编号": f"C{n % CUSTOMERS:04}",
               "验收日期": date(2023, 1, 1) + timedelta(days=n), "质保月数": 36}  # fmt: skip


def _devices() -> Iterator[Cells]:
    for n in range(DEVICES):
        yield {"序列号": f"SN{n:05}", "设备名称": "网络摄像机", "型号": "DS-2CD", "项目编号": f"P{n % PROJECTS:04}"}  # fmt: skip


def _reported(n: int) -> datetime:
    return FIRST_MINUTE + timedelta(minutes=n % 40_000)  # within the month's first 28 days


def _tickets() -> Iterator[Cells]:
    for n in range(TICKETS):
        at, device = _reported(n), n % DEVICES
        yield {"服务单号": f"FW{n:06}", "报修时间": at, "来源": "服务电话", "客户编号": f"C{device % PROJECTS % CUSTOMERS:04}",
               "序列号": f"SN{device:05}", "报修人": f"联系人{n % 997}", "联系电话": f"139{n:08}", "服务地点": f"文化路{n % 400}号机房",
               "故障现象": f"{FAULTS[n % 6]}（第{n}次）", "问题等级": "ABCD"[n % 4], "紧急程度": "一般", "服务种类": "维修维护",
               "服务方式": MODES[n % 3], "技术员": f"T{n % EMPLOYEES:03}", "首次响应时间": at + timedelta(minutes=20),
               "到场时间": at + timedelta(minutes=60), "完成时间": at + timedelta(minutes=150)}  # fmt: skip


def _forms() -> Iterator[Cells]:
    for n in range(TICKETS):
        signed = _reported(n) + timedelta(minutes=160)
        yield {"服务单号": f"FW{n:06}", "故障现象": FAULTS[n % 6], "检查记录": f"检查线路与电源，第{n}次", "处理结果": "更换后恢复正常",
               "满意度": 3 + n % 3, "客户签字": f"联系人{n % 997}", "签字时间": signed,
               "审核日期": (signed + timedelta(hours=12)).date()}  # fmt: skip


ROWS = {"员工": _employees, "客户": _customers, "项目": _projects, "设备": _devices, "服务记录": _tickets, "反馈单": _forms}  # fmt: skip


def write_big_register(path: Path) -> None:
    """Write the workbook."""
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(str(path), options) as book:
        for sheet in SHEETS:
            page = book.add_worksheet(sheet.name)
            page.write_row(0, 0, [column.heading for column in sheet.columns])
            for at, cells in enumerate(ROWS.get(sheet.name, lambda: iter(()))(), 1):
                page.write_row(at, 0, [cells.get(column.heading, "") for column in sheet.columns])
