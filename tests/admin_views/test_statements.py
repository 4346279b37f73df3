"""At most twelve SQL statements on any list or details page, whatever the rows."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from admin_views.noun.base import NounBase
from models import db
from rules.permissions import Role, reach
from tests.admin_views.conftest import PASSWORD
from tests.cast import people, take_in
from workflows.account import create_account

MOST = 12
RECORDS = 5  # of each noun, spread over all there are


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
    """Every noun's list, a list searched, and the pages of some of its records under each of two tabs."""
    for view in app.extensions["admin"][0]._views:
        if not isinstance(view, NounBase) or not reach(view.verb_of("read"), frozenset(Role)):
            continue
        yield f"{view.url}/"
        yield f"{view.url}/?q=示例"
        ids = db.session.scalars(select(view.model.id).order_by(view.model.id)).all()
        for number in ids[:: len(ids) // RECORDS + 1]:
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
