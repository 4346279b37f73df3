"""The same register as another company's ticket system writes it is the same register; what is odd is a warning."""

from datetime import date, datetime
from itertools import count

import pytest
import xlsxwriter

from rules.permissions import Role
from seed.workbook_reader import read_workbook
from tests.books import HEADINGS, ORDERLY, TODAY, cell, changed, write_book
from tests.cast import account
from workflows.register_import import import_register
from workflows.transaction import living_at

OTHER_HEADINGS = {
    "报修时间": "受理时间", "首次响应时间": "响应时间 ", "方案提交时间": "方案时间", "商品名称": "配件名称", "结算方式": "付款方式",
    "申报日期": "事前批准日期", "厂商": "厂家", "底薪": "底薪（元/月）", "金额": "金额\n(元)", "工号": "*工号", "数量": "数 量",
}  # fmt: skip
OTHER_WORDS = {
    "公共交通": "地铁", "出租车": "网约车", "服务电话": "热线", "邮件": "邮　件", "厂商": "厂家", "已接通": "已联系", "网上报修": "在线",
    "overdue_kinds": "逾期扣款范围", "无投诉奖金": "no_complaint_bonus", "配件销售、返厂维修": "返厂维修，配件销售", "是": "Y",
}  # fmt: skip
DAYS = (
    "{:%Y/%m/%d}",
    "{:%Y.%m.%d}",
    "{:%Y年%m月%d日}",
    " {:%Y-%m-%d} ",
    "{0.year}/{0.month}/{0.day}",
)
MOMENTS = (
    "{:%Y/%m/%d %H:%M}",
    "{:%Y.%m.%d %H:%M:%S}",
    "{:%Y年%m月%d日 %H:%M}",
    "{:%Y-%m-%dT%H:%M}",
)
NUMBERS = ("{}", "¥{:,}", "{:,}元", " {} ", "￥{}")
PHONES = ("手机", "联系电话")
PLAIN_NUMBERS = ("数量", "质保月数", "满意度", "承担比例", "值")


class Foreign:
    """Writes a register as people of elsewhere type it."""

    def __init__(self):
        self.turn = count()

    def typed(self, heading, value):
        """A value in one of the ways in which it may be typed."""
        turn = next(self.turn)
        if isinstance(value, datetime):
            return value if turn % 3 == 0 else MOMENTS[turn % len(MOMENTS)].format(value)
        if isinstance(value, date):
            return value if turn % 3 == 0 else DAYS[turn % len(DAYS)].format(value)
        if isinstance(value, int | float):
            if heading == "承担比例":
                return f"{value:%}".replace(".000000", "")
            numbers = ("{}", " {}") if heading in PLAIN_NUMBERS else NUMBERS
            return value if turn % 3 == 0 else numbers[turn % len(numbers)].format(value)
        if value is None:
            return " " if turn % 2 else None
        if heading in PHONES and value.isdigit():
            return float(value)
        value = OTHER_WORDS.get(value, value)
        wide = str.maketrans("0123456789-、", "０１２３４５６７８９－，")
        return (
            f" {value.translate(wide)}\u3000"
            if heading.endswith("号") and turn % 2
            else f"{value} "
        )

    def write(self, path, rows):
        with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
            book.add_worksheet("封面").write(0, 0, "二〇二六年服务台账")
            for sheet in reversed(HEADINGS):
                page = book.add_worksheet(f"{sheet} ")
                headings = [*reversed(HEADINGS[sheet]), "录入人", ""]
                page.merge_range(0, 0, 0, len(headings) - 1, f"{sheet}登记表（2026 年）")
                page.write_row(2, 0, [OTHER_HEADINGS.get(h, h) for h in headings])
                page.merge_range(3, 0, 3, len(headings) - 1, "三季度")
                for at, cells in enumerate(rows[sheet]):
                    for column, heading in enumerate(headings):
                        value = "小王" if heading == "录入人" else cells.get(heading)
                        page.write(4 + 2 * at, column, self.typed(heading, value))
        return path


@pytest.fixture
def clerk(app):
    return account("clerk", Role.CLERK)


@pytest.fixture
def take_in(clerk, tmp_path):
    def take(path):
        with living_at(TODAY):
            register, layout = read_workbook(path)
            return import_register(register, actor=clerk, file_digest=path.name), layout

    return take


def test_a_register_from_elsewhere_is_the_same_register(take_in, tmp_path):
    first, _ = take_in(write_book(tmp_path / "orderly.xlsx", ORDERLY))
    assert first.changed
    again, layout = take_in(Foreign().write(tmp_path / "foreign.xlsx", ORDERLY))
    assert [(layout.cell(fault), fault.sentence) for fault in again.faults] == []
    assert not again.changed
    assert {sheet: c.unchanged for sheet, c in again.counts.items()} == {
        sheet: c.new for sheet, c in first.counts.items()
    }
    assert sum("录入人" in said for said in layout.unknown) == len(HEADINGS)
    assert any("封面" in said for said in layout.unknown)


def test_a_register_from_elsewhere_goes_in_as_well(take_in, tmp_path):
    first, layout = take_in(Foreign().write(tmp_path / "foreign.xlsx", ORDERLY))
    assert [(layout.cell(fault), fault.sentence) for fault in first.faults] == []
    again, _ = take_in(write_book(tmp_path / "orderly.xlsx", ORDERLY))
    assert (again.faults, again.changed) == ([], False)


def test_faults_of_a_register_from_elsewhere_are_named_where_they_stand(take_in, tmp_path):
    rows = changed({"收款": {3: {"金额": "六百"}}, "服务记录": {2: {"客户编号": "C99"}}})
    outcome, layout = take_in(Foreign().write(tmp_path / "foreign.xlsx", rows))
    cells = [layout.cell(fault) for fault in layout.in_order(outcome.faults)]
    assert cells == [
        "服务记录!R5",
        "收款!C7",
    ]  # columns count from the right, rows are every other from 5 on


def on(text):
    return date.fromisoformat(f"2026-{text}")


ODD = [
    ("a technician before he was hired", {"员工": {4: {"入职日期": on("09-04")}}},
     ["服务记录!技术员 4", "返厂维修!经手人 2", "费用报销!工号 4"]),
    ("the first and the last day employed", {"员工": {4: {"入职日期": on("09-01"), "离职日期": on("09-05")}}}, ["投诉!被投诉人 3"]),
    ("a caller who had left", {"员工": {5: {"离职日期": on("09-02")}}}, ["回访记录!回访人 2"]),
    ("a handler of kind 其他", {"配件销售": {5: {"经手人": "M01"}}}, ["配件销售!经手人 5"]),
    ("a claimant of kind 其他 is none", {"软件服务": {3: {"经手人": "M01"}}, "返厂维修": {3: {"经手人": "M01"}}},
     ["软件服务!经手人 3", "返厂维修!经手人 3"]),
    ("phones", {"员工": {3: {"手机": "1234"}}, "客户": {2: {"电话": "电话打不通"}}, "厂商": {2: {"电话": "4008"}},
                "服务记录": {2: {"联系电话": "23800000001"}}},
     ["员工!手机 3", "客户!电话 2", "厂商!电话 2", "服务记录!联系电话 2"]),
    ("phones of usual form", {"员工": {3: {"手机": "+86 138-0000-0001"}}, "客户": {2: {"电话": "(0371)65202001转8001"}},
                              "厂商": {2: {"电话": "95598"}}, "服务记录": {2: {"联系电话": "65202001、13800000001"}}}, []),
    ("two stars and no complaint", {"反馈单": {2: {"满意度": 2}}, "回访记录": {2: {"满意度": 3}}}, ["反馈单!满意度 2"]),
    ("in warranty, said to be out", {"服务记录": {2: {"是否过保": "是"}}}, ["服务记录!是否过保 2"]),
    ("out of warranty, said to be in", {"服务记录": {4: {"是否过保": "否"}}}, ["服务记录!是否过保 4"]),
    ("out of warranty, and said so", {"服务记录": {4: {"是否过保": "是"}}}, []),
    ("no device, nothing computed", {"服务记录": {3: {"是否过保": "是"}}}, []),
    ("a call two stars lower", {"回访记录": {2: {"满意度": 3}}}, ["回访记录!满意度 2"]),
    ("a call one star lower", {"回访记录": {2: {"满意度": 4}}}, []),
    ("a call that reached nobody", {"回访记录": {2: {"结果": "未接通", "满意度": 1}}}, []),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "cells"), [o[1:] for o in ODD], ids=[o[0] for o in ODD])
def test_what_is_odd_goes_in_with_a_warning(take_in, tmp_path, changes, cells):
    outcome, layout = take_in(write_book(tmp_path / "book.xlsx", changed(changes)))
    assert outcome.faults == []
    assert outcome.changed
    named = [layout.cell(warning) for warning in layout.in_order(outcome.warnings)]
    assert named == [cell(name) for name in cells]


def test_what_is_known_is_not_warned_of_again(take_in, tmp_path):
    odd = {"员工": {3: {"手机": "1234"}}, "回访记录": {2: {"满意度": 3}}}
    path = write_book(tmp_path / "book.xlsx", changed(odd))
    assert len(take_in(path)[0].warnings) == 2
    assert take_in(path)[0].warnings == []
