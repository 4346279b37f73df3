"""What one customer's page gathers beside the tabs: figures, ageing, complaints, money, the latest tickets (R2.7)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p
from sqlalchemy import func, select

from admin_views.documents import PAID, yuan
from admin_views.noun.column import Badge, badge, short
from admin_views.noun.part import Figure
from admin_views.warranty import WARRANTY, warranties
from models import db
from models.complaint import Complaint
from models.device import Device
from models.employee import Employee
from models.feedback_form import FeedbackForm
from models.overdue_case import OverdueCase
from models.project import Project
from models.receivable import Receivable
from models.ticket import Ticket, Visit
from rules.clock import ClockName, ClockState
from rules.complaint import ComplaintOrigin, Verdict
from rules.money import ZERO
from rules.receivable import ageing_bucket
from rules.ticket import TicketState
from workflows.ticket_clocks import clocks_of
from workflows.transaction import now, today

YEAR = timedelta(days=365)
OVER = (TicketState.CLOSED, TicketState.CANCELLED)
MOST_DEVICES = 5000
MOST_SHOWN = 4
BUCKETS = 5


@dataclass(frozen=True, slots=True)
class Debt:
    """One receivable with something still open, and the case against its handler where there is one."""

    id: int
    number: str
    left: Decimal
    arose_on: date
    handler: str
    case_id: int | None


@dataclass(frozen=True, slots=True)
class Ageing:
    """What a customer owes, by how long it is owed (R6.5)."""

    total: Decimal
    buckets: tuple[Decimal, ...]
    count: int
    oldest: Debt | None

    @property
    def shares(self) -> list[tuple[int, Decimal, Decimal]]:
        """Each bucket that has something: (bucket, start, width), in hundredths of the bar."""
        found, start = [], Decimal(0)
        for number, amount in enumerate(self.buckets):
            width = amount * 100 / self.total if self.total else Decimal(0)
            if amount:
                found.append((number, round(start, 2), round(width, 2)))
            start += width
        return found

    @property
    def over_a_year(self) -> bool:
        return bool(self.buckets[BUCKETS - 1])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: where it leads, what it says, its badge."""

    noun: str
    id: int
    number: str
    text: str
    badge: Badge | None
    beside: str


def ageing(customer_id: int) -> Ageing:
    """What a customer owes today, in one statement."""
    query = (
        select(Receivable.id, Receivable.number, Receivable.total, PAID, Receivable.arose_on, Employee.name, OverdueCase.id)
        .join(Employee, Employee.id == Receivable.handler_id)
        .outerjoin(OverdueCase, OverdueCase.receivable_id == Receivable.id)
        .where(Receivable.customer_id == customer_id, Receivable.arose_on.is_not(None), Receivable.total > PAID)
        .order_by(Receivable.arose_on, Receivable.id)
    )  # fmt: skip
    debts = [
        Debt(n, number, total - yuan(got), arose, handler, case)
        for n, number, total, got, arose, handler, case in db.session.execute(query)
    ]
    buckets = [ZERO] * BUCKETS
    for debt in debts:
        buckets[ageing_bucket(debt.arose_on, today())] += debt.left
    return Ageing(sum(buckets, ZERO), tuple(buckets), len(debts), debts[0] if debts else None)


def device_figure(customer_id: int) -> Figure:
    """How many devices there are, how many of them in our warranty and in their maker's."""
    query = (
        select(*WARRANTY)
        .select_from(Device)
        .join(Project, Project.id == Device.project_id)
        .where(Project.customer_id == customer_id)
        .limit(MOST_DEVICES)
    )
    found = [warranties(tuple(row)) for row in db.session.execute(query)]
    ours, makers = sum(one.ours for one in found), sum(one.makers for one in found)
    gaps = sum(one.gap_days > 0 for one in found)
    below = _("厂商仍保 %(n)s，缺口 %(gaps)s 台", n=makers, gaps=gaps)
    return Figure(
        _p("list", "设备"), len(found), _("台，在保 %(n)s", n=ours), below, "red" if gaps else ""
    )


def service_figures(customer_id: int) -> tuple[Figure, Figure]:
    """Open tickets and those of a year; satisfaction and upheld complaints: all in one statement."""
    mine = Ticket.customer_id == customer_id
    recent = Ticket.reported_at >= now() - YEAR
    forms = (
        select(FeedbackForm.satisfaction)
        .join(Visit, Visit.id == FeedbackForm.visit_id)
        .join(Ticket, Ticket.id == Visit.ticket_id)
        .where(mine, FeedbackForm.accepted_on.is_not(None), FeedbackForm.satisfaction.is_not(None))
        .subquery()
    )
    upheld = (
        select(func.count())
        .where(
            Complaint.customer_id == customer_id,
            Complaint.verdict == Verdict.UPHELD,
            Complaint.origin != ComplaintOrigin.INTERNAL,
        )
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            select(func.count()).where(mine, Ticket.status.not_in(OVER)).scalar_subquery(),
            select(func.count()).where(mine, recent).scalar_subquery(),
            select(func.count())
            .where(mine, recent, Ticket.repeat_of_id.is_not(None))
            .scalar_subquery(),
            select(func.sum(forms.c.satisfaction)).scalar_subquery(),
            select(func.count()).select_from(forms).scalar_subquery(),
            upheld,
        )
    ).one()
    still_open, of_year, repeats, stars, number, complaints = row
    mean = f"{Decimal(stars) / number:.2f}" if number else "–"
    below = _("近 12 月 %(n)s 张，重复故障 %(repeats)s", n=of_year, repeats=repeats)
    return (
        Figure(_("未关闭服务单"), still_open, "", below, "red" if repeats else ""),
        Figure(_("平均满意度"), mean, _("分，%(n)s 份", n=number), _("投诉属实 %(n)s", n=complaints), "red" if complaints else ""),
    )  # fmt: skip


def sla_figure(customer_id: int) -> Figure:
    """The promises kept of those due within a year, and how often restoring took too long."""
    recent = Ticket.reported_at >= now() - YEAR
    found = [
        c for each in clocks_of((Ticket.customer_id == customer_id) & recent).values() for c in each
    ]
    met = sum(c.state is ClockState.MET for c in found)
    missed = [c for c in found if c.state is ClockState.MISSED]
    due = met + len(missed)
    late = sum(c.name is ClockName.RESTORE for c in missed)
    share = f"{Decimal(met) * 100 / due:.1f}\u2009%" if due else "–"
    return Figure(
        _("近 12 月 SLA"),
        share,
        f"{met} / {due}",
        _("恢复超时 %(n)s", n=late),
        "red" if late else "",
    )


def money_figure(found: Ageing) -> Figure:
    """What is still owed."""
    old = _("有款项超过 365 天") if found.over_a_year else _("%(n)s 笔", n=found.count)
    return Figure(
        _("应收未收"), f"¥{found.total:,.2f}", "", old, "red" if found.over_a_year else ""
    )


def latest_complaints(customer_id: int) -> list[Line]:
    """A customer's latest complaints."""
    query = (
        select(Complaint.id, Complaint.number, Complaint.content, Complaint.verdict, Complaint.received_on, Employee.name)
        .outerjoin(Employee, Employee.id == Complaint.employee_id)
        .where(Complaint.customer_id == customer_id)
        .order_by(Complaint.received_on.desc(), Complaint.id.desc())
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [
        Line("complaint", n, number, content, badge(verdict), " · ".join(filter(None, (short(day), who))))
        for n, number, content, verdict, day, who in db.session.execute(query)
    ]  # fmt: skip


def latest_tickets(customer_id: int) -> list[Line]:
    """A customer's latest tickets."""
    query = (
        select(Ticket.id, Ticket.number, Ticket.fault, Ticket.status, Ticket.reported_at)
        .where(Ticket.customer_id == customer_id)
        .order_by(Ticket.reported_at.desc(), Ticket.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        Line("ticket", n, number, fault, badge(status), at)
        for n, number, fault, status, at in db.session.execute(query)
    ]
