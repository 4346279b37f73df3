"""Every address × method × role × own or foreign record, from the URL map; expected is what the table says (R10)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask_login import login_user
from sqlalchemy import inspect, not_, select, text

from admin_views.base_view import Gate
from admin_views.noun.base import NounBase
from app import create_app
from models import db
from models.account import Account
from models.employee import Employee
from rules.permissions import Reach, Role, reach
from tests.admin_views.conftest import PASSWORD, Browser
from tests.cast import JUNE, people, take_in
from tests.databases import Databases
from workflows import settlement as steps
from workflows.account import create_account

TECHNICIAN = "T003"
ABSENT = "999999"
# What an address names, where it is no record of a noun.
EXAMPLES = {"month": str(JUNE), "code": "R7.4", "kind": "csv", "filename": "app.css"}
# Tables that remember how a reader likes his lists, and what is put on record of reading.
READERS_OWN = {
    "audit_records",
    "log_ins",
    "saved_views",
    "column_choices",
    "search_entries",
    "search_pending",
}
METHODS = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One address for one method: the permission that it asks for, and whose the record in it is.

    `record` is any, own, foreign or absent; empty where the address names none.
    """

    path: str
    method: str
    permission: str | None
    read: str
    record: str


@pytest.fixture(scope="module")
def app(databases: Databases) -> Iterator[Flask]:
    """One company for all tests here, with an account of each role; that tokens are asked for is tried elsewhere."""
    uri = databases.copy("template_aftercare", "matrix_aftercare")
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri, "TESTING": True, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        cast = people()
        take_in("register.xlsx", cast["clerk"])
        steps.draft(JUNE, actor=cast["clerk"])
        for role in Role:
            employee = TECHNICIAN if role is Role.TECHNICIAN else None
            create_account(
                f"web-{role}", [role], employee_number=employee, password=PASSWORD, actor=None
            )
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop("matrix_aftercare")


def browser(app: Flask, role: Role) -> Browser:
    client = app.test_client()
    entered = client.post("/login", data={"username": f"web-{role}", "password": PASSWORD})
    assert entered.status_code == 302
    return client


def views(app: Flask) -> dict[str, Gate]:
    """The views with addresses, by endpoint."""
    found = app.extensions["admin"][0]._views
    return {view.endpoint: view for view in found if isinstance(view, Gate)}


def records(view: Gate, role: Role) -> Iterator[tuple[str, str]]:
    """Ids to try: (id, whose). Where the role reads only its own, one that is and one that is not."""
    if not isinstance(view, NounBase):
        yield "1", "any"
        return
    actor = db.session.scalar(select(Account).where(Account.username == f"web-{role}"))
    query = view.joined(select(view.model.id)).limit(1)
    if reach(view.verb_of("read"), frozenset({role})) is Reach.OWN:
        own = view.own(actor)
        wanted = {"own": query.where(own), "foreign": query.where(not_(own))}
    else:
        wanted = {"any": query}
    for whose, some in wanted.items():
        number = db.session.scalar(some)
        if number is not None:
            yield str(number), whose
    yield ABSENT, "absent"


def arguments(view: Gate, names: set[str], role: Role) -> Iterator[tuple[dict[str, str], str]]:
    """What an address of a view may be filled with, and whose the record then is."""
    filled = {name: EXAMPLES.get(name, "1") for name in names}
    steps = [step.verb for step in getattr(view, "steps", ())]
    verbs = steps or ["nothing"]
    for verb in verbs if "verb" in names else [""]:
        if verb:
            filled["verb"] = verb
        if "pk" not in names:
            yield dict(filled), ""
            continue
        for number, whose in records(view, role):
            if whose != "absent" or verb in ("", verbs[0]):
                yield {**filled, "pk": number}, "absent" if verb and not steps else whose


def addresses(app: Flask, role: Role) -> list[Address]:
    """Every address of every view, filled as the role may try it."""
    found = []
    with app.test_request_context():
        login_user(db.session.scalar(select(Account).where(Account.username == f"web-{role}")))
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            name, _dot, endpoint = rule.endpoint.rpartition(".")
            view = views(app).get(name)
            if view is None:
                continue
            for filled, whose in arguments(view, rule.arguments, role):
                permission = view.permission_of(endpoint, **filled)
                read = view.verb_of("read") if isinstance(view, NounBase) else permission or ""
                path = adapter.build(rule.endpoint, filled)
                for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                    found.append(Address(path, method, permission, read, whose))
    return found


def unexpected(address: Address, role: Role, status: int) -> bool:
    """Whether an answer is not what the table of permissions lets expect."""
    roles = frozenset({role})
    far = reach(address.permission, roles) if address.permission else Reach.NONE
    if far is Reach.NONE:
        return status != 403
    if address.record in ("foreign", "absent"):
        return status not in (400, 404)
    if far is Reach.OWN and address.record != "own":
        return (
            status >= 500
        )  # readable by all, to be changed only by its own: 403 or not by its state
    return status == 403 or status >= 500 or (address.record == "own" and status == 404)


@pytest.mark.parametrize("role", list(Role))
def test_every_address_answers_each_role_as_the_table_says(app, role):
    client, wrong = browser(app, role), []
    tried = addresses(app, role)
    assert len(tried) > 200
    for address in tried:
        status = client.open(address.path, method=address.method).status_code
        if unexpected(address, role, status):
            wrong.append((address.method, address.path, address.permission, address.record, status))
    assert wrong == []


def test_a_stranger_is_led_to_the_log_in_from_every_address(app):
    client = app.test_client()
    for address in addresses(app, Role.CLERK):
        answer = client.open(address.path, method=address.method)
        assert answer.status_code == 302, address
        assert answer.location.startswith("/login"), address


def contents() -> dict[str, list]:
    """Every row of every table of business."""
    tables = set(inspect(db.engine).get_table_names()) - READERS_OWN - {"accounts"}
    return {
        name: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"')).all()))
        for name in tables
        if not name.startswith("search_words")
    }


def test_an_auditor_changes_not_one_row(app):
    client = browser(app, Role.AUDITOR)
    before = contents()
    db.session.rollback()
    for path in {address.path for address in addresses(app, Role.AUDITOR)}:
        for method in METHODS:
            client.open(
                path, method=method, headers={"X-HTTP-Method-Override": "PUT"}, data={"_method": "PUT", "role": "admin"}
            )  # fmt: skip
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


def test_there_are_own_and_foreign_records_to_try(app):
    assert db.session.scalar(select(Employee.id).where(Employee.number == TECHNICIAN))
    with app.test_request_context():
        tried = {a.record for a in addresses(app, Role.TECHNICIAN)}
    assert tried == {"", "any", "own", "foreign", "absent"}


def lists_of_own(app):
    """The nouns of which a technician sees only his own: (view, the ids that are his)."""
    actor = db.session.scalar(select(Account).where(Account.username == "web-technician"))
    for view in views(app).values():
        if not isinstance(view, NounBase):
            continue
        if reach(view.verb_of("read"), frozenset({Role.TECHNICIAN})) is Reach.OWN:
            own = view.joined(select(view.model.id)).where(view.own(actor))
            yield view, set(db.session.scalars(own))


def test_lists_look_ups_and_counts_are_kept_to_what_is_ones_own(app):
    client = browser(app, Role.TECHNICIAN)
    nouns = list(lists_of_own(app))
    assert len(nouns) > 3
    for view, own in nouns:
        page = client.page(f"{view.url}/?size=100")
        shown = {int(n) for n in re.findall(rf'data-open href="{view.url}/(\d+)/"', page)}
        assert shown <= own, view.noun
        assert len(shown) == min(len(own), 100), view.noun
        assert f"/ {len(own)}<" in page or not own, view.noun
        picked = {one["value"] for one in client.get(f"{view.url}/lookup/").json}
        assert picked <= own, view.noun
