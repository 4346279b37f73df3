"""Writers of one SQLite file stand in line: its own busy handler lets some starve (trust.md, Faults survived)."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

try:
    import fcntl
except ImportError:  # Windows: SQLite's busy handler alone
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def in_line(engine: Engine) -> Iterator[None]:
    """Hold the place of the one writer, across threads and processes; first come, first served.

    PostgreSQL queues by itself; a database in memory has no other writer.
    """
    file = engine.url.database
    if fcntl is None or engine.dialect.name != "sqlite" or not file or file == ":memory:":
        yield
        return
    with Path(f"{file}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
