"""The one place where a change begins and commits: one writer at a time, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from sqlalchemy import text

from models import db
from models.queue import in_line
from rules.period import business_day
from workflows.search import index_pending

WRITE = "aftercare_write"
WRITERS_LOCK = 4_212_026


_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def living_at(moment: datetime) -> Iterator[None]:
    """Let the workflows take a past moment for now, as when the demonstration company's history is played."""
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)


def today() -> date:
    """Today in Asia/Shanghai."""
    return business_day(now())


@contextmanager
def writing() -> Iterator[None]:
    """A write transaction. Writers queue: two of the same kind at one moment have one effect (I9).

    SQLite's writers stand in line at a lock file and then BEGIN IMMEDIATE, PostgreSQL's at an advisory lock; so what
    was read inside is still true when it is written.
    """
    session = db.session
    session.rollback()
    with in_line(db.engine):
        try:
            connection = session.connection(execution_options={WRITE: True})
            if connection.dialect.name == "postgresql":
                key = {"key": WRITERS_LOCK}
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
            yield
            index_pending()
            session.commit()
        except BaseException:
            session.rollback()
            raise
