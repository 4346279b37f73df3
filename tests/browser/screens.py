"""Every screen of the product, once per role that sees it differently: what is photographed and checked.

A new screen is one line here; `{month}` and the like are filled from the database by `examples`. The screens of the
nouns need none: `noun_screens` finds lists, records, forms and the questions of their steps by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Select, func, select

from admin_views.noun.base import NounBase
from models import db
from models.account import Account, AccountRole
from models.base import Noun
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from models.project import Project
from models.settlement import Settlement, SettlementLine
from rules.permissions import Reach, Role, reach
from rules.settlement_steps import SettlementState
from tests.browser import plays
from tests.browser.plays import Play

MONTH = "/admin/settlement/{month}/"


@dataclass(frozen=True, slots=True)
class Screen:
    """An address as one role sees it; without a role, as a stranger does. `play` is what is done there first."""

    name: str
    role: Role | None
    path: str
    play: Play | None = None

    def show(self, page: Page, named: dict[str, str]) -> None:
        """Bring a page there."""
        page.goto(self.path.format(**named))
        if self.play is not None:
            plays.settled(page)
            self.play(page)
        plays.settled(page)


SCREENS = (
    Screen("login", None, "/login"),
    Screen("nowhere", Role.CLERK, "/nowhere"),
    Screen("settlement-clerk", Role.CLERK, MONTH),
    Screen("settlement-submit", Role.CLERK, "/admin/settlement/{draft}/", plays.key("a")),
    Screen("settlement-mismatches", Role.CLERK, "/admin/settlement/{draft}/?tab=mismatches"),
    Screen("settlement-manager", Role.MANAGER, "/admin/settlement/{submitted}/"),
    Screen("settlement-review", Role.MANAGER, "/admin/settlement/{submitted}/", plays.key("a")),
    Screen("settlement-return", Role.MANAGER, "/admin/settlement/{submitted}/", plays.key("r")),
    Screen("settlement-statistics", Role.MANAGER, MONTH + "?tab=statistics"),
    Screen("settlement-what-if", Role.MANAGER, MONTH + "?tab=what_if"),
    Screen(
        "settlement-tried",
        Role.LEADER,
        MONTH + "?tab=what_if&allowance_onsite=40&no_complaint_bonus=200&deduction_cap_rate=50%25",
    ),
    Screen("settlement-mistyped", Role.LEADER, MONTH + "?tab=what_if&allowance_onsite=x"),
    Screen("settlement-opened", Role.CLERK, "/admin/settlement/{draft}/?employee={employee}"),
    Screen("settlement-own-statistics", Role.TECHNICIAN, MONTH + "?tab=statistics"),
    Screen("settlement-compare", Role.LEADER, MONTH + "?tab=compare"),
    Screen("settlement-history", Role.AUDITOR, MONTH + "?tab=history"),
    Screen("settlement-own", Role.TECHNICIAN, MONTH),
    Screen("settlement-all", Role.AUDITOR, "/admin/settlement/all/"),
    Screen("settlement-all-own", Role.TECHNICIAN, "/admin/settlement/all/"),
    Screen("regulation", Role.TECHNICIAN, "/admin/regulation/"),
    Screen("overdue-manager", Role.MANAGER, "/admin/overdue/"),
    Screen("overdue-employee", Role.LEADER, "/admin/overdue/?view=employee"),
    Screen("overdue-month", Role.AUDITOR, "/admin/overdue/?view=month"),
    Screen("overdue-own", Role.TECHNICIAN, "/admin/overdue/"),
    Screen("customers", Role.CLERK, "/admin/customer/"),
    Screen("customers-nothing", Role.CLERK, "/admin/customer/?in_town=yes&q=无此客户"),
    Screen("customer", Role.MANAGER, "/admin/customer/{customer}/"),
    Screen("customer-masked", Role.AUDITOR, "/admin/customer/{customer}/?tab=file"),
    Screen("customer-new", Role.CLERK, "/admin/customer/new/"),
    Screen("devices", Role.TECHNICIAN, "/admin/device/"),
    Screen("device", Role.CLERK, "/admin/device/{device}/"),
    Screen("device-edit", Role.CLERK, "/admin/device/{device}/edit/"),
    Screen("projects", Role.MANAGER, "/admin/project/"),
    Screen("project", Role.MANAGER, "/admin/project/{project}/"),
    Screen("project-plan", Role.CLERK, "/admin/project/{project}/set_plan/"),
    Screen("employees", Role.MANAGER, "/admin/employee/"),
    Screen("accounts", Role.ADMIN, "/admin/account/"),
    Screen("account-new", Role.ADMIN, "/admin/account/new/"),
    Screen("plans", Role.CLERK, "/admin/service_plan/1/"),
    Screen("search", Role.CLERK, "/admin/search/?q={word}"),
    Screen("settlement-empty", Role.CLERK, "/admin/settlement/{running}/"),
    Screen("approvals", Role.MANAGER, "/admin/approval/"),
    Screen("approvals-leader", Role.LEADER, "/admin/approval/"),
    Screen("parameters", Role.CLERK, "/admin/parameter/"),
    Screen("parameters-new", Role.MANAGER, "/admin/parameter/new"),
    Screen("workbook", Role.CLERK, "/admin/workbook/"),
    Screen(
        "workbook-faulty", Role.CLERK, "/admin/workbook/", plays.uploaded(plays.FAULTY.read_bytes)
    ),
    Screen("workbook-ready", Role.CLERK, "/admin/workbook/", plays.uploaded(plays.one_customer)),
    Screen(
        "login-refused",
        None,
        "/login",
        plays.typed({"username": "x", "password": "x"}, ".ac-primary"),
    ),
    Screen("keys", Role.MANAGER, "/admin/", plays.key("?")),
    Screen("clause", Role.CLERK, "/admin/settlement/{month}/?employee={employee}", plays.clause),
    Screen("list-filter", Role.CLERK, "/admin/ticket/", plays.opened("[name=status]")),
    Screen(
        "list-columns", Role.CLERK, "/admin/ticket/", plays.opened("[type=checkbox][name=column]")
    ),
    Screen("list-export", Role.CLERK, "/admin/ticket/", plays.opened("[formaction]")),
    Screen("list-keep", Role.CLERK, "/admin/ticket/?q=2026", plays.opened("#view-name")),
    Screen("list-dispatch", Role.CLERK, "/admin/ticket/", plays.ticked("dispatch")),
    Screen("form-mistyped", Role.CLERK, "/admin/ticket/new/", plays.typed({"phone": "abc"})),
    Screen(
        "form-overtaken", Role.CLERK, "/admin/customer/{customer}/edit/", plays.overtaken("address")
    ),
    *(Screen(f"home-{role.value}", role, "/admin/") for role in Role),
    *(
        Screen(f"profile-{role.value}", role, "/admin/profile/")
        for role in (Role.TECHNICIAN, Role.ADMIN)
    ),
)
LOOKED_AT = 40  # newest records of a noun among which one is sought that lets a step


def examples() -> dict[str, str]:
    """One of each thing that the addresses name, from the database at hand."""
    months = dict(
        db.session.execute(
            select(Settlement.state, func.max(Settlement.month)).group_by(Settlement.state)
        ).all()
    )
    last = max(months.values())
    return {
        "month": str(months.get(SettlementState.PAID) or last),
        "draft": str(months.get(SettlementState.DRAFT) or last),
        "submitted": str(months.get(SettlementState.SUBMITTED) or last),
        "running": str(last.plus(1)),
        "employee": busiest(),
        "customer": first(Customer),
        "word": db.session.scalar(select(Customer.name).order_by(Customer.id).limit(1))[:2],
        "device": first(Device),
        "project": first(Project),
    }


def first(model: type[Noun]) -> str:
    """The id of the first record of a noun."""
    return str(db.session.scalar(select(func.min(model.id))))


def busiest() -> str:
    """The number of the employee with the most lines: whose own screens are worth seeing."""
    query = (
        select(Employee.number)
        .join(SettlementLine, SettlementLine.employee_id == Employee.id)
        .group_by(Employee.number)
        .order_by(func.count().desc(), Employee.number)
    )
    return db.session.scalars(query).first() or ""


def noun_screens(app: Flask, role: Role) -> Iterator[Screen]:
    """What somebody of a role finds of the nouns: each list, a record with its history, the forms, the steps open."""
    for view in app.extensions["admin"][0]._views:
        if isinstance(view, NounBase) and _far(view.verb_of("read"), role) is not Reach.NONE:
            yield from (
                Screen(f"{view.noun}-{name}-{role.value}", role, f"{view.url}/{path}")
                for name, path in _of_noun(view, role)
            )


def screens_of_nouns(app: Flask) -> Iterator[Screen]:
    """Each screen of the nouns once, as the first role that has it sees it; technicians, who see their own, last."""
    known = set()
    for role in sorted(Role, key=lambda role: role is Role.TECHNICIAN):
        for screen in noun_screens(app, role):
            name = screen.name.removesuffix(f"-{role.value}")
            if name not in known:
                known.add(name)
                yield Screen(name, role, screen.path)


def _far(verb: str, role: Role) -> Reach:
    return reach(verb, frozenset({role}))


def _mine(view: NounBase, role: Role, verb: str) -> Select:
    """The records that a person of the role may do something to."""
    query = view.joined(select(view.model))
    if _far(verb, role) is not Reach.OWN:
        return query
    of_role = select(Account).join(AccountRole).where(AccountRole.role == role)
    if role is Role.TECHNICIAN:
        of_role = of_role.join(Employee).where(Employee.number == busiest())
    return query.where(view.own(db.session.scalar(of_role)))


def _is_theirs(row: Noun, role: Role) -> bool:
    """Whether a record is an account of the role: nobody does to himself what he does to others' accounts."""
    return isinstance(row, Account) and role in row.roles


def _of_noun(view: NounBase, role: Role) -> Iterator[tuple[str, str]]:
    yield "list", ""
    seen = db.session.scalars(_mine(view, role, view.verb_of("read")).limit(1)).unique().first()
    if seen is not None:
        yield "record", f"{seen.id}/"
        yield "history", f"{seen.id}/?tab=history"
    if view.create_with and _far(view.verb_of("create"), role) is not Reach.NONE:
        yield "new", "new/"
    if view.update_with and _far(view.verb_of("change"), role) is Reach.ALL and seen is not None:
        yield "edit", f"{seen.id}/edit/"
    for step in view.steps:
        if _far(step.permission, role) is not Reach.NONE:
            newest = _mine(view, role, step.permission).order_by(view.model.id.desc())
            rows = db.session.scalars(newest.limit(LOOKED_AT))
            others = (row for row in rows.unique() if not _is_theirs(row, role))
            row = next((row for row in others if step.open(row)), None)
            if row is not None:
                yield step.verb, f"{row.id}/{step.verb}/"
