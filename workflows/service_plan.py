"""Service plans as the database has them; the four presets are always there (R3)."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, CompoundSelect, Date, cast, null, select, union_all

from models import db
from models.service_plan import CalendarDay, ServicePlan, ServicePromise
from rules.clock import WorkCalendar
from rules.service_plan import PRESETS, Promise, parse_hours
from rules.service_plan import ServicePlan as Plan
from rules.ticket import Severity

MINUTES = (
    ServicePromise.respond_minutes,
    ServicePromise.onsite_in_town_minutes,
    ServicePromise.onsite_out_of_town_minutes,
    ServicePromise.propose_minutes,
    ServicePromise.restore_minutes,
)
PLAN = (ServicePlan.id, ServicePlan.name, ServicePlan.hours, ServicePromise.severity, *MINUTES)
DAYS = select(CalendarDay.day, CalendarDay.working)
# Each promise with its plan, then each day of the company's calendar: asked for every list of tickets, and so put
# together once, and asked in one statement.
BOOK: CompoundSelect[Any] = union_all(
    select(*PLAN, cast(null(), Date), cast(null(), Boolean)).outerjoin(ServicePlan.promises),
    select(*(null() for _column in PLAN), CalendarDay.day, CalendarDay.working),
)


def ensure_presets() -> None:
    """Put the presets in where they are missing, inside the caller's transaction."""
    present = set(db.session.scalars(select(ServicePlan.name)))
    for name, (hours, plan) in PRESETS.items():
        if name in present:
            continue
        row = ServicePlan(name=name, hours=hours, preset=True)
        row.promises = [
            ServicePromise(
                severity=severity,
                respond_minutes=promise.respond,
                onsite_in_town_minutes=promise.onsite_in_town,
                onsite_out_of_town_minutes=promise.onsite_out_of_town,
                propose_minutes=promise.propose,
                restore_minutes=promise.restore,
            )
            for severity, promise in plan.promises.items()
        ]
        db.session.add(row)
    db.session.flush()


def service_book() -> tuple[dict[int, Plan], WorkCalendar]:
    """Every plan as the rules want it by its id, and the calendar, in one statement."""
    plans: dict[int, Plan] = {}
    promises: dict[int, dict[Severity, Promise]] = {}
    days: dict[date, bool] = {}
    for number, name, hours, severity, *minutes, day, working in db.session.execute(BOOK):
        if number is None:
            days[day] = working
            continue
        if number not in plans:
            promises[number] = {}
            plans[number] = Plan(name, parse_hours(hours), promises[number])
        if severity is not None:
            promises[number][severity] = Promise(*minutes)
    return plans, WorkCalendar(days)


def work_calendar() -> WorkCalendar:
    """The official calendar with the company's own days."""
    rows = db.session.execute(DAYS)
    return WorkCalendar(dict(rows.all()))
