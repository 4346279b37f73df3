"""Transactions end as they should: what only read keeps its plans, what wrote and is rolled back is gone."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from models import db
from models.account import Account
from models.engine import MAPPED, map_file

INSERT = "INSERT INTO accounts (username, session_epoch, failed_logins, row_version) VALUES ('nobody', 1, 0, 1)"
WRITES = {
    "plain": [INSERT],
    "after reading": ["SELECT 1", INSERT],
    "reading after": [INSERT, "SELECT 1"],
    "in other letters": [f"\n  {INSERT.replace('INSERT', 'insert')}"],
    "under a name": [f"WITH one AS (SELECT 1) {INSERT}"],
}


def names():
    """The accounts as another transaction sees them."""
    db.session.remove()
    with db.engine.connect() as connection:
        return set(connection.scalars(select(Account.username)))


@pytest.mark.parametrize("statements", WRITES.values(), ids=list(WRITES))
def test_what_wrote_and_is_rolled_back_is_gone(app, statements):
    for one in statements:
        db.session.execute(text(one))
    db.session.rollback()
    assert "nobody" not in names()


@pytest.mark.parametrize("end", ["remove", "close"])
def test_what_wrote_and_is_left_without_commit_is_gone(app, end):
    db.session.execute(text(INSERT))
    getattr(db.session, end)()
    assert "nobody" not in names()


def test_a_savepoint_rolled_back_takes_only_its_own(app):
    db.session.execute(text(INSERT))
    with db.session.begin_nested() as inner:
        db.session.execute(text(INSERT.replace("nobody", "inner")))
        inner.rollback()
    db.session.commit()
    assert names() >= {"nobody"} and "inner" not in names()


def test_after_a_fault_the_next_statement_stands(app):
    with pytest.raises(SQLAlchemyError):
        db.session.execute(text("SELECT nothing FROM nowhere"))
    db.session.rollback()
    assert db.session.scalar(select(1)) == 1


def test_what_is_read_page_after_page_is_planned_once(app):
    pages = []
    for _page in range(7):
        pages.append(db.session.scalars(select(Account.username)).all())
        db.session.remove()
    assert pages == [pages[0]] * 7
    if db.engine.dialect.name == "postgresql":  # SQLite plans in no time
        kept = (
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%accounts.username%'"
        )
        assert db.session.scalar(text(kept)) == 1


def test_a_server_reads_sqlite_where_the_system_keeps_the_file(app):
    if db.engine.dialect.name != "sqlite":
        map_file(db.engine)  # has a cache of its own
        return
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA mmap_size").scalar() == 0
    map_file(db.engine)
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA mmap_size").scalar() == MAPPED
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
