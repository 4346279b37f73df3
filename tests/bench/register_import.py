"""A register of 40,000 tickets taken in, beside merely reading it and inserting the same rows (workbook.md)."""

from pathlib import Path

from python_calamine import CalamineWorkbook

from app import create_app
from models import db
from rules.permissions import Role
from seed.workbook_reader import read_workbook
from tests.bench.big_register import write_big_register
from tests.bench.frame import TEMPLATE, Case, Stopwatch
from tests.bench.plain_rows import insert_saved, save_rows
from tests.databases import Databases
from workflows.account import account_named, create_account
from workflows.register_import import import_register

BOOK, ROWS = "register.xlsx", "register.rows"


def take_in(watch: Stopwatch, folder: Path, uri: str) -> None:
    """Read and import the register as the command does."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        clerk = account_named("clerk")
        with watch.running():
            register, _ = read_workbook(folder / BOOK)
            outcome = import_register(register, actor=clerk, file_digest="0" * 64)
        if outcome.faults or not outcome.changed:
            raise RuntimeError(f"the register should go in: {outcome.faults[:3]}")
        db.engine.dispose()


def make_clerk(uri: str) -> None:
    """An account that may import."""
    with create_app({"SQLALCHEMY_DATABASE_URI": uri}).app_context():
        create_account("clerk", [Role.CLERK], employee_number=None, password=None, actor=None)
        db.engine.dispose()


def all_tables() -> list[str]:
    """Every table, in the order in which rows can be inserted."""
    return [table.name for table in db.metadata.sorted_tables]


def prepare(databases: Databases) -> None:
    """The workbook, an empty database with a clerk, and the rows that the import writes."""
    write_big_register(databases.folder / BOOK)
    empty = databases.create(TEMPLATE)
    make_clerk(empty)
    filled = databases.copy(TEMPLATE, "bench_filled")
    take_in(Stopwatch(), databases.folder, filled)
    save_rows(filled, empty, all_tables(), databases.folder / ROWS)
    databases.drop("bench_filled")


def read_and_insert(watch: Stopwatch, folder: Path, uri: str) -> None:
    """Merely read every cell with the same reader, and insert the same rows through the driver."""
    with watch.running():
        book = CalamineWorkbook.from_path(str(folder / BOOK))
        for name in book.sheet_names:
            for _ in book.get_sheet_by_name(name).iter_rows():
                pass
    insert_saved(watch, uri, folder / ROWS)


CASE = Case("register import", 4.0, prepare, take_in, read_and_insert)
