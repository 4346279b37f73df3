"""The server's start: what it puts in order before it answers."""

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


def test_it_starts_with_sqlites_full_text_in_one_part(database_uri, monkeypatch):
    monkeypatch.setattr(waitress, "create_server", lambda *args, **options: Served())
    monkeypatch.setattr(serve, "settle_memory", lambda: None)
    app = create_app({"SQLALCHEMY_DATABASE_URI": database_uri, "SECRET_KEY": STRONG})
    with app.app_context():
        for name in ("lin", "wang", "zhou"):
            create_account(name, [Role.CLERK], employee_number=None, password=None, actor=None)
        sqlite = db.engine.dialect.name == "sqlite"
        parts = text("SELECT count(DISTINCT segid) FROM search_words_idx")
        assert not sqlite or db.session.scalar(parts) > 1
        db.session.rollback()
    started = app.test_cli_runner().invoke(args=["serve"])
    assert started.exit_code == 0, started.output
    with app.app_context():
        assert not sqlite or db.session.scalar(parts) == 1
        db.session.remove()
        db.engine.dispose()
