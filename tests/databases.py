"""Empty, migrated databases for tests and measurements: SQLite files, or databases of a PostgreSQL server."""

import shutil
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from app import create_app
from models import db


def migrate(uri: str) -> None:
    """Bring an empty database to the schema."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri, "TESTING": True})
    with app.app_context():
        upgrade()
        db.engine.dispose()


class Databases:
    """Databases of one kind, named by plain words: files in `folder`, or on `server` if there is one."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder = folder
        self.server = server

    def uri(self, name: str) -> str:
        """Where a database is."""
        if self.server is None:
            return f"sqlite:///{self.folder / name}.sqlite"
        head, _, query = self.server.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}?{query}"

    def create(self, name: str) -> str:
        """A new database with the schema of today."""
        if self.server is not None:
            self._administer(f"CREATE DATABASE {name}")
        migrate(self.uri(name))
        return self.uri(name)

    def copy(self, source: str, name: str) -> str:
        """A copy of a database that nobody is connected to."""
        if self.server is None:
            shutil.copy(self.folder / f"{source}.sqlite", self.folder / f"{name}.sqlite")
        else:
            self._administer(f"CREATE DATABASE {name} TEMPLATE {source}")
        return self.uri(name)

    def drop(self, name: str) -> None:
        """Remove a database."""
        if self.server is None:
            for file in self.folder.glob(f"{name}.sqlite*"):
                file.unlink()
        else:
            self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    def _administer(self, statement: str) -> None:
        engine = create_engine(self.server or "", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
