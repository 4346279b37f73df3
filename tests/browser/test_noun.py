"""What the screens of nouns do by themselves: picking by typing, keys, dialogs, the second of two editors."""

import pytest
from sqlalchemy import select

from models import db
from models.account import Account
from models.customer import Customer
from models.project import Project
from models.ticket import Ticket
from rules.permissions import Role
from rules.ticket import TicketState
from tests.browser.checks import healthy
from tests.browser.story import play_sample
from workflows.account import create_account
from workflows.customer import create_customer, update_customer
from workflows.device import create_device
from workflows.project import create_project
from workflows.transaction import today

WIDTHS = pytest.mark.parametrize("width", [1440, 390])
PICK = "select[name=customer_id] + .ts-wrapper"


@pytest.fixture
def clerk(app):
    return create_account(
        "cast-clerk", [Role.CLERK], employee_number=None, password=None, actor=None
    )


@pytest.fixture
def customers(clerk):
    names = ("上海智联科技", "云栖数据中心", "滨江人民医院")
    return [create_customer({"name": n, "in_town": True}, actor=clerk) for n in names]


def typed(page, text):
    """Open the pick and type."""
    page.locator(PICK).click()
    page.wait_for_timeout(400)  # the first options are there, as for a slow reader
    page.keyboard.type(text)


def save(page):
    with page.expect_navigation():
        page.click("[data-save]")


def picked(name):
    db.session.rollback()
    project = db.session.scalar(select(Project).where(Project.name == name))
    return project and project.customer.name


@WIDTHS
@pytest.mark.parametrize("text", ["云栖", "yqsj", "KH-0002"])
def test_typing_and_waiting_picks_what_was_typed(customers, enter, width, text):
    page = enter("clerk", width=width)
    page.goto("/admin/project/new/")
    page.fill("[name=name]", "机房二期")
    typed(page, text)
    page.get_by_role("option", name="云栖数据中心").wait_for()
    healthy(page)
    page.keyboard.press("Enter")
    save(page)
    assert picked("机房二期") == "云栖数据中心"


def test_enter_without_waiting_never_takes_another(customers, enter):
    page = enter("clerk")
    page.goto("/admin/project/new/")
    page.fill("[name=name]", "机房二期")
    typed(page, "云栖")
    page.keyboard.press("Enter")
    save(page)
    assert picked("机房二期") in (None, "云栖数据中心")


def test_a_pick_is_changed_by_typing_on_a_known_record_too(customers, clerk, enter):
    row = create_project({"name": "机房二期", "customer_id": customers[0].id}, actor=clerk)
    page = enter("clerk")
    page.goto(f"/admin/project/{row.id}/edit/")
    typed(page, "滨江")
    page.get_by_role("option", name="滨江人民医院").wait_for()
    page.keyboard.press("Enter")
    save(page)
    assert picked("机房二期") == "滨江人民医院"


def test_what_is_not_there_can_be_made(customers, enter):
    page = enter("clerk")
    page.goto("/admin/project/new/")
    typed(page, "无此客户")
    link = page.get_by_role("link", name="没有？新建客户")
    link.wait_for()
    assert link.get_attribute("href") == "/admin/customer/new/"


def test_a_list_is_walked_ticked_and_opened_by_keys(customers, enter):
    page = enter("clerk")
    page.goto("/admin/customer/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/customer/*/")
    assert "云栖数据中心" in page.title()
    page.goto("/admin/customer/")
    page.keyboard.press("n")
    page.wait_for_url("**/admin/customer/new/")


def test_a_filter_is_set_by_its_chip_and_dropped_by_its_cross(customers, enter):
    page = enter("clerk")
    page.goto("/admin/customer/")
    page.locator("summary", has_text="地区").click()
    page.get_by_label("市外").check()
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**/?in_town=no")
    assert page.get_by_text("没有符合条件的客户").is_visible()
    page.get_by_label("去掉“地区”").click()
    page.wait_for_load_state()
    assert page.locator("tr[data-row]").count() == 3


@WIDTHS
def test_the_second_editor_sees_both_values_and_chooses(customers, clerk, enter, width):
    row = customers[0]
    page = enter("clerk", width=width)
    page.goto(f"/admin/customer/{row.id}/edit/")
    page.fill("[name=contact]", "韩雪")
    update_customer(row.id, {"address": "解放路 1 号"}, version=row.row_version, actor=clerk)
    save(page)
    assert page.get_by_text("先保存了").is_visible()
    healthy(page)
    page.get_by_role("button", name="保存所选").click()
    page.wait_for_load_state()
    db.session.expire_all()
    kept = db.session.get(Customer, row.id)
    assert (kept.contact, kept.address) == ("韩雪", "解放路 1 号")


def test_a_dialog_asks_first_escape_keeps_and_the_button_does(customers, enter):
    page = enter("admin")
    account = db.session.scalar(select(Account).where(Account.username == "cast-clerk"))
    page.goto(f"/admin/account/{account.id}/")
    page.get_by_role("link", name="停用账号").click()
    dialog = page.get_by_role("dialog")
    assert "停用账号 cast-clerk？" in dialog.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "再看看"
    healthy(page)
    page.keyboard.press("Escape")
    db.session.rollback()
    assert db.session.get(Account, account.id).is_active
    page.get_by_role("link", name="停用账号").click()
    with page.expect_navigation():
        dialog.get_by_role("button", name="停用账号").click()
    db.session.rollback()
    assert not db.session.get(Account, account.id).is_active


@pytest.fixture
def machines(clerk, customers):
    """One device of each of two customers, named alike."""
    for at, customer in enumerate(customers[:2]):
        values = {"name": f"机房{at}", "customer_id": customer.id, "accepted_on": today()}
        project = create_project(values, actor=clerk)
        device = {"serial": f"SW-{at}", "name": "核心交换机", "project_id": project.id}
        create_device(device, actor=clerk)


def pick(page, field, text):
    """Pick the one record that is offered for a text."""
    page.click(f"#{field}-ts-control")
    page.wait_for_timeout(400)
    page.keyboard.type(text)
    option = page.locator(f"#{field}-ts-dropdown").get_by_role("option")
    option.first.wait_for()
    page.wait_for_timeout(400)
    shown = option.all_inner_texts()
    option.first.click()
    return shown


@WIDTHS
def test_a_new_ticket_is_offered_its_customer_s_devices_and_told_its_clocks(machines, enter, width):
    page = enter("clerk", width=width)
    page.goto("/admin/ticket/new/")
    page.get_by_text("选了客户、问题等级和服务方式").wait_for()
    pick(page, "customer_id", "云栖")
    (only,) = pick(page, "device_id", "核心")
    assert "SW-1" in only
    page.locator("label:has([name=severity][value=A])").click()
    page.locator("label:has([name=mode][value=onsite])").click()
    page.locator("aside dl.ac-lines-pairs").get_by_text("到场").wait_for()
    assert page.locator("aside").get_by_text("在保").is_visible()
    healthy(page)
    pick(page, "customer_id", "上海")
    page.wait_for_function("document.querySelector('[name=device_id]').value === ''")
    (only,) = pick(page, "device_id", "核心")
    assert "SW-0" in only


def test_every_key_of_the_list_does_what_it_says(customers, enter):
    page = enter("clerk")
    page.goto("/admin/customer/")
    for key, selector in (("/", "input[data-key='/']"), ("?", "dialog#ac-keys[open]")):
        page.keyboard.press(key)
        page.wait_for_selector(f"{selector}:focus" if key == "/" else selector)
        page.keyboard.press("Escape")
    page.wait_for_selector("dialog#ac-keys[open]", state="hidden")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "滨江人民医院" in page.locator("tr:has(a:focus)").inner_text()  # the newest is first
    for key, place in (("t", "**/admin/ticket/"), ("h", "**/admin/")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(place)
    page.goto("/admin/customer/new/")
    page.locator("[name=name]").press("n")  # off while typing
    assert page.url.endswith("/new/")
    page.fill("[name=name]", "按键公司")
    page.locator("label:has([name=in_town][value=yes])").click()
    with page.expect_navigation():
        page.locator("[name=name]").press("Control+Enter")
    assert "按键公司" in page.title()


def test_rows_are_ticked_by_key(app, enter):
    play_sample()
    page = enter("clerk")
    page.goto("/admin/ticket/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("tr.ac-ticked").count() == page.locator("[data-tick]:checked").count() == 1
    assert page.locator("[data-when-ticked]").is_visible()
    page.keyboard.press("x")
    assert page.locator("[data-tick]:checked").count() == 0


def test_approvals_are_reached_by_keys(customers, enter):
    page = enter("manager")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/admin/approval/")


# Of cards on a phone and of narrow facts: the words that do not have the room they need.
CUT = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent.trim())"""


@pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
def test_a_phone_s_cards_show_whole_numbers_and_titles_in_both_languages(app, enter, english):
    play_sample()
    page = enter("clerk", width=390, english=english)
    page.goto("/admin/ticket/")
    assert page.locator(".ac-slot-top").count() > 5
    assert page.evaluate(CUT, ".ac-slot-top, .ac-slot-title") == []
    edges = page.evaluate(
        "[...document.querySelectorAll('.ac-list-table tbody>tr')].map((row) => ['.ac-slot-top', '.ac-slot-title']"
        ".map((name) => Math.round(row.querySelector(name).getBoundingClientRect().left)))"
    )
    assert all(number == title for number, title in edges), "a title stands on a line of its own"
    with_device = db.session.scalar(select(Ticket.id).where(Ticket.device_id.is_not(None)).limit(1))
    page.goto(f"/admin/ticket/{with_device}/")
    assert page.locator(".ac-narrow dt").count() > 2
    assert page.evaluate(CUT, ".ac-narrow dt") == []


def test_a_long_question_opens_at_its_beginning(app, enter):
    play_sample()
    ticket = db.session.scalar(select(Ticket.id).where(Ticket.status == TicketState.FORM_RECEIVED))
    page = enter("manager", width=390)
    page.set_viewport_size({"width": 390, "height": 400})
    page.goto(f"/admin/ticket/{ticket}/")
    page.locator("[data-dialog=step-call_back]:visible").first.click()
    page.wait_for_selector("#step-call_back [autofocus]:focus")
    page.wait_for_timeout(300)
    high = page.evaluate(
        "(d => [d.scrollHeight > d.clientHeight, d.scrollTop])(document.getElementById('step-call_back'))"
    )
    assert high == [True, 0]
