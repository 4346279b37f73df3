"""Accounts on screen: admins alone, sessions that end, and no way to the top for anyone else (R10)."""

import pytest
from sqlalchemy import select

from models import db
from models.account import Account
from models.audit import AuditRecord
from rules.permissions import Role
from tests.cast import people
from workflows.account import HASHER

LIST = "/admin/account/"
NEW = "/admin/account/new/"
PASSWORD = "another long sentence"


@pytest.fixture
def cast(app):
    return people()


def named(name):
    db.session.expire_all()
    return db.session.scalar(select(Account).where(Account.username == name))


def test_an_admin_makes_an_account_whose_password_is_kept_nowhere_readable(cast, enter):
    admin = enter("admin")
    form = {"username": "周敏", "password": PASSWORD, "roles": ["clerk", "manager"]}
    assert admin.send(NEW, NEW, **form).status_code == 302
    made = named("周敏")
    assert made.roles == {Role.CLERK, Role.MANAGER}
    assert HASHER.verify(made.password_hash, PASSWORD)
    trail = [record.details for record in db.session.scalars(select(AuditRecord))]
    assert not any(PASSWORD in details or made.password_hash in details for details in trail)
    for path in (
        LIST,
        f"{LIST}{made.id}/",
        f"{LIST}{made.id}/edit/",
        f"{LIST}{made.id}/?tab=history",
    ):
        page = admin.page(path)
        assert PASSWORD not in page
        assert made.password_hash not in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"username": "a", "password": "short", "roles": "clerk"}, "至少 12 个字。"),
        ({"username": "a", "password": "password1234", "roles": "clerk"}, "这个密码太常见。"),
        ({"username": "a", "password": PASSWORD}, "请填写。"),
        ({"username": "a", "password": PASSWORD, "roles": "root"}, "请从所列的项目中选择。"),
        ({"username": "clerk", "password": PASSWORD, "roles": "clerk"}, "账号 clerk 已经有了"),
        ({"username": "a", "password": PASSWORD, "roles": "clerk", "employee_id": "77"}, "没有这一项，或不归您选"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_account_is_said_and_the_password_not_shown_again(
    cast, enter, form, sentence
):
    answer = enter("admin").send(NEW, NEW, **form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert sentence in page
    assert form["password"] not in page


def edit(admin, account, roles, version=None):
    form = {"row_version": str(version or account.row_version), "roles": roles}
    return admin.send(f"{LIST}{account.id}/edit/", NEW, **form)


def test_other_roles_end_the_sessions_at_the_next_request(cast, enter):
    clerk, admin = enter("clerk", name="web-clerk"), enter("admin")
    assert clerk.get("/admin/customer/").status_code == 200
    assert edit(admin, named("web-clerk"), ["technician"]).status_code == 302
    assert named("web-clerk").roles == {Role.TECHNICIAN}
    assert clerk.get("/admin/customer/").status_code == 302


def test_the_same_roles_leave_the_sessions_alone(cast, enter):
    clerk, admin = enter("clerk", name="web-clerk"), enter("admin")
    assert edit(admin, named("web-clerk"), ["clerk"]).status_code == 302
    assert clerk.get("/admin/customer/").status_code == 200


def test_disabling_and_a_new_password_end_the_sessions(cast, enter):
    admin = enter("admin")
    for verb, form in (("disable", {}), ("set_password", {"password": PASSWORD})):
        clerk = enter("clerk", name=f"web-{verb}")
        account = named(f"web-{verb}")
        form = {"row_version": str(account.row_version), **form}
        assert admin.send(f"{LIST}{account.id}/{verb}/", NEW, **form).status_code == 302
        assert clerk.get("/admin/customer/").status_code == 302


def test_a_disabled_account_can_be_let_in_again(cast, enter):
    admin = enter("admin")
    enter("clerk", name="web-clerk")
    for verb in ("disable", "enable"):
        account = named("web-clerk")
        admin.send(f"{LIST}{account.id}/{verb}/", NEW, row_version=str(account.row_version))
        assert named("web-clerk").is_active is (verb == "enable")


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_nobody_else_makes_himself_a_manager(cast, enter, role):
    client = enter(role)
    me = named(f"web-{role}")
    answer = client.send(f"{LIST}{me.id}/edit/", "/login", roles="manager", row_version="1")
    assert answer.status_code == 403
    assert named(f"web-{role}").roles == {role}


def test_an_admin_keeps_his_own_role_and_his_own_account(cast, enter):
    admin = enter("admin")
    me = named("web-admin")
    refused = edit(admin, me, ["clerk"])
    assert refused.status_code == 400
    assert "不能去掉自己的系统管理员角色。" in refused.get_data(as_text=True)
    form = {"row_version": str(me.row_version)}
    assert admin.send(f"{LIST}{me.id}/disable/", NEW, **form).status_code == 409
    assert named("web-admin").roles == {Role.ADMIN}
    assert named("web-admin").is_active


def test_hidden_columns_are_not_sorted_filtered_or_found_by(cast, enter):
    admin = enter("admin")
    for query in ("sort=password_hash", "password_hash=x", "sort=session_epoch"):
        assert admin.get(f"{LIST}?{query}").status_code == 400
    digest = named("web-admin").password_hash
    assert "没有符合条件的账号" in admin.page(f"{LIST}?q={digest[-20:]}")


def test_an_admin_is_not_offered_to_disable_himself_and_is_told_why_it_cannot_be(cast, enter):
    admin = enter("admin")
    own, other = named("web-admin").id, named("clerk").id
    assert "停用账号" in admin.page(f"{LIST}{other}/")
    assert "停用账号" not in admin.page(f"{LIST}{own}/")
    for answer in (
        admin.get(f"{LIST}{own}/disable/"),
        admin.send(f"{LIST}{own}/disable/", f"{LIST}{other}/", row_version="1"),
    ):
        assert answer.status_code == 409
        assert "不能停用自己的账号" in answer.get_data(as_text=True)
    assert named("web-admin").is_active


def test_an_account_shows_nothing_of_its_password(cast, enter):
    admin = enter("admin")
    page = admin.page(f"{LIST}{named('clerk').id}/")
    assert "<dt>角色</dt>" in page
    assert "<dt>密码</dt>" not in page
