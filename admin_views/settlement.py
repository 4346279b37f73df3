"""The settlement screen: months → employees → lines, and the steps of R9.1."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Any

from flask import abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views.base_view import ProjectView
from admin_views.settlement_fill import Asked, fill, tabs_for
from admin_views.settlement_overview import fill_overview
from admin_views.settlement_signatures import CHAIN
from rules.period import Month
from rules.permissions import Reach
from seed.settlement_book import write_settlement
from workflows import settlement as steps
from workflows.desk import Work
from workflows.refusal import Refused
from workflows.settlement_export import export_settlement
from workflows.settlement_report import latest_month, statistics_report
from workflows.transaction import today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def month_of(text: str) -> Month:
    """The month in an address; 404 for anything else."""
    try:
        return Month.parse(text)
    except ValueError:
        abort(404)


class SettlementView(ProjectView):
    """月度结算."""

    works = (Work.PAY,)
    icon = "calendar-dollar"
    clauses = (
        "R7.1", "R7.2", "R7.3", "R7.4", "R7.5", "R7.6", "R7.7", "R7.8", "R7.9", "R8.1", "R8.3",
        "R8.4", "R8.5", "R8.6", "R9.1", "R9.2", "R9.3", "R9.4", "R9.6", "R9.7", "R9.8",
    )  # fmt: skip
    permissions = {
        "index": "settlement.read",
        "overview": "settlement.read",
        "month": "settlement.read",
        "lines": "settlement.read",
        "export": "settlement.export",
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

    @expose("/all/")
    def overview(self) -> ResponseReturnValue:
        """Every month drafted so far."""
        rows = fill_overview(self.actor)
        own = self.reach_for("settlement.read") is not Reach.ALL
        return self.render("admin/settlement_overview.html", rows=rows, chain=CHAIN, own=own)

    @expose("/<month>/")
    def month(self, month: str) -> ResponseReturnValue:
        """One month under one of its tabs; ``what_if`` takes the parameters to try from the address (R9.8)."""
        tabs = tabs_for(self.actor)
        tab = request.args.get("tab", tabs[0])
        if tab not in tabs:
            abort(404)
        asked = Asked(tab, request.args.get("employee"), request.args.to_dict())
        return self._page(month, asked)

    def _page(self, month: str, asked: Asked) -> ResponseReturnValue:
        page = fill(month_of(month), asked, self.actor)
        return self.render("admin/settlement.html", page=page)

    @expose("/<month>/lines/<number>")
    def lines(self, month: str, number: str) -> ResponseReturnValue:
        """The lines of one employee: into his row, or, followed as a link, the month with his row open."""
        if "HX-Request" not in request.headers:
            return redirect(
                url_for(".month", month=month, employee=number, _anchor=f"row-{number}")
            )
        page = fill(month_of(month), Asked(opened=number), self.actor)
        row = next((row for row in page.employees if row.number == number), None)
        if row is None:
            abort(404)
        return self.render("admin/settlement_lines.html", row=row)

    @expose("/<month>/export")
    def export(self, month: str) -> ResponseReturnValue:
        """The month as an Excel workbook that recomputes itself; on record."""
        when = month_of(month)
        details = export_settlement(when, actor=self.actor, origin="web")
        file = TemporaryFile()  # noqa: SIM115  (the answer closes it once it is sent)
        write_settlement(file, details, statistics_report(when))
        file.seek(0)
        name = _("%(month)s 月度绩效结算", month=when) + ".xlsx"
        return send_file(file, XLSX, as_attachment=True, download_name=name, max_age=0)

    def _after(self, month: str, sentence: str) -> ResponseReturnValue:
        flash(sentence, "success")
        return redirect(url_for(".month", month=month))

    def _refused(
        self, month: str, refused: Refused, verb: str = "", **typed: Any
    ) -> ResponseReturnValue:
        """The page as it is now with what was not done, and with nothing lost of what was typed."""
        asked = Asked(refused=refused, verb=verb, **typed)
        return self._page(month, asked), refused.status

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
            tuple(name.split("/", 2)[1:]): text[:500]
            for name, text in request.form.items()
            if name.startswith("why/") and name.count("/") >= 2
        }
        try:
            steps.submit(
                month_of(month), actor=self.actor, explanations=words, digest=request.form.get("digest", ""), origin="web"
            )  # fmt: skip
        except Refused as refused:
            return self._refused(month, refused, "submit", words=words)
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
        reason = request.form.get("reason", "")[:500]
        try:
            steps.give_back(month_of(month), actor=self.actor, reason=reason, origin="web")
        except Refused as refused:
            return self._refused(month, refused, "return", reason=reason)
        return self._after(month, _("%(month)s 已退回。", month=month))

    @expose("/<month>/pay", methods=["POST"])
    def pay(self, month: str) -> ResponseReturnValue:
        """Finance marks the month as paid."""
        try:
            steps.pay(month_of(month), actor=self.actor, origin="web")
        except Refused as refused:
            return self._refused(month, refused)
        return self._after(month, _("%(month)s 已发放。", month=month))
