"""What the search finds: the words of each record, in one table that the database's own full text indexes.

A trigger on every searched table notes which records were touched, however they were; the transaction that
touched them writes their words anew (workflows/search.py), since only Python knows bigrams and pinyin.
"""

from typing import NamedTuple

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model

SPAN = 2**40
"""The ids of one noun's entries: code × SPAN + the record's id, so that a noun is a range and its order time."""


class Searched(NamedTuple):
    """Which columns of a table are found: by words and pinyin, by words, by number, by digits."""

    code: int
    table: str
    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.names, *self.texts, *self.numbers, *self.phones)


# A new noun: a line here, and a revision that runs create_search_triggers() with the same columns and, on PostgreSQL,
# search_index_by_noun().
SEARCHED = {
    "customer": Searched(1, "customers", ("name", "contact"), ("address",), ("number",), ("phone",)),
    "device": Searched(2, "devices", ("name",), (), ("serial", "model")),
    "project": Searched(3, "projects", ("name",), (), ("number",)),
    "employee": Searched(4, "employees", ("name",), ("department",), ("number",), ("phone",)),
    "ticket": Searched(5, "tickets", ("reporter",), ("fault", "place"), ("number",), ("phone",)),
    "receivable": Searched(6, "receivables", numbers=("number",)),
    "account": Searched(7, "accounts", numbers=("username",)),
    "maker": Searched(8, "makers", ("name", "contact"), phones=("phone",)),
    "site": Searched(9, "sites", ("name",), ("address",)),
    "contact": Searched(10, "contacts", ("name",), ("duty",), phones=("phone",)),
}  # fmt: skip


class SearchEntry(Model):
    """The words of one record, parted by single spaces; `id` tells the noun and the record."""

    __tablename__ = "search_entries"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)


class SearchPending(Model):
    """A record that was touched since its words were written."""

    __tablename__ = "search_pending"
    noun: Mapped[str] = mapped_column(String(40), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


# array_to_tsvector takes the words as they are; to_tsvector's own parser would cut them by the server's locale.
POSTGRES_WORDS = "array_to_tsvector(string_to_array(words, ' '))"
POSTGRES_INDEX = [
    f"CREATE INDEX ix_search_entries_words ON search_entries USING gin ({POSTGRES_WORDS})",
    "CREATE FUNCTION search_touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "INSERT INTO search_pending (noun, record_id) "
    "VALUES (TG_ARGV[0], CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END) "
    "ON CONFLICT DO NOTHING; RETURN NULL; END $$",
]
SQLITE_INDEX = [
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entries', content_rowid='id', "
    "detail='none', tokenize=\"unicode61 remove_diacritics 0\")",
    "CREATE TRIGGER search_words_insert AFTER INSERT ON search_entries "
    "BEGIN INSERT INTO search_words (rowid, words) VALUES (NEW.id, NEW.words); END",
    "CREATE TRIGGER search_words_delete AFTER DELETE ON search_entries BEGIN "
    "INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', OLD.id, OLD.words); END",
]


def create_search_index(dialect: str) -> list[str]:
    """The DDL of the full text over the entries."""
    return SQLITE_INDEX if dialect == "sqlite" else POSTGRES_INDEX


def search_index_by_noun(table: str, code: int) -> str:
    """PostgreSQL's full text over the entries of one noun, by its code: a word of many nouns is then not gone through."""
    first = code * SPAN
    return (
        f"CREATE INDEX ix_search_words_{table} ON search_entries USING gin ({POSTGRES_WORDS}) "
        f"WHERE id BETWEEN {first} AND {first + SPAN - 1}"
    )


def drop_search_index(dialect: str) -> list[str]:
    """The DDL that takes the full text away."""
    if dialect == "sqlite":
        return ["DROP TABLE search_words"]
    return ["DROP INDEX ix_search_entries_words", "DROP FUNCTION search_touched()"]


def create_search_triggers(
    dialect: str, noun: str, table: str, columns: tuple[str, ...]
) -> list[str]:
    """The DDL by which a table tells which of its records were touched; a revision names the columns itself."""
    watched = ", ".join(columns)
    if dialect == "postgresql":
        return [
            f"CREATE TRIGGER search_{table} AFTER INSERT OR DELETE OR UPDATE OF {watched} "
            f"ON {table} FOR EACH ROW EXECUTE FUNCTION search_touched('{noun}')"
        ]
    touched = "INSERT INTO search_pending (noun, record_id) VALUES"
    return [
        f"CREATE TRIGGER search_{table}_{event.split()[0].lower()} AFTER {event} ON {table} "
        f"BEGIN {touched} ('{noun}', {row}.id) ON CONFLICT DO NOTHING; END"
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD"), (f"UPDATE OF {watched}", "NEW"))
    ]


def drop_search_triggers(dialect: str, table: str) -> list[str]:
    """The DDL that takes a table's triggers away."""
    if dialect == "postgresql":
        return [f"DROP TRIGGER search_{table} ON {table}"]
    return [f"DROP TRIGGER search_{table}_{event}" for event in ("insert", "delete", "update")]
