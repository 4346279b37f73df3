"""The settlement screen: months → employees → lines, and the steps of R9.1."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views.base_view import ProjectView
from admin_views.settlement_fill import fill
from rules.period import Month
from rules.permissions import Reach
from workflows import settlement as steps
from workflows.refusal import Refused
from workflows.settlement_report import latest_month
from workflows.transaction import today

TABS = ("employees", "mismatches", "compare", "history")


def month_of(text: str) -> Month:
    """The month in an address; 404 for anything else."""
    try:
        return Month.parse(text)
    except ValueError:
        abort(404)


class SettlementView(ProjectView):
    """月度结算."""

    icon = "calendar-dollar"
    permissions = {
        "index": "settlement.read",
        "month": "settlement.read",
        "draft": "settlement.draft",
        "submit": "settlement.submit",
        "review": "settlement.review",
        "approve": "settlement.approve",
        "give_back": "settlement.return",
        "pay": "settlement.pay",
    }

    def __init__(self, **kwargs: str) -> None:
        super().__init__(name=_l("月度结算"), category="month", **kwargs)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The latest month drafted, or this one."""
        month = latest_month() or Month.of(today())
        return redirect(url_for(".month", month=str(month)))

    @expose("/<month>/")
    def month(self, month: str) -> ResponseReturnValue:
        """One month under one of its tabs."""
        tab = request.args.get("tab", TABS[0])
        mine_only = self.reach_of("month") is Reach.OWN
        if tab not in TABS or (mine_only and tab != TABS[0]):
            abort(404)
        page = fill(month_of(month), tab, self.actor, mine_only=mine_only)
        return self.render("admin/settlement.html", page=page)

    def _after(self, month: str, sentence: str) -> ResponseReturnValue:
        flash(sentence, "success")
        return redirect(url_for(".month", month=month))

    def _refused(self, month: str, refused: Refused) -> ResponseReturnValue:
        flash(refused.sentence, f"error:{refused.clause}" if refused.clause else "error")
        return redirect(url_for(".month", month=month))

    @expose("/<month>/draft", methods=["POST"])
    def draft(self, month: str) -> ResponseReturnValue:
        """Draft or recompute."""
        try:
            steps.draft(month_of(month), actor=self.actor)
        except Refused as refused:
            return self._refused(month, refused)
        return self._after(month, _("%(month)s 已起草。", month=month))

    @expose("/<month>/submit", methods=["POST"])
    def submit(self, month: str) -> ResponseReturnValue:
        """Freeze the draft, with a word on each thing that does not add up."""
        words = {
            tuple(name.split("/", 2)[1:]): text
            for name, text in request.form.items()
            if name.startswith("why/") and name.count("/") >= 2
        }
        try:
            steps.submit(
                month_of(month), actor=self.actor, explanations=words, digest=request.form.get("digest", ""), origin="web"
            )  # fmt: skip
        except Refused as refused:
            return self._refused(month, refused)
        return self._after(month, _("%(month)s 已提交。", month=month))

    @expose("/<month>/review", methods=["POST"])
    def review(self, month: str) -> ResponseReturnValue:
        """The manager passes the figures he saw."""
        return self._sign(month, steps.review, _("%(month)s 已审核。", month=month))

    @expose("/<month>/approve", methods=["POST"])
    def approve(self, month: str) -> ResponseReturnValue:
        """The leader approves the figures he saw."""
        return self._sign(month, steps.approve, _("%(month)s 已审批。", month=month))

    def _sign(self, month: str, step: Callable[..., None], sentence: str) -> ResponseReturnValue:
        try:
            step(
                month_of(month),
                actor=self.actor,
                digest=request.form.get("digest", ""),
                origin="web",
            )
        except Refused as refused:
            return self._refused(month, refused)
        return self._after(month, sentence)

    @expose("/<month>/return", methods=["POST"])
    def give_back(self, month: str) -> ResponseReturnValue:
        """Return the month with a reason."""
        try:
            steps.give_back(
                month_of(month),
                actor=self.actor,
                reason=request.form.get("reason", "")[:500],
                origin="web",
            )
        except Refused as refused:
            return self._refused(month, refused)
        return self._after(month, _("%(month)s 已退回。", month=month))

    @expose("/<month>/pay", methods=["POST"])
    def pay(self, month: str) -> ResponseReturnValue:
        """Finance marks the month as paid."""
        try:
            steps.pay(month_of(month), actor=self.actor, origin="web")
        except Refused as refused:
            return self._refused(month, refused)
        return self._after(month, _("%(month)s 已发放。", month=month))
