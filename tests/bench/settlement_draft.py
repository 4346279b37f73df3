"""A month of 500 employees and 40,000 accepted forms drafted, beside plain SQL for the same rows (R9.2)."""

from contextlib import closing
from pathlib import Path

from app import create_app
from models import db
from rules.period import Month
from tests.bench.big_register import write_big_register
from tests.bench.frame import TEMPLATE, Case, Stopwatch
from tests.bench.plain_rows import connect, insert_saved, save_rows
from tests.bench.register_import import BOOK, all_tables, make_clerk, take_in
from tests.databases import Databases
from workflows import settlement
from workflows.account import account_named

MONTH = Month(2026, 9)
ROWS = "settlement.rows"
READ = (
    "SELECT id, number, name, department, kind, hired_on, probation_until, left_on, base_pay FROM employees",
    """SELECT p.employee_id, e.kind, t.number, v.turn, v.mode, f.id
       FROM visit_people p JOIN visits v ON v.id = p.visit_id JOIN feedback_forms f ON f.visit_id = v.id
       JOIN tickets t ON t.id = v.ticket_id JOIN employees e ON e.id = p.employee_id
       WHERE f.accepted_on BETWEEN '2026-09-01' AND '2026-09-30' AND f.disputed_on IS NULL""",
)


def draft(watch: Stopwatch, folder: Path, uri: str) -> None:
    """Draft the month as the command does."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        clerk = account_named("clerk")
        with watch.running():
            settlement.draft(MONTH, actor=clerk)
        db.engine.dispose()


def prepare(databases: Databases) -> None:
    """The register taken in, and the rows that a draft writes."""
    write_big_register(databases.folder / BOOK)
    make_clerk(databases.create(TEMPLATE))
    take_in(Stopwatch(), databases.folder, databases.uri(TEMPLATE))
    drafted = databases.copy(TEMPLATE, "bench_drafted")
    draft(Stopwatch(), databases.folder, drafted)
    save_rows(drafted, databases.uri(TEMPLATE), all_tables(), databases.folder / ROWS)
    databases.drop("bench_drafted")


def read_and_insert(watch: Stopwatch, folder: Path, uri: str) -> None:
    """Read the employees and the accepted visits, and write the same lines, through the driver."""
    with closing(connect(uri)) as connection, watch.running():
        for query in READ:
            for _ in connection.execute(query):
                pass
    insert_saved(watch, uri, folder / ROWS)


CASE = Case("settlement draft", 3.0, prepare, draft, read_and_insert)
