"""How connections are set up: SQLite durable, with foreign keys and honest transactions; PostgreSQL's plans kept."""

import re
from typing import Any
from weakref import WeakSet

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event

MAPPED = 1 << 30  # bytes
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)


def prepare(engine: Engine, write_option: str) -> None:
    """Make an SQLite engine durable and let write transactions take their lock at the start."""
    if engine.dialect.name != "sqlite":
        _keep_plans(engine)
        return

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "cache_size=-16000",  # kB: in the usual 2 MB the indexes of a large company push each other out
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        write = connection.get_execution_options().get(write_option)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def map_file(engine: Engine) -> None:
    """Let new connections to SQLite read the file where the system keeps it, for a server that answers many small
    questions; a command that goes once through everything would only seem to grow by it."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(
            engine, "connect", lambda one, _record: one.execute(f"PRAGMA mmap_size={MAPPED}")
        )


def only_reads(statement: str) -> bool:
    """Whether a statement surely writes nothing: a SELECT, also one with subqueries named before it."""
    begin = statement.lstrip()[:6].upper()
    return begin == "SELECT" or (begin.startswith("WITH ") and not WRITES.search(statement))


def _keep_plans(engine: Engine) -> None:
    """End a transaction that only read by COMMIT: at each ROLLBACK psycopg forgets the statements it has prepared.

    Every page ends so, and would have all its statements planned anew, which takes longer than answering them.
    """
    wrote: WeakSet[Any] = WeakSet()
    roll_back = engine.dialect.do_rollback

    @event.listens_for(engine, "before_cursor_execute")
    def noted(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not only_reads(statement):
            wrote.add(cursor.connection)

    @event.listens_for(engine, "commit")
    def committed(connection: Connection) -> None:
        wrote.discard(connection.connection.dbapi_connection)

    def end(connection: Any) -> None:
        connection = getattr(
            connection, "dbapi_connection", connection
        )  # the pool hands over its own
        reading = connection.info.transaction_status is TransactionStatus.INTRANS
        if reading and connection not in wrote:
            connection.commit()
            return
        wrote.discard(connection)
        roll_back(connection)

    engine.dialect.do_rollback = end  # type: ignore[method-assign]
