"""The monthly statistics (月度售后服务统计表), per technician and for the department (R9.6)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, or_, select

from models import db
from models.complaint import Complaint
from models.employee import Employee
from models.feedback_form import CallBack, FeedbackForm
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.ticket import Ticket, Visit, VisitPerson
from rules.clause import implements
from rules.clock import ClockName, ClockState
from rules.complaint import ComplaintOrigin, Verdict
from rules.money import ZERO
from rules.period import Month, business_day
from rules.receivable import ReceivableKind
from rules.ticket import ServiceMode, TicketState, repeats
from workflows.moments import month_bounds
from workflows.parameter import parameter_history
from workflows.ticket_clocks import clocks_of


def _half_up(value: Fraction, places: str) -> str:
    unit = Decimal(places)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(unit, rounding=ROUND_HALF_UP))


def _mean(values: list[Fraction], places: str) -> str | None:
    return _half_up(sum(values, Fraction()) / len(values), places) if values else None


CALLS = ("reached", "not_reached", "corrected", "disputed")


@dataclass(slots=True)
class Tally:
    """What one technician, or the department, comes to in a month."""

    visits: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ServiceMode, 0))
    forms: int = 0
    without_form: int = 0
    stars: list[Fraction] = field(default_factory=list)
    called: int = 0
    complaints: int = 0
    repeats: int = 0
    due: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ClockName, 0))
    met: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ClockName, 0))
    calls: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CALLS, 0))
    sales: Decimal = ZERO
    net_profit: Decimal = ZERO
    software_fees: Decimal = ZERO

    @property
    def empty(self) -> bool:
        counts = (
            sum(self.visits.values()),
            self.forms,
            self.without_form,
            self.complaints,
        )
        return not (any(counts) or self.repeats or any(self.due.values()))

    def shown(self) -> dict[str, Any]:
        """The tally in the form of the contract."""
        return {
            "visits": {mode.value: self.visits[mode] for mode in ServiceMode},
            "complete_forms": self.forms,
            "incomplete_forms": self.without_form,
            "satisfaction": _mean(self.stars, "0.01"),
            "called_back": _half_up(Fraction(self.called, self.forms), "0.01")
            if self.forms
            else None,
            "upheld_complaints": self.complaints,
            "repeat_faults": self.repeats,
            "sla": {n.value: {"due": self.due[n], "met": self.met[n]} for n in ClockName},
            "call_backs": dict(self.calls),
            "sales": str(self.sales),
            "net_profit": str(self.net_profit),
            "software_fees": str(self.software_fees),
        }


class Tallies:
    """The department's tally and each technician's; a technician's events count for the department once."""

    def __init__(self) -> None:
        self.department = Tally()
        self.by_person: dict[int, Tally] = defaultdict(Tally)

    def of(self, people: list[int]) -> list[Tally]:
        """The tallies that an event of some people goes into."""
        return [self.department, *(self.by_person[person] for person in people)]


@implements("R9.6")
def compute_statistics(month: Month) -> dict[str, Any]:
    """The statistics of a month as they stand now."""
    tallies = Tallies()
    by_visit, people = _people_who_went()
    responses, resolutions = _count_visits(month, tallies, by_visit)
    _count_forms(month, tallies, by_visit)
    _count_complaints(month, tallies)
    _count_repeats(month, tallies, people)
    _count_clocks(month, tallies, people)
    _count_calls(month, tallies, people)
    _count_money(month, tallies)
    rows = db.session.execute(
        select(Employee.id, Employee.number, Employee.name).order_by(Employee.number)
    )
    technicians = [
        {"employee": number, "name": name, **tallies.by_person[row].shown()}
        for row, number, name in rows
        if row in tallies.by_person and not tallies.by_person[row].empty
    ]
    department = tallies.department.shown()
    department["mean_response_minutes"] = _mean(responses, "0.1")
    department["mean_resolution_minutes"] = _mean(resolutions, "0.1")
    return {"month": str(month), "technicians": technicians, "department": department}


def _people_who_went() -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Who was on each visit, and on any visit of each ticket: a reopened one may have been another's before."""
    by_visit: dict[int, list[int]] = defaultdict(list)
    by_ticket: dict[int, list[int]] = defaultdict(list)
    query = select(Visit.id, Visit.ticket_id, VisitPerson.employee_id).join(
        VisitPerson, VisitPerson.visit_id == Visit.id
    )
    for visit, ticket, person in db.session.execute(query):
        by_visit[visit].append(person)
        if person not in by_ticket[ticket]:
            by_ticket[ticket].append(person)
    return by_visit, by_ticket


def _minutes(start: datetime, end: datetime) -> Fraction:
    return Fraction(int((end - start).total_seconds()), 60)


def _count_visits(
    month: Month, tallies: Tallies, people: dict[int, list[int]]
) -> tuple[list[Fraction], list[Fraction]]:
    start, end = month_bounds(month)
    query = (
        select(
            Visit.id,
            Visit.mode,
            Visit.ended_at,
            FeedbackForm.accepted_on,
            Ticket.reported_at,
            Ticket.responded_at,
        )
        .join(Ticket, Ticket.id == Visit.ticket_id)
        .outerjoin(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(Visit.ended_at >= start, Visit.ended_at < end)
    )
    responses, resolutions = [], []
    for visit, mode, ended, accepted, reported, responded in db.session.execute(query):
        for tally in tallies.of(people[visit]):
            tally.visits[mode] += 1
            tally.without_form += accepted is None
        if responded is not None:
            responses.append(_minutes(reported, responded))
        if ended is not None:
            resolutions.append(_minutes(reported, ended))
    return responses, resolutions


def _count_forms(month: Month, tallies: Tallies, people: dict[int, list[int]]) -> None:
    called = set(db.session.scalars(select(CallBack.ticket_id)))
    query = (
        select(Visit.id, Visit.ticket_id, FeedbackForm.satisfaction)
        .join(Visit, Visit.id == FeedbackForm.visit_id)
        .where(FeedbackForm.accepted_on.between(month.first_day, month.last_day))
    )
    for visit, ticket, stars in db.session.execute(query):
        for tally in tallies.of(people[visit]):
            tally.forms += 1
            tally.stars.append(Fraction(stars or 0))
            tally.called += ticket in called


def _count_complaints(month: Month, tallies: Tallies) -> None:
    query = select(Complaint.employee_id).where(
        Complaint.verdict == Verdict.UPHELD,
        Complaint.origin != ComplaintOrigin.INTERNAL,
        Complaint.received_on.between(month.first_day, month.last_day),
    )
    for person in db.session.scalars(query):
        for tally in tallies.of([] if person is None else [person]):
            tally.complaints += 1


def _count_repeats(month: Month, tallies: Tallies, people: dict[int, list[int]]) -> None:
    """The same device with the same fault again within the days allowed, by its text or as marked by a clerk, counts
    at the later report."""
    not_cancelled = Ticket.status != TicketState.CANCELLED
    start, end = month_bounds(month)
    days = parameter_history().of(month).count("repeat_fault_days")
    reports: dict[tuple[int, str], list[tuple[datetime, str, int]]] = defaultdict(list)
    query = select(
        Ticket.device_id, Ticket.fault, Ticket.reported_at, Ticket.number, Ticket.id
    ).where(Ticket.device_id.is_not(None), Ticket.reported_at < end, not_cancelled)
    for device, fault, reported, number, ticket in db.session.execute(query):
        if device is not None:
            reports[device, fault].append((reported, number, ticket))
    marked = select(Ticket.id).where(
        Ticket.repeat_of_id.is_not(None),
        Ticket.reported_at >= start,
        Ticket.reported_at < end,
        not_cancelled,
    )
    found = set(db.session.scalars(marked))
    for same in reports.values():
        same.sort()
        found |= {
            ticket
            for (earlier, *_), (later, _number, ticket) in zip(same, same[1:], strict=False)
            if later >= start and repeats(business_day(earlier), business_day(later), days)
        }
    for ticket in found:
        for tally in tallies.of(people[ticket]):
            tally.repeats += 1


def _count_calls(month: Month, tallies: Tallies, people: dict[int, list[int]]) -> None:
    """Calls of the month; corrected = the customer said another satisfaction than on the form (R4.4)."""
    on_paper = and_(CallBack.form_id.is_(None), FeedbackForm.visit_id == Visit.id)
    query = (
        select(
            CallBack.ticket_id, CallBack.reached, CallBack.satisfaction, FeedbackForm.satisfaction
        )
        .join(Visit, (Visit.ticket_id == CallBack.ticket_id) & (Visit.turn == 1))
        .outerjoin(FeedbackForm, or_(FeedbackForm.id == CallBack.form_id, on_paper))
        .where(CallBack.called_on.between(month.first_day, month.last_day))
    )
    for ticket, reached, said, written in db.session.execute(query):
        corrected = reached and said is not None and written is not None and said != written
        for tally in tallies.of(people[ticket]):
            tally.calls["reached" if reached else "not_reached"] += 1
            tally.calls["corrected"] += corrected
    disputed = (
        select(Visit.ticket_id)
        .join(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(FeedbackForm.disputed_on.between(month.first_day, month.last_day))
    )
    for ticket in db.session.scalars(disputed):
        for tally in tallies.of(people[ticket]):
            tally.calls["disputed"] += 1


def _count_money(month: Month, tallies: Tallies) -> None:
    """Sales delivered and software services completed in the month, by handler."""
    query = (
        select(Receivable.handler_id, Receivable.total, PartsSale.net_profit)
        .outerjoin(PartsSale, PartsSale.receivable_id == Receivable.id)
        .where(
            Receivable.kind.in_([ReceivableKind.PARTS_SALE, ReceivableKind.SOFTWARE_SERVICE]),
            Receivable.arose_on.between(month.first_day, month.last_day),
        )
    )
    for handler, amount, profit in db.session.execute(query):
        for tally in tallies.of([handler]):
            if profit is None:
                tally.software_fees += amount
            else:
                tally.sales += amount
                tally.net_profit += profit


def _count_clocks(month: Month, tallies: Tallies, people: dict[int, list[int]]) -> None:
    _, end = month_bounds(month)
    for ticket, ticket_clocks in clocks_of(Ticket.reported_at < end).items():
        for clock in ticket_clocks:
            counted = clock.state in (ClockState.MET, ClockState.MISSED)
            if clock.due is None or not counted or Month.of(business_day(clock.due)) != month:
                continue
            for tally in tallies.of(people[ticket]):
                tally.due[clock.name] += 1
                tally.met[clock.name] += clock.state is ClockState.MET
