"""The server's start: what it puts in order before it answers."""

import pytest
import waitress
from sqlalchemy import text

from app import create_app
from commands import serve
from models import db
from rules.permissions import Role
from workflows.account import create_account

STRONG = "3f9c1a7be2d84056b7c9e1f0a2d4856c"


class Served:
    """A server that ends as soon as it begins."""

    def run(self):
        pass


@pytest.fixture
def start(database_uri, monkeypatch):
    """Starts the server in a database with three accounts, each written by itself."""
    monkeypatch.setattr(waitress, "create_server", lambda *args, **options: Served())
    monkeypatch.setattr(serve, "settle_memory", lambda: None)
    app = create_app({"SQLALCHEMY_DATABASE_URI": database_uri, "SECRET_KEY": STRONG})
    with app.app_context():
        for name in ("lin", "wang", "zhou"):
            create_account(name, [Role.CLERK], employee_number=None, password=None, actor=None)
        db.session.remove()
        yield lambda: app.test_cli_runner().invoke(args=["serve"])
        db.session.remove()
        db.engine.dispose()


def sqlite():
    return db.engine.dialect.name == "sqlite"


def parts():
    """In how many parts SQLite's full text is."""
    found = db.session.scalar(text("SELECT count(DISTINCT segid) FROM search_words_idx"))
    db.session.remove()
    return found


def test_it_starts_with_sqlites_full_text_in_one_part(start):
    assert not sqlite() or parts() > 1
    assert start().exit_code == 0
    assert not sqlite() or parts() == 1


def test_it_starts_also_where_that_cannot_be_done(start):
    if sqlite():
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE search_words"))
    started = start()
    assert started.exit_code == 0, started.output
    assert "Traceback" not in started.output
