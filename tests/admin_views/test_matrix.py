"""Every address × method × role × own or foreign record, from the URL map; expected is what the table says (R10)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from admin_views.base_view import Gate
from admin_views.noun.base import NounBase
from models import db
from models.employee import Employee
from rules.permissions import Reach, Role, reach
from tests.admin_views.conftest import PASSWORD, Browser
from tests.cast import JUNE, people, take_in
from workflows import settlement as steps
from workflows.account import create_account

TECHNICIAN = "T003"
FOREIGN = "999999"
# What an address names, where it is no record of a noun.
EXAMPLES = {"month": str(JUNE), "code": "R7.4", "kind": "csv", "filename": "app.css"}
# Tables that remember how a reader likes his lists, and what is put on record of reading.
READERS_OWN = {"audit_records", "saved_views", "column_choices", "search_entries", "search_pending"}


@dataclass(frozen=True)
class Address:
    """One address of a view, for one method, with the permission that it asks for."""

    path: str
    method: str
    permission: str | None
    read: str | None
    foreign: bool


def rules_of(app: Flask) -> Iterator[tuple[Gate, str, str, str]]:
    """Every view's addresses: (view, endpoint, rule's pattern, method)."""
    views = {view.endpoint: view for view in app.extensions["admin"][0]._views}
    for rule in app.url_map.iter_rules():
        name, _dot, endpoint = rule.endpoint.rpartition(".")
        if name not in views or not isinstance(views[name], Gate):
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield views[name], endpoint, rule, method


def first_id(view: NounBase) -> str:
    return str(db.session.scalar(select(view.model.id).limit(1)) or 1)


def arguments(view: Gate, rule) -> Iterator[tuple[dict[str, str], bool]]:
    """The arguments of an address: with a record that is there, and with one that is not."""
    names = rule.arguments
    verbs = [s.verb for s in getattr(view, "steps", ())] or ["nothing"]
    for verb in verbs if "verb" in names else [""]:
        filled = {name: EXAMPLES.get(name, "1") for name in names}
        if verb:
            filled["verb"] = verb
        if "pk" in names:
            yield {**filled, "pk": first_id(view)}, False
            yield {**filled, "pk": FOREIGN}, True
        else:
            yield filled, False


def addresses(app: Flask) -> list[Address]:
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for view, endpoint, rule, method in rules_of(app):
            for filled, foreign in arguments(view, rule):
                permission = view.permission_of(endpoint, **filled)
                read = view.verb_of("read") if isinstance(view, NounBase) else None
                path = adapter.build(rule.endpoint, filled)
                found.append(Address(path, method, permission, read, foreign))
    return found


@pytest.fixture
def company(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # that tokens are asked for is tried elsewhere
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    steps.draft(JUNE, actor=cast["clerk"])


def browser(app: Flask, role: Role) -> Browser:
    employee = TECHNICIAN if role is Role.TECHNICIAN else None
    create_account(f"web-{role}", [role], employee_number=employee, password=PASSWORD, actor=None)
    client = app.test_client()
    assert (
        client.post("/login", data={"username": f"web-{role}", "password": PASSWORD}).status_code
        == 302
    )
    return client


def unexpected(address: Address, role: Role, status: int) -> bool:
    """Whether an answer is not what the table of permissions lets expect."""
    far = reach(address.permission, frozenset({role})) if address.permission else Reach.NONE
    if far is Reach.NONE:
        return status != 403
    if address.foreign:
        return status not in (400, 404)
    if far is Reach.OWN:
        return status >= 500
    return status == 403 or status >= 500


@pytest.mark.parametrize("role", list(Role))
def test_every_address_answers_each_role_as_the_table_says(app, company, role):
    client = browser(app, role)
    wrong = []
    for address in addresses(app):
        status = client.open(address.path, method=address.method).status_code
        if unexpected(address, role, status):
            wrong.append((address.method, address.path, address.permission, status))
    assert wrong == []


def test_a_stranger_is_led_to_the_log_in_from_every_address(app, company):
    client = app.test_client()
    for address in addresses(app):
        answer = client.open(address.path, method=address.method)
        assert answer.status_code == 302, address
        assert answer.location.startswith("/login"), address


def contents() -> dict[str, list]:
    """Every row of every table of business."""
    tables = (
        set(inspect(db.engine).get_table_names()) - READERS_OWN - {"accounts", "alembic_version"}
    )
    return {
        name: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"')).all()))
        for name in tables
        if not name.startswith("search_words")
    }


@pytest.mark.parametrize("header", [{}, {"X-HTTP-Method-Override": "PUT"}])
def test_an_auditor_changes_not_one_row(app, company, header):
    client = browser(app, Role.AUDITOR)
    before = contents()
    for address in addresses(app):
        for method in {address.method, "POST", "PUT", "PATCH", "DELETE"}:
            client.open(
                address.path,
                method=method,
                headers=header,
                data={"_method": "PUT", "role": "admin"},
            )
    db.session.rollback()
    assert contents() == before


def test_nothing_of_flask_admins_own_is_left_open(app):
    paths = {str(rule) for rule in app.url_map.iter_rules()}
    assert not [p for p in paths if p.endswith(("/ajax/update/", "/delete/", "/ajax/lookup/"))]
    assert not [p for p in paths if p.startswith("/admin/static")]


def test_every_view_stands_on_one_of_our_two_bases(app):
    """A view of Flask-Admin's own class would be open to everyone."""
    strangers = [
        type(view).__name__
        for view in app.extensions["admin"][0]._views
        if not isinstance(view, Gate) and type(view).__name__ != "Home"
    ]
    assert strangers == []


def test_a_technician_is_somebody(app, company):
    assert db.session.scalar(select(Employee.id).where(Employee.number == TECHNICIAN))
