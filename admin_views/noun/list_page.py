"""A noun's list as a page, with its views, filters and columns; and what each reader has it remember."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import bindparam, literal, select, text
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from admin_views.noun.asked import Asked, ask, list_url
from admin_views.noun.base import NounBase
from admin_views.noun.column import Column
from admin_views.noun.filter import Filter, PickFilter, whole
from admin_views.noun.listing import MOST_COUNTED, counts, everyday_counts, page_ids, rows_of
from admin_views.once import once
from models import db
from models.saved_view import ColumnChoice, SavedView
from workflows import saved_view as keeping
from workflows.refusal import Refused

MINE, NOUN = bindparam("mine"), bindparam("noun")
HABITS = (
    select(literal(0), literal(""), ColumnChoice.columns)
    .where(ColumnChoice.account_id == MINE, ColumnChoice.noun == NOUN)
    .union_all(
        select(SavedView.id, SavedView.name, SavedView.query).where(
            SavedView.account_id == MINE, SavedView.noun == NOUN
        )
    )
    .order_by(text("1"))
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as the page draws it: set ones say what they are set to and how to drop them."""

    filter: Filter
    value: Any
    says: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class ListTab:
    """A view of the list: everyone's, or one that the reader keeps (`kept` is its id)."""

    label: Any
    url: str
    count: int
    selected: bool
    kept: int | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. `count` stops at 10,000: `capped` then says that there are more."""

    columns: list[Column]
    rows: list[tuple[int, list[Any]]]
    asked: Asked
    count: int
    more: bool
    tabs: list[ListTab]
    chips: list[Chip]
    choosable: list[tuple[Column, bool]]

    @property
    def choosable_key(self) -> tuple[tuple[str, bool], ...]:
        return tuple((column.key, shown) for column, shown in self.choosable)

    @property
    def capped(self) -> bool:
        return self.count > MOST_COUNTED

    @property
    def ids(self) -> list[int]:
        return [number for number, _cells in self.rows]

    @property
    def first(self) -> int:
        return (self.asked.page - 1) * self.asked.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def query_of(params: Any) -> str:
    """The query string of a tab's parameters."""
    return urlencode(
        [
            (k, v)
            for k, value in params.items()
            for v in (value if isinstance(value, (list, tuple)) else [value])
        ]
    )


class ListPages(NounBase):
    """The list."""

    def asked_of(self, queries: Iterable[str]) -> list[Asked]:
        """What kept query strings ask for of readers in these roles; one that no longer fits asks for everything."""
        roles = frozenset(self.actor.roles)

        def read(query: str) -> Asked:
            try:
                return ask(MultiDict(parse_qsl(query)), self.columns_for(), self.filters_for())
            except BadRequest:
                return Asked()

        return [once("asked", (self.noun, roles, one), partial(read, one)) for one in queries]

    def _habits(self) -> tuple[list[Column], list[tuple[int, str, str]]]:
        """The columns that the reader sees, and the views that he keeps (id, name, query), in one statement."""
        mine = {"mine": self.actor.id, "noun": self.noun}
        rows = [tuple(row) for row in db.session.execute(HABITS, mine)]
        keys = {key for number, _name, keys in rows if not number for key in keys.split()}
        columns = self.columns_for()
        shown = [c for c in columns if c.key in keys] or [c for c in columns if c.usual]
        return shown, [row for row in rows if row[0]]

    def _list_tabs(
        self, asked: Asked, kept: list[tuple[int, str, str]], known: int | None
    ) -> tuple[list[ListTab], int]:
        """Everyone's views and the reader's own, each with its count, and the count of what is asked now, if it is not
        known."""
        own = [
            (t.label, query_of(t.params(self.actor) if callable(t.params) else t.params), None)
            for t in self.tabs
        ]
        views = [(name, query, number) for number, name, query in kept]
        everyday = self.asked_of(query for _label, query, _id in own)
        others = self.asked_of(query for _label, query, _id in views)
        numbers = everyday_counts(self, everyday)
        if known is None and not asked.search:
            counted = zip(everyday, numbers, strict=True)
            known = next((n for one, n in counted if one.narrowing == asked.narrowing), None)
        numbers += counts(self, others if known is not None else [*others, asked])
        now = sorted(parse_qsl(asked.filter_query))
        tabs = [
            ListTab(
                label,
                f"?{query}" if query else url_for(".index_view"),
                number,
                sorted(parse_qsl(query)) == now,
                row_id,
            )
            for (label, query, row_id), number in zip([*own, *views], numbers, strict=False)
        ]
        return tabs, numbers[-1] if known is None else known

    def _chips(self, asked: Asked) -> list[Chip]:
        chips = []
        for one in self.filters_for():
            value = asked.filters.get(one.key)
            if value is None:
                chips.append(Chip(one, None))
                continue
            says = one.says(value)
            if isinstance(one, PickFilter):
                says = self.labels_of(one.noun, [value]).get(value, says)
            chips.append(Chip(one, value, says, asked.query(without=one.names)))
        return chips

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """One page of the list."""
        asked = ask(request.args, self.columns_for(), self.filters_for())
        columns, kept = self._habits()
        ids, more = page_ids(self, asked)
        counted = not (more or asked.is_turned) and (bool(ids) or asked.page == 1)
        whole = (asked.page - 1) * asked.size + len(ids) if counted else None
        tabs, count = self._list_tabs(asked, kept, whole)
        choosable = [(c, c in columns) for c in self.columns_for()]
        rows = rows_of(self, ids, columns)
        page = ListPage(columns, rows, asked, count, more, tabs, self._chips(asked), choosable)
        actions = [one for one in self.bulk if self.may(one.permission)]
        return self.render(self.list_template, page=page, actions=actions)

    def _back(self, sentence: str = "", query: str = "") -> ResponseReturnValue:
        if sentence:
            flash(sentence, "success")
        return redirect(list_url(query))

    @expose("/views/", methods=("POST",))
    def keep_view(self) -> ResponseReturnValue:
        """Keep the present filter under a name."""
        query = ask(request.args, self.columns_for(), self.filters_for()).filter_query
        try:
            keeping.save_view(self.noun, request.form.get("name", ""), query, actor=self.actor)
        except Refused as refused:
            flash(refused.sentence, "error")
            return self._back(query=query)
        return self._back(_("已保存这组条件。"), query)

    @expose("/views/drop/", methods=("POST",))
    def drop_view(self) -> ResponseReturnValue:
        """Forget one of the reader's own views."""
        keeping.drop_view(self.noun, whole(request.form.get("id", "")), actor=self.actor)
        return self._back(_("已删去这组条件。"))

    @expose("/columns/", methods=("POST",))
    def choose_columns(self) -> ResponseReturnValue:
        """Remember the columns chosen."""
        known = {c.key for c in self.columns_for()}
        chosen = request.form.getlist("column")
        if not set(chosen) <= known:
            abort(400)
        keeping.choose_columns(self.noun, list(dict.fromkeys(chosen)), actor=self.actor)
        query = ask(request.args, self.columns_for(), self.filters_for()).query()
        return self._back(query=query)
