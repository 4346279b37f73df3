"""What every screen of a noun stands on: its declaration, who may see which of its records, and by what name.

Flask-Admin's own scaffolding is left out: nothing of a model is shown, searched, filtered or set that its noun does
not name. Its inline edit and delete have no address here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import abort
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import ColumnElement, Select, false, literal, select
from sqlalchemy.orm.util import identity_key

from admin_views.base_view import Gate
from admin_views.noun.column import Column
from admin_views.noun.filter import LAST_ID, Filter
from admin_views.noun.form import NounForm
from admin_views.noun.mask import masked, sees_private
from admin_views.noun.part import Bulk, Related, Step, Tab
from models import db
from models.account import Account
from models.base import Noun
from models.search_entry import SEARCHED
from rules.permissions import Reach

MOST_PICKED = 20


class NounBase(Gate, ModelView):
    """The declaration of a noun. What must be given stands first, what may be given after it.

    `label` and `sub` are mapped columns, which are read from the class: on an instance they would look for a row.
    """

    noun: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    group: ClassVar[str] = ""
    icon: ClassVar[str] = "point"
    model: type[Noun]
    label: ClassVar[Any] = None
    columns: ClassVar[Sequence[Column]] = ()
    default_order: ClassVar[Sequence[ColumnElement[Any]]] = ()

    one: ClassVar[Any] = ""  # what a single record is called, where the list's title is a plural
    unit: ClassVar[Any] = ""
    sub: ClassVar[Any] = None
    joins: ClassVar[Sequence[tuple[Any, Any]]] = ()
    eager: ClassVar[Sequence[Any]] = ()  # loader options for the page of one record
    filters: ClassVar[Sequence[Filter]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    search_hint: ClassVar[Any] = ""
    empty: ClassVar[tuple[Any, Any]] = ("", "")
    form_class: ClassVar[type[NounForm] | None] = None
    create_with: ClassVar[Callable[..., Any] | None] = None
    update_with: ClassVar[Callable[..., Any] | None] = None
    create_label: ClassVar[Any] = ""
    steps: ClassVar[Sequence[Step]] = ()
    bulk: ClassVar[Sequence[Bulk]] = ()
    related: ClassVar[Sequence[Related]] = ()
    course: ClassVar[Sequence[tuple[str, Any]]] = ()  # what became of a record: attribute and words
    history_label: ClassVar[Any] = ""  # where the history is another record's
    verbs: ClassVar[Mapping[str, str]] = {}

    list_template = "noun/list.html"
    details_template = "noun/details.html"
    create_template = edit_template = "noun/form.html"
    extra_css: ClassVar[list[str]] = ["/static/noun.css"]
    extra_js: ClassVar[list[str]] = ["/static/noun.js"]
    entrance = "index_view"
    page_size = 20

    # Flask-Admin's own addresses are closed; ours are opened one by one in the classes above this one. (Its
    # metaclass copies inherited endpoints into each class, where they would hide those of a sister class.)
    index_view = create_view = edit_view = details_view = action_view = None
    export = ajax_lookup = ajax_update = delete_view = None

    def __init__(self) -> None:
        super().__init__(
            self.model,
            db,
            name=self.title,
            category=self.group,
            endpoint=self.noun,
            url=f"/admin/{self.noun}",
            menu_icon_value=self.icon,
        )

    def init_actions(self) -> None:
        """No action exists but those of `bulk`."""

    def _refresh_cache(self) -> None:
        """Nothing is scaffolded."""

    def scaffold_auto_joins(self) -> list[Any]:
        return []

    # Who may

    def permission_of(self, endpoint: str, **arguments: Any) -> str | None:
        """The permission of an endpoint; `<noun>.<verb>`, unless `verbs` names another for that verb."""
        if endpoint == "step_view":
            step = next((s for s in self.steps if s.verb == arguments.get("verb")), None)
            return step.permission if step else self.verb_of("read")
        verb = {
            "index_view": "read",
            "details_view": "read",
            "ajax_lookup": "read",
            "keep_view": "read",
            "drop_view": "read",
            "choose_columns": "read",
            "reveal_view": "reveal",
            "action_view": "read",  # each action asks for its own besides
            "create_view": "create",
            "edit_view": "change",
            "export": "export",
        }.get(endpoint)
        if verb == "reveal":
            return "private.reveal" if self.may(self.verb_of("read")) else None
        return None if verb is None else self.verb_of(verb)

    def verb_of(self, verb: str) -> str:
        """The line of rules/permissions.py for one of this noun's verbs."""
        return self.verbs.get(verb, f"{self.noun}.{verb}")

    @property
    def can_create(self) -> bool:  # type: ignore[override]
        return (
            self.form_class is not None
            and self.create_with is not None
            and self.may(self.verb_of("create"))
        )

    @property
    def can_edit(self) -> bool:  # type: ignore[override]
        return (
            self.form_class is not None
            and self.update_with is not None
            and self.may(self.verb_of("change"))
        )

    @property
    def can_export(self) -> bool:  # type: ignore[override]
        return self.may(self.verb_of("export"))

    can_delete = False

    def is_action_allowed(self, name: str) -> bool:
        """Whether a bulk action exists and the reader may do it."""
        return any(one.verb == name and self.may(one.permission) for one in self.bulk)

    def unit_for(self, number: int) -> str:
        """The unit of a number of records; where one is called otherwise than many, they stand side by side."""
        one, _bar, many = str(self.unit).partition("|")
        return many if many and number != 1 else one

    def columns_for(self) -> list[Column]:
        """The columns that exist for the reader."""
        found = [c for c in self.columns if c.verb is None or self.reach_for(c.verb) is Reach.ALL]
        if sees_private():
            return found
        return [replace(c, kind="text", sort=False, show=masked) if c.private else c for c in found]

    def filters_for(self) -> list[Filter]:
        """The filters that exist for the reader."""
        return [f for f in self.filters if f.verb is None or self.reach_for(f.verb) is Reach.ALL]

    # Which records

    def own(self, actor: Account) -> ColumnElement[bool]:
        """The condition that a record is the actor's own; none is, unless a noun says which."""
        return false()

    def scoped(self, query: Select[Any], verb: str = "") -> Select[Any]:
        """A query kept to the records that the reader's permission for a verb (reading) reaches."""
        far = self.reach_for(verb or self.verb_of("read"))
        if far is Reach.ALL:
            return query
        return query.where(self.own(self.actor) if far is Reach.OWN else false())

    def joined(self, query: Select[Any]) -> Select[Any]:
        """A query with the tables that columns, filters and `own` may speak of."""
        for target, condition in self.joins:
            query = query.outerjoin(target, condition)
        return query

    def get_query(self) -> Select[Any]:  # type: ignore[override]
        return self.scoped(self.joined(select(self.model)))

    def get_count_query(self) -> Select[Any]:  # type: ignore[override]
        return self.scoped(self.joined(select(literal(1)).select_from(self.model)))

    def get_one(self, id: Any) -> Noun:  # noqa: A002 (Flask-Admin's name)
        """A record that the reader may see; 404 for any other and for anything that is no id."""
        text = str(id)
        if not (
            text.isascii() and text.isdigit() and 0 < len(text) <= 10 and 0 < int(text) <= LAST_ID
        ):
            abort(404)
        query = self.get_query().where(self.model.id == int(text)).options(*self.eager)
        row: Noun | None = db.session.scalars(query).unique().one_or_none()
        if row is None:
            abort(404)
        return row

    def reaches(self, row: Noun, permission: str) -> bool:
        """Whether the reader may do something to this very record."""
        far = self.reach_for(permission)
        if far is Reach.ALL:
            return True
        if far is Reach.NONE:
            return False
        mine = self.joined(select(self.model.id)).where(
            self.model.id == row.id, self.own(self.actor)
        )
        return db.session.scalar(mine) is not None

    def get_one_for(self, id: Any, permission: str) -> Noun:  # noqa: A002
        """A record on which the reader may act: 404 if he may not see it, 403 if he may only see it."""
        row = self.get_one(id)
        if not self.reaches(row, permission):
            abort(403)
        return row

    # By what words and name

    def found_by(self) -> Sequence[tuple[str, Any]]:
        """The nouns (of models/search_entry.py) by whose words a record is found, each with the column of its id."""
        return [(self.noun, self.model.id)] if self.noun in SEARCHED else []

    def peer(self, noun: str) -> "NounBase | None":
        """The view of another noun, if it has one."""
        views = self.admin._views if self.admin else []
        return next((v for v in views if isinstance(v, NounBase) and v.noun == noun), None)

    def labels(self, ids: Sequence[int]) -> dict[int, str]:
        """The names of records within the reader's scope, by id."""
        if not ids or not self.may(self.verb_of("read")):
            return {}
        known = self._at_hand(ids)
        missing = [number for number in ids if number not in known][:1000]
        if not missing:
            return known
        query = self.scoped(self.joined(select(self.model.id, type(self).label)))
        rows = db.session.execute(query.where(self.model.id.in_(missing)))
        return known | {number: str(label) for number, label in rows}

    def _at_hand(self, ids: Sequence[int]) -> dict[int, str]:
        """The names of those that were read already, for a reader who may read them all."""
        label = type(self).label
        if self.reach_for(self.verb_of("read")) is not Reach.ALL or label.class_ is not self.model:
            return {}
        loaded = ((n, db.session.identity_map.get(identity_key(self.model, n))) for n in ids)
        return {n: str(getattr(row, label.key)) for n, row in loaded if row is not None}

    def labels_of(self, noun: str, ids: Sequence[int]) -> dict[int, str]:
        """The names of records of another noun within the reader's scope."""
        view = self.peer(noun)
        return view.labels(ids) if view else {}

    def name_of(self, row: Noun) -> str:
        """What a record is called."""
        return str(getattr(row, type(self).label.key))

    def subjects(self, row: Noun) -> list[tuple[str, str]]:
        """Under which nouns and subjects changes of a record stand in the audit trail."""
        return [(self.noun, self.name_of(row))]
