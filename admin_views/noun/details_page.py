"""A record as a page: its head with the buttons that its state allows, related records in tabs, its history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, reduce
from typing import Any, NamedTuple

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from admin_views import marks
from admin_views.noun import history
from admin_views.noun.asked import ask
from admin_views.noun.base import NounBase
from admin_views.noun.column import Column, Ref, money, words
from admin_views.noun.field import NounField, Pick
from admin_views.noun.form import NounForm, Section
from admin_views.noun.list_page import ListPages
from admin_views.noun.listing import count_of, page_ids, rows_of
from admin_views.noun.mask import masked, sees_private
from admin_views.noun.part import Head, Related, Step
from admin_views.noun.private import PrivatePages, revealed
from admin_views.page import Tab
from models import db
from models.base import Noun

FILE = "file"
HISTORY = "history"


class Told(NamedTuple):
    """One value of a record's file, in words; `ref` is the noun and id of the record that it names."""

    label: str
    text: str
    ref: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class RelatedList:
    """The records of another noun that belong to this one, the first of them."""

    view: NounBase
    columns: list[Column]
    rows: list[tuple[int, list[Any]]]
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """A record's page. Of `file`, `related` and `events` only what the tab shows is filled."""

    row: Noun
    head: Head
    steps: list[Step]
    can_edit: bool
    can_reveal: bool
    tab: str
    tabs: list[Tab]
    labels: dict[str, Any]
    file: list[tuple[Section, list[Told]]]
    related: RelatedList | None = None
    events: Sequence[history.Event] = ()
    hub: Any = None


def _told(column: Column, value: Any) -> Told:
    """What a column of a list is called and shows, for a record's file."""
    if isinstance(value, Ref):
        return Told(str(column.label), value.label, (value.noun, value.id) if value.id else None)
    if column.kind == "money":
        return Told(str(column.label), "" if value is None else money(value))
    return Told(
        str(column.label), marks.cell("text" if column.kind == "ref" else column.kind, value)
    )


def _along(row: Any, path: str) -> Any:
    """What a record's attributes lead to, one from the other; None where one of them is."""
    return reduce(lambda at, name: None if at is None else getattr(at, name), path.split("."), row)


def _said(value: Any) -> str:
    """A value on its own, in words: money with its sign."""
    return money(value) if isinstance(value, Decimal) else words(value)


def _read(field: NounField) -> Told:
    """What a field of a record says to this reader."""
    ref = (field.noun, field.data) if isinstance(field, Pick) and field.data else None
    return Told(str(field.label.text), field.read(field.data), ref)


def seen_version(posted: MultiDict[str, str]) -> int:
    """The version of what its reader saw, as a form carries it; 400 where there is none."""
    text = posted.get("row_version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(400)
    return int(text)


class DetailsPages(PrivatePages):
    """The page of one record."""

    first_tab = ""

    def head(self, row: Any) -> Head:
        """The title, badge, facts and figures of a record."""
        return Head(self.name_of(row))

    def still_editable(self, row: Any) -> bool:
        """Whether a record's state still lets its form be changed: the workflow decides, this spares the button."""
        return True

    def hub(self, row: Any) -> Any:
        """What a noun's own details template draws besides."""
        return None

    def values_of(self, row: Noun) -> dict[str, Any]:
        """A record's values, by the fields of its form."""
        names = self.form_class()._fields if self.form_class else ()
        return {name: getattr(row, name, None) for name in names}

    def may_on(self, row: Noun | None) -> Callable[[str], bool]:
        """Whether the reader may do a verb to this very record, asked once per verb; to some record, if it is new."""
        return self.may if row is None else cache(lambda verb: self.reaches(row, verb))

    def open_form(
        self,
        form_class: type[NounForm],
        data: dict[str, Any],
        *,
        row: Noun | None = None,
        posted: MultiDict[str, str] | None = None,
        new: bool = False,
    ) -> NounForm:
        """A form for the reader: of a known record, or of none yet."""
        may = self.may_on(row)
        return form_class.opened(data, posted=posted, may=may, lookup=self.labels_of, new=new)

    def reading_form(self, row: Noun) -> NounForm:
        """The form that words a record's values: all fields that the reader may see of it."""
        form = self.open_form(self.form_class or NounForm, self.values_of(row), row=row, new=True)
        hidden = self.hides(row)
        for field in form:
            field.hidden = hidden and field.private
        return form

    def hides(self, row: Noun) -> bool:
        """Whether a record's private values are masked for the reader now."""
        return not (sees_private() or revealed(self.noun, row))

    def private(self, row: Noun, text: Any) -> str:
        """A private value as the reader may read it now."""
        return masked(text) if self.hides(row) else str(text or "")

    def has_private(self) -> bool:
        """Whether the noun has private values at all."""
        return any(field.private for field in (self.form_class or NounForm)())

    def file(self, row: Noun) -> list[tuple[Section, list[Told]]]:
        """What the record's form holds, in words, section by section; without a form, what its list shows.

        After the first section, those that hold nothing are left out; what became of the record comes last.
        """
        if self.form_class is None:
            columns = self.columns_for()
            ((_id, values),) = rows_of(self, [row.id], columns)
            return [(Section("", ()), [_told(c, v) for c, v in zip(columns, values, strict=True)])]
        found = [
            (section, [_read(field) for field in fields])
            for section, fields in self.reading_form(row).laid_out()
        ]
        course = [Told(str(label), _said(_along(row, path))) for path, label in self.course]
        if any(one.text for one in course):
            found.append((Section(_("办理经过"), ()), [one for one in course if one.text]))
        return [one for at, one in enumerate(found) if at == 0 or any(told.text for told in one[1])]

    def open_steps(self, row: Noun) -> list[Step]:
        """The buttons: what the record's state and the reader's role allow now."""
        return [s for s in self.steps if s.open(row) and self.reaches(row, s.permission)]

    def events(self, row: Noun) -> list[history.Event]:
        """The changes of a record, without those of values that the reader may not see."""
        fields = dict(self.reading_form(row)._fields)
        hidden = set(self.form_class()._fields if self.form_class else ()) - set(fields)
        return history.events(self.subjects(row), fields, hidden)

    def _visible(self) -> list[tuple[Related, ListPages]]:
        found = ((one, self.peer(one.noun)) for one in self.related)
        return [
            (one, view)
            for one, view in found
            if isinstance(view, ListPages)
            and view.may(view.verb_of("read"))
            and any(f.key == one.by for f in view.filters_for())
        ]

    def _asked_by(self, one: Related, view: ListPages, row: Noun) -> Any:
        pairs = [(one.by, str(getattr(row, one.of))), *([("sort", one.sort)] if one.sort else [])]
        return ask(MultiDict(pairs), view.columns_for(), view.filters_for())

    def _detail_tabs(self, row: Noun, tab: str) -> tuple[list[Tab], dict[str, Any], dict[str, int]]:
        """The tabs with their counts, counted in one statement."""
        visible = self._visible()
        totals = [count_of(view, self._asked_by(one, view, row)) for one, view in visible]
        counted = db.session.execute(select(*totals, history.count_of(self.subjects(row)))).one()
        labels = {one.noun: one.label for one, _view in visible}
        labels |= {FILE: _("资料"), HISTORY: self.history_label or _("修改记录")}
        number = dict(zip([*(one.noun for one, _view in visible), HISTORY], counted, strict=True))
        keys = [one.noun for one, _view in visible]
        order = [*keys, FILE, HISTORY] if self.first_tab else [FILE, *keys, HISTORY]
        tabs = [Tab(key, f"?tab={key}", number.get(key), key == tab) for key in order]
        return tabs, labels, number

    def _related(self, row: Noun, tab: str, count: int) -> RelatedList | None:
        for one, view in self._visible():
            if one.noun == tab:
                asked = self._asked_by(one, view, row)
                columns = [
                    c
                    for c in view.columns_for()
                    if c.key in one.columns or (not one.columns and c.usual)
                ]
                ids, _more = page_ids(view, asked)
                url = f"{view.url}/?{asked.query()}"
                return RelatedList(view, columns, rows_of(view, ids, columns), count, url)
        return None

    @expose("/<pk>/")
    def details_view(self, pk: str) -> ResponseReturnValue:
        """One record under one of its tabs."""
        row = self.get_one(pk)
        shown = {one.noun for one, _view in self._visible()}
        tab = request.args.get("tab", self.first_tab if self.first_tab in shown else FILE)
        tabs, labels, number = self._detail_tabs(row, tab)
        if tab not in labels:
            abort(404)
        page = DetailsPage(
            row=row,
            head=self.head(row),
            steps=self.open_steps(row),
            can_edit=self.can_edit
            and self.still_editable(row)
            and self.reaches(row, self.verb_of("change")),
            can_reveal=self.has_private() and self.hides(row) and self.may("private.reveal"),
            tab=tab,
            tabs=tabs,
            labels=labels,
            file=self.file(row) if tab == FILE else [],
            related=self._related(row, tab, number.get(tab, 0)),
            events=self.events(row) if tab == HISTORY else (),
            hub=self.hub(row),
        )
        return self.render(self.details_template, page=page)
