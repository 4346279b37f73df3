"""At most twelve SQL statements on any list or details page, whatever the rows (issue: measured)."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from admin_views.noun.base import NounBase
from models import db
from rules.permissions import Role, reach
from tests.admin_views.conftest import PASSWORD
from tests.cast import people, take_in
from workflows.account import create_account

MOST = 12


@contextmanager
def statements():
    """The statements that the database was asked meanwhile."""
    found = []

    def asked(connection, cursor, statement, *_rest):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", asked)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", asked)


@pytest.fixture
def client(app):
    take_in("register.xlsx", people()["clerk"])
    roles = [role for role in Role if role is not Role.TECHNICIAN]
    create_account("sees-all", roles, employee_number=None, password=PASSWORD, actor=None)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"username": "sees-all", "password": PASSWORD})
    return client


def pages(app):
    """Every noun's list, a filtered list, and the page of a record with many related ones."""
    for view in app.extensions["admin"][0]._views:
        if not isinstance(view, NounBase) or not reach(view.verb_of("read"), frozenset(Role)):
            continue
        yield f"{view.url}/"
        yield f"{view.url}/?q=示例"
        number = db.session.scalar(select(func.min(view.model.id)))
        if number is not None:
            yield f"{view.url}/{number}/"
            yield f"{view.url}/{number}/?tab=history"


def test_no_page_of_a_noun_asks_more_than_twelve_times(app, client):
    too_many = {}
    for path in pages(app):
        db.session.remove()
        with statements() as found:
            assert client.get(path).status_code == 200, path
        if len(found) > MOST:
            too_many[path] = len(found)
    assert too_many == {}
