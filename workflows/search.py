"""Words by which records are found: bigrams of Chinese, pinyin initials, numbers, digits of phones."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pypinyin import Style, pinyin
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Float,
    Integer,
    Select,
    String,
    and_,
    any_,
    bindparam,
    cast,
    column,
    delete,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
    true,
)

from models import db
from models.search_entry import POSTGRES_WORDS, SEARCHED, SPAN, SearchEntry, SearchPending
from workflows.bulk_insert import insert_rows

CHINESE = "\u3400-\u9fff"
RUNS = re.compile(rf"[{CHINESE}]+|[0-9a-z]+")
SEPARATED = re.compile(r"[\s\-_./]+")
LONGEST_TEXT = 500
LONGEST_WORD = 40
LONGEST_INITIALS = 12
READINGS = 4
BATCH = 1000
COMMON = 2000
PLENTY = 50_000  # well beyond what any list counts: the database's guess may be wrong by a factor
WORDS = table("search_words", column("rowid", BigInteger))  # SQLite's full text


def fold(value: str) -> str:
    """Full and half width, capitals and small letters made alike."""
    return unicodedata.normalize("NFKC", value).casefold()


def _text_words(value: str) -> Iterator[str]:
    """Each two neighbouring Chinese characters, the last alone; Latin words whole."""
    for run in RUNS.findall(fold(value[:LONGEST_TEXT])):
        if run.isascii():
            yield run[:LONGEST_WORD]
        else:
            yield from (run[at : at + 2] for at in range(len(run)))


@lru_cache(maxsize=4096)  # the same people report again and again
def initials(value: str) -> tuple[str, ...]:
    """The pinyin initials of a name's Chinese characters, by each reading of its first: 单 is d, c and s."""
    chinese = "".join(re.findall(rf"[{CHINESE}]", value))
    if not chinese:
        return ()
    first, *rest = pinyin(chinese, style=Style.FIRST_LETTER, heteronym=True)
    tail = "".join(letters[0] for letters in rest)
    return tuple(head + tail for head in dict.fromkeys(first[:READINGS]))


def hit(label: str, query: str) -> tuple[int, int] | None:
    """Where a label fits a query, as it is or by pinyin initials: (start, end); None where it is found by another word."""
    wanted = fold(query).strip()
    folded = fold(label)
    if not wanted or len(folded) != len(label):
        return None
    if wanted in folded:
        start = folded.index(wanted)
        return start, start + len(wanted)
    places = [at for at, character in enumerate(label) if re.match(f"[{CHINESE}]", character)]
    for letters in initials(label):
        at = letters.find(wanted)
        if at >= 0:
            return places[at], places[at + len(wanted) - 1] + 1
    return None


def _name_words(value: str) -> Iterator[str]:
    yield from _text_words(value)
    for letters in initials(value):
        yield from (letters[at : at + LONGEST_INITIALS] for at in range(len(letters)))


def _number_words(value: str) -> Iterator[str]:
    runs = RUNS.findall(fold(value))
    yield from runs
    yield "".join(runs)[:LONGEST_WORD]


def _phone_words(value: str) -> Iterator[str]:
    for part in re.split(r"[;,/、，；]", value):
        digits = re.sub(r"\D", "", part.split("转")[0])
        yield from {digits, digits[-8:], digits[-4:]} if digits else ()


def words_of(noun: str, row: dict[str, str | None]) -> str:
    """The words of one record's columns, each once."""
    searched = SEARCHED[noun]
    found: dict[str, None] = {}
    for columns, split in (
        (searched.names, _name_words),
        (searched.texts, _text_words),
        (searched.numbers, _number_words),
        (searched.phones, _phone_words),
    ):
        for name in columns:
            found |= dict.fromkeys(split(row[name] or ""))
    return " ".join(word for word in found if word)


def index_pending() -> None:
    """Write the words of every touched record anew, inside the caller's transaction."""
    db.session.flush()
    while True:
        rows = db.session.execute(
            select(SearchPending.noun, SearchPending.record_id).limit(BATCH)
        ).all()
        if not rows:
            return
        touched: dict[str, list[int]] = defaultdict(list)
        for noun, number in rows:
            touched[noun].append(number)
        for noun, ids in touched.items():
            _index(noun, ids)


def merge_parts() -> None:
    """Make one of the parts in which SQLite's full text has grown, inside the caller's transaction.

    A word is looked up in each part. Nothing is done where there is one; PostgreSQL sees to it by itself.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO search_words (search_words) VALUES ('optimize')"))


def _index(noun: str, ids: list[int]) -> None:
    searched = SEARCHED[noun]
    table = db.metadata.tables[searched.table]
    base = searched.code * SPAN
    db.session.execute(delete(SearchEntry).where(SearchEntry.id.in_([base + n for n in ids])))
    columns = (table.c.id, *(table.c[name] for name in searched.columns))
    found = db.session.execute(select(*columns).where(table.c.id.in_(ids))).mappings()
    entries = [{"id": base + row["id"], "words": words_of(noun, dict(row))} for row in found]
    insert_rows(db.metadata.tables["search_entries"], entries)
    done = SearchPending.record_id.in_(ids)
    db.session.execute(delete(SearchPending).where(SearchPending.noun == noun, done))


def _wanted(query: str) -> list[list[tuple[str, bool]]]:
    """What a query asks for: any of several lists of words, all of each; True marks a word's beginning."""
    runs = RUNS.findall(fold(query))
    words: list[tuple[str, bool]] = []
    for run in runs:
        if run.isascii():
            words.append((run[:LONGEST_WORD], True))
        elif len(run) == 1:
            words.append((run, True))
        else:
            words.extend((run[at : at + 2], False) for at in range(len(run) - 1))
    alternatives = [words] if words else []
    if len(runs) > 1 and all(run.isascii() for run in runs):
        alternatives.append([("".join(runs)[:LONGEST_WORD], True)])
    return alternatives


def _expression(query: str, dialect: str) -> str | None:
    """The query in the full text's own language; None if there is nothing to look for."""
    wanted = _wanted(query)
    if not wanted:
        return None
    if dialect == "sqlite":
        # The records of the first word are gone through and asked for the others: a long one has few.
        wanted = [sorted(words, key=lambda one: -len(one[0])) for words in wanted]
        lists = (" AND ".join(f'"{w}"' + "*" * p for w, p in words) for words in wanted)
        return " OR ".join(f"({words})" for words in lists)
    lists = (" & ".join(f"'{w}'" + ":*" * p for w, p in words) for words in wanted)
    return " | ".join(f"({words})" for words in lists)


def matches(
    noun: str, id_column: ColumnElement[int], query: str, *, common: bool = False
) -> ColumnElement[bool] | None:
    """The condition that a record of a noun is found by a query; None if the query has no word in it.

    Where few are found, they are looked up; where many are (`common_in`), the rows are gone through in the order
    asked for and each is asked for its words: the first page stands long before all hits would have been gathered.
    """
    if not _wanted(query):
        return None
    if common:
        return _has_words(noun, id_column, query)
    return _among(id_column, hits(noun, query))


def _among(id_column: ColumnElement[int], found: Select[int]) -> ColumnElement[bool]:
    """The condition that a record is among few found."""
    if db.session.get_bind().dialect.name == "sqlite":
        return id_column.in_(found)
    # Before the words are looked up, PostgreSQL takes half of one per cent of all records for found; of an array it
    # takes ten, and goes to the rows by their index.
    return id_column == any_(func.array(found.scalar_subquery()))


def few_of(
    by: Sequence[tuple[str, ColumnElement[int]]], most_counted: int
) -> list[tuple[ColumnElement[bool], ColumnElement[int]]]:
    """For nouns with the columns of their ids: the condition that a record is among few found, and how many are found.

    Both go into one statement, which looks the words up once and is executed with `few_words`; where more than
    `COMMON` are found the condition lets none through (`common_of` says of which nouns that is). PostgreSQL,
    which gathers all before it gives the first, goes on to count up to `most_counted`.
    """
    dialect, most = db.session.get_bind().dialect.name, bindparam("most", type_=BigInteger)
    ways: list[tuple[ColumnElement[bool], ColumnElement[int]]] = []
    for noun, number_of in by:
        looked_up = _found(noun, bindparam("words", type_=String), dialect)
        bound = most if dialect == "sqlite" else most_counted
        found = looked_up.limit(bound + 1).cte(f"found_{noun}")
        number = select(func.count()).select_from(found).scalar_subquery()
        ways.append((and_(number <= most, _among(number_of, select(found.c[0]))), number))
    return ways


def few_words(query: str) -> dict[str, object] | None:
    """What a statement with `few_of` is executed with; None for a query without a word in it."""
    words = _expression(query, db.session.get_bind().dialect.name)
    return None if words is None else {"words": words, "most": COMMON}


def common_of(nouns: Sequence[str], numbers: Sequence[int]) -> frozenset[str]:
    """The nouns of which so many are found that gathering them costs more than looking for a page."""
    return frozenset(noun for noun, count in zip(nouns, numbers, strict=True) if count > COMMON)


def plenty_of(noun: str, query: str) -> bool:
    """Whether two Chinese characters surely find more records of a noun than any list counts.

    PostgreSQL collects all hits before it gives the first; how common a word is it knows from its statistics. SQLite gives
    them one by one, other queries rarely find very many: neither is asked.
    """
    wanted = _wanted(query)
    single = wanted[0][0] if len(wanted) == 1 and len(wanted[0]) == 1 else ("", True)
    if single[1] or db.session.get_bind().dialect.name == "sqlite":
        return False
    table = SEARCHED[noun].table
    asked = {"index": f"ix_search_words_{table}", "owner": table, "word": single[0]}
    return (db.session.scalar(RECKONED, asked) or 0) > PLENTY


# How many records of a noun hold a word, by what ANALYZE found; nothing where the word is not among the most common.
RECKONED = text(
    "SELECT records.reltuples * common.share FROM pg_stats AS known"
    " JOIN pg_class AS records ON records.oid = to_regclass(:owner)"
    " CROSS JOIN LATERAL unnest(CAST(CAST(known.most_common_elems AS text) AS text[]), known.most_common_elem_freqs)"
    " AS common (word, share)"
    " WHERE known.schemaname = current_schema() AND known.tablename = :index AND common.word = :word"
)


# What PostgreSQL knows of its tables since it last looked at their rows.
PG_CLASS = table("pg_class", column("oid", Integer), column("reltuples", Float))


def surely_plenty(owner: str) -> ColumnElement[bool] | None:
    """The condition that a table surely has more rows than any list counts, by what PostgreSQL last found; None on SQLite,
    which counts that far in no time."""
    if db.session.get_bind().dialect.name == "sqlite":
        return None
    rows = select(PG_CLASS.c.reltuples).where(PG_CLASS.c.oid == func.to_regclass(owner))
    return rows.scalar_subquery() > PLENTY


def _range(noun: str) -> tuple[int, int]:
    """The first and the last id that words of a noun's records can have."""
    first = SEARCHED[noun].code * SPAN
    return first, first + SPAN - 1


def common_in(nouns: Sequence[str], query: str) -> frozenset[str]:
    """The nouns of which a query finds so many records that gathering them costs more than looking for a page."""
    if not nouns or not _wanted(query):
        return frozenset()
    some = (hits(noun, query).limit(COMMON + 1).subquery() for noun in nouns)
    numbers = [select(func.count()).select_from(one).scalar_subquery() for one in some]
    counted = db.session.execute(select(*numbers)).one()
    return common_of(nouns, counted)


def hits(noun: str, query: str) -> Select[int]:
    """The ids of the records of a noun that the full text finds; only for queries with a word in them."""
    return _hits(noun, query, db.session.get_bind().dialect.name)


@lru_cache(maxsize=500)  # one page asks for the same several times, the next page of it again
def _hits(noun: str, query: str, dialect: str) -> Select[int]:
    words = bindparam("words", _expression(query, dialect), String, unique=True)
    return _found(noun, words, dialect)


def _found(noun: str, words: BindParameter[str], dialect: str) -> Select[int]:
    number: ColumnElement[int] = SearchEntry.__table__.c.id
    condition = f"{POSTGRES_WORDS} @@ CAST(:words AS tsquery)"
    if dialect == "sqlite":
        number, condition = WORDS.c.rowid, "search_words MATCH :words"
    # Written into the statement: PostgreSQL has an index for each noun, and must see that it is the one.
    first, last = (literal_column(str(n), BigInteger) for n in _range(noun))
    return select(number - first).where(
        text(condition).bindparams(words), number.between(first, last)
    )


def _has_words(noun: str, id_column: ColumnElement[int], query: str) -> ColumnElement[bool]:
    """The same condition asked of one record: whether its words hold those of the query."""
    words = " " + SearchEntry.words + " "
    place = func.instr if db.session.get_bind().dialect.name == "sqlite" else func.strpos
    ways = [
        and_(*(place(words, f" {word}" if begins else f" {word} ") > 0 for word, begins in each))
        for each in _wanted(query)
    ]
    entry = SearchEntry.id == SEARCHED[noun].code * SPAN + cast(id_column, BigInteger)
    return (
        select(or_(*ways)).where(entry).correlate_except(SearchEntry).scalar_subquery().is_(true())
    )
