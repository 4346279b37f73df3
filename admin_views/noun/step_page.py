"""The steps of a record and the bulk actions of a list: a page that says what will happen, then one workflow."""

from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from admin_views.noun.asked import ask, list_url
from admin_views.noun.details_page import DetailsPages, seen_version
from admin_views.noun.filter import whole
from admin_views.noun.form import NounForm
from admin_views.noun.part import Bulk, Step
from models import db
from models.base import Noun
from workflows.refusal import Refused

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class AskPage:
    """A question before something is done: to one record (`step`) or to several (`bulk`)."""

    does: Step | Bulk
    question: str
    causes: list[str]
    form: NounForm | None
    rows: list[Noun]
    url: str
    back_url: str
    version: int | None = None
    refused: Refused | None = None
    left_out: str = ""


class StepPages(DetailsPages):
    """What can be done to records."""

    def form_of(
        self,
        does: Step | Bulk,
        posted: MultiDict[str, str] | None = None,
        given: dict[str, Any] | None = None,
    ) -> NounForm | None:
        """The form that a step asks to be filled in, if it has one."""
        if does.form is None:
            return None
        form = self.open_form(does.form, given or {}, row=None, posted=posted, new=True)
        for field in form:
            field.id = f"{does.verb}-{field.name}"  # a page may hold the dialogs of several steps
        return form

    def ask_step(
        self, row: Noun, step: Step, form: NounForm | None = None, refused: Refused | None = None
    ) -> AskPage:
        """The question that a step of a record asks."""
        return AskPage(
            step, step.question(row), list(step.causes(row)), form or self.form_of(step, given=step.given(row)), [row],
            url_for(".step_view", pk=row.id, verb=step.verb), url_for(".details_view", pk=row.id),
            step.version(row), refused,
        )  # fmt: skip

    def _asked(self, page: AskPage) -> ResponseReturnValue:
        wrong = page.refused is not None or (page.form is not None and page.form.errors)
        status = (page.refused.status if page.refused else 400) if wrong else 200
        return self.render("noun/ask.html", page=page), status

    @expose("/<pk>/<verb>/", methods=("GET", "POST"))
    def step_view(self, pk: str, verb: str) -> ResponseReturnValue:
        """Ask, and on a post do, one step of one record."""
        step = next((s for s in self.steps if s.verb == verb), None) or abort(404)
        row = self.get_one_for(pk, step.permission)
        if not step.open(row):
            raise Refused(_("这一步现在不能做，状态可能已变。请返回刷新后再看。"))
        if request.method == "GET":
            return self._asked(self.ask_step(row, step))
        form = self.form_of(step, CombinedMultiDict([request.form, request.files]))
        if form is not None and not form.validate():
            return self._asked(self.ask_step(row, step, form))
        version = seen_version(request.form)
        values = form.values if form else {}
        try:
            step.run(row.id, values, version=version, actor=self.actor)
        except Refused as refused:
            placed = form.refuse(refused.field, refused.sentence) if form else False
            row = self.get_one(pk)
            return self._asked(self.ask_step(row, step, form, None if placed else refused))
        done = step.done(row) if step.done else _("已完成：%(step)s。", step=step.label)
        flash(done, "success")
        return redirect(url_for(".details_view", pk=pk))

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Ask, and once confirmed do, one bulk action: to all records named, or to none."""
        bulk = next((b for b in self.bulk if b.verb == request.form.get("action")), None) or abort(
            404
        )
        if not self.may(bulk.permission):
            abort(403)
        back = self._as_asked(".index_view")  # refused, if at all, before anything is done
        rows = self._rows(bulk)
        if not rows:
            flash(_("请先勾选要处理的记录。"), "warning")
            return redirect(back)
        if "confirmed" not in request.form:
            return self._asked_of_open(bulk, rows)
        form = self.form_of(bulk, request.form)
        if form is not None and not form.validate():
            return self._asked(self._ask_bulk(bulk, rows, form))
        try:
            bulk.run([row.id for row in rows], form.values if form else {}, actor=self.actor)
        except Refused as refused:
            placed = form.refuse(refused.field, refused.sentence) if form else False
            return self._asked(
                self._ask_bulk(bulk, self._rows(bulk), form, None if placed else refused)
            )
        flash(_("已完成：%(step)s，共 %(n)s 条。", step=bulk.label, n=len(rows)), "success")
        return redirect(back)

    def _asked_of_open(self, bulk: Bulk, rows: list[Any]) -> ResponseReturnValue:
        """Ask about those whose state lets it, and name the others; without any, say so on the list."""
        still = [row for row in rows if bulk.open(row)]
        names = _("、").join(self.name_of(row) for row in rows if row not in still)
        if not still:
            flash(
                _("勾选的现在都不能“%(step)s”：%(names)s。", step=bulk.label, names=names),
                "warning",
            )
            return redirect(self._as_asked(".index_view"))
        return self._asked(replace(self._ask_bulk(bulk, still), left_out=names))

    def _ask_bulk(
        self,
        bulk: Bulk,
        rows: list[Noun],
        form: NounForm | None = None,
        refused: Refused | None = None,
    ) -> AskPage:
        return AskPage(
            bulk, bulk.question(len(rows)), list(bulk.causes(rows)), form or self.form_of(bulk), rows,
            self._as_asked(".action_view"), self._as_asked(".index_view"), refused=refused,
        )  # fmt: skip

    def _as_asked(self, endpoint: str) -> str:
        """An address of the list with the filters and the order in which its reader has it before him."""
        query = ask(request.args, self.columns_for(), self.filters_for()).query()
        return list_url(query, endpoint)

    def _rows(self, bulk: Bulk) -> list[Any]:
        """The records named, all of which the reader must reach: one foreign id refuses all."""
        ids = list(dict.fromkeys(whole(text) for text in request.form.getlist("rowid")))
        if len(ids) > MOST_AT_ONCE:
            raise Refused(_("一次最多处理 %(most)s 条。", most=MOST_AT_ONCE), status=400)
        query = self.scoped(self.scoped(self.joined(select(self.model))), bulk.permission)
        rows = db.session.scalars(query.where(self.model.id.in_(ids))).unique().all()
        if len(rows) != len(ids):
            abort(404)
        return sorted(rows, key=lambda row: ids.index(row.id))
