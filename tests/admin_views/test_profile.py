"""One's own page: a new password, and where one is logged in; an ended log-in opens nothing any more (R10)."""

import pytest
from sqlalchemy import func, select

from models import db
from models.account import Account
from models.audit import AuditRecord
from models.log_in import LogIn
from rules.permissions import Role
from tests.admin_views.conftest import PASSWORD, token
from workflows.account import create_account
from workflows.account_change import update_account

HOME, PROFILE = "/admin/", "/admin/profile/"
NEW = "staple battery correct"


@pytest.fixture
def here(enter):
    return enter("clerk")


@pytest.fixture
def there(app, here):
    """The same person in another browser."""
    client = app.test_client()
    page = client.get("/login")
    form = {"csrf_token": token(page), "username": "web-clerk", "password": PASSWORD}
    assert (
        client.post(
            "/login", data=form, headers={"User-Agent": "Mozilla Firefox/140 Linux"}
        ).status_code
        == 302
    )
    return client


def is_in(client):
    return client.get(HOME).status_code == 200


def change(client, old=PASSWORD, new=NEW, again=None):
    form = {"old": old, "new": new, "again": new if again is None else again}
    return client.send(PROFILE + "password", seen=PROFILE, **form)


def test_a_new_password_ends_every_other_log_in_and_keeps_this_one(app, here, there):
    assert change(here).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    again = app.test_client()
    for password, status in ((PASSWORD, 401), (NEW, 302)):
        form = {
            "csrf_token": token(again.get("/login")),
            "username": "web-clerk",
            "password": password,
        }
        assert again.post("/login", data=form).status_code == status


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"old": "not my password"}, "现在的密码不对"),
        ({"again": "something other"}, "两次输入的新密码不一样"),
        ({"new": "short"}, "至少 12 个字符"),
        ({"new": "password1234"}, "太常见"),
        ({"new": PASSWORD}, "和现在的一样"),
    ],
)
def test_a_password_that_cannot_be_is_refused_under_its_field(here, there, form, why):
    answer = change(here, **form)
    assert answer.status_code == 400
    assert why in answer.get_data(as_text=True)
    assert (is_in(here), is_in(there)) == (True, True)


def test_the_page_lists_ones_browsers_and_ends_one_or_all_others(here, there):
    page = here.page(PROFILE)
    assert "Firefox · Linux" in page
    other = db.session.scalar(select(func.max(LogIn.id)))
    assert here.send(PROFILE + "end", seen=PROFILE, id=str(other)).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert here.send(PROFILE + "end", seen=PROFILE, id=str(other)).status_code == 404
    assert here.send(PROFILE + "end-others", seen=PROFILE).status_code == 302
    assert is_in(here)
    query = select(func.count()).where(AuditRecord.verb == "end_sessions")
    assert db.session.scalar(query) == 2


def test_a_log_in_that_ended_with_all_others_is_not_listed(here, there, enter):
    """Other roles end them all; who logs in again sees the one that lives."""
    account = db.session.scalar(select(Account).where(Account.username == "web-clerk"))
    admin = create_account("boss", [Role.ADMIN], employee_number=None, password=None, actor=None)
    update_account(account.id, {"roles": [Role.CLERK, Role.MANAGER]}, version=None, actor=admin)
    assert (is_in(here), is_in(there)) == (False, False)
    form = {"csrf_token": token(here.get("/login")), "username": "web-clerk", "password": PASSWORD}
    assert here.post("/login", data=form).status_code == 302
    page = here.page(PROFILE)
    assert "当前浏览器" in page
    assert "结束其他全部登录" not in page


def test_nobody_ends_the_log_in_of_another(here, enter):
    stranger = enter("manager")
    mine = db.session.scalar(
        select(LogIn.id)
        .join(Account, Account.id == LogIn.account_id)
        .where(Account.username == "web-clerk")
    )
    assert stranger.send(PROFILE + "end", seen=PROFILE, id=str(mine)).status_code == 404
    assert is_in(here)


def test_a_cookie_kept_from_before_the_log_out_opens_nothing(app, here):
    kept = here.get_cookie("session").value
    assert here.send("/logout", seen=PROFILE).status_code == 302
    thief = app.test_client()
    thief.set_cookie("session", kept)
    assert not is_in(thief)


@pytest.mark.parametrize(
    "identity", ["1", "1.1", "1.1.", "1.1.x", "x.1.y", "9999999999999.1.a", "１.1.a"]
)
def test_an_identity_that_nobody_was_given_is_nobody(app, here, identity):
    with here.session_transaction() as session:
        session["_user_id"] = identity
    assert not is_in(here)


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "99999999999999"])
def test_a_log_in_that_cannot_be_named_is_no_error_of_ours(here, number):
    assert here.send(PROFILE + "end", seen=PROFILE, id=number).status_code in (400, 404)
