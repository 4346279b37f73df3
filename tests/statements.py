"""Counting what the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from models import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the database was asked meanwhile."""
    found: list[str] = []

    def asked(connection, cursor, statement, *_rest):
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", asked)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", asked)
