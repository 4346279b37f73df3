"""The log-in and the pages that say no, in a real browser."""

import pytest

from rules.permissions import Role
from tests.browser.checks import healthy
from workflows.account import create_account
from workflows.demonstration import PASSWORD, begin_demonstration

SCREENS = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
WIDTHS = pytest.mark.parametrize("width", [1440, 390])


@SCREENS
@WIDTHS
def test_the_log_in_says_what_happens_next_and_keeps_the_name(stranger, width, dark):
    page = stranger(width=width, dark=dark)
    page.goto("/admin/settlement/2026-06/")
    assert page.title().startswith("登录")
    healthy(page)
    page.wait_for_selector("#username:focus")
    page.fill("#username", "lin")
    page.fill("#password", "something else")
    page.press("#password", "Enter")
    page.get_by_role("alert").wait_for()
    assert "用户名或密码不对" in page.get_by_role("alert").inner_text()
    assert page.input_value("#username") == "lin"
    page.wait_for_selector("#password:focus")  # the name is kept, only the password is asked again
    healthy(page)


@SCREENS
def test_a_page_that_is_not_there_says_so(enter, dark):
    page = enter("clerk", dark=dark, width=390)
    assert page.goto("/nowhere").status == 404
    assert page.get_by_text("这里没有内容").first.is_visible()
    healthy(page)


def test_the_password_can_be_shown(stranger):
    page = stranger()
    page.goto("/login")
    page.wait_for_selector("#username:focus")
    page.fill("#password", "secret words")
    page.get_by_label("显示密码").click()
    assert page.get_attribute("#password", "type") == "text"


@SCREENS
@WIDTHS
def test_the_demonstration_shows_its_accounts_and_one_click_fills_the_form(
    app, stranger, width, dark
):
    begin_demonstration({})
    name, roles = "zhoumin", [Role.MANAGER]
    create_account(name, roles, employee_number=None, password=PASSWORD, actor=None)
    page = stranger(width=width, dark=dark)
    page.goto("/login")
    healthy(page)
    page.wait_for_selector("#username:focus")
    page.get_by_role("button", name="zhoumin").click()
    assert page.input_value("#username") == "zhoumin"
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/**")
