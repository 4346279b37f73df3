"""Rows of a database in files, and plain SQL that writes them through the driver alone."""

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.frame import Stopwatch

CHUNK = 5_000
Row = Sequence[Any]


def connect(uri: str) -> Any:
    """The driver's own connection; durable on SQLite as the product's is."""
    if uri.startswith("sqlite"):
        connection = sqlite3.connect(uri.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection
    return psycopg.connect(uri.replace("+psycopg", ""), autocommit=True)


def save_rows(uri: str, before: str, tables: Iterable[str], path: Path) -> None:
    """Keep the rows that some tables have and did not have in the database `before`, in chunks, with their columns."""
    with closing(connect(uri)) as filled, closing(connect(before)) as old, path.open("wb") as file:
        for table in tables:
            query = f"SELECT * FROM {table}"
            there = set(old.execute(query))
            cursor = filled.execute(query)
            columns = [column[0] for column in cursor.description]
            while rows := cursor.fetchmany(CHUNK):
                pickle.dump((table, columns, [row for row in rows if row not in there]), file)


def saved_rows(path: Path) -> Iterator[tuple[str, list[str], list[Row]]]:
    """(table, columns, rows) chunk by chunk."""
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def insert_saved(watch: Stopwatch, uri: str, path: Path) -> None:
    """Insert saved rows in one transaction; reading them from the file is not measured."""
    mark = "?" if uri.startswith("sqlite") else "%s"
    with closing(connect(uri)) as connection:
        with watch.running():
            connection.execute("BEGIN")
        for table, columns, rows in saved_rows(path):
            marks = ", ".join([mark] * len(columns))
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            with watch.running():
                connection.cursor().executemany(statement, rows)
        with watch.running():
            connection.execute("COMMIT")
