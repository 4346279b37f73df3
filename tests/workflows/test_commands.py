"""The command line keeps its contract: exits, sentences and files."""

import json

import openpyxl
import pytest

from tests.cast import SAMPLES


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *args, **options: runner.invoke(args=list(args), **options)


@pytest.fixture
def ready(run):
    for role in ("clerk", "manager", "leader"):
        assert run("users", "create", role, "--role", role).exit_code == 0
    assert run("workbook", "import", str(SAMPLES / "register.xlsx"), "--as", "clerk").exit_code == 0
    return run


def test_a_month_goes_from_draft_to_approval(ready):
    assert ready("settlement", "draft", "2026-06", "--as", "clerk").exit_code == 0
    assert (
        ready("settlement", "submit", "2026-06", "--as", "clerk", "--explain", "已核").exit_code
        == 0
    )
    assert ready("settlement", "review", "2026-06", "--as", "manager").exit_code == 0
    assert ready("settlement", "approve", "2026-06", "--as", "leader").exit_code == 0
    shown = ready("settlement", "show", "2026-06", "--format", "json")
    assert json.loads(shown.stdout)["status"] == "approved"


def test_the_wrong_person_gets_a_sentence_and_exit_1(ready):
    ready("settlement", "draft", "2026-06", "--as", "clerk")
    refused = ready("settlement", "review", "2026-06", "--as", "leader")
    assert refused.exit_code == 1
    assert "角色" in refused.stderr and "Traceback" not in refused.output


@pytest.mark.parametrize(
    "args",
    [
        ("settlement", "draft", "2026-13", "--as", "clerk"),
        ("settlement", "draft", "2026-06", "--as", "nobody"),
        ("settlement", "show", "2026-05"),
        ("settlement", "draft", "2099-01", "--as", "clerk"),
        ("ticket", "show", "FW-99999"),
        ("device", "show", "SN-?"),
        ("workbook", "import", "/nowhere.xlsx", "--as", "clerk"),
    ],
)
def test_bad_input_gets_a_sentence_and_no_stack_trace(ready, args):
    refused = ready(*args)
    assert refused.exit_code == 1
    assert refused.exception is None or isinstance(refused.exception, SystemExit)
    assert any("\u4e00" <= ch <= "\u9fff" for ch in refused.stderr)


def test_faults_come_one_per_line_with_their_cells_and_a_marked_copy(run, tmp_path):
    run("users", "create", "clerk", "--role", "clerk")
    marked = tmp_path / "marked.xlsx"
    faulty = str(SAMPLES / "register-faults.xlsx")
    refused = run("workbook", "import", faulty, "--as", "clerk", "--marked", str(marked))
    assert refused.exit_code == 1
    cells = [line.split(":")[0] for line in refused.stdout.splitlines()]
    assert set(cells) == set((SAMPLES / "register-faults.expected.txt").read_text("utf-8").split())
    book = openpyxl.load_workbook(marked)
    for cell in cells:
        sheet, at = cell.split("!")
        assert book[sheet][at].comment is not None


def test_the_template_can_be_read_back_and_is_empty(run, tmp_path):
    path = tmp_path / "template.xlsx"
    run("users", "create", "clerk", "--role", "clerk")
    assert run("workbook", "template", str(path)).exit_code == 0
    taken = run("workbook", "import", str(path), "--as", "clerk")
    assert taken.exit_code == 0
    assert "没有新内容" in taken.stdout


def test_the_excel_export_carries_live_formulas_that_give_the_settlement(ready, tmp_path):
    ready("settlement", "draft", "2026-06", "--as", "clerk")
    path = tmp_path / "settlement.xlsx"
    assert (
        ready("settlement", "show", "2026-06", "--format", "xlsx", "--output", str(path)).exit_code
        == 0
    )
    shown = json.loads(ready("settlement", "show", "2026-06", "--format", "json").stdout)
    page = openpyxl.load_workbook(path, data_only=True)["月度绩效结算"]
    net = [cell.value for cell in page[3]].index("本月应发合计(税前)")
    total = next(row for row in page.iter_rows(values_only=True) if str(row[0]).startswith("合计"))
    assert f"{total[net]:.2f}" == shown["totals"]["net"]
