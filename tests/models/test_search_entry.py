"""The triggers that keep the search and the ledgers are there after all revisions.

SQLite rebuilds a table to change it and then loses its triggers: a revision that does so must make them anew.
"""

from sqlalchemy import text

from models import db
from models.search_entry import SEARCHED
from models.triggers import guards


def triggers():
    """The names of all triggers of the database."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(db.session.scalars(text(query)))


def test_every_searched_table_tells_what_was_touched(app):
    found = triggers()
    for noun, searched in SEARCHED.items():
        names = {f"search_{searched.table}"}
        if db.engine.dialect.name == "sqlite":
            names = {f"search_{searched.table}_{event}" for event in ("insert", "delete", "update")}
        assert names <= found, noun


def test_every_ledger_has_its_guards(app):
    assert {guard.name for guard in guards()} <= triggers()


def test_codes_of_nouns_are_their_own(app):
    codes = [searched.code for searched in SEARCHED.values()]
    assert len(set(codes)) == len(codes)


def test_a_searched_column_is_one_of_its_table(app):
    for noun, searched in SEARCHED.items():
        assert set(searched.columns) <= set(db.metadata.tables[searched.table].c.keys()), noun
