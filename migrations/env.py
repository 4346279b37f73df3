"""Runs Alembic's revisions against the application's database."""

from typing import Any

from alembic import context
from flask import current_app

from models.base import Instant, Money, MonthText, Quantity, Rate

config = context.config
database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write column types of our own as the plain types under them: a revision must outlive the code."""
    plain = {Money: "sa.BigInteger()", Rate: "sa.BigInteger()", Quantity: "sa.BigInteger()",
             MonthText: "sa.String(length=7)", Instant: "sa.DateTime(timezone=True)"}  # fmt: skip
    return plain.get(type(item), False) if kind == "type" else False


def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, counterpart: Any) -> bool:
    """Leave out the full text's own tables and index, which models/search_entry.py makes by DDL."""
    return not (name or "").startswith(
        ("search_words", "ix_search_entries_words", "ix_search_words")
    )


def run() -> None:
    """Upgrade in one transaction per run; SQLite rebuilds tables only with foreign keys off."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=False,
            render_item=render_item,
            include_object=is_ours,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
