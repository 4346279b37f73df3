"""The overdue screen: cases with their evidence, the decision and its effect, and the steps of R8.3 and R8.7."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ScalarSelect, func, select

from admin_views.base_view import ProjectView
from admin_views.noun.export import KINDS
from admin_views.overdue_case_fill import effect_shown
from admin_views.overdue_export import answer_file, rows_of
from admin_views.overdue_fill import fill, views_for
from admin_views.overdue_form import AGREES, read_day, read_proposal, read_rate
from admin_views.overdue_known import own_only, sees_pay
from admin_views.overdue_page import Dispute, Retry
from models import db
from models.overdue_case import OverdueCase
from models.receivable import Receivable
from rules.overdue_case import CaseState, LeaverClaimVerb
from workflows import overdue_case as steps
from workflows.export import put_export_on_record
from workflows.overdue_claim import decide_claim
from workflows.overdue_effect import rate_effect
from workflows.overdue_proposal import Proposal, percent, rate_bounds
from workflows.refusal import Forbidden, Refused, Stale
from workflows.transaction import today

TYPED = (
    "rate",
    "reason",
    "finding",
    "basis",
    "notified_on",
    "agrees",
    "statement",
    "asked_on",
    "manner",
    "answer",
)
PROPOSAL = TYPED[:7]
LONGEST = 5_000


@lru_cache(maxsize=1000)
def _undecided(handler: int | None) -> ScalarSelect[int]:
    """The number of undecided cases: of one handler, or of all."""
    query = select(func.count(OverdueCase.id)).where(OverdueCase.state == CaseState.UNDECIDED)
    if handler is not None:
        query = query.join(OverdueCase.receivable).where(Receivable.handler_id == handler)
    return query.scalar_subquery()


class OverdueView(ProjectView):
    """逾期扣款."""

    icon = "hourglass"
    urgent = True
    waits_for_all = True
    model = OverdueCase
    clauses = ("R8.2", "R8.3", "R8.4", "R8.5", "R8.7")
    permissions = {
        "index": "overdue.read",
        "case": "overdue.read",
        "effect": "overdue.read",
        "collect": "overdue.collect",
        "state": "overdue.state",
        "save": "overdue.propose",
        "propose": "overdue.propose",
        "propose_waiver": "overdue.propose",
        "approve": "overdue.approve",
        "send_back": "overdue.approve",
        "waive": "overdue.waive",
        "pursue": "overdue.claim",
        "waive_claim": "overdue.claim",
        "export": "overdue.export",
    }

    def __init__(self, **kwargs: str) -> None:
        super().__init__(name=_l("逾期扣款"), category="month", **kwargs)

    def waiting(self) -> ScalarSelect[int]:
        """The undecided cases that the reader may see."""
        return _undecided(own_only(self.actor))

    def _draw(
        self, view: str, pk: int | None = None, retry: Retry | None = None
    ) -> ResponseReturnValue:
        page = fill(self.actor, view, pk, retry)
        if page is None:
            abort(404)
        return self.render("admin/overdue.html", page=page)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list with its first case, or one of the ledgers."""
        return self._draw(request.args.get("view", "case"))

    @expose("/<int(max=2147483647):pk>/")
    def case(self, pk: int) -> ResponseReturnValue:
        """One case beside the list."""
        return self._draw("case", pk)

    def _case(self, pk: int) -> OverdueCase:
        """The case, if it is one that the reader may see; 404 for a foreign one."""
        case, only = db.session.get(OverdueCase, pk), own_only(self.actor)
        if case is None or (only is not None and case.receivable.handler_id != only):
            abort(404)
        return case

    @expose("/<int(max=2147483647):pk>/effect")
    def effect(self, pk: int) -> ResponseReturnValue:
        """What a rate would do to the pay to come; changes nothing."""
        case = self._case(pk)
        rate, (least, most) = read_rate(request.args.get("rate", "")), rate_bounds(today())
        if not sees_pay(self.actor, case.receivable.handler_id):
            abort(404)
        if rate is None or not least <= rate <= most:
            abort(400)
        found = rate_effect(case, rate)
        if found is None:
            abort(404)
        return render_template("admin/overdue_answer.html", effect=effect_shown(found))

    def _take(
        self, pk: int, verb: str, act: Callable[[Mapping[str, str]], None], done: str
    ) -> ResponseReturnValue:
        """Do one step with what was typed; refused, it stands in the page again with what is wrong."""
        self._case(pk)
        form = {
            name: request.form.get(name, "")[:LONGEST] for name in TYPED if name in request.form
        }
        try:
            act(form)
        except Forbidden:
            raise
        except Refused as refused:
            return self._refused(pk, verb, form, refused)
        flash(done, "success")
        return redirect(url_for(".case", pk=pk))

    def _refused(
        self, pk: int, verb: str, form: Mapping[str, str], refused: Refused
    ) -> ResponseReturnValue:
        stale = isinstance(refused, Stale)
        proposing = stale and verb in ("save", "propose")
        retry = Retry(
            verb, form, refused.sentence, refused.clause, refused.errors, stale,
            disputes(self._case(pk), form) if proposing else (),
        )  # fmt: skip
        return self._draw("case", pk, retry), refused.status

    @property
    def _seen(self) -> str:
        return request.form.get("digest", "")

    @expose("/<int(max=2147483647):pk>/collect", methods=["POST"])
    def collect(self, pk: int) -> ResponseReturnValue:
        """Note that the customer was asked."""
        return self._take(pk, "collect", lambda form: steps.log_collection(
            pk, actor=self.actor, asked_on=read_day(form.get("asked_on", ""), "asked_on"),
            manner=form.get("manner", ""), answer=form.get("answer", ""),
        ), _("催收记录已登记。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/state", methods=["POST"])
    def state(self, pk: int) -> ResponseReturnValue:
        """The employee's own statement."""
        return self._take(pk, "state", lambda form: steps.state_case(
            pk, actor=self.actor, agrees=AGREES.get(form.get("agrees", "")),
            statement=form.get("statement", ""), seen=self._seen,
        ), _("陈述已保存。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/save", methods=["POST"])
    def save(self, pk: int) -> ResponseReturnValue:
        """Keep the manager's draft."""
        return self._take(pk, "save", lambda form: steps.save_case(
            pk, read_proposal(form), actor=self.actor, seen=self._seen
        ), _("草稿已保存。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/propose", methods=["POST"])
    def propose(self, pk: int) -> ResponseReturnValue:
        """Put the rate before the leader."""
        return self._take(pk, "propose", lambda form: steps.propose(
            pk, read_proposal(form), actor=self.actor, seen=self._seen
        ), _("已提交公司领导。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/propose-waiver", methods=["POST"])
    def propose_waiver(self, pk: int) -> ResponseReturnValue:
        """Propose to waive."""
        return self._take(pk, "propose_waiver", lambda form: steps.propose(
            pk, Proposal(reason=form.get("reason", ""), waive=True), actor=self.actor, seen=self._seen
        ), _("已向公司领导提议免除。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/approve", methods=["POST"])
    def approve(self, pk: int) -> ResponseReturnValue:
        """Approve the rate that was seen."""
        return self._take(pk, "approve", lambda form: steps.approve_case(
            pk, actor=self.actor, seen=self._seen
        ), _("已批准，从本月起扣款。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/send-back", methods=["POST"])
    def send_back(self, pk: int) -> ResponseReturnValue:
        """Send the proposal back."""
        return self._take(pk, "send_back", lambda form: steps.send_back(
            pk, actor=self.actor, reason=form.get("reason", ""), seen=self._seen
        ), _("已退回部门经理。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/waive", methods=["POST"])
    def waive(self, pk: int) -> ResponseReturnValue:
        """Waive the case."""
        return self._take(pk, "waive", lambda form: steps.waive_case(
            pk, actor=self.actor, reason=form.get("reason", ""), seen=self._seen
        ), _("已免除，不再扣款。"))  # fmt: skip

    @expose("/<int(max=2147483647):pk>/pursue", methods=["POST"])
    def pursue(self, pk: int) -> ResponseReturnValue:
        """Pursue the claim against someone who left."""
        return self._claim(pk, LeaverClaimVerb.PURSUE, _("已决定追偿。"))

    @expose("/<int(max=2147483647):pk>/waive-claim", methods=["POST"])
    def waive_claim(self, pk: int) -> ResponseReturnValue:
        """Waive the claim."""
        return self._claim(pk, LeaverClaimVerb.WAIVE_CLAIM, _("已免除追偿，从本月起不再扣款。"))

    def _claim(self, pk: int, verb: LeaverClaimVerb, done: str) -> ResponseReturnValue:
        return self._take(pk, verb.value, lambda form: decide_claim(
            pk, verb, actor=self.actor, reason=form.get("reason", ""), seen=self._seen
        ), done)  # fmt: skip

    @expose("/export/<kind>/", methods=["POST"])
    def export(self, kind: str) -> ResponseReturnValue:
        """The view as a file, on record."""
        view = request.args.get("view", "case")
        if kind not in KINDS or view not in views_for(self.actor):
            abort(404)
        heads, rows = rows_of(view, self.actor)
        put_export_on_record(
            "overdue_case", "overdue.export", kind=kind, query=f"view={view}", rows=len(rows), actor=self.actor
        )  # fmt: skip
        return answer_file(view, kind, heads, rows)


def disputes(case: OverdueCase, form: Mapping[str, str]) -> tuple[Dispute, ...]:
    """The fields of the proposal in which the case, as a colleague left it, differs from what was typed."""
    words = {"yes": _("同意"), "no": _("有异议")}

    def told(name: str, value: str) -> str:
        return f"{value} %" if name == "rate" and value else words.get(value, value)

    theirs = {
        "rate": "" if case.rate is None else percent(case.rate),
        "notified_on": str(case.notified_on or ""),
        "agrees": {True: "yes", False: "no", None: ""}[case.agrees],
        **{name: getattr(case, name) or "" for name in ("reason", "finding", "basis", "statement")},
    }
    return tuple(
        Dispute(name, told(name, theirs[name]), told(name, yours), theirs[name])
        for name in PROPOSAL
        if (yours := form.get(name, "").strip()) != theirs[name]
    )
