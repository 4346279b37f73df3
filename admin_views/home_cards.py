"""The cards of the first page: the month on its way, who has work in hand, covers that end (look 02)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from admin_views.noun.column import Badge, badge
from admin_views.page import Family
from admin_views.warranty import WARRANTY, warranties
from models import db
from models.device import Device
from models.project import Project
from rules.period import Month
from rules.settlement_steps import SettlementState
from rules.ticket import TicketState
from workflows.month_progress import Share, progress
from workflows.staffing import IN_HAND, Hand, hands
from workflows.transaction import today

NEXT = {
    None: _l("待起草"), SettlementState.DRAFT: _l("待提交"), SettlementState.RETURNED: _l("待修改后重新提交"),
    SettlementState.SUBMITTED: _l("待审核"), SettlementState.REVIEWED: _l("待审批"),
}  # fmt: skip
MOST_BOXES = 10
MOST_HANDS = 12
AHEAD = timedelta(days=90)
WIDE, HIGH = 64, 20


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How much of something the month asks for is done; without an address the reader does not see the records."""

    label: str
    share: Share
    url: str | None

    @property
    def complete(self) -> bool:
        return self.share.done >= self.share.total

    @property
    def percent(self) -> int:
        return self.share.done * 100 // self.share.total if self.share.total else 100


@dataclass(frozen=True, slots=True)
class MonthCard:
    """The month that is to be settled next, and what comes next."""

    month: Month
    url: str
    rows: tuple[ProgressRow, ...]
    badge: Badge | None
    next: str


@dataclass(frozen=True, slots=True)
class HandRow:
    """A technician: boxes for his tickets (`more` do not fit), and where he is."""

    name: str
    url: str
    in_hand: int
    ordered: int
    more: int
    family: Family
    text: str


@dataclass(frozen=True, slots=True)
class CoverCard:
    """Devices whose maker's warranty ends soon, how many of them we go on to owe repairs for, and the first of these."""

    count: int
    owed: int
    url: str
    first: date | None
    name: str


def tickets_url(states: Iterable[TicketState], **more: int) -> str:
    """The list of the tickets in some states, narrowed by `more` filters."""
    chosen = [("status", state.value) for state in states]
    return "/admin/ticket/?" + urlencode([*chosen, *more.items()])


def month_words(month: Month) -> str:
    """A month as a sentence says it: 2026年10月."""
    return str(format_skeleton("yMMM", month.first_day, locale=get_locale()))


def spark(values: Sequence[int | Decimal | None]) -> str | None:
    """The points of a small line through some values, the latest last; None where there is no line to draw."""
    known = [(at, Decimal(value)) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _at, value in known), max(value for _at, value in known)
    step, scale = Decimal(WIDE - 2) / (len(values) - 1), (HIGH - 4) / ((high - low) or Decimal(1))
    return " ".join(
        f"{1 + at * step:.1f},{HIGH - 2 - (value - low) * scale:.1f}" for at, value in known
    )


def month_card(may: Callable[[str], bool]) -> MonthCard:
    """How far the month is, for a reader who `may` do some verbs."""
    found = progress()
    month = url_for("settlement.month", month=str(found.month))
    first, last = found.month.first_day.isoformat(), found.month.last_day.isoformat()
    missing = urlencode({"accepted": "no", "ended_at_from": first, "ended_at_to": last})
    rows = [
        ProgressRow(
            _("反馈单已审核"),
            found.forms,
            f"/admin/visit/?{missing}" if may("visit.read") else None,
        ),
        ProgressRow(_("应回访的已回访"), found.calls, tickets_url([TicketState.FORM_RECEIVED])),
        ProgressRow(_("进货价已确认"), found.prices, "/admin/parts_sale/?confirmed=no"),
    ]
    if found.explained is not None:
        url = url_for("settlement.month", month=str(found.month), tab="mismatches")
        rows.append(ProgressRow(_("不一致已说明"), found.explained, url))
    return MonthCard(found.month, month, tuple(rows), badge(found.state), str(NEXT[found.state]))


def hand_rows() -> tuple[HandRow, ...]:
    """The technicians, who has most work first."""
    return tuple(_hand(one) for one in hands()[:MOST_HANDS])


def _hand(one: Hand) -> HandRow:
    in_hand = min(one.in_hand, MOST_BOXES)
    ordered = min(one.ordered, MOST_BOXES - in_hand)
    url = tickets_url([TicketState.DISPATCHED, *IN_HAND], person=one.employee_id)
    family: Family = "grey"
    if one.visiting is not None:
        at = one.visiting
        text = _("现场 %(at)s", at=at) if one.onsite else _("远程 %(at)s", at=at)
        family = "blue"
    elif one.in_hand:
        text = _("在办 %(n)s", n=one.in_hand)
    elif one.ordered:
        text = _("待接单 %(n)s", n=one.ordered)
    else:
        text, family = _("空闲"), "green"
    return HandRow(one.name, url, in_hand, ordered, one.load - in_hand - ordered, family, text)


def cover_card() -> CoverCard:
    """The makers' warranties that end within the next days, and the gaps that this leaves (R1.8)."""
    day = today()
    query = (
        select(Device.name, Device.maker_warranty_until, *WARRANTY)
        .join(Project, Project.id == Device.project_id)
        .where(Device.maker_warranty_until.between(day, day + AHEAD))
        .order_by(Device.maker_warranty_until, Device.id)
    )
    rows = db.session.execute(query).all()
    owed = [row for row in rows if warranties(tuple(row[2:])).gap_days]
    window = {"maker_until_from": day.isoformat(), "maker_until_to": (day + AHEAD).isoformat()}
    first = owed[0] if owed else None
    return CoverCard(
        len(rows), len(owed), "/admin/device/?" + urlencode(window),
        first[1] if first else None, first[0] if first else "",
    )  # fmt: skip
