"""`workbook import` and `workbook template` on the command line: exits, lines, summaries, marked copies."""

import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from sqlalchemy import func, select

from models import db
from models.employee import Employee
from seed.sheets import SHEETS
from tests.books import HEADINGS, ORDERLY, TODAY, cell, changed, write_book
from workflows.transaction import living_at


@pytest.fixture
def run(app):
    """Runs a command on the day on which the orderly register is handed in."""
    runner = app.test_cli_runner()

    def invoke(*args):
        with living_at(TODAY):
            return runner.invoke(args=[str(arg) for arg in args])

    assert invoke("users", "create", "clerk", "--role", "clerk").exit_code == 0
    return invoke


@pytest.fixture
def book(tmp_path):
    return lambda changes=None: write_book(tmp_path / "登记簿.xlsx", changed(changes or {}))


def employees():
    return db.session.scalar(select(func.count()).select_from(Employee))


FAULTY = {
    "收款": {3: {"金额": "六百"}},
    "员工": {2: {"姓名": None}},
    "服务记录": {2: {"客户编号": "C9\n9"}},
}


def test_an_import_says_what_was_new_completed_and_unchanged(run, book):
    done = run("workbook", "import", book(), "--as", "clerk")
    assert (done.exit_code, employees()) == (0, 4)
    assert "员工：新增 4，补全 0，未变 0" in done.stdout
    assert "读取 服务记录：4 行" in done.stderr
    completed = run("workbook", "import", book({"员工": {3: {"部门": "售后部"}}}), "--as", "clerk")
    assert "员工：新增 0，补全 1，未变 3" in completed.stdout
    assert "补全 1 行" in completed.stdout.splitlines()[-1]
    again = run("workbook", "import", book(), "--as", "clerk")
    assert again.exit_code == 0
    assert "没有新内容" in again.stdout.splitlines()[-1]


def test_faults_come_one_per_line_in_the_order_of_the_sheets_and_nothing_goes_in(run, book):
    refused = run("workbook", "import", book(FAULTY), "--as", "clerk")
    assert (refused.exit_code, employees()) == (1, 0)
    lines = refused.stdout.splitlines()
    named = ["员工!姓名 2", "服务记录!客户编号 2", "收款!金额 3"]
    assert [line.split(":")[0] for line in lines] == [cell(name) for name in named]
    assert all(any("\u4e00" <= ch <= "\u9fff" for ch in line) for line in lines)


def test_warnings_go_to_stderr_and_fail_nothing(run, book):
    done = run("workbook", "import", book({"员工": {3: {"手机": "1234"}}}), "--as", "clerk")
    assert done.exit_code == 0
    assert f"提醒 {cell('员工!手机 3')}: " in done.stderr
    assert "提醒" not in done.stdout


def test_a_dry_run_checks_and_counts_but_writes_nothing(run, book):
    tried = run("workbook", "import", book(), "--as", "clerk", "--dry-run")
    assert (tried.exit_code, employees()) == (0, 0)
    assert "员工：新增 4" in tried.stdout
    assert "未写入" in tried.stdout.splitlines()[-1]
    assert run("workbook", "import", book(FAULTY), "--as", "clerk", "--dry-run").exit_code == 1


def test_a_marked_copy_comments_the_faulty_cells_and_leaves_the_rest(run, book, tmp_path):
    path, marked = book(FAULTY), tmp_path / "标错.xlsx"
    before = path.read_bytes()
    assert run("workbook", "import", path, "--as", "clerk", "--marked", marked).exit_code == 1
    assert path.read_bytes() == before
    copy = openpyxl.load_workbook(marked)
    for name in ("员工!姓名 2", "服务记录!客户编号 2", "收款!金额 3"):
        sheet, at = cell(name).split("!")
        assert any("\u4e00" <= ch <= "\u9fff" for ch in copy[sheet][at].comment.text)
        assert copy[sheet][at].fill.fgColor.rgb.endswith("FDEBE9")
    assert sum(c.comment is not None for page in copy for row in page.rows for c in row) == 3
    assert copy["员工"]["A2"].value == "T01"


def test_marks_find_titles_with_blanks_merged_cells_and_columns_that_are_missing(run, tmp_path):
    path, marked = tmp_path / "book.xlsx", tmp_path / "marked.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(" 工作日历 ")
        page.write_row(0, 0, ["日期", "说明"])
        page.write_row(1, 0, ["2026-10-05"])
        page.merge_range("A3:A4", "昨天")
        page.write(2, 1, "x")
        page.write(3, 1, "y")
        page.write_comment("A3", "原来的批注")
    assert run("workbook", "import", path, "--as", "clerk", "--marked", marked).exit_code == 1
    page = openpyxl.load_workbook(marked)[" 工作日历 "]
    assert "没有“类型”" in page["C1"].comment.text
    text = page["A3"].comment.text
    assert "原来的批注" in text and text.count("不是日期") == 2


@pytest.mark.parametrize("name", ["没有/这个文件夹/a.xlsx", "名" * 100 + ".xlsx", "."])
def test_a_place_that_cannot_be_written_gets_a_sentence(run, book, tmp_path, name):
    marked = run("workbook", "import", book(FAULTY), "--as", "clerk", "--marked", tmp_path / name)
    template = run("workbook", "template", tmp_path / name)
    for refused in (marked, template):
        assert refused.exit_code == 1
        assert isinstance(refused.exception, SystemExit)
        assert "写不了" in refused.stderr


@pytest.mark.parametrize("name", ["没有.xlsx", "名" * 100 + ".xlsx", "."])
def test_a_file_that_cannot_be_read_gets_a_sentence(run, tmp_path, name):
    refused = run("workbook", "import", tmp_path / name, "--as", "clerk")
    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert "打不开" in refused.stderr


def test_the_template_has_every_sheet_with_headings_choices_and_notes(run, tmp_path):
    path = tmp_path / "空表.xlsx"
    assert run("workbook", "template", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [sheet.name for sheet in SHEETS]
    for sheet in SHEETS:
        page = book[sheet.name]
        assert [c.value.rstrip("*") for c in page[1]] == HEADINGS[sheet.name]
        assert [c.value.endswith("*") for c in page[1]] == [c.required for c in sheet.columns]
        choices = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in page.data_validations.dataValidation}  # fmt: skip
        for at, column in zip(page[1], sheet.columns, strict=True):
            assert choices.get(at.column_letter) == (
                f'"{",".join(column.words)}"' if column.words else None
            )
            assert bool(at.comment) == bool(column.note)
    assert "公共交通,出租车,货运" in str(
        [r.formula1 for r in book["费用报销"].data_validations.dataValidation]
    )


def test_a_template_filled_in_goes_in(run, tmp_path):
    path = tmp_path / "空表.xlsx"
    run("workbook", "template", path)
    book = openpyxl.load_workbook(path)
    for sheet, rows in ORDERLY.items():
        for at, cells in enumerate(rows, 2):
            for heading, value in cells.items():
                book[sheet].cell(at, HEADINGS[sheet].index(heading) + 1).value = value
    book.save(path)
    done = run("workbook", "import", path, "--as", "clerk")
    assert (done.exit_code, done.stdout.count("新增 0")) == (0, 0)


def test_a_template_keeps_numbers_as_they_are_typed(run, tmp_path):
    path = tmp_path / "空表.xlsx"
    run("workbook", "template", path)
    with zipfile.ZipFile(path) as book:
        assert b"<cols>" in book.read("xl/worksheets/sheet2.xml")
    page = openpyxl.load_workbook(path)["员工"]
    formats = {heading: page.column_dimensions[letter].number_format for letter, heading in zip("ABCDEFGHI", HEADINGS["员工"], strict=True)}  # fmt: skip
    assert formats["工号"] == formats["手机"] == "@"
    assert formats["入职日期"] == "yyyy-mm-dd"
    assert formats["底薪"] == "General"


@pytest.mark.parametrize("role", ["technician", "finance", "manager", "leader", "auditor", "admin"])
def test_only_a_clerk_may_import(run, book, role):
    run("users", "create", "someone", "--role", role)
    refused = run("workbook", "import", book(), "--as", "someone")
    assert (refused.exit_code, employees()) == (1, 0)


def test_dates_before_1990_are_no_dates_of_a_register(run, book):
    refused = run(
        "workbook", "import", book({"员工": {2: {"入职日期": date(1926, 10, 1)}}}), "--as", "clerk"
    )
    assert refused.stdout.startswith(cell("员工!入职日期 2"))
