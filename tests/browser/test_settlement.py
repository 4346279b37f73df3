"""A month from its draft to the pay, as four people and one technician see it, in a real browser (R9.1)."""

import pytest

from rules.settlement_steps import SettlementState
from tests.browser.checks import healthy, sideways
from tests.browser.story import play_sample
from tests.cast import AUGUST, JULY, JUNE
from workflows.settlement import settlement_of

WIDTHS = pytest.mark.parametrize("width", [1440, 390])


@pytest.fixture
def months(app):
    """June paid, July submitted, August a draft."""
    play_sample()


def state(month):
    from models import db

    db.session.rollback()
    return settlement_of(month).state


def confirm(page, verb):
    """Press the step's button, see its figures, and do it."""
    page.locator(f"[data-dialog=dlg-{verb}]").click()
    dialog = page.locator(f"#dlg-{verb}")
    healthy(page)
    dialog.locator("button[type=submit]").click()
    page.wait_for_load_state()


@WIDTHS
def test_a_month_goes_from_draft_to_paid_by_four_people(months, enter, width):
    clerk = enter("clerk", width=width)
    clerk.goto("/admin/settlement/2026-08/")
    healthy(clerk)
    clerk.locator("[data-dialog=dlg-submit]").click()
    for group in clerk.locator("#dlg-submit [data-group]").all():
        whole = group.locator("[data-fill]")
        field = whole if whole.count() else group.locator("input[name^=why]")
        field.first.fill("已逐项核对")
    clerk.locator("#dlg-submit button[type=submit]").click()
    clerk.get_by_text("2026-08 已提交").wait_for()
    healthy(clerk)
    assert state(AUGUST) is SettlementState.SUBMITTED

    manager = enter("manager", width=width)
    manager.goto("/admin/settlement/2026-07/")
    confirm(manager, "review")
    assert state(JULY) is SettlementState.REVIEWED
    leader = enter("leader", width=width)
    leader.goto("/admin/settlement/2026-07/")
    confirm(leader, "approve")
    assert state(JULY) is SettlementState.APPROVED
    finance = enter("finance", width=width)
    finance.goto("/admin/settlement/2026-07/")
    confirm(finance, "pay")
    assert state(JULY) is SettlementState.PAID
    assert finance.locator("h1 .ac-badge").inner_text() == "已发放"


@WIDTHS
def test_a_line_opens_down_to_its_clause_and_its_source(months, enter, width):
    page = enter("auditor", width=width)
    page.goto("/admin/settlement/2026-08/")
    page.locator("#row-T002").click()
    lines = page.locator("#lines-T002")
    lines.get_by_text("底薪", exact=True).wait_for()
    assert "× 45.50" in lines.inner_text()
    healthy(page)
    lines.locator(".ac-clause", has_text="R7.7").click()
    page.locator("#ac-clause").get_by_text("限本人现场服务").wait_for()
    page.keyboard.press("Escape")
    lines.get_by_role("link", name="BX-00016").click()
    page.wait_for_url("**/admin/expense/**")
    assert "BX-00016" in page.locator("main").inner_text()


def test_the_keys_open_and_leave_a_confirmation_whose_harmless_button_has_the_focus(months, enter):
    page = enter("manager")
    page.goto("/admin/settlement/2026-07/")
    page.keyboard.press("a")
    focused = page.locator(":focus")
    assert focused.inner_text() == "再看看"
    page.keyboard.press("Escape")
    assert not page.locator("#dlg-review").is_visible()
    page.keyboard.press("r")
    assert page.locator(":focus").inner_text() == "不退回"
    page.keyboard.press("Enter")
    assert not page.locator("#dlg-return").is_visible()
    assert state(JULY) is SettlementState.SUBMITTED
    page.keyboard.press("?")
    assert page.locator("#ac-keys").is_visible()


def test_rows_are_walked_and_opened_by_keys(months, enter):
    page = enter("auditor")
    page.goto("/admin/settlement/2026-07/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened = page.locator("[aria-expanded=true]")
    assert opened.count() == 1
    assert opened.get_attribute("id") == page.locator("[data-expand]").nth(1).get_attribute("id")


def test_words_typed_survive_a_refusal_and_a_closed_window(months, enter):
    page = enter("clerk")
    page.goto("/admin/settlement/2026-08/")
    page.keyboard.press("a")
    first = page.locator("#dlg-submit input[name^=why]").first
    first.fill("已催，下月补交")
    page.keyboard.press("Escape")
    page.goto("/admin/settlement/2026-07/")
    page.goto("/admin/settlement/2026-08/")
    page.keyboard.press("a")
    assert first.input_value() == "已催，下月补交"


def test_what_is_returned_needs_a_reason_and_says_so_to_the_clerk(months, enter):
    manager = enter("manager")
    manager.goto("/admin/settlement/2026-07/")
    manager.keyboard.press("r")
    manager.locator("#dlg-return button[type=submit]").click()
    assert state(JULY) is SettlementState.SUBMITTED
    manager.fill("#return-reason", "王工的底薪请再核对")
    manager.locator("#dlg-return button[type=submit]").click()
    manager.get_by_text("2026-07 已退回").wait_for()
    clerk = enter("clerk")
    clerk.goto("/admin/settlement/2026-07/")
    assert "王工的底薪请再核对" in clerk.locator("main").inner_text()
    healthy(clerk)


def test_other_parameters_are_tried_beside_the_real_ones(months, enter):
    page = enter("leader")
    page.goto("/admin/settlement/2026-06/?tab=what_if")
    healthy(page)
    page.fill("#try-allowance_onsite", "fünf")
    page.get_by_role("button", name="试算").click()
    page.locator("#try-allowance_onsite-error").wait_for()
    page.fill("#try-allowance_onsite", "60")
    page.get_by_role("button", name="试算").click()
    page.locator("tfoot").wait_for()
    assert page.input_value("#try-allowance_onsite") == "60"
    assert "+" in page.locator("tfoot .ac-total").inner_text()
    healthy(page)


def test_the_pay_list_comes_as_a_file(months, enter):
    page = enter("finance")
    page.goto("/admin/settlement/2026-06/")
    with page.expect_download() as caught:
        page.get_by_role("link", name="工资表").click()
    assert caught.value.suggested_filename.endswith(".xlsx")


def test_a_technician_reads_his_month_on_his_phone(months, enter):
    page = enter("technician", employee="T003", width=390)
    page.goto(f"/admin/settlement/{JUNE}/")
    words = page.locator("main").inner_text()
    for expected in ("7,138.29", "6,800.00", "338.29", "月初已发底薪", "本次应付"):
        assert expected in words
    assert sideways(page) == 0
    healthy(page)
