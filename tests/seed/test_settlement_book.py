"""The settlement as Excel: a second program opens it, computes it anew, and gets the settlement to the fen."""

import io
import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import formulas
import openpyxl
import pytest

from rules.employee import EmployeeKind
from rules.period import Month
from rules.settlement import LineKind
from rules.settlement_lines import clauses_of, working_of
from rules.settlement_steps import SettlementState, SettlementVerb
from seed.settlement_book import COLUMNS, FIRST_PERSON, SUMMARY, sheet_name, write_settlement
from seed.settlement_files import guarded
from tests.cast import AUGUST, JULY, JUNE, SEPTEMBER, carry_through, people, take_in
from workflows import settlement as steps
from workflows.settlement_export import settlement_details
from workflows.settlement_report import SUMS, settlement_report, statistics_report

NO_STATISTICS = {
    "month": "2026-06",
    "technicians": [],
    "department": {
        "visits": dict.fromkeys(("onsite", "phone", "online"), 0), "complete_forms": 0, "incomplete_forms": 0,
        "satisfaction": None, "called_back": None, "upheld_complaints": 0, "repeat_faults": 0,
        "sla": {clock: {"due": 0, "met": 0} for clock in ("respond", "onsite", "propose", "restore")},
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def excel_rounding():
    """Excel and LibreOffice round the fifteen digits that they show; this library would round the binary number."""
    functions = formulas.get_functions()
    original = functions["ROUND"]

    def half_up(value, places):
        shown = Decimal(f"{float(value):.15g}")
        return float(shown.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))

    functions["ROUND"] = formulas.functions.wrap_ufunc(half_up)
    yield
    functions["ROUND"] = original


def recomputed(path):
    """Every cell's value as the second program computes it, by (sheet, cell)."""
    found = {}
    for name, value in formulas.ExcelModel().loads(str(path)).finish().calculate().items():
        match = re.fullmatch(r"'\[.*\](.*)'!([A-Z]+[0-9]+)", str(name))
        if match:
            found[match[1], match[2]] = value.value[0, 0]
    return found


def fen(value):
    return f"{round(float(value), 4):.2f}"


def book_of(month, tmp_path):
    path = tmp_path / f"{month}.xlsx"
    write_settlement(str(path), settlement_details(month), statistics_report(month))
    return path


def test_a_second_program_recomputes_every_months_sums_to_the_fen(app, tmp_path):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    for month in (JUNE, JULY, AUGUST, SEPTEMBER):
        carry_through(month, cast)
        report = settlement_report(month)
        cells = recomputed(book_of(month, tmp_path))
        rows = [*report["employees"], report["totals"]]
        for at, row in enumerate(rows, FIRST_PERSON):
            got = {key: fen(cells[SUMMARY, f"{COLUMNS[key]}{at}"]) for key in SUMS}
            assert got == {key: row[key] for key in SUMS}, (month, row.get("employee"))


def test_every_product_is_a_live_formula_and_every_line_has_its_source(app, tmp_path):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    steps.draft(JUNE, actor=cast["clerk"])
    book = openpyxl.load_workbook(book_of(JUNE, tmp_path))
    seen = 0
    for employee in settlement_report(JUNE)["employees"]:
        page = book[f"{employee['employee']} {employee['name']}"]
        for at, line in enumerate(employee["lines"], 3):
            quantity, standard, amount = (page.cell(at, column).value for column in (3, 4, 5))
            assert page.cell(at, 8).value == line["source"]
            assert page.cell(at, 6).value.startswith("R")
            if line["kind"] in ("base_pay", "service_allowance", "onsite_labour"):
                assert amount == f"=ROUND(C{at}*D{at},2)"
                assert quantity and standard
                seen += 1
    assert seen > 15


def test_the_sheets_print_on_a4_across_with_their_heads(app, tmp_path):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)
    book = openpyxl.load_workbook(book_of(JUNE, tmp_path))
    for page in book:
        assert page.page_setup.orientation == "landscape", page.title
        assert int(page.page_setup.paperSize) == 9, page.title
        assert page.freeze_panes, page.title
        assert page.print_title_rows, page.title
    words = [str(cell.value) for row in book[SUMMARY].iter_rows() for cell in row]
    assert "部门" in words
    for signer in ("clerk", "manager", "leader"):
        assert signer in words
    assert sum(bool(re.fullmatch(r"2\d{3}-\d\d-\d\d \d\d:\d\d", word)) for word in words) == 3


def details(name="吕桂", department="售后部", source="FW-1", note=""):
    """A settlement of one visit, with texts that somebody else typed."""
    kind = LineKind.SERVICE_ALLOWANCE
    amount = Decimal("30.00")
    line = {
        "kind": kind, "mode": None, "source": source, "amount": amount, "base": "onsite", "rate": "30.00",
        "working": working_of(kind, "onsite", "30.00", amount), "clauses": clauses_of(kind), "version": None,
        "with_parameters": True, "note": note,
    }  # fmt: skip
    sums = dict.fromkeys(SUMS, Decimal("0.00")) | {"wage": amount, "net": amount, "payable": amount}
    employee = {
        "employee": "T01", "name": name, "department": department, "kind": EmployeeKind.DEDICATED, "lines": [line],
        "overpaid_before": Decimal("0.00"), **sums,
    }  # fmt: skip
    return {
        "month": Month(2026, 6), "state": SettlementState.DRAFT, "revision": 1, "digest": "d",
        "drafted_at": datetime(2026, 7, 1, tzinfo=UTC), "employees": [employee], "totals": sums,
        "signers": [{"verb": SettlementVerb.SUBMIT, "name": name, "at": datetime(2026, 7, 1, tzinfo=UTC)}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "evil",
    [
        "=1+1",
        "+1+1",
        "-1+cmd",
        "@SUM(A1)",
        "\t=1+1",
        "＝1+1",
        "＋1",
        "－1+2",
        "＠x",
        "  =1+1",
        "﹦1+1",
    ],
)
def test_no_text_becomes_a_formula(evil):
    file = io.BytesIO()
    write_settlement(file, details(name=evil, department=evil, source=evil), NO_STATISTICS)
    book = openpyxl.load_workbook(file)
    texts = [
        c.value
        for page in book
        for row in page.iter_rows()
        for c in row
        if isinstance(c.value, str)
    ]
    assert f"'{evil}" in texts
    ours = re.compile(r"=(0-\(SUMIF|-?ROUND\(|-?\(?SUM|MAX\(0,|[0-9]+/[0-9]+$|D\d+\+E|0$)")
    assert [text for text in texts if text.startswith("=") and not ours.match(text)] == []
    assert not any(text.lstrip()[:1] in ("+", "-", "@", "＝", "＋", "－", "＠") for text in texts)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("-30.00", "-30.00"),
        ("-5", "-5"),
        ("--5", "'--5"),
        ("-5-3", "'-5-3"),
        ("王磊", "王磊"),
        ("", ""),
        ("−1", "−1"),
    ],
)
def test_numbers_stay_numbers_and_words_stay_words(text, kept):
    assert guarded(text) == kept


@pytest.mark.parametrize(
    "name", ["=a", "a/b:c*d?[e]\\f", "'quoted'", "很长的名字" * 12, "\x07\n", "!", "History"]
)
def test_a_sheet_has_a_name_that_excel_takes(name):
    used = {SUMMARY}
    names = [
        sheet_name({"employee": number, "name": name}, used) for number in ("=T1", "=T1", "T1")
    ]
    assert len({n.lower() for n in names}) == 3
    for found in names:
        assert 0 < len(found) <= 31
        assert not set(found) & set("[]:*?/\\'!")
        assert found[0] not in "=+-@"


def test_two_employees_of_one_name_have_two_sheets_and_their_own_sums(tmp_path):
    two = details(name="王/磊")
    other = {**two["employees"][0], "employee": "T01", "name": "王磊"}
    other["lines"] = [*other["lines"], {**other["lines"][0], "source": "FW-2"}]
    other |= {key: Decimal("60.00") for key in ("wage", "net", "payable")}
    two["employees"] = [two["employees"][0], other]
    two["totals"] = {
        **two["totals"],
        **{key: Decimal("90.00") for key in ("wage", "net", "payable")},
    }
    path = tmp_path / "two.xlsx"
    write_settlement(str(path), two, NO_STATISTICS)
    cells = recomputed(path)
    assert [fen(cells[SUMMARY, f"H{row}"]) for row in (4, 5, 6)] == ["30.00", "60.00", "90.00"]
