"""Rules and parameters: the regulation's sentences with their blanks filled, versions compared, drafts approved (R7)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from admin_views.base_view import ProjectView
from admin_views.page import Tab
from admin_views.regulation import NAMES, UNITS, clause_of, shown_value
from admin_views.rule_sentences import CHAPTERS, Chapter, pieces
from models import db
from models.account import Account
from models.parameter import ParameterDraft, ParameterValue
from rules.money import ZERO, total
from rules.parameter import DEFINITIONS, DraftState
from rules.period import SHANGHAI, Month
from workflows.parameter import parameter_history
from workflows.parameter_draft import (
    approve_parameters,
    draft_values,
    prepare_parameters,
    return_parameters,
)
from workflows.permission import same_person
from workflows.refusal import Refused
from workflows.settlement_report import latest_month
from workflows.transaction import today
from workflows.what_if import what_if

VIEWS = ("current", "draft", "versions")
SHOWN = 12  # people in an effect; the others together


@dataclass(frozen=True, slots=True)
class Change:
    """One blank that a draft changes."""

    name: str
    before: str
    after: str
    unit: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a draft would have done to the latest month: totals, and whose pay changes most (R9.8).

    `others` more people change, by `of_others` together; `settled` is what the month came to when it was drafted,
    where the data went on since.
    """

    month: str
    before: Decimal
    after: Decimal
    people: tuple[tuple[str, Decimal, int], ...]
    others: int = 0
    of_others: Decimal = ZERO
    settled: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class DraftShown:
    """The draft that is compared: what it changes, who prepared and who decides it."""

    row: ParameterDraft
    changes: tuple[Change, ...]
    prepared_by: str
    prepared_at: str
    decided_by: str | None
    may_decide: bool
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class ParameterPage:
    """One chapter of the sentences; `new` has a draft's values by name."""

    view: str
    views: tuple[Tab, ...]
    chapter: Chapter
    chapters: tuple[tuple[Chapter, str, int], ...]
    since: Month | None
    values: dict[str, str]
    new: dict[str, str]
    draft: DraftShown | None
    may_prepare: bool
    versions: tuple[tuple[str, str, tuple[Change, ...]], ...] = ()


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def _named(account_id: int | None) -> str:
    account = None if account_id is None else db.session.get(Account, account_id)
    return account.display_name if account else _("登记簿")


def changes_of(values: dict[str, str], before: dict[str, str]) -> tuple[Change, ...]:
    """What values change, in the order of the regulation."""
    return tuple(
        Change(
            str(NAMES[code]), shown_value(code, before[code]), shown_value(code, values[code]), str(UNITS.get(code, ""))
        )
        for code in DEFINITIONS
        if code in values and values[code] != before[code]
    )  # fmt: skip


def latest_draft() -> ParameterDraft | None:
    """The draft that waits, else none."""
    query = select(ParameterDraft).where(ParameterDraft.state == DraftState.PENDING)
    return db.session.scalars(query.order_by(ParameterDraft.id.desc())).first()


def effect_of(values: dict[str, str]) -> Effect | None:
    """The latest drafted month under a draft's values."""
    month = latest_month()
    if month is None:
        return None
    tried = what_if(month, values)
    found = [(e["name"], Decimal(e["difference"])) for e in tried["employees"]]
    rows = sorted((row for row in found if row[1]), key=lambda row: -abs(row[1]))
    most = abs(rows[0][1]) if rows else Decimal(1)
    people = tuple((name, d, int(d / most * 100)) for name, d in rows[:SHOWN])
    others = [d for _name, d in rows[SHOWN:]]
    before, after = Decimal(tried["totals"]["real"]), Decimal(tried["totals"]["what_if"])
    settled = None if tried["settled_net"] is None else Decimal(tried["settled_net"])
    return Effect(
        str(month), before, after, people, len(others), total(others), None if settled == before else settled
    )  # fmt: skip


def versions() -> tuple[tuple[str, str, tuple[Change, ...]], ...]:
    """(month, who approved, what it changed) of every version, the latest first."""
    history = parameter_history()
    rows = db.session.scalars(
        select(ParameterValue).where(ParameterValue.approved_at.is_not(None))
    ).all()
    found = []
    for month in sorted({row.month for row in rows}, reverse=True):
        mine = {row.name: row.value for row in rows if row.month == month}
        before = dict(history.of(month.plus(-1)).values)
        approver = next(row.approved_by_id for row in rows if row.month == month)
        found.append((str(month), _named(approver), changes_of(mine, before)))
    return tuple(found)


class ParameterView(ProjectView):
    """规则与参数."""

    icon = "adjustments"
    clauses = ("R7",)
    permissions = {
        "index": "parameter.read",
        "new": "parameter.prepare",
        "approve": "parameter.approve",
        "give_back": "parameter.approve",
    }

    def __init__(self, **kwargs: str) -> None:
        super().__init__(name=_l("规则与参数"), category="oversight", **kwargs)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The sentences of one chapter, as they hold, beside a draft, or all versions."""
        draft = latest_draft()
        view = request.args.get("view") or ("draft" if draft else "current")
        chapters = {chapter.key: chapter for chapter in CHAPTERS}
        key = request.args.get("chapter", CHAPTERS[0].key)
        if view not in VIEWS or key not in chapters or (view == "draft" and draft is None):
            abort(404)
        page = self._page(view, chapters[key], draft)
        return self.render(
            "admin/parameters.html", page=page, pieces=pieces, shown_value=shown_value
        )

    def _page(self, view: str, chapter: Chapter, draft: ParameterDraft | None) -> ParameterPage:
        version = parameter_history().of(Month.of(today()))
        shown = draft if view == "draft" else None
        links = tuple(
            (c, url_for(".index", view=view, chapter=c.key), sum(len(pieces(s)) - 1 for s in c.sentences))
            for c in CHAPTERS
        )  # fmt: skip
        tabs = tuple(
            Tab(key, url_for(".index", view=key, chapter=chapter.key), None, key == view)
            for key in VIEWS
            if key != "draft" or draft is not None
        )
        return ParameterPage(
            view, tabs, chapter, links, version.since, dict(version.values),
            draft_values(shown) if shown else {}, self._shown(shown), self.may("parameter.prepare"),
            versions() if view == "versions" else (),
        )  # fmt: skip

    def _shown(self, draft: ParameterDraft | None) -> DraftShown | None:
        if draft is None:
            return None
        values = draft_values(draft)
        before = dict(parameter_history().of(draft.month).values)
        maker = db.session.get(Account, draft.prepared_by_id)
        decides = self.may("parameter.approve") and not (maker and same_person(self.actor, maker))
        return DraftShown(
            draft, changes_of(values, before), _named(draft.prepared_by_id), _moment(draft.prepared_at), None,
            decides, effect_of(values) if self.may("settlement.what_if") else None,
        )  # fmt: skip

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """Prepare a draft; whatever was typed is kept when it is refused."""
        refused = None
        given = {code: request.form.get(code, "").strip()[:80] for code in DEFINITIONS}
        month, reason = request.form.get("month", "")[:7], request.form.get("reason", "")[:500]
        if request.method == "POST":
            try:
                self._prepare(month, {k: v for k, v in given.items() if v}, reason)
                flash(_("草案已提交，等公司领导批准。"), "success")
                return redirect(url_for(".index", view="draft"))
            except Refused as why:
                refused = why
        held = parameter_history().of(Month.of(today())).values
        fields = [
            (code, str(NAMES[code]), given[code] or shown_value(code, held[code]), str(UNITS.get(code, "")),
             clause_of(definition.clause), shown_value(code, held[code]))
            for code, definition in DEFINITIONS.items()
        ]  # fmt: skip
        page = {
            "fields": fields,
            "month": month or str(Month.of(today()).plus(1)),
            "next_month": str(Month.of(today()).plus(1)),
            "reason": reason,
        }
        status = refused.status if refused else 200
        return self.render("admin/parameters_new.html", page=page, refused=refused), status

    def _prepare(self, month: str, values: dict[str, Any], reason: str) -> None:
        try:
            when = Month.parse(month)
        except ValueError:
            raise Refused(_("生效月份应写成 2026-10。"), status=400) from None
        prepare_parameters(when, values, reason=reason, actor=self.actor, origin="web")

    @expose("/<int(max=2147483647):number>/approve", methods=["POST"])
    def approve(self, number: int) -> ResponseReturnValue:
        """The leader approves the draft that he saw."""
        digest = request.form.get("digest", "")
        return self._decide(
            lambda: approve_parameters(number, actor=self.actor, digest=digest, origin="web"),
            _("草案已批准，从生效月份起执行。"),
        )

    @expose("/<int(max=2147483647):number>/return", methods=["POST"])
    def give_back(self, number: int) -> ResponseReturnValue:
        """The leader returns the draft with a reason."""
        reason = request.form.get("reason", "")
        return self._decide(
            lambda: return_parameters(number, actor=self.actor, reason=reason, origin="web"),
            _("草案已退回。"),
        )

    def _decide(self, step: Any, sentence: str) -> ResponseReturnValue:
        try:
            step()
        except Refused as refused:
            flash(refused.sentence, f"error:{refused.clause}" if refused.clause else "error")
        else:
            flash(sentence, "success")
        return redirect(url_for(".index"))
