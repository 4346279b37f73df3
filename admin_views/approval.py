"""待我审批: every decision that waits for the reader in one list, decided in place with its effect in sight (look 09)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from admin_views.approval_detail import Detail, detail_of
from admin_views.base_view import ProjectView
from admin_views.page import Family, Tab
from workflows.approval import Matter, Waiting, counted_for, waiting_for
from workflows.refusal import Refused
from workflows.transaction import now

LATE, OLD = timedelta(days=7), timedelta(days=1)
TITLES = {
    Matter.SETTLEMENT: _l("月度绩效结算"), Matter.OVERDUE: _l("扣款比例"), Matter.PRIVATE_CHARGE: _l("私自收费"),
    Matter.CREDIT: _l("赊销"), Matter.SOFTWARE_SERVICE: _l("软件服务收费"), Matter.EXPENSE: _l("费用报销"),
    Matter.CORRECTION: _l("结算更正"), Matter.PARAMETERS: _l("参数新版"), Matter.WRITE_OFF: _l("坏账核销"),
}  # fmt: skip
ICONS = {
    Matter.SETTLEMENT: "calendar-dollar", Matter.OVERDUE: "hourglass", Matter.PRIVATE_CHARGE: "alert-triangle",
    Matter.CREDIT: "shopping-cart", Matter.SOFTWARE_SERVICE: "device-desktop", Matter.EXPENSE: "receipt",
    Matter.CORRECTION: "pencil", Matter.PARAMETERS: "adjustments", Matter.WRITE_OFF: "eraser",
}  # fmt: skip
# Each tab gathers some matters.
TABS: dict[str, tuple[Matter, ...]] = {
    "all": tuple(Matter),
    "month": (Matter.SETTLEMENT, Matter.CORRECTION),
    "deduction": (Matter.OVERDUE, Matter.PRIVATE_CHARGE),
    "income": (Matter.CREDIT, Matter.SOFTWARE_SERVICE, Matter.WRITE_OFF),
    "expense": (Matter.EXPENSE,),
    "parameters": (Matter.PARAMETERS,),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list, with how long it has waited."""

    item: Waiting
    title: str
    icon: str
    url: str
    waits: str
    family: Family | None
    selected: bool


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """The list and the decision that is open."""

    tabs: tuple[Tab, ...]
    entries: tuple[Entry, ...]
    entry: Entry | None
    detail: Detail | None
    chosen: bool
    reason: str = ""
    refused: Refused | None = None


def waited(since: datetime) -> tuple[str, Family | None]:
    """How long something has waited, and the colour of that."""
    span = now() - since
    if span < timedelta(hours=1):
        return _("等 %(n)s 分", n=max(int(span.total_seconds() // 60), 0)), None
    if span < OLD:
        return _("等 %(n)s 小时", n=int(span.total_seconds() // 3600)), None
    return _("等 %(n)s 天", n=span.days), "red" if span >= LATE else "amber"


class ApprovalView(ProjectView):
    """待我审批."""

    icon = "inbox"
    clauses = ("R6.2", "R6.3", "R7.7", "R8.1", "R9.5", "R10")
    permissions = {"index": "approval.read", "matter": "approval.read", "decide": "approval.read"}

    def __init__(self, **kwargs: str) -> None:
        super().__init__(name=_l("待我审批"), category="workbench", **kwargs)

    def _page(
        self, tab: str, key: tuple[str, int] | None = None, reason: str = "", refused: Refused | None = None
    ) -> ApprovalPage:  # fmt: skip
        everything = waiting_for(self.actor)
        shown = [item for item in everything if item.matter in TABS[tab]]
        if key is not None and key not in {(i.matter.value, i.id) for i in everything}:
            abort(404)
        chosen = key or ((shown[0].matter.value, shown[0].id) if shown else None)
        entries = tuple(self._entry(item, tab, chosen) for item in shown)
        entry = next((e for e in entries if e.selected), None)
        tabs = tuple(
            Tab(name, url_for(".index", tab=name), sum(i.matter in some for i in everything), name == tab)
            for name, some in TABS.items()
        )  # fmt: skip
        detail = detail_of(entry.item, self.actor) if entry else None
        return ApprovalPage(tabs, entries, entry, detail, key is not None, reason, refused)

    def _entry(self, item: Waiting, tab: str, chosen: tuple[str, int] | None) -> Entry:
        words, family = waited(item.since)
        url = url_for(".matter", matter=item.matter.value, number=item.id, tab=tab)
        selected = (item.matter.value, item.id) == chosen
        title = str(TITLES[item.matter])
        return Entry(item, title, ICONS[item.matter], url, words, family, selected)

    def _tab(self) -> str:
        tab = request.args.get("tab", "all")
        return tab if tab in TABS else abort(404)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list, the first of it open beside."""
        return self.render("admin/approvals.html", page=self._page(self._tab()))

    @expose("/<matter>/<int(max=2147483647):number>/")
    def matter(self, matter: str, number: int) -> ResponseReturnValue:
        """One decision."""
        return self.render("admin/approvals.html", page=self._page(self._tab(), (matter, number)))

    @expose("/<matter>/<int(max=2147483647):number>/decide", methods=["POST"])
    def decide(self, matter: str, number: int) -> ResponseReturnValue:
        """Approve what was seen, or return it with a reason; a refusal keeps what was typed."""
        page = self._page("all", (matter, number))
        detail, reason = page.detail, request.form.get("reason", "")[:500]
        if detail is None or detail.approve is None or detail.give_back is None:
            abort(404)
        try:
            if request.form.get("answer") == "return":
                detail.give_back(self.actor, reason)
                flash(_("已退回。"), "success")
            else:
                seen = request.form.get("seen", "")
                if seen != detail.seen:
                    raise Refused(_("您打开之后，内容有变化。请看过最新内容再决定。"))
                detail.approve(self.actor, seen)
                flash(_("已办理：%(what)s。", what=detail.verb), "success")
        except Refused as refused:
            shown = self._page("all", (matter, number), reason, refused)
            return self.render("admin/approvals.html", page=shown), refused.status
        return redirect(url_for(".index"))

    urgent = True

    def waiting(self) -> ColumnElement[int]:
        """How many decisions wait for the reader, for the menu."""
        return counted_for(self.actor)
