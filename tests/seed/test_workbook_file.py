"""What is no workbook, or one made to do harm, is refused before it is opened (trust.md, Attacks)."""

import subprocess
import sys
import time
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from seed.sheets import SHEETS
from seed.workbook_file import inspect
from seed.workbook_reader import read_workbook
from tests.books import HEADINGS, ORDERLY, write_book
from workflows.refusal import Refused

pytestmark = pytest.mark.usefixtures("standing")
MEGABYTE = 1 << 20
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
DAYS = '<row r="1"><c r="A1" t="inlineStr"><is><t>日期</t></is></c><c r="B1" t="inlineStr"><is><t>类型</t></is></c></row>'


@pytest.fixture
def orderly(tmp_path):
    return write_book(tmp_path / "orderly.xlsx", ORDERLY)


@pytest.fixture
def with_part(orderly, tmp_path):
    """A copy of an orderly workbook with one part replaced by bytes, or by chunks of them."""

    def replaced(name, content):
        target = tmp_path / "changed.xlsx"
        with (
            zipfile.ZipFile(orderly) as old,
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in old.namelist():
                if part != name:
                    new.writestr(part, old.read(part))
            with new.open(name, "w", force_zip64=True) as stream:
                for chunk in [content] if isinstance(content, bytes) else content:
                    stream.write(chunk)
        return target

    return replaced


def part_of(sheet):
    return f"xl/worksheets/sheet{[s.name for s in SHEETS].index(sheet) + 1}.xml"


def refused_quickly(path):
    """Refused within a second of work; the sentence."""
    start = time.process_time()
    with pytest.raises(Refused) as caught:
        read_workbook(path)
    assert time.process_time() - start < 1
    assert caught.value.status == 400
    return caught.value.sentence


MEASURE = """
import resource, sys
from pathlib import Path
from app import create_app
from seed.workbook_reader import read_workbook
from workflows.refusal import Refused
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"}).app_context():
    before = peak()
    try:
        read_workbook(Path(sys.argv[1]))
    except Refused:
        print((peak() - before) // 1024)
"""


def megabytes_to_refuse(path):
    """What a process of its own needs at its peak to refuse a file."""
    ended = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], stdout=subprocess.PIPE, text=True, check=True
    )
    return int(ended.stdout)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04" + b"\x00" * 100,
        b"no workbook",
        "员工,工号\n".encode(),
        b"\xff" * 5000,
        b"<html></html>",
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert ".xlsx" in refused_quickly(path)


def test_a_file_that_is_nowhere_or_a_folder_is_refused(tmp_path):
    for path in (tmp_path / "none.xlsx", tmp_path, tmp_path / ("名" * 100 + ".xlsx")):
        assert len(refused_quickly(path)) < 200


def test_a_password_is_said(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 3000)
    assert "密码" in refused_quickly(path)


def test_half_a_workbook_is_refused(orderly, tmp_path):
    whole = orderly.read_bytes()
    for size in (100, len(whole) // 2, len(whole) - 10):
        path = tmp_path / "half.xlsx"
        path.write_bytes(whole[:size])
        refused_quickly(path)


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
@pytest.mark.parametrize("content", [b"", b"<", b"<a><b></a>", b"\x00\x01"])
def test_a_broken_part_is_refused_or_not_needed(with_part, name, content):
    path = with_part(name, content)
    try:
        register, _ = read_workbook(path)
    except Refused:
        return
    assert name == "xl/styles.xml"
    assert register.of("employees")


def test_a_broken_sheet_is_refused(with_part):
    refused_quickly(with_part(part_of("员工"), b"<worksheet><sheetData><row><c>"))


def spaces(megabytes):
    return (b" " * MEGABYTE for _ in range(megabytes))


def with_size(path, true, said):
    """Let a workbook's directory say another size than a part has."""
    size = (true * MEGABYTE).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, said.to_bytes(4, "little")))
    return path


@pytest.mark.parametrize(
    "name", ["xl/sharedStrings.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml"]
)
def test_a_bomb_is_refused(with_part, name):
    assert "大得异常" in refused_quickly(with_part(name, spaces(60)))


def test_a_bomb_that_says_it_is_large_is_refused_unopened(with_part):
    path = with_size(with_part("xl/worksheets/sheet2.xml", spaces(20)), 20, 4_000_000_000)
    assert "大得异常" in refused_quickly(path)


def test_a_bomb_that_lies_about_its_size_is_refused(with_part):
    path = with_size(with_part("xl/worksheets/sheet2.xml", spaces(60)), 60, 1000)
    refused_quickly(path)


def far_cell(with_part, corner):
    row = corner.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{corner}"><v>1</v></c></row>'
    return with_part(part_of("工作日历"), SHEET.format(DAYS + far).encode())


@pytest.mark.parametrize("corner", ["XFD1048576", "E1048576", "ZZ99999", "XFD300"])
def test_a_lone_cell_in_a_far_corner_is_refused(with_part, corner):
    assert "大得异常" in refused_quickly(far_cell(with_part, corner))


def test_refusing_takes_little_memory(with_part):
    assert megabytes_to_refuse(with_part("xl/worksheets/sheet2.xml", spaces(300))) < 100
    assert megabytes_to_refuse(far_cell(with_part, "XFD1048576")) < 100


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'>",
    ],
)
@pytest.mark.parametrize(
    "name", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"]
)
def test_external_and_nested_entities_are_refused(with_part, orderly, name, head):
    with zipfile.ZipFile(orderly) as book:
        rest = book.read(name).split(b"?>", 1)[1]
    path = with_part(name, b'<?xml version="1.0"?>' + head + rest)
    assert "外部定义" in refused_quickly(path)


def test_a_part_in_another_encoding_is_refused(with_part, orderly):
    with zipfile.ZipFile(orderly) as book:
        text = book.read("xl/workbook.xml").decode().replace("UTF-8", "UTF-16")
    refused_quickly(with_part("xl/workbook.xml", text.encode("utf-16")))


def test_a_workbook_as_other_programs_write_it_is_read(with_part):
    """Prefixed names, attributes in another order, rows without numbers, and formulas with an empty text."""
    cells = (
        '<x:row><x:c t="inlineStr" r="A1"><x:is><x:t>日期</x:t></x:is></x:c><x:c t="inlineStr" r="B1"><x:is><x:t>类型</x:t></x:is></x:c>'
        '<x:c t="inlineStr" r="C1"><x:is><x:t>说明</x:t></x:is></x:c></x:row>'
        '<x:row><x:c t="inlineStr" r="A2"><x:is><x:t>2026-10-05</x:t></x:is></x:c><x:c t="str" r="B2"><x:f>"休息"</x:f><x:v>休息</x:v></x:c>'
        '<x:c t="str" r="C2"><x:f>""</x:f><x:v></x:v></x:c></x:row>'
        '<x:row><x:c r="A3"><x:f>TODAY()</x:f></x:c><x:c t="inlineStr" r="B3"><x:is><x:t>上班</x:t></x:is></x:c></x:row>'
    )
    sheet = SHEET.format(cells).replace("<worksheet xmlns", "<x:worksheet xmlns:x")
    sheet = (
        sheet.replace("<sheetData", "<x:sheetData")
        .replace("</sheetData", "</x:sheetData")
        .replace("</worksheet", "</x:worksheet")
    )
    path = with_part(part_of("工作日历"), sheet.encode())
    register, layout = read_workbook(path)
    assert [
        (r.at, r.values["day"], r.values["working"], r.values["note"])
        for r in register.of("calendar_days")
    ] == [
        (2, date(2026, 10, 5), False, None),
        (3, None, True, None),
    ]
    assert [layout.cell(fault) for fault in register.faults] == ["工作日历!A3"]


def test_control_characters_and_huge_cells_are_faults(tmp_path):
    path = write_book(tmp_path / "book.xlsx", ORDERLY)
    book = openpyxl.load_workbook(path)
    page = book["客户"]
    page["B2"].value, page["C2"].value, page["E2"].value = "_x0000_", "很" * 32_000, "\u202e周"
    book.save(path)
    register, layout = read_workbook(path)
    assert [layout.cell(f) for f in layout.in_order(register.faults)] == [
        "客户!B2",
        "客户!C2",
        "客户!E2",
    ]


def test_rows_formatted_to_the_end_are_no_bomb(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page, style = book.add_worksheet("员工"), book.add_format({"border": 1})
        page.write_row(0, 0, HEADINGS["员工"])
        for row in range(1, 60_000):
            for column in range(9):
                page.write_blank(row, column, None, style)
    assert inspect(path) == {}
    assert read_workbook(path)[0].of("employees") == []
