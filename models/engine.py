"""How connections are set up: SQLite durable, with foreign keys and honest transactions."""

from typing import Any

from sqlalchemy import Connection, Engine, event


def prepare(engine: Engine, write_option: str) -> None:
    """Make an SQLite engine durable and let write transactions take their lock at the start."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        write = connection.get_execution_options().get(write_option)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
