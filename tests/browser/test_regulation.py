"""The clauses, reached from their chips, in a real browser."""

from tests.browser.checks import healthy
from tests.browser.story import play_sample


def test_a_clause_opens_beside_the_page_and_leaves_it_as_it_was(enter):
    play_sample()
    page = enter("clerk")
    page.goto("/admin/settlement/2026-08/")
    page.keyboard.press("a")
    page.locator("#dlg-submit input[name^=why]").first.fill("已核对")
    page.locator("#dlg-submit .ac-clause", has_text="R9.7").click()
    drawer = page.locator("#ac-clause")
    drawer.get_by_text("提交前列出不一致的各项").wait_for()
    healthy(page)
    page.keyboard.press("Escape")
    assert not drawer.is_visible()
    assert page.locator("#dlg-submit input[name^=why]").first.input_value() == "已核对"


def test_the_clauses_stand_with_their_blanks_filled_in(enter):
    page = enter("technician", width=390)
    page.goto("/admin/regulation/R7.2")
    assert page.url.endswith("/admin/regulation/#R7.2")
    words = page.locator("[id='R7.2']").inner_text()
    assert "30.00" in words
    assert "元/次" in words
    healthy(page)
