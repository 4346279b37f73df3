"""What is typed into a form is not lost before it is saved, and not kept afterwards."""

import pytest
from sqlalchemy import select

from models import db
from models.customer import Customer
from models.ticket import Ticket
from rules.permissions import Role
from tests.browser.checks import healthy
from workflows.account import create_account
from workflows.customer import create_customer

NEW = "/admin/ticket/new/"
SIGN = "[data-draft-sign]"
KEPT = "Object.keys(sessionStorage).filter(key => key.includes('draft:')).length"


@pytest.fixture
def customer(app):
    clerk = create_account(
        "cast-clerk", [Role.CLERK], employee_number=None, password=None, actor=None
    )
    return create_customer({"name": "云栖数据中心", "in_town": True}, actor=clerk)


def pick_customer(page):
    page.locator("select[name=customer_id] + .ts-wrapper").click()
    page.wait_for_timeout(400)  # the first options are there, as for a slow reader
    page.keyboard.type("云栖")
    page.get_by_role("option", name="云栖数据中心").wait_for()
    page.keyboard.press("Enter")


def write(page):
    page.goto(NEW)
    pick_customer(page)
    page.fill("[name=fault]", "核心交换机重启")
    page.select_option("[name=source]", "service_line")
    page.locator("label:has([name=severity][value=B])").click()
    page.locator("label:has([name=mode][value=phone])").click()


def written(page):
    return (
        page.locator("[name=customer_id] + .ts-wrapper .item").all_inner_texts(),
        page.input_value("[name=fault]"),
        page.input_value("[name=source]"),
        page.locator("[name=severity]:checked").get_attribute("value"),
        page.locator("[name=mode]:checked").get_attribute("value"),
    )


WHOLE = (["云栖数据中心"], "核心交换机重启", "service_line", "B", "phone")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_reloaded_form_brings_back_what_was_typed_and_what_follows_from_it(
    customer, enter, width
):
    page = enter("clerk", width=width)
    write(page)
    assert page.inner_text(SIGN).startswith("草稿已存 ")
    page.reload()
    page.locator(".ts-wrapper .item").wait_for()
    assert written(page) == WHOLE
    assert "已恢复" in page.inner_text(SIGN)
    page.locator("aside time").first.wait_for()  # the clocks of what was brought back
    healthy(page)


def test_a_saved_form_leaves_no_draft(customer, enter):
    page = enter("clerk")
    write(page)
    with page.expect_navigation():
        page.click("[data-save]")
    assert db.session.scalar(select(Ticket.fault)) == "核心交换机重启"
    assert page.evaluate(KEPT) == 0
    page.goto(NEW)
    assert page.input_value("[name=fault]") == ""
    assert not page.is_visible(SIGN)


@pytest.mark.parametrize(("press", "where"), [("Enter", ""), ("then", "dispatch/")])
def test_enter_saves_and_the_other_button_goes_on(customer, enter, press, where):
    page = enter("clerk")
    write(page)
    with page.expect_navigation():
        if press == "Enter":
            page.press("[name=reporter]", "Enter")
        else:
            page.click("button[name=then]")
    number = db.session.scalar(select(Ticket.id))
    assert page.url.endswith(f"/admin/ticket/{number}/{where}")
    healthy(page)


def test_a_refused_form_keeps_what_was_typed(customer, enter):
    page = enter("clerk")
    write(page)
    page.fill("[name=fault]", "")
    with page.expect_navigation():
        page.click("[data-save]")
    assert "没有保存" in page.inner_text("main")
    assert written(page)[0] == ["云栖数据中心"]
    page.goto(NEW)
    page.locator(".ts-wrapper .item").wait_for()
    assert written(page)[2:] == WHOLE[2:]


def test_an_expired_session_loses_nothing(customer, enter):
    page = enter("clerk")
    write(page)
    page.context.clear_cookies(name="session")
    with page.expect_navigation():
        page.click("[data-save]")
    page.goto("/login")
    page.fill("#username", "browser-clerk-x")
    page.fill("#password", "correct horse battery")
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(NEW)
    page.locator(".ts-wrapper .item").wait_for()
    assert written(page) == WHOLE


def test_a_draft_is_dropped_by_leaving_by_dropping_and_by_logging_out(customer, enter):
    page = enter("clerk")
    for leave in ("[data-draft-leave]", "[data-draft-drop]", "[data-forget] button:visible"):
        write(page)
        assert page.evaluate(KEPT) == 1
        if leave == "[data-draft-drop]":
            page.reload()
            page.locator(leave).wait_for()
        with page.expect_navigation():
            page.click(leave)
        assert page.evaluate(KEPT) == 0


def test_a_change_is_brought_back_only_to_the_version_it_was_made_on(customer, enter):
    page = enter("clerk")
    path = f"/admin/customer/{customer.id}/edit/"
    page.goto(path)
    page.fill("[name=name]", "云栖云计算中心")
    page.reload()
    assert page.input_value("[name=name]") == "云栖云计算中心"
    row = db.session.get(Customer, customer.id)
    row.address = "江城市"
    db.session.commit()
    page.reload()
    assert page.input_value("[name=name]") == "云栖数据中心"


def test_rows_of_articles_come_back_and_a_password_never(customer, enter):
    page = enter("commerce")
    page.goto("/admin/parts_sale/new/")
    for n, article in enumerate(("硬盘", "电源", "风扇", "内存")):
        if page.locator("[name=lines-article]").count() <= n:
            page.click("[data-add-line]")
        page.locator("[name=lines-article]").nth(n).fill(article)
    page.reload()
    kept = [one.input_value() for one in page.locator("[name=lines-article]").all()]
    assert [one for one in kept if one] == ["硬盘", "电源", "风扇", "内存"]
    admin = enter("admin")
    admin.goto("/admin/account/new/")
    admin.fill("[name=username]", "lin")
    admin.fill("[type=password] >> nth=0", "a secret of mine")
    assert "a secret of mine" not in admin.evaluate("JSON.stringify(sessionStorage)")
    admin.reload()
    assert admin.input_value("[name=username]") == "lin"
