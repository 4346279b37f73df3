"""Browsers that log in by the form, for the tests of the screens."""

import re
from collections.abc import Callable
from contextvars import copy_context

import pytest
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import db
from rules.permissions import Role
from tests.cast import people, take_in
from workflows.account import create_account

PASSWORD = "correct horse battery"


def token(page: TestResponse) -> str:
    """The CSRF token of a page's first form."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]


class Browser(FlaskClient):
    """A client whose requests stand in contexts of their own, as on a server, not in the one that tests keep open."""

    def open(self, *args, **kwargs):
        def alone():
            _cv_app.set(None)
            answer = super(Browser, self).open(*args, **kwargs)
            answer.get_data()  # what is streamed is written here, after the request has ended
            return answer

        answer = copy_context().run(alone)
        db.session.rollback()  # the test reads anew what the request wrote
        return answer

    def page(self, path: str) -> str:
        """The text of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def send(self, path: str, seen: str = "/login", **form) -> TestResponse:
        """Post a form, with the token of a page that the reader may see."""
        data = {"csrf_token": token(self.get(seen)), **form}
        return self.post(path, data=data)


@pytest.fixture(autouse=True)
def own_client(app: Flask) -> None:
    app.test_client_class = Browser


@pytest.fixture
def enter(app: Flask) -> Callable[..., Browser]:
    """Logs somebody in and gives his browser."""

    def log_in(*roles: str, employee: str | None = None, name: str = "") -> Browser:
        name = name or f"web-{'-'.join(roles)}"
        create_account(
            name, [Role(r) for r in roles], employee_number=employee, password=PASSWORD, actor=None
        )
        client = app.test_client()
        form = {"csrf_token": token(client.get("/login")), "username": name, "password": PASSWORD}
        assert client.post("/login", data=form).status_code == 302
        return client

    return log_in


@pytest.fixture
def clerk(app: Flask, enter: Callable[..., Browser]) -> Browser:
    """The browser of a clerk whose company is the sample register."""
    take_in("register.xlsx", people()["clerk"])
    return enter("clerk")
