"""首页: figures that link to their lists, what waits for me, clocks that are running out; by role (look 02)."""

from collections.abc import Iterator
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
from flask_login import current_user
from sqlalchemy import func, select

from admin_views.approval import ICONS, TITLES, waited
from admin_views.base_view import Gate
from admin_views.ticket_page import Bar, bar
from models import db
from models.account import Account
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.repair import Repair
from models.settlement import Settlement
from rules.parts_sale_steps import SaleState
from rules.period import SHANGHAI
from rules.permissions import Reach
from rules.repair_steps import RepairState
from rules.settlement_steps import SettlementState
from workflows import overview
from workflows.approval import waiting_for
from workflows.transaction import now, today

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure that leads to its list."""

    label: str
    value: str
    beside: str = ""
    below: str = ""
    url: str | None = None
    red: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for the reader."""

    title: str
    sub: str
    amount: Any
    waits: str
    family: str | None
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Late:
    """A ticket whose clock runs out."""

    number: str
    url: str
    customer: str
    fault: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class HomePage:
    """What one reader's first page shows."""

    greeting: str
    day: str
    kpis: tuple[Kpi, ...]
    todos: tuple[Todo, ...]
    waiting: int
    late: tuple[Late, ...]
    late_count: int
    may_register: bool


def greeting(name: str, moment: datetime) -> str:
    """The reader's name and the time of day."""
    hour = moment.astimezone(SHANGHAI).hour
    if hour < 12:
        return _("%(name)s，上午好", name=name)
    return _("%(name)s，下午好", name=name) if hour < 18 else _("%(name)s，晚上好", name=name)


def _count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


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
        sees = self.may("ticket.read")
        clocks = overview.clocks_in_work(only) if sees else overview.Clocks(0, 0, ())
        items = waiting_for(actor) if self.may("approval.read") else []
        return HomePage(
            greeting(actor.display_name, now()), format_date(today(), "full"),
            tuple(self._kpis(actor, only, clocks)), tuple(self._todos(items[:SHOWN])), len(items),
            tuple(self._late(w) for w in clocks.watched[:SHOWN]), len(clocks.watched), self.may("ticket.register"),
        )  # fmt: skip

    def _todos(self, items: list[Any]) -> Iterator[Todo]:
        for item in items:
            words, family = waited(item)
            title = str(TITLES[item.matter]) + (f" · {item.about}" if item.about else "")
            sub = item.number + (f" · {item.by}" if item.by else "")
            url = url_for("approval.matter", matter=item.matter.value, number=item.id)
            yield Todo(title, sub, item.amount, words, family, ICONS[item.matter], url)

    def _late(self, watched: overview.Watched) -> Late:
        ticket = watched.ticket
        shown = bar(watched.face) or Bar("", 0, "grey", "")
        return Late(
            ticket.number, f"/admin/ticket/{ticket.id}/", ticket.customer.name, ticket.fault, shown
        )

    def _kpis(self, actor: Account, only: Account | None, clocks: overview.Clocks) -> Iterator[Kpi]:
        if self.may("ticket.read"):
            states = "&".join(f"status={state}" for state in ("registered", "verified", "dispatched", "accepted", "in_service", "waiting", "served", "form_received", "called_back"))  # fmt: skip
            yield Kpi(
                _("未关闭服务单"), str(overview.open_tickets(only)), url=f"/admin/ticket/?{states}"
            )
            late = _("%(n)s 已超时", n=clocks.missed) if clocks.missed else ""
            yield Kpi(
                _("今日到期的时钟"),
                str(clocks.due_today),
                late,
                "",
                "/admin/ticket/?" + urlencode([("status", one.value) for one in overview.UNSERVED]),
                bool(clocks.missed),
            )
        if self.reach_for("statistics.read") is Reach.ALL:
            yield from self._month()
        if self.reach_for("overdue.read") is Reach.ALL:
            sums = overview.overdue_sums()
            below = _("%(n)s 案未决定", n=sums.undecided) if sums.undecided else ""
            yield Kpi(
                _("逾期应收"),
                f"¥{sums.outstanding:,.2f}",
                "",
                below,
                "/admin/overdue/",
                bool(sums.undecided),
            )
        yield from self._money()
        yield from self._mine(actor)

    def _money(self) -> Iterator[Kpi]:
        if self.may("parts_sale.confirm_purchase"):
            yield Kpi(
                _("进货价待确认"), str(_count(PartsSale, PartsSale.purchase_confirmed.is_(False))),
                url="/admin/parts_sale/?confirmed=no",
            )  # fmt: skip
        if self.may("settlement.pay"):
            waits = _count(Settlement, Settlement.state == SettlementState.APPROVED)
            yield Kpi(_("待发放的月份"), str(waits), url="/admin/settlement/")
        if self.may("repair.handle"):
            opened = [state for state in RepairState if state is not RepairState.CLOSED]
            states = "&".join(f"state={state}" for state in opened)
            number = _count(Repair, Repair.state.in_(opened))
            yield Kpi(_("未关闭返修"), str(number), url=f"/admin/repair/?{states}")
            waits = _count(
                PartsSale, PartsSale.state.in_([SaleState.REGISTERED, SaleState.APPROVED])
            )
            yield Kpi(
                _("待发货的销售"),
                str(waits),
                url="/admin/parts_sale/?state=registered&state=approved",
            )

    def _mine(self, actor: Account) -> Iterator[Kpi]:
        if self.reach_for("receivable.read") is Reach.OWN:
            mine = _count(Receivable, Receivable.handler_id == (actor.employee_id or 0))
            yield Kpi(_("我经手的应收款"), str(mine), url="/admin/receivable/")
        if self.reach_for("settlement.read") is Reach.OWN:
            yield Kpi(_("我的工资单"), _("查看"), url="/admin/settlement/")
        if self.may("account.change"):
            active = _count(Account, Account.disabled_at.is_(None))
            yield Kpi(_("可用账号"), str(active), url="/admin/account/?active=yes")

    def _month(self) -> Iterator[Kpi]:
        found = overview.last_month()
        if found is None:
            return
        share = f"{Decimal(found.met * 100) / found.due:.1f}\u2009%" if found.due else "–"
        url = url_for("settlement.month", month=str(found.month), tab="statistics")
        yield Kpi(
            _("%(month)s SLA 达标", month=found.month), share, f"{found.met} / {found.due}", "", url
        )
        yield Kpi(
            _("%(month)s 满意度", month=found.month), found.satisfaction or "–",
            _("%(n)s 份", n=found.forms), "", url,
        )  # fmt: skip
