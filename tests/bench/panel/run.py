"""The table of the panel: each task's median at both sizes, its growth, and what the others take for the same."""

import json
import subprocess
import sys

from app import create_app
from models import db
from tests.bench.frame import ROOT
from tests.bench.panel.sides import SIDES
from tests.bench.panel.tasks import TASKS
from tests.databases import Databases

SMALL, LARGE = 10_000, 1_000_000
MOST_GROWTH = 1.2
HEAD = (
    f"{'panel (ms)':<22}{'database':<12}{'10,000':>9}{'1,000,000':>11}{'growth':>8}{'limit':>7}"
    f"{'bare SQL':>10}{'ratio':>8}{'Django':>9}{'ratio':>8}"
)


def _run(module: str, *words: str) -> str:
    command = [sys.executable, "-m", f"tests.bench.panel.{module}", *words]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


def _measured(side: str, uri: str, count: int) -> dict[str, float]:
    found: dict[str, float] = json.loads(_run("sides", side, uri, str(count)).splitlines()[-1])
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
    found: dict[tuple[str, int], dict[str, float]] = {}
    for count in (SMALL, LARGE):
        uri = where.create(f"panel_{count}")
        _run("records", uri, str(count))
        _settled(uri)
        for side in SIDES:
            if side == "ours" or count == LARGE:
                found[side, count] = _measured(side, uri, count)
        where.drop(f"panel_{count}")
    print(HEAD)
    for task in TASKS:
        small, large = found["ours", SMALL][task.name], found["ours", LARGE][task.name]
        bare, django = found["bare", LARGE][task.name], found["django", LARGE][task.name]
        over = "  over" if large > small * MOST_GROWTH or large > django else ""
        print(
            f"{task.name:<22}{kind:<12}{small:>9.1f}{large:>11.1f}{large / small:>8.2f}{MOST_GROWTH:>7.1f}"
            f"{bare:>10.2f}{large / bare:>8.1f}{django:>9.1f}{large / django:>8.2f}{over}",
            flush=True,
        )
