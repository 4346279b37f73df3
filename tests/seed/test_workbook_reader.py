"""Sheets are read wherever people put their headings, and what is not read is said."""

from datetime import date

import openpyxl
import pytest
import xlsxwriter

from rules.period import Month
from seed.sheets import SHEETS
from seed.workbook_reader import read_workbook
from tests.books import HEADINGS, ORDERLY, write_book
from workflows.refusal import Refused
from workflows.register_nouns import LINE_KEYS, NOUNS

pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def read(tmp_path):
    """The register and layout of sheets given as rows of cells; `shape` may merge cells and the like."""

    def read_rows(sheets, shape=None):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
            for title, rows in sheets.items():
                page = book.add_worksheet(title)
                for at, cells in enumerate(rows):
                    page.write_row(at, 0, cells)
                if shape:
                    shape(page)
        return read_workbook(path)

    return read_rows


def values(register, sheet):
    return [[row.at, *(row.values[key] for key in row.values)] for row in register.of(sheet)]


def faults(register, layout):
    return [(layout.cell(fault), fault.sentence) for fault in layout.in_order(register.faults)]


DAYS = ["日期", "类型", "说明"]
MONDAY = date(2026, 10, 5)


def test_blank_rows_and_a_title_are_skipped_and_rows_keep_their_numbers(read):
    rows = [
        ["工作日历登记表"],
        [],
        DAYS,
        [],
        [MONDAY, "休息", "国庆"],
        ["  ", "", "\u3000"],
        ["2026-10-10", "上班"],
    ]
    register, layout = read({"工作日历": rows})
    assert values(register, "calendar_days") == [
        [5, MONDAY, False, "国庆"],
        [7, date(2026, 10, 10), True, None],
    ]
    assert (register.faults, layout.unknown) == ([], [])


def test_columns_stand_in_any_order_with_units_stars_and_blanks(read):
    rows = [["说明（选填）", " 类 型*", "日期【年-月-日】:"], ["国庆", "休息", MONDAY]]
    register, _ = read({"工作日历": rows})
    assert values(register, "calendar_days") == [[2, MONDAY, False, "国庆"]]


def test_a_sheet_may_begin_far_from_the_corner(read):
    rows = [[]] * 9 + [["", "", *DAYS], ["", "", MONDAY, "休息", ""]]
    register, layout = read({" 工作日历 ": [*rows, ["", "", "2026-10-06", "放假"]]})
    assert values(register, "calendar_days")[0] == [11, MONDAY, False, None]
    assert [cell for cell, _ in faults(register, layout)] == ["工作日历!D12"]


def test_unknown_columns_and_sheets_are_named(read):
    rows = [[*DAYS, "填表人", "类型", ""], [MONDAY, "休息", "", "王", "上班", "x"]]
    register, layout = read({"工作日历": rows, "汇总": [["合计"]], "工作日历 ": [DAYS]})
    assert values(register, "calendar_days") == [[2, MONDAY, False, None]]
    said = "\n".join(layout.unknown)
    assert "填表人”（D 列" in said and "类型”（E 列" in said
    assert "“汇总”" in said and "“工作日历”" in said
    assert register.faults == []


@pytest.mark.parametrize(
    ("sheet", "other", "heading"),
    [
        ("服务记录", "受理时间", "报修时间"),
        ("服务记录", "响应时间", "首次响应时间"),
        ("服务记录", "方案时间", "方案提交时间"),
        ("配件销售", "配件名称", "商品名称"),
        ("配件销售", "付款方式", "结算方式"),
        ("费用报销", "事前批准日期", "申报日期"),
        ("设备", "厂家", "厂商"),
    ],
)
def test_headings_have_other_names(tmp_path, sheet, other, heading):
    path = write_book(tmp_path / "book.xlsx", ORDERLY)
    plain = values(read_workbook(path)[0], next(s.key for s in SHEETS if s.name == sheet))
    book = openpyxl.load_workbook(path)
    book[sheet].cell(1, HEADINGS[sheet].index(heading) + 1).value = other
    book.save(path)
    register, layout = read_workbook(path)
    assert values(register, next(s.key for s in SHEETS if s.name == sheet)) == plain
    assert (register.faults, layout.unknown) == ([], [])


def test_beside_its_own_heading_an_alias_is_another_column(read):
    rows = [["受理时间", "服务单号", "报修时间"], ["2026-10-05 10:00", "FW1", "2026-10-05 09:00"]]
    register, layout = read({"服务记录": rows})
    assert register.of("tickets")[0].values["reported_at"].hour == 9
    assert "受理时间”（A 列" in layout.unknown[0]


def test_a_missing_column_is_one_fault_at_the_headings(read):
    rows = [["工作日历"], ["说明", "备注"], ["国庆", "x"], ["元旦", "y"]]
    register, layout = read({"工作日历": rows})
    assert faults(register, layout) == [
        ("工作日历!C2", "没有“日期”这一列，请补上"),
        ("工作日历!D2", "没有“类型”这一列，请补上"),
    ]
    assert [row.values["note"] for row in register.of("calendar_days")] == ["国庆", "元旦"]


def test_rows_without_headings_are_a_fault(read):
    register, layout = read({"工作日历": [[MONDAY, "休息"], ["2026-10-06", "休息"]]})
    assert [cell for cell, _ in faults(register, layout)] == ["工作日历!A1", "工作日历!B1"]
    assert register.of("calendar_days") == []


@pytest.mark.parametrize(
    "rows", [[], [["工作日历登记表"]], [DAYS], [["说明"]], [["", ""], ["（暂无）"]]]
)
def test_a_sheet_without_rows_needs_nothing(read, rows):
    register, layout = read({"工作日历": rows, "员工": [HEADINGS["员工"]]})
    assert register.of("calendar_days") == []
    assert (register.faults, layout.unknown) == ([], [])


def test_a_cell_merged_over_rows_stands_for_each_of_them(read):
    rows = [
        DAYS,
        [MONDAY, "休息", ""],
        ["2026-10-06", "", ""],
        ["2026-10-07", "", ""],
        ["2026-10-10", "上班"],
    ]
    register, _ = read(
        {"工作日历": rows},
        lambda page: (page.merge_range("B2:B4", "休息"), page.merge_range("C2:C3", "国庆")),
    )
    assert [row[2:] for row in values(register, "calendar_days")] == [
        [False, "国庆"], [False, "国庆"], [False, None], [True, None],
    ]  # fmt: skip


def test_a_caption_merged_over_columns_is_no_row(read):
    rows = [["", "", ""], DAYS, [MONDAY, "休息"], [], ["2026-10-10", "上班"]]
    register, _ = read(
        {"工作日历": rows},
        lambda page: (page.merge_range("A1:C1", "工作日历"), page.merge_range("A4:C4", "十月")),
    )
    assert [row.at for row in register.of("calendar_days")] == [3, 5]
    assert register.faults == []


def test_dates_of_the_1904_system_are_the_same_days(tmp_path):
    of_1900 = read_workbook(write_book(tmp_path / "a.xlsx", ORDERLY))[0]
    of_1904 = read_workbook(write_book(tmp_path / "b.xlsx", ORDERLY, dates_1904=True))[0]
    for sheet in SHEETS:
        assert values(of_1900, sheet.key) == values(of_1904, sheet.key)


def test_formulas_need_their_values(tmp_path):
    path = write_book(tmp_path / "book.xlsx", ORDERLY)
    book = openpyxl.load_workbook(path)
    page = book["费用报销"]
    page["F2"], page["H2"], page["K2"] = "=3+3", "=B2", "=F2*2"  # openpyxl calculates nothing
    page["F3"] = "#N/A"
    page["F3"].data_type = "e"
    book.save(path)
    register, layout = read_workbook(path)
    said = faults(register, layout)
    assert [cell for cell, _ in said] == ["费用报销!F2", "费用报销!H2", "费用报销!F3"]
    assert "公式" in said[0][1] and "公式出错" in said[2][1]


def test_a_calculated_formula_is_its_value(read):
    def formulas(page):
        page.write_formula("A2", "=B1", None, "2026-10-05")

    register, _ = read({"工作日历": [DAYS, ["", "休息"]]}, formulas)
    assert values(register, "calendar_days") == [[2, MONDAY, False, None]]
    assert register.faults == []


def test_parameters_go_by_either_name(read):
    rows = [
        ["参数", "值", "生效月份"],
        ["allowance_onsite", 45.5, "2026-01"],
        ["电话服务补贴 （元/次）", "¥25", MONDAY],
        ["配件奖金比例", "25%", "2026年9月"],
        ["全勤奖", 3, "2026-01"],
        ["投诉上限", "  ", "2026-01"],
    ]
    register, layout = read({"制度参数": rows})
    assert [row[1:] for row in values(register, "parameters")][:4] == [
        ["allowance_onsite", "45.50", Month(2026, 1)],
        ["allowance_phone", "25.00", Month(2026, 10)],
        ["parts_commission_rate", "0.2500", Month(2026, 9)],
        ["全勤奖", 3.0, Month(2026, 1)],
    ]
    assert [cell for cell, _ in faults(register, layout)] == ["制度参数!B6"]


def test_a_message_quotes_a_cell_briefly_on_one_line(read):
    register, layout = read({"工作日历": [DAYS, ["昨\n天" + "很" * 5000, "休息"]]})
    ((cell, sentence),) = faults(register, layout)
    assert cell == "工作日历!A2"
    assert "\n" not in sentence and len(sentence) < 120


def test_a_workbook_of_something_else_is_refused(read):
    with pytest.raises(Refused, match="没有登记簿的工作表"):
        read({"Sheet1": [["x"]]})


def test_all_sheets_but_one_may_be_absent(read):
    register, layout = read({"员工": [HEADINGS["员工"]]})
    assert (register.faults, layout.unknown) == ([], [])


def test_the_rows_of_the_reader_are_those_of_the_workflow():
    for sheet in SHEETS:
        keys = {column.key for column in sheet.columns}
        if sheet.key == "parts_sales":
            keys = keys - set(LINE_KEYS) | {"lines"}
        assert keys == set(NOUNS[sheet.key].keys)
