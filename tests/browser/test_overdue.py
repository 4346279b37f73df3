"""Deciding an overdue case in a real browser: evidence, rate with its effect, proposal, approval (R8.3–R8.5)."""

from datetime import date

import pytest

from models import db
from models.overdue_case import OverdueCase
from rules.overdue_case import CaseState
from tests.browser.checks import healthy
from tests.cast import people
from tests.overdue_world import make_case, make_employee, make_receivable, on, proposal
from workflows.overdue_case import save_case


@pytest.fixture
def cast(app):
    return people()


@pytest.fixture
def case(cast):
    with on(date(2026, 11, 3)):
        row = make_receivable(make_employee(name="陈志强"))
        return make_case(row, cast["finance"], basis=None, reason=None)


def test_a_case_is_proposed_with_its_effect_in_sight_and_approved(enter, case):
    address = f"/admin/overdue/{case.id}/"
    page = enter("manager")
    page.goto(address)
    healthy(page)
    page.get_by_label("承担比例").press("End")
    page.locator("#verdict", has_text="6,860.00").wait_for()
    assert page.locator("#rate-out").inner_text() == "100\u2009%"
    assert "5,137.60" in page.locator("#effect").inner_text()
    page.fill("#reason", "口头同意无记录")
    page.get_by_role("button", name="提交领导审批").click()
    page.get_by_text("请写明依据").wait_for()
    assert page.input_value("#reason") == "口头同意无记录"
    assert page.locator("#rate-out").inner_text() == "100\u2009%"
    page.fill("#basis", "制度 六.1(1)C")
    page.get_by_role("button", name="提交领导审批").click()
    page.get_by_text("已提交公司领导。").wait_for()
    leader = enter("leader")
    leader.goto(address)
    leader.keyboard.press("a")
    healthy(leader)
    harmless = leader.locator("#dlg-approve [data-first]")
    assert harmless.evaluate("it => it === document.activeElement")
    leader.get_by_role("button", name="批准 ¥6,860.00").click()
    leader.get_by_text("已批准，从本月起扣款。").wait_for()
    db.session.expire_all()
    assert db.session.get(OverdueCase, case.id).state is CaseState.DECIDED


def test_where_someone_was_faster_his_value_is_taken_over_by_a_click(enter, case, cast):
    page = enter("manager")
    page.goto(f"/admin/overdue/{case.id}/")
    page.fill("#reason", "我的理由")
    page.fill("#basis", "我的依据")
    with on(date(2026, 11, 3)):
        save_case(case.id, proposal(reason="同事的理由", basis="同事的依据"), actor=cast["manager"])
    page.get_by_role("button", name="存草稿").click()
    page.get_by_text("比您快一步").wait_for()
    healthy(page)
    page.locator("[data-take=reason]").click()
    page.get_by_role("button", name="存草稿").click()
    page.get_by_text("草稿已保存。").wait_for()
    db.session.expire_all()
    found = db.session.get(OverdueCase, case.id)
    assert (found.reason, found.basis) == ("同事的理由", "我的依据")


@pytest.mark.parametrize("dark", [False, True])
def test_on_the_phone_the_handler_finds_his_case_and_states_it(dark, enter, case):
    page = enter("technician", employee="T01", width=390, dark=dark)
    page.goto("/admin/overdue/")
    healthy(page)
    page.get_by_role("link", name="XS-2025-0112").click()
    page.locator("summary", has_text="员工陈述").click()
    page.get_by_label("同意", exact=True).check()
    page.fill("#statement", "我同意承担八成")
    healthy(page)
    page.get_by_role("button", name="提交陈述").click()
    page.get_by_text("陈述已保存。").wait_for()
    assert page.get_by_text("“我同意承担八成”").is_visible()
