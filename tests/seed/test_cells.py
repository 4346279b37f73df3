"""Cells are read as people type them (workbook.md, "As people type")."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from rules.period import SHANGHAI, Month
from seed import cells
from seed.cells import BadCell, parameter_value
from seed.sheets import CATEGORIES, SHEETS, SOURCES, YES_NO
from workflows.words import word

pytestmark = pytest.mark.usefixtures("standing")  # a refusal speaks the language of the application


def refused(parse, cell):
    with pytest.raises(BadCell) as caught:
        parse(cell)
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  赵一 \t", "赵一"),
        ("\u3000ＦＷ－００１\u3000", "FW-001"),
        ("（张）ａｂＣ！￥", "(张)abC!¥"),
        ("\u200bT01\ufeff", "T01"),
        ("①检查 ②更换 5㎡", "①检查 ②更换 5㎡"),
        ("007", "007"),
        (1001.0, "1001"),
        (13800138000.0, "13800138000"),
        (110101199003070000.0, "110101199003070000"),
        (12.5, "12.5"),
        (True, "是"),
        (date(2026, 10, 15), "2026-10-15"),
        (datetime(2026, 10, 15), "2026-10-15"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_is_trimmed_and_narrow(typed, read):
    assert cells.text()(typed) == read


@pytest.mark.parametrize(
    "typed", ["a\x00b", "a\x1bb", "\x7fx", "\u202eabc", "\u2066x", "\ud800", "a\x9fb"]
)
def test_hidden_characters_are_refused(typed):
    assert "控制字符" in refused(cells.text(), typed)


def test_text_has_a_limit_however_long_the_cell():
    assert cells.text(40)("赵" * 40) == "赵" * 40
    assert "40" in refused(cells.text(40), "赵" * 41)
    assert "40" in refused(cells.text(40), "x" * 1_000_000)


NINE_THIRTY = datetime(2026, 10, 5, 9, 30, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 10, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (datetime(2026, 10, 5, 9, 30), NINE_THIRTY),
        (datetime(2026, 10, 5, 9, 29, 59, 999_600), NINE_THIRTY),
        (datetime(2026, 10, 5, 9, 30, 0, 400_000), NINE_THIRTY),
        (date(2026, 10, 5), MIDNIGHT),
        ("2026-10-05 09:30", NINE_THIRTY),
        ("2026/10/5 9:30", NINE_THIRTY),
        ("2026.10.05 09:30:00", NINE_THIRTY),
        ("2026年10月5日 09:30", NINE_THIRTY),
        ("2026年10月05日09时30分", NINE_THIRTY),
        ("２０２６－１０－０５　０９：３０", NINE_THIRTY),
        (" 2026-10-05T09:30 ", NINE_THIRTY),
        ("2026-10-05", MIDNIGHT),
        ("2026/10/05", MIDNIGHT),
        ("2026.10.5", MIDNIGHT),
        ("2026年10月5日", MIDNIGHT),
    ],
)
def test_moments_come_in_many_forms(typed, read):
    assert cells.moment(typed) == read
    assert cells.day(typed) == date(2026, 10, 5)


@pytest.mark.parametrize(
    "typed",
    ["2026-02-29", "2026-13-01", "2026-10-05 24:00", "2026-10-05 09:60", "10-05", "昨天", "20261005", 46300.0, True,
     time(9, 30), "0026-10-05", date(1900, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999), "2026-10-05 9:30 起", "NaN"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(typed):
    assert "2026-10-15" in refused(cells.moment, typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (1200.5, "1200.50"), (1200, "1200.00"), ("1,200.50", "1200.50"), ("¥1200.5", "1200.50"), ("1200元", "1200.00"),
        ("￥1,200.5元", "1200.50"), ("１，２００．５", "1200.50"), ("1200.5 元整", "1200.50"), ("RMB 1200", "1200.00"),
        ("人民币1200圆", "1200.00"), ("+3.10", "3.10"), (".5", "0.50"), (0.1 + 0.2, "0.30"), (1.005 * 100, "100.50"),
        ("999,999,999,999.99", "999999999999.99"), ("1200.", "1200.00"),
    ],
)  # fmt: skip
def test_amounts_come_in_many_forms(typed, read):
    assert cells.amount(typed) == Decimal(read)


@pytest.mark.parametrize(
    "typed",
    [0, -1, "0", "-0", "-5", "(5)", "1,2", "12,00", "1.2万", "一百", "5块", "1e3", "NaN", "inf", 1e30, "1" + "0" * 30, 0.001,
     "1.005", float("nan"), float("inf"), "0.000000000000000000000000000000000001", "", "¥", date(2026, 1, 1), "1 2 . 3.4"],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed):
    refused(cells.amount, typed)


def test_quantities_have_three_decimals():
    assert cells.quantity(12.125) == Decimal("12.125")
    assert cells.quantity("0.001") == Decimal("0.001")
    refused(cells.quantity, "0.0001")


@pytest.mark.parametrize(
    ("typed", "read"),
    [(0.3, "0.3"), ("0.3", "0.3"), ("30%", "0.3"), ("30 %", "0.3"), ("３０％", "0.3"), ("85.5%", "0.855"), (1, "1"), (0, "0"),
     ("12.34%", "0.1234")],
)  # fmt: skip
def test_rates_are_shares_or_percent(typed, read):
    assert cells.share(typed) == Decimal(read)


@pytest.mark.parametrize("typed", [30, "130%", -0.1, "三成", "0.12345", "12.345%", "%"])
def test_what_is_no_rate_is_refused(typed):
    refused(cells.share, typed)


@pytest.mark.parametrize(
    "typed", ["2026-01", "2026/1", "2026.01", "2026年1月", " ２０２６－０１ ", date(2026, 1, 31), datetime(2026, 1, 1, 8)]
)  # fmt: skip
def test_months_come_in_many_forms(typed):
    assert cells.month(typed) == Month(2026, 1)


@pytest.mark.parametrize("typed", [2026.1, 202601.0, "2026-13", "2026-00", "1月", date(1900, 1, 1), "26-01"])  # fmt: skip
def test_a_number_is_no_month_because_october_may_be_meant(typed):
    refused(cells.month, typed)


@pytest.mark.parametrize(
    ("words", "typed", "meant"),
    [
        (CATEGORIES, "公交", "公共交通"), (CATEGORIES, "地铁", "公共交通"), (CATEGORIES, "的士", "出租车"),
        (CATEGORIES, "打车", "出租车"), (CATEGORIES, " 网约车 ", "出租车"), (SOURCES, "热线", "服务电话"),
        (SOURCES, "技术员", "技术员反馈"), (SOURCES, "领导", "领导指示"), (SOURCES, "在线", "网上报修"),
        (SOURCES, "信函", "信函传真"), (SOURCES, "服务 电话", "服务电话"),
    ],
)  # fmt: skip
def test_other_words_are_accepted(words, typed, meant):
    assert word(cells.choice(words, ())(typed)) == meant


def test_yes_and_no_are_not_confused_with_numbers():
    parse = cells.choice(YES_NO, ("是", "否"))
    assert parse(True) is True
    assert parse("否") is False
    assert parse("y") is True
    assert refused(parse, 1.0) == "应是：是、否"


def test_several_people_stand_in_one_cell():
    read = cells.names(40)
    assert read("T01、T02") == ("T01", "T02")
    assert read(" T01，T02 / T03;T04 T05") == ("T01", "T02", "T03", "T04", "T05")
    assert read("T01、T01") == ("T01",)
    assert read(1001.0) == ("1001",)
    assert len(read("、".join(f"T{n}" for n in range(60)))) == 60
    refused(read, "T" * 41)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("30分钟", 30), ("1.5小时", 90), ("2 小时", 120), ("1天", 1440), ("３０分钟", 30)],
)
def test_durations_have_a_unit(typed, minutes):
    assert cells.duration(typed) == minutes


@pytest.mark.parametrize("typed", [30, "30", "半小时", "0分钟", "-1小时", "0.0001小时", "9e9小时"])
def test_what_is_no_duration_is_refused(typed):
    refused(cells.duration, typed)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("allowance_onsite", 45.5, "45.50"), ("allowance_onsite", "¥45.5元", "45.50"), ("parts_commission_rate", 0.25, "0.2500"),
        ("parts_commission_rate", "25%", "0.2500"), ("complaint_limit", "3", "3"), ("complaint_limit", 3.0, "3"),
        ("parts_commission_rate", 0.1 + 0.2, "0.3000"), ("overdue_kinds", "配件销售、软件服务", "parts_sale,software_service"),
        ("repeat_fault_days", 0, "0"), ("minimum_wage", 0, "0.00"),
    ],
)  # fmt: skip
def test_a_parameter_is_read_as_its_name_asks(name, typed, kept):
    assert parameter_value(name, typed) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [("allowance_onsite", -1), ("allowance_onsite", "1.005"), ("parts_commission_rate", 25), ("complaint_limit", 0),
     ("complaint_limit", 2.5), ("overdue_months", 0), ("overdue_kinds", "货款"), ("overdue_kinds", "、"), ("minimum_wage", 1e30)],
)  # fmt: skip
def test_a_parameter_stays_in_its_range(name, typed):
    with pytest.raises(BadCell):
        parameter_value(name, typed)


def test_every_sheet_has_its_columns_once():
    for sheet in SHEETS:
        assert len(sheet.by_heading) == len(sheet.columns) == len({c.key for c in sheet.columns})
