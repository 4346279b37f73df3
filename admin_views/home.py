"""首页: figures that link to their lists, what waits for me, clocks that are running out; by role (look 02)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_login import current_user
from sqlalchemy import func, select

from admin_views.approval import ICONS, TITLES, waited
from admin_views.base_view import Gate
from admin_views.home_accounts import AccountsCard, account_numbers, accounts_card
from admin_views.home_cards import (
    CoverCard,
    HandRow,
    MonthCard,
    cover_card,
    hand_rows,
    month_card,
    month_words,
    spark,
    tickets_url,
)
from admin_views.marks import money
from admin_views.noun.column import words
from admin_views.ticket import PERSON
from admin_views.ticket_page import CLOCKS, Bar, bar
from models import db
from models.account import Account
from models.complaint import Complaint
from models.feedback_form import FeedbackForm
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.repair import Repair
from models.settlement import Settlement, SettlementSums
from models.ticket import Ticket
from rules.period import SHANGHAI
from rules.permissions import Reach
from rules.repair_steps import RepairState
from rules.ticket import TicketState
from rules.ticket_steps import DESK, OPEN, UNSERVED
from workflows import overview
from workflows.approval import Matter, Waiting, waiting_for
from workflows.desk import KINDS, Work, piles
from workflows.transaction import now, today

SHOWN = 6
WEEKS = 8
TENTH = Decimal("0.1")
PROPOSED = (Matter.OVERDUE, Matter.PRIVATE_CHARGE)
REVIEWED = (Matter.SETTLEMENT, Matter.CORRECTION)  # first by the manager, then approved by a leader


OPEN_URL, UNSERVED_URL = tickets_url(OPEN), tickets_url(UNSERVED)
S = TicketState
# How much of each kind of record.
UNITS: dict[Any, Any] = {
    Ticket: _p("pile", "%(n)s 张"), FeedbackForm: _p("pile", "%(n)s 份"), Complaint: _p("pile", "%(n)s 件"),
    PartsSale: _p("pile", "%(n)s 笔"), Repair: _p("pile", "%(n)s 件"), Settlement: _p("pile", "%(n)s 个月"),
}  # fmt: skip
# Of each kind of work: what waits, what is to be done, its icon, and the list that has just as much.
WORKS = {
    Work.ASSIGN: (_l("无空闲专职人员，待您派人"), _p("do", "派工"), "headset", tickets_url(DESK)),
    Work.DISPATCH: (_l("待派工的服务单"), _p("do", "派工"), "user-plus", tickets_url(DESK)),
    Work.ACCEPT: (_l("待接单"), _p("do", "接单"), "inbox", tickets_url([S.DISPATCHED])),
    Work.START: (_l("已接单，待开始"), _p("do", "开始"), "player-play", tickets_url([S.ACCEPTED])),
    Work.SERVE: (_l("服务中"), _p("do", "继续"), "tool", tickets_url([S.IN_SERVICE, S.WAITING])),
    Work.WRITE_FORM: (_l("服务完成，等反馈单"), _p("do", "填写"), "clipboard-check", tickets_url([S.SERVED])),
    Work.RECEIVE_FORM: (_l("待审核的反馈单"), _p("do", "审核"), "clipboard-check", "/admin/form/?accepted=no"),
    Work.CALL_BACK: (_l("待回访的服务单"), _p("do", "回访"), "phone", tickets_url([S.FORM_RECEIVED])),
    Work.CLOSE: (_l("已回访，待关闭"), _p("do", "关闭"), "circle-check", tickets_url([S.CALLED_BACK])),
    Work.DECIDE: (_l("待核实的投诉"), _p("do", "核实"), "message-report", "/admin/complaint/?verdict=open"),
    Work.CONFIRM_PURCHASE: (_l("进货价待确认的销售"), _p("do", "确认"), "coins", "/admin/parts_sale/?confirmed=no"),
    Work.DELIVER: (_l("待发货的销售"), _p("do", "发货"), "truck-delivery", "/admin/parts_sale/?state=registered&state=approved"),
    Work.REPAIR: (_l("未关闭的返修"), _p("do", "办理"), "tool", "/admin/repair/?" + urlencode([("state", one.value) for one in RepairState if one is not RepairState.CLOSED])),
    Work.PAY: (_l("待发放的月份"), _p("do", "发放"), "calendar-dollar", "/admin/settlement/all/"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure that leads to its list; `trend` are the points of a line of how it went."""

    label: str
    value: str
    unit: Any = ""
    beside: str = ""
    below: str = ""
    url: str | None = None
    red: bool = False
    trend: str | None = None


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for the reader, or all of a kind; `verb` says what he will do about it."""

    title: str
    sub: str
    right: str
    waits: str
    family: str | None
    icon: str
    url: str
    verb: str


@dataclass(frozen=True, slots=True)
class Late:
    """A ticket whose clock runs out."""

    number: str
    url: str
    customer: str
    fault: str
    person: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class HomePage:
    """What one reader's first page shows."""

    greeting: str
    day: str
    kpis: tuple[Kpi, ...]
    has_desk: bool
    todos: tuple[Todo, ...]
    waiting: int | None
    late: tuple[Late, ...]
    sees_clocks: bool
    late_count: int
    late_url: str
    month: MonthCard | None
    hands: tuple[HandRow, ...]
    cover: CoverCard | None
    accounts: AccountsCard | None
    may_register: bool


def greeting(name: str, moment: datetime) -> str:
    """The reader's name and the time of day."""
    hour = moment.astimezone(SHANGHAI).hour
    if hour < 12:
        return _("%(name)s，上午好", name=name)
    return _("%(name)s，下午好", name=name) if hour < 18 else _("%(name)s，晚上好", name=name)


def _count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def late_of(watched: Sequence[overview.Watched]) -> tuple[Late, ...]:
    """Tickets whose clocks run out, with who is on them."""
    ids = [one.ticket.id for one in watched]
    rows = db.session.execute(select(Ticket.id, PERSON).where(Ticket.id.in_(ids)))
    people: dict[int, str | None] = dict(rows.all())
    return tuple(
        Late(
            one.ticket.number, f"/admin/ticket/{one.ticket.id}/", one.ticket.customer.name, one.ticket.fault,
            people.get(one.ticket.id) or "", bar(one.face) or Bar("", 0, "grey", ""),
        )
        for one in watched
    )  # fmt: skip


class HomeView(Gate, AdminIndexView):
    """首页."""

    permissions = {"index": "home.read"}

    def __init__(self) -> None:
        super().__init__(name=_l("首页"), url="/admin", menu_icon_value="home")
        self.static_folder = None  # nothing of Flask-Admin's own bundle is served

    def is_accessible(self) -> bool:
        return True  # strangers are led to the log-in; the page shows each role its own

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The first page."""
        if not current_user.is_authenticated:
            return redirect(url_for("login"))
        return self.render("admin/home.html", page=self._page(self.actor))

    def _page(self, actor: Account) -> HomePage:
        only = actor if self.reach_for("ticket.read") is Reach.OWN else None
        clocks = overview.clocks_in_work(only) if self.may("ticket.read") else None
        items = waiting_for(actor) if self.may("approval.read") else None
        everything = self.reach_for("statistics.read") is Reach.ALL
        return HomePage(
            greeting(actor.display_name, now()), format_date(today(), "full"),
            tuple(self._kpis(actor, only, clocks)),
            items is not None or any(self.may(kind.verb) for kind in KINDS.values()),
            (*self._decisions(items or []), *self._work(actor)),
            len(items) if items is not None else None,
            late_of(clocks.watched[:SHOWN]) if clocks is not None else (),
            clocks is not None, len(clocks.watched) if clocks is not None else 0,
            UNSERVED_URL, month_card(self.may) if everything else None,
            hand_rows() if everything and self.may("visit.read") else (),
            cover_card() if everything and self.may("device.export") else None,
            accounts_card() if self.may("account.change") else None, self.may("ticket.register"),
        )  # fmt: skip

    def _decisions(self, items: list[Waiting]) -> Iterator[Todo]:
        for item in items[:SHOWN]:
            since, family = waited(item.since)
            title = str(TITLES[item.matter]) + (f" · {item.about}" if item.about else "")
            sub = item.number + (f" · {item.by}" if item.by else "")
            amount = "" if item.amount is None else money(item.amount, sign=True)
            url = url_for("approval.matter", matter=item.matter.value, number=item.id)
            verb = _p("do", "决定") if item.matter in PROPOSED else _p("do", "审批")
            if item.matter in REVIEWED and self.may("settlement.review"):
                verb = _p("do", "审核")
            yield Todo(title, sub, amount, since, family, ICONS[item.matter], url, str(verb))

    def _work(self, actor: Account) -> Iterator[Todo]:
        for pile in piles(actor):
            since, family = waited(pile.since)
            title, verb, icon, url = WORKS[pile.work]
            sub = _("最早 %(number)s · %(customer)s", number=pile.number, customer=pile.customer)
            many = str(UNITS[KINDS[pile.work].model]) % {"n": f"{pile.count:,}"}
            yield Todo(str(title), sub, many, since, family, icon, url, str(verb))

    def _kpis(
        self, actor: Account, only: Account | None, clocks: overview.Clocks | None
    ) -> Iterator[Kpi]:
        if self.may("ticket.read"):
            yield self._open_tickets(only)
        if clocks is not None:
            late = _("%(n)s 已超时", n=clocks.missed) if clocks.missed else ""
            kinds = " · ".join(
                f"{CLOCKS[name]} {n}" for name, n in sorted(clocks.due_today.items())
            )
            yield Kpi(
                _("今日到期的时钟"), str(clocks.due_today.total()), _p("due clocks", "个"), late, kinds, UNSERVED_URL,
                bool(clocks.missed),
            )  # fmt: skip
        if self.reach_for("statistics.read") is Reach.ALL:
            yield from self._month()
        if self.reach_for("overdue.read") is Reach.ALL:
            yield self._overdue()
        yield from self._mine(actor)

    def _overdue(self) -> Kpi:
        """What stands open on overdue cases, as their own page has it (R8.2–R8.4)."""
        sums = overview.overdue_sums()
        below = (
            _("未决定 %(n)s 件", n=sums.undecided) if sums.undecided else "",
            _("扣款中 %(n)s 件", n=sums.deducted) if sums.deducted else "",
        )
        return Kpi(
            _("逾期案件未收"), money(sums.outstanding, sign=True), "", "", " · ".join(filter(None, below)),
            "/admin/overdue/", bool(sums.undecided),
        )  # fmt: skip

    def _mine(self, actor: Account) -> Iterator[Kpi]:
        if self.reach_for("receivable.read") is Reach.OWN:
            mine = _count(Receivable, Receivable.handler_id == (actor.employee_id or 0))
            yield Kpi(
                _("我经手的应收款"), str(mine), _p("my receivables", "笔"), url="/admin/receivable/"
            )
        if self.reach_for("settlement.read") is Reach.OWN:
            yield self._payslip(actor)
        if self.may("account.change"):
            yield from self._accounts()

    def _payslip(self, actor: Account) -> Kpi:
        """The reader's latest month, and how far it is."""
        query = (
            select(Settlement.month, Settlement.state)
            .join(SettlementSums, SettlementSums.settlement_id == Settlement.id)
            .where(SettlementSums.employee_id == (actor.employee_id or 0))
            .order_by(Settlement.month.desc())
            .limit(1)
        )
        row = db.session.execute(query).one_or_none()
        if row is None:
            return Kpi(_("我的工资单"), "–", below=_("还没有结算"), url="/admin/settlement/")
        url = url_for("settlement.month", month=str(row.month))
        return Kpi(_("我的工资单"), month_words(row.month), below=words(row.state), url=url)

    def _accounts(self) -> Iterator[Kpi]:
        found, unit = account_numbers(), _p("accounts", "个")
        yield Kpi(_("可用账号"), str(found.active), unit, url="/admin/account/?active=yes")
        yield Kpi(_("已停用账号"), str(found.disabled), unit, url="/admin/account/?active=no")
        yield Kpi(_("未结束的登录"), str(found.alive), _p("open log-ins", "次"))
        yield Kpi(
            _("七天内登录失败"), str(found.failed), _p("failed log-ins", "次"), url=found.failed_url
        )

    def _open_tickets(self, only: Account | None) -> Kpi:
        number = str(overview.open_tickets(only))
        if only is not None:
            return Kpi(_("未关闭服务单"), number, _p("open tickets", "张"), url=OPEN_URL)
        weeks = overview.reported_by_week(WEEKS)
        below = _("七天新报 %(n)s", n=weeks[-1])
        return Kpi(
            _("未关闭服务单"),
            number,
            _p("open tickets", "张"),
            "",
            below,
            OPEN_URL,
            trend=spark(weeks),
        )

    def _month(self) -> Iterator[Kpi]:
        months = overview.last_months(WEEKS)
        if not months:
            return
        last, before = months[-1], months[-2] if months[1:] else None
        url = url_for("settlement.month", month=str(last.month), tab="statistics")

        def earlier(value: str) -> str:
            return f"{month_words(before.month)} {value}" if before is not None and value else ""

        name = month_words(last.month)
        yield Kpi(
            _("%(month)s SLA 达标", month=name), _percent(_met(last)) or "–", "", f"{last.met} / {last.due}",
            earlier(_percent(_met(before))), url, trend=spark([_met(m) for m in months]),
        )  # fmt: skip
        yield Kpi(
            _("%(month)s 满意度", month=name), str(last.satisfaction or "–"), "", _("%(n)s 份", n=last.forms),
            earlier(str(before.satisfaction or "") if before else ""), url,
            trend=spark([m.satisfaction for m in months]),
        )  # fmt: skip


def _met(month: overview.MonthFigures | None) -> Decimal | None:
    """Percent of the promises that were kept, with one decimal; None where nothing was due."""
    if month is None or not month.due:
        return None
    return (Decimal(month.met * 100) / month.due).quantize(TENTH)


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{share}\u2009%"
