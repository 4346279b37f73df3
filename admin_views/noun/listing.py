"""One page of a noun's list: the few statements that answer what is asked for."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from flask import g
from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.sql.operators import desc_op

from admin_views.noun.asked import Asked
from admin_views.noun.column import Column
from admin_views.once import once, written
from models import db
from rules.permissions import Reach
from workflows.search import (
    common_in,
    common_of,
    few_of,
    few_words,
    hits,
    matches,
    plenty_of,
    surely_plenty,
)

if TYPE_CHECKING:
    from admin_views.noun.base import NounBase as NounView

MOST_COUNTED = 10_000


def conditions(
    view: "NounView",
    asked: Asked,
    *,
    counting: bool = False,
    known: ColumnElement[bool] | None = None,
) -> list[ColumnElement[bool]]:
    """What narrows the list: the filters and the search; `known` says what the search finds, where that is known."""
    by_key = {one.key: one for one in view.filters}
    found = [by_key[key].where(value) for key, value in asked.filters.items()]
    if known is not None:
        found.append(known)
    elif asked.search and counting:
        found.append(gathered(view, asked))
    elif asked.search:
        found.append(searched(view, asked.search))
    return found


def common(view: "NounView", text: str) -> frozenset[str]:
    """The nouns of which a text finds very many, of those by whose words this one is found; asked once a request."""
    known, key = _common_known(), (view.noun, text)
    if key not in known:
        nouns = [noun for noun, _column in view.found_by()]
        plenty = frozenset({view.noun}) if _plenty(view, text) else frozenset()
        known[key] = plenty | common_in([noun for noun in nouns if noun not in plenty], text)
    return known[key]


def _plenty(view: "NounView", text: str) -> bool:
    """Whether a text surely finds more of the noun than are counted; asked once a request."""
    known: dict[tuple[str, str], bool] = g.setdefault("plenty_found", {})
    key = (view.noun, text)
    if key not in known:
        own = view.noun in (noun for noun, _column in view.found_by())
        known[key] = own and plenty_of(view.noun, text)
    return known[key]


def _common_known() -> dict[tuple[str, str], frozenset[str]]:
    known: dict[tuple[str, str], frozenset[str]] = g.setdefault("common_searches", {})
    return known


def searched(view: "NounView", text: str) -> ColumnElement[bool]:
    """The condition that a record is found by a text: by its own words, or by those of what it belongs to."""
    many, by = common(view, text), view.found_by()
    ways = [matches(noun, column, text, common=noun in many) for noun, column in by]
    found = [one for one in ways if one is not None]
    if not found:
        return literal(False)
    return or_(*found) if many else _either(view, found)


def _either(view: "NounView", found: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """The condition that one of several ways finds a record, each of them few."""
    if len(found) == 1:
        return found[0]
    # A union lets the database use an index for each way, which an OR over subqueries does not.
    ids = select(view.model.id)
    if not _found_alone(view):
        ids = view.joined(ids)
    return view.model.id.in_(union(*(ids.where(one) for one in found)))


def gathered(view: "NounView", asked: Asked) -> ColumnElement[bool]:
    """The same condition for counting: what many words find is gathered once, not asked row by row."""
    if not common(view, asked.search):
        return searched(view, asked.search)
    # "+ 0" keeps the database on the filters' index: going from each hit to its row would take longer.
    return or_(*((column + 0).in_(hits(noun, asked.search)) for noun, column in view.found_by()))


def hit_ids(view: "NounView", text: str) -> Select[int]:
    """The ids that a text with many hits finds, as few as are counted: of the noun itself straight from its words."""
    ways = []
    for noun, column in view.found_by():
        some = hits(noun, text).limit(MOST_COUNTED + 1).subquery()
        ids = select(some.c[0])
        own = noun == view.noun
        ways.append(ids if own else view.joined(select(view.model.id)).where(column.in_(ids)))
    return select(union(*ways).subquery().c[0])


def order(view: "NounView", asked: Asked) -> list[ColumnElement[Any]]:
    """What orders the list, always ending in the id, so that no row is shown twice or never."""
    key = asked.sort.removeprefix("-")
    column = next((c for c in view.columns if key and c.key == key), None)
    if column is None:
        return list(view.default_order)
    value = column.value[0] if isinstance(column.value, tuple) else column.value
    down = asked.sort.startswith("-")
    return [value.desc(), view.model.id.desc()] if down else [value, view.model.id]


def ids_of(
    view: "NounView", asked: Asked, *, joined: bool = True, known: ColumnElement[bool] | None = None
) -> Select[tuple[int]]:
    """The ids of all rows that are asked for and within the reader's scope, in order.

    Without what is `joined` an index can answer it by itself, where the noun's own table is all it speaks of. `known` as
    for `conditions`.
    """
    by, query = order(view, asked), select(view.model.id)
    if joined or not (stands_alone(view, asked) and all(_of(view, one) for one in by)):
        query = view.scoped(view.joined(query))
    return query.where(*conditions(view, asked, known=known)).order_by(*by)


def page_ids(view: "NounView", asked: Asked) -> tuple[list[int], bool]:
    """The ids of one page, and whether another follows.

    A page that goes on from a record is found where that record stands, however deep in the list; what came in
    meanwhile neither repeats a row nor hides one. A page that is only numbered is counted off.
    """
    few = _few(view, asked) if asked.search and asked.is_first else None
    if few is not None:
        return few[: asked.size], len(few) > asked.size
    query = ids_of(view, asked, joined=False)
    beyond = _beyond(view, asked) if asked.is_turned else None
    if beyond is not None and not asked.after:
        backwards = query.where(beyond).order_by(None).order_by(*_turned(order(view, asked)))
        ids = db.session.scalars(backwards.limit(asked.size)).all()
        if len(ids) == asked.size:
            return list(reversed(ids)), True
        beyond = None
    query = query.offset((asked.page - 1) * asked.size) if beyond is None else query.where(beyond)
    ids = db.session.scalars(query.limit(asked.size + 1)).all()
    return list(ids[: asked.size]), len(ids) > asked.size


def _few(view: "NounView", asked: Asked) -> list[int] | None:
    """The first ids of a search that finds few, in one statement; None where it finds many, which is then known."""
    words, by = few_words(asked.search), view.found_by()
    if words is None or not by or _plenty(view, asked.search):
        return None
    if asked.filters or not sees_all(view):
        query = _few_query(view, asked)
    else:
        key = (view.noun, asked.sort, asked.size, db.session.get_bind().dialect.name)
        query = once("few", key, lambda: _few_query(view, asked))
    rows = db.session.execute(query, words).all()
    nouns, numbers = [noun for noun, _column in by], rows[0][1:]
    many = common_of(nouns, numbers)
    _common_known()[view.noun, asked.search] = many
    if view.noun in nouns and numbers[nouns.index(view.noun)] > MOST_COUNTED:
        g.plenty_found[view.noun, asked.search] = True
    return None if many else [row[0] for row in rows if row[0] is not None]


def _few_query(view: "NounView", asked: Asked) -> Select[Any]:
    """Ids in order, each beside how many were found of each noun; a row without an id where there are none."""
    ways = few_of(view.found_by(), MOST_COUNTED)
    found = _either(view, [condition for condition, _number in ways])
    keys = [_key(one) for one in order(view, asked)]
    ids = ids_of(view, asked, joined=False, known=found).limit(asked.size + 1)
    page = ids.add_columns(*(column.label(f"by_{n}") for n, (column, _down) in enumerate(keys)))
    first, counted = page.subquery(), select(*(number for _condition, number in ways)).subquery()
    orders = [
        by.desc() if down else by
        for by, (_column, down) in zip(list(first.c)[1:], keys, strict=True)
    ]
    whole = select(first.c[0], *counted.c).select_from(counted.outerjoin(first, true()))
    return whole.order_by(*orders)


def _beyond(view: "NounView", asked: Asked) -> ColumnElement[bool] | None:
    """The condition that a row comes after (or before) the record named; None where no comparison of values can tell,
    or where the reader has no such record."""
    keys = [_key(one) for one in order(view, asked)]
    columns, downs = [column for column, _down in keys], {down for _column, down in keys}
    if len(downs) > 1 or any(getattr(column, "nullable", True) for column in columns):
        return None
    query = view.scoped(view.joined(select(*columns)))
    row = db.session.execute(query.where(view.model.id == (asked.after or asked.before))).first()
    if row is None:
        return None
    here = tuple_(*columns)
    there = tuple_(*(literal(v, c.type) for v, c in zip(row, columns, strict=True)))
    return here < there if (True in downs) is bool(asked.after) else here > there


def _key(by: ColumnElement[Any]) -> tuple[Any, bool]:
    """What a part of an order compares, and whether downwards."""
    down = getattr(by, "modifier", None) is desc_op
    return (by.element if down else by), down  # type: ignore[attr-defined]


def _turned(by: Sequence[ColumnElement[Any]]) -> list[Any]:
    """An order the other way round."""
    return [column if down else column.desc() for column, down in map(_key, by)]


def stands_alone(view: "NounView", asked: Asked) -> bool:
    """Whether what is asked for, by a reader of everything, speaks of the noun's own table alone."""
    by_key = {one.key: one for one in view.filters}
    own = all(_of(view, by_key[key].column) for key in asked.filters)
    return own and sees_all(view) and (not asked.search or _found_alone(view))


def _found_alone(view: "NounView") -> bool:
    """Whether the noun's own columns lead to all by whose words it is found."""
    return all(_of(view, column) for _noun, column in view.found_by())


def sees_all(view: "NounView") -> bool:
    """Whether the reader sees every record of a noun."""
    return view.reach_for(view.verb_of("read")) is Reach.ALL


def _of(view: "NounView", expression: Any) -> bool:
    """Whether a column, or the order by one, is the noun's own."""
    return getattr(
        getattr(expression, "element", expression), "table", None
    ) is view.model.__table__ or (getattr(expression, "class_", None) is view.model)


def count_of(view: "NounView", asked: Asked) -> Any:
    """The number of rows asked for, as a subquery that stops counting beyond 10,000."""
    if asked.search and not asked.filters and sees_all(view) and common(view, asked.search):
        return _counted(hit_ids(view, asked.search))
    query = select(literal(1).label("one")).select_from(view.model)
    if not stands_alone(view, asked):
        query = view.scoped(view.joined(query))
    count = _counted(query.where(*conditions(view, asked, counting=True)))
    if asked.filters or asked.search or not sees_all(view):
        return count
    sure = surely_plenty(view.model.__tablename__)
    return count if sure is None else case((sure, MOST_COUNTED + 1), else_=count)


def _counted(query: Select[Any]) -> Any:
    some = query.limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def counts(view: "NounView", all_asked: Sequence[Asked]) -> list[int]:
    """Several counts of a noun: in one statement, but for those of searches, which are others each time."""
    usual = [asked for asked in all_asked if not asked.search]
    known = iter(db.session.execute(_counting(view, usual)).one() if usual else ())
    return [_search_count(view, one) if one.search else next(known) for one in all_asked]


def everyday_counts(view: "NounView", all_asked: Sequence[Asked]) -> list[int]:
    """The counts of what the noun's own tabs ask for, which is the same every day and for every reader of everything:
    their statement is put together and written out once."""
    if not all_asked or not sees_all(view):
        return counts(view, all_asked)
    key = (view.noun, tuple(asked.narrowing for asked in all_asked))
    statement = once("everyday", key, lambda: written(_counting(view, all_asked)))
    return list(db.session.connection().exec_driver_sql(statement).one())


def _search_count(view: "NounView", asked: Asked) -> int:
    if not asked.filters and sees_all(view):
        if _plenty(view, asked.search):
            return MOST_COUNTED + 1
        if view.noun in common(view, asked.search):  # its own words may tell that they are too many
            own = db.session.scalar(select(_counted(hits(view.noun, asked.search)))) or 0
            if own > MOST_COUNTED:
                return own
    return db.session.scalar(select(count_of(view, asked))) or 0


def _counting(view: "NounView", all_asked: Sequence[Asked]) -> Select[Any]:
    """The statement that counts; of readers of everything it is kept for the next who asks the same."""
    if not sees_all(view):
        return select(*(count_of(view, asked) for asked in all_asked))
    key = (view.noun, tuple(asked.narrowing for asked in all_asked))
    return once("counts", key, lambda: select(*(count_of(view, asked) for asked in all_asked)))


def selected(columns: Sequence[Column]) -> list[Any]:
    """The expressions that columns select, flat."""
    return [
        value
        for column in columns
        if column.value is not None
        for value in (column.value if isinstance(column.value, tuple) else (column.value,))
    ]


def cells(columns: Sequence[Column], rows: Sequence[Any]) -> list[tuple[int, list[Any]]]:
    """Each row's id and what its columns show; `load` columns ask once for all rows."""
    ids = [row[0] for row in rows]
    shown, at = [], 1
    for column in columns:
        if column.load:
            values = list(map(column.load(ids).get, ids)) if ids else []
        elif isinstance(column.value, tuple):
            wide = len(column.value)
            values = [tuple(row[at : at + wide]) for row in rows]
            at += wide
        else:
            values = [row[at] for row in rows]
            at += 1
        shown.append(_shown(column, values))
    return [(number, list(values)) for number, *values in zip(ids, *shown, strict=True)]


def _shown(column: Column, values: list[Any]) -> list[Any]:
    """What a column shows for its values. Codes are few: what they show is found once."""
    if column.show is None:
        return values
    if not all(isinstance(v, Enum) or v is None for one in values for v in _each(one)):
        return [column.show(one) for one in values]
    known = {one: column.show(one) for one in set(values)}
    return [known[one] for one in values]


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _rows(view: "NounView", columns: Sequence[Column]) -> Select[Any]:
    """The statement that selects the rows of `ids`, put together once for each choice of columns."""

    def put_together() -> Select[Any]:
        rows = view.joined(select(view.model.id, *selected(columns)))
        return rows.where(view.model.id.in_(bindparam("ids", expanding=True)))

    return once("rows", (view.noun, tuple(column.key for column in columns)), put_together)


def rows_of(
    view: "NounView", ids: Sequence[int], columns: Sequence[Column]
) -> list[tuple[int, list[Any]]]:
    """The cells of the rows of some ids, in that order; one statement, and one per `load` column."""
    if not ids:
        return []
    by_id = {row[0]: row for row in db.session.execute(_rows(view, columns), {"ids": ids})}
    return cells(columns, [by_id[one] for one in ids if one in by_id])
