"""Accounts: who logs in, in which roles; admins alone change them, and what they change ends the sessions (R10)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import exists, select

from admin_views.noun.column import Badge, Column, Ref, words
from admin_views.noun.details_page import Told
from admin_views.noun.field import Line, Pick, Several
from admin_views.noun.filter import ChoiceFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Step, Tab
from admin_views.noun.step_page import AskPage
from admin_views.noun.view import NounView
from models import db
from models.account import Account, AccountRole
from models.employee import Employee
from rules.permissions import Role
from workflows import account_change as workflow
from workflows.account import SHORTEST_PASSWORD, check_not_own


class Password(Line):
    """A password to set; it is never shown again, not even to who has just typed it."""

    kind = "password"

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label, most=200, least=SHORTEST_PASSWORD, autofill="new-password", **kwargs
        )

    @property
    def shown(self) -> str:
        return ""

    def text(self, value: Any) -> str:
        return ""


class RoleFilter(ChoiceFilter):
    """Accounts that have one of some roles."""

    def where(self, value: list[Any]) -> Any:
        return exists().where(AccountRole.account_id == Account.id, AccountRole.role.in_(value))


def roles_of(ids: Sequence[int]) -> Mapping[int, str]:
    """The roles of some accounts, in words."""
    found: dict[int, list[str]] = {}
    query = select(AccountRole.account_id, AccountRole.role).where(AccountRole.account_id.in_(ids))
    for number, role in db.session.execute(query.order_by(AccountRole.role)):
        found.setdefault(number, []).append(words(role))
    return {number: _("、").join(names) for number, names in found.items()}


def standing(disabled_at: Any) -> Badge:
    """Whether an account can log in."""
    return Badge("grey", _("已停用")) if disabled_at else Badge("green", _("可用"))


class AccountForm(NounForm):
    """An account: its name and first password are given once."""

    username = Line(_l("账号"), most=64, required=True, autofill="username")
    password = Password(
        _l("密码"), required=True, hint=_l("至少 12 个字符，可以用几个词连成一句。")
    )
    employee_id = Pick(
        _l("员工"), noun="employee", hint=_l("技术员只看到自己的单据，须对应到员工。")
    )
    roles = Several(_l("角色"), Role, required=True, wide=True)
    only_new = ("username", "password")
    sections = (
        Section(_l("谁登录"), ("username", "password", "employee_id")),
        Section(_l("可以做什么"), ("roles",), _l("改角色后，此人已登录的会话在下一次请求时结束。")),
    )


class PasswordForm(NounForm):
    """A new password."""

    password = Password(
        _l("新密码"), required=True, hint=_l("至少 12 个字符，可以用几个词连成一句。")
    )
    sections = (Section("", ("password",)),)


class AccountView(NounView):
    """账号."""

    noun = "account"
    title = _p("list", "账号")
    one = _l("账号")
    unit = _p("account", "个")
    group = "settings"
    icon = "key"
    clauses = ("R10",)
    model = Account
    label = Account.username
    joins = ((Employee, Employee.id == Account.employee_id),)
    default_order = (Account.username, Account.id)
    search_hint = _l("账号、姓名、工号")
    columns = (
        Column("username", _l("账号"), Account.username, kind="id", sort=True, card="top"),
        Column("employee", _l("员工"), (Employee.name, Employee.id), kind="ref", show=lambda v: Ref(v[0], "employee", v[1]) if v[0] else None, card="title"),
        Column("roles", _l("角色"), load=roles_of, card="sub"),
        Column("standing", _l("状态"), Account.disabled_at, kind="badge", show=standing, card="badge"),
    )  # fmt: skip
    filters = (
        RoleFilter("role", _l("角色"), Account.id, codes=Role),
        YesNoFilter("active", _l("状态"), Account.disabled_at.is_(None), yes=_l("可用"), no=_l("已停用")),
        PickFilter("employee", _l("员工"), Account.employee_id, noun="employee", rare=True),
    )  # fmt: skip
    tabs = (
        Tab("active", _l("可用"), {"active": "yes"}),
        Tab("disabled", _l("已停用"), {"active": "no"}),
        Tab("all", _l("全部")),
    )
    form_class = AccountForm
    create_with = staticmethod(workflow.open_account)
    update_with = staticmethod(workflow.update_account)
    create_label = _l("新建账号")
    steps = (
        Step(
            "set_password", _l("设新密码"), "account.change", workflow.set_password,
            lambda row: _("给 %(name)s 设新密码", name=row.username),
            lambda row: (_("此人已登录的会话在下一次请求时结束。"),), form=PasswordForm, icon="lock",
        ),
        Step(
            "disable", _l("停用账号"), "account.disable", workflow.disable,
            lambda row: _("停用账号 %(name)s？", name=row.username),
            lambda row: (_("此人不能再登录，已登录的会话在下一次请求时结束。记录都保留，可以再启用。"),),
            lambda row: row.is_active, icon="ban", danger=True,
        ),
        Step(
            "enable", _l("启用账号"), "account.disable", workflow.enable,
            lambda row: _("启用账号 %(name)s？", name=row.username),
            lambda row: (_("此人可以用原来的密码登录。"),), lambda row: not row.is_active,
            icon="check", primary=True,
        ),
    )  # fmt: skip

    def found_by(self) -> list[tuple[str, Any]]:
        return [("account", Account.id), ("employee", Account.employee_id)]

    def values_of(self, row: Any) -> dict[str, Any]:
        return {
            "username": row.username,
            "employee_id": row.employee_id,
            "roles": sorted(row.roles),
        }

    def open_steps(self, row: Any) -> list[Step]:
        """Nobody is offered to disable himself."""
        steps = super().open_steps(row)
        return [step for step in steps if step.verb != "disable" or row.id != self.actor.id]

    def ask_step(self, row: Any, step: Step, *more: Any, **named: Any) -> AskPage:
        """The question that a step asks; whoever asks to disable himself is told at once that it cannot be."""
        if step.verb == "disable":
            check_not_own(row, self.actor)
        return super().ask_step(row, step, *more, **named)

    def file(self, row: Any) -> list[tuple[Section, list[Told]]]:
        """All but the password, of which nothing is shown."""
        return [
            (section, [one for one in some if one.label != _("密码")])
            for section, some in super().file(row)
        ]

    def head(self, row: Any) -> Head:
        roles = _("、").join(words(role) for role in sorted(row.roles))
        name = row.employee.name if row.employee else ""
        return Head(row.username, standing(row.disabled_at), (Fact(name, "user"), Fact(roles)))
