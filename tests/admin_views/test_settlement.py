"""The log-in and the settlement screen, as a browser's requests see them."""

import re

import pytest

from rules.permissions import Role
from tests.admin_views.conftest import PASSWORD, token
from tests.cast import JUNE, people, take_in
from workflows import settlement as steps
from workflows.account import create_account, disable_account
from workflows.settlement_report import settlement_report

MONTH = f"/admin/settlement/{JUNE}"


@pytest.fixture
def month(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    steps.draft(JUNE, actor=cast["clerk"])
    return cast


def post(client, verb, **form):
    page = client.get(f"{MONTH}/")
    digest = re.search(r'name="digest" value="([^"]+)"', page.get_data(as_text=True))
    data = {"csrf_token": token(page), "digest": digest[1] if digest else "", **form}
    return client.post(f"{MONTH}/{verb}", data=data, follow_redirects=True)


def words(client):
    page = client.get(f"{MONTH}/").get_data(as_text=True)
    return dict.fromkeys(re.findall(r'name="(why/[^"]+)"', page), "已核对")


def test_a_month_goes_through_three_people_on_screen(month, enter):
    clerk, manager, leader, finance = map(enter, ("clerk", "manager", "leader", "finance"))
    assert "不一致" in post(clerk, "submit").get_data(as_text=True)
    assert settlement_report(JUNE)["status"] == "draft"
    post(clerk, "submit", **words(clerk))
    post(manager, "review")
    post(leader, "approve")
    assert settlement_report(JUNE)["status"] == "approved"
    post(finance, "pay")
    assert settlement_report(JUNE)["status"] == "paid"


@pytest.mark.parametrize("verb", ["draft", "submit", "review", "approve", "return", "pay"])
def test_an_auditor_changes_nothing(month, enter, verb):
    assert post(enter("auditor"), verb).status_code == 403
    assert settlement_report(JUNE)["status"] == "draft"


@pytest.mark.parametrize("role", ["commerce", "project_manager", "admin"])
def test_who_has_no_business_with_pay_does_not_see_it(month, enter, role):
    assert enter(role).get(f"{MONTH}/").status_code == 403


def test_a_technician_sees_his_own_pay_and_nobody_elses(month, enter):
    page = enter("technician", employee="T003").get(f"{MONTH}/").get_data(as_text=True)
    assert "沈娟" in page
    assert not any(name in page for name in ("吕桂", "秦桂", "郑丽芳", "卫芳霞"))
    assert "7,138.29" in page


def test_without_a_token_nothing_is_written(month, enter):
    clerk = enter("clerk")
    assert clerk.post(f"{MONTH}/draft").status_code == 400
    assert clerk.post("/login", data={"username": "x", "password": "y"}).status_code == 400


def test_strangers_are_led_to_the_log_in_and_back(app):
    answer = app.test_client().get("/admin/settlement/2026-06/")
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "\\\\evil", "https:evil.example", "/\t/evil.example"],
)
def test_the_log_in_leads_only_to_pages_of_ours(app, target):
    create_account("web-clerk", [Role.CLERK], employee_number=None, password=PASSWORD, actor=None)
    client = app.test_client()
    form = {
        "csrf_token": token(client.get("/login")),
        "username": "web-clerk",
        "password": PASSWORD,
        "next": target,
    }
    assert client.post("/login", data=form).location == "/"


def test_disabling_an_account_ends_its_session(month, enter):
    clerk = enter("clerk")
    assert clerk.get(f"{MONTH}/").status_code == 200
    disable_account("web-clerk", actor=None)
    assert clerk.get(f"{MONTH}/").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/admin/settlement/2026-13/",
        "/admin/settlement/abc/",
        "/admin/settlement/2026-06/?tab=x",
        "/nowhere",
        "/admin/static/bootstrap/bootstrap4/css/bootstrap.min.css",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(month, enter, path):
    answer = enter("clerk").get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.get_data(as_text=True)


def test_the_chinese_screen_speaks_chinese(month, enter):
    page = enter("clerk").get(f"{MONTH}/").get_data(as_text=True)
    for sentence in (
        "2026年6月 月度绩效结算",
        "本月应发合计（税前）",
        "月初已发底薪",
        "三人不得相同",
        "提交审核",
    ):
        assert sentence in page


def test_every_answer_carries_a_strict_content_policy(app):
    policy = app.test_client().get("/login").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
