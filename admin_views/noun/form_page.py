"""Making and changing a record: the form, the workflow behind it, and the page for when someone was faster."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from admin_views.noun import history
from admin_views.noun.details_page import DetailsPages, seen_version
from admin_views.noun.field import NounField
from admin_views.noun.form import PICK, WAS, NounForm
from admin_views.noun.part import Step
from models import db
from models.base import Noun
from workflows.refusal import Refused, Stale

THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form with its record (None for a new one) and what the workflow refused, if it did.

    `then` is the step to which saving a new record may go straight on.
    """

    form: NounForm
    row: Noun | None
    title: str
    refused: Refused | None = None
    side: str | None = None
    then: Step | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """One field on which two editors differ; `pick` is whose value is chosen unless the reader says otherwise."""

    field: NounField
    theirs: str
    mine: str
    pick: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Both editors' values; what only one of them changed is chosen for him already."""

    row: Noun
    form: NounForm
    who: str
    at: datetime | None
    disputes: list[Dispute]
    version: int


class FormPages(DetailsPages):
    """The form of a noun. `then` is the verb of the step that usually follows making a record."""

    then: ClassVar[str] = ""

    def new_values(self) -> dict[str, Any]:
        """What a new record's form begins with; an address may name records to begin from."""
        return {}

    def side(self, row: Noun | None) -> str | None:
        """The address that is asked, whenever something was filled in, for what saving will cause; None for nothing."""
        return None

    def _page(
        self, form: NounForm, row: Noun | None, refused: Refused | None = None
    ) -> ResponseReturnValue:
        title = str(self.create_label) if row is None else self.name_of(row)
        then = self._then() if row is None else None
        page = FormPage(form, row, title, refused, self.side(row), then)
        wrong = refused is not None or form.errors
        status = (refused.status if refused else 400) if wrong else 200
        return self.render(self.create_template, page=page), status

    def _then(self) -> Step | None:
        """The step that usually follows making a record, where the reader may take it."""
        return next((s for s in self.steps if s.verb == self.then and self.may(s.permission)), None)

    def _refusal(self, form: NounForm, row: Noun | None, refused: Refused) -> ResponseReturnValue:
        """The form again, everything typed still in it, the reason under its field or on top."""
        placed = form.refuse(refused.field, refused.sentence)
        return self._page(form, row, None if placed else refused)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """A new record."""
        if self.form_class is None or self.create_with is None:
            abort(404)
        posted = request.form if request.method == "POST" else None
        form = self.open_form(self.form_class, self.new_values(), row=None, posted=posted, new=True)
        if posted is None or not form.validate():
            return self._page(form, None)
        try:
            row = type(self).create_with(form.values, actor=self.actor)
        except Refused as refused:
            return self._refusal(form, None, refused)
        flash(_("已保存 %(name)s。", name=self.name_of(row)), "success")
        then = self._then()
        if then is not None and request.form.get("then") == then.verb and then.open(row):
            return redirect(url_for(".step_view", pk=row.id, verb=then.verb))
        return redirect(url_for(".details_view", pk=row.id))

    @expose("/<pk>/edit/", methods=("GET", "POST"))
    def edit_view(self, pk: str) -> ResponseReturnValue:
        """Change a record."""
        if self.form_class is None or self.update_with is None:
            abort(404)
        row = self.get_one_for(pk, self.verb_of("change"))
        posted = request.form if request.method == "POST" else None
        form = self.open_form(
            self.form_class, self.values_of(row), row=row, posted=self._picked(posted)
        )
        if posted is None or not form.validate():
            return self._page(form, row)
        try:
            type(self).update_with(
                row.id, form.values, version=seen_version(posted), actor=self.actor
            )
        except Stale:
            return self._conflict(pk, posted)
        except Refused as refused:
            return self._refusal(form, row, refused)
        flash(_("已保存 %(name)s。", name=self.name_of(row)), "success")
        return redirect(url_for(".details_view", pk=pk))

    def _picked(self, posted: MultiDict[str, str] | None) -> MultiDict[str, str] | None:
        """What was posted without the fields for which the other editor's value was chosen."""
        if posted is None:
            return None
        theirs = {
            n.removeprefix(PICK) for n, v in posted.items() if n.startswith(PICK) and v == THEIRS
        }
        return MultiDict((n, v) for n, v in posted.items(multi=True) if n not in theirs)

    def _conflict(self, pk: str, posted: MultiDict[str, str]) -> ResponseReturnValue:
        """Both values of what differs; nothing was saved, nothing is lost."""
        db.session.expire_all()
        row = self.get_one(pk)
        assert self.form_class is not None  # noqa: S101 (edit_view has asked)
        mine = self.open_form(
            self.form_class, self.values_of(row), row=row, posted=self._picked(posted)
        )
        theirs = self.open_form(self.form_class, self.values_of(row), row=row)
        disputes = []
        for name, field in mine._fields.items():
            other = theirs._fields[name]
            if field.text(field.data) == other.text(other.data):
                continue
            untouched = posted.get(WAS + name) == field.text(field.data)
            pick = THEIRS if untouched else MINE
            disputes.append(Dispute(field, other.words(other.data), field.words(field.data), pick))
        last = history.last_change(self.subjects(row))
        who = last.actor.display_name if last and last.actor else _("另一位同事")
        page = ConflictPage(row, mine, who, last.at if last else None, disputes, row.row_version)
        return self.render("noun/conflict.html", page=page), 409
