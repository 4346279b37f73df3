"""The table of the panel: each task's median at both sizes, its growth, and what the others take for the same."""

import statistics
import subprocess
import sys

from app import create_app
from models import db
from tests.bench.frame import ROOT
from tests.bench.panel.tasks import TASKS
from tests.databases import Databases

SMALL, LARGE = 10_000, 1_000_000
MOST_GROWTH = 1.2
WARM = 12  # not counted: by then a driver has prepared each statement and the server has settled on its plan
RUNS = 31
LONG, SELDOM = 1.0, 6  # what takes seconds is asked every sixth turn
HEAD = (
    f"{'panel (ms)':<22}{'database':<12}{'10,000':>9}{'1,000,000':>11}{'growth':>8}{'limit':>7}"
    f"{'bare SQL':>10}{'ratio':>8}{'Django':>9}{'ratio':>8}"
)


def _command(module: str, *words: str) -> list[str]:
    return [sys.executable, "-m", f"tests.bench.panel.{module}", *words]


class Running:
    """A side that waits for tasks in a process of its own. It has written what it must before the next begins to."""

    def __init__(self, side: str, uri: str, count: int) -> None:
        self.count = count
        command = _command("sides", side, uri, str(count))
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._heard()  # that it is ready

    def _heard(self) -> str:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("a side has ended; it says above why")
        return line.rstrip()

    def seconds(self, place: int) -> float:
        """What the task at a place of TASKS takes it this time."""
        print(place, file=self.process.stdin, flush=True)
        return float(self._heard())

    def end(self) -> None:
        """Let it go."""
        self.process.communicate()


def _medians(running: list[Running]) -> list[list[float]]:
    """For each task the median that each side takes, in milliseconds; of an export, for 10,000 rows.

    They go by turns: while a machine that others use too grows slower or faster, it does so for all of them.
    """
    found = []
    for place, task in enumerate(TASKS):
        taken: list[list[float]] = [[] for _ in running]
        for turn in range(WARM + RUNS):
            for side, times in zip(running, taken, strict=True):
                if turn % SELDOM == 0 or times[-1] < LONG:
                    times.append(side.seconds(place))
        warm = (times[WARM:] or times[1:] for times in taken)
        found.append([
            statistics.median(times) * 1000 / task.rows(side.count)
            for side, times in zip(running, warm, strict=True)
        ])  # fmt: skip
    return found


def _settled(uri: str) -> None:
    """What a server does by itself in a quiet hour: know its rows, and have them all on the disk."""
    with create_app({"SQLALCHEMY_DATABASE_URI": uri}).app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql("VACUUM ANALYZE")
                connection.exec_driver_sql("CHECKPOINT")
        db.engine.dispose()


def run_panel(kind: str, where: Databases) -> None:
    """Measure both sizes on one kind of database and print a line for each task."""
    places = {count: where.create(f"panel_{count}") for count in (SMALL, LARGE)}
    for count, uri in places.items():
        subprocess.run(_command("records", uri, str(count)), cwd=ROOT, check=True)
        _settled(uri)
    asked = (("ours", SMALL), ("ours", LARGE), ("django", LARGE), ("bare", LARGE))
    running = [Running(side, places[count], count) for side, count in asked]
    found = _medians(running)
    for side in running:
        side.end()
    for count in places:
        where.drop(f"panel_{count}")
    print(HEAD)
    for task, (small, large, django, bare) in zip(TASKS, found, strict=True):
        over = "  over" if large > small * MOST_GROWTH or large > django else ""
        print(
            f"{task.name:<22}{kind:<12}{small:>9.1f}{large:>11.1f}{large / small:>8.2f}{MOST_GROWTH:>7.1f}"
            f"{bare:>10.2f}{large / bare:>8.1f}{django:>9.1f}{large / django:>8.2f}{over}",
            flush=True,
        )
