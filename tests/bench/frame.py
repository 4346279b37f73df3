"""What a measured case is, and how one part of it is measured in a process of its own."""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import Databases

ROOT = Path(__file__).parents[2]
TEMPLATE = "bench_template"
MEGABYTE = 1024


class Stopwatch:
    """Adds up the time of what is measured; setting up and imports stay out of it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - start


Part = Callable[[Stopwatch, Path, str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A promise: the product takes at most `limit` × the time of plain code doing the same.

    `prepare` makes the database TEMPLATE, and files in the databases' folder if need be, once. `product` and `plain`
    each get a stopwatch, that folder, and the address of a fresh copy of TEMPLATE.
    """

    name: str
    limit: float
    prepare: Callable[[Databases], None]
    product: Part
    plain: Part


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of some runs: seconds, and the peak memory of the process in MB."""

    seconds: float
    megabytes: float


def run_part(case: Case, part: str, databases: Databases, name: str) -> None:
    """Run a part in this process and print what it took, for `measure` to read."""
    watch = Stopwatch()
    if part == "prepare":
        case.prepare(databases)
    else:
        run: Part = getattr(case, part)
        run(watch, databases.folder, databases.uri(name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes on Linux
    print(json.dumps({"seconds": watch.seconds, "megabytes": peak / MEGABYTE}))


def measure(case: Case, part: str, databases: Databases, name: str) -> Measured:
    """Run a part in a new process; the parent is kept small, because a child's peak starts at its parent's."""
    place = [str(databases.folder), databases.server or ""]
    command = [sys.executable, "-m", "tests.bench", "--part", case.name, part, *place, name]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Measured(**json.loads(ended.stdout.splitlines()[-1]))


def compare(case: Case, databases: Databases, runs: int) -> tuple[Measured, Measured]:
    """Medians of the product and of plain code, run in turn on fresh copies of the prepared database."""
    measure(case, "prepare", databases, TEMPLATE)
    found: dict[str, list[Measured]] = {"product": [], "plain": []}
    for _ in range(runs):
        for part, results in found.items():
            databases.copy(TEMPLATE, "bench_run")
            results.append(measure(case, part, databases, "bench_run"))
            databases.drop("bench_run")
    return _median(found["product"]), _median(found["plain"])


def _median(results: list[Measured]) -> Measured:
    return Measured(
        statistics.median(result.seconds for result in results),
        statistics.median(result.megabytes for result in results),
    )
