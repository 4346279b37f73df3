"""Service plans as the database has them; the four presets are always there (R3)."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import db
from models.service_plan import CalendarDay, ServicePlan, ServicePromise
from rules.clock import WorkCalendar
from rules.service_plan import PRESETS, Promise, parse_hours
from rules.service_plan import ServicePlan as Plan

# Asked for every list of tickets, and so put together once.
PLANS = select(ServicePlan).options(joinedload(ServicePlan.promises))
DAYS = select(CalendarDay.day, CalendarDay.working)


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


def plans_by_id() -> dict[int, Plan]:
    """Every plan as the rules want it."""
    return {
        row.id: Plan(
            row.name,
            parse_hours(row.hours),
            {
                promise.severity: Promise(
                    promise.respond_minutes,
                    promise.onsite_in_town_minutes,
                    promise.onsite_out_of_town_minutes,
                    promise.propose_minutes,
                    promise.restore_minutes,
                )
                for promise in row.promises
            },
        )
        for row in db.session.scalars(PLANS).unique()
    }


def work_calendar() -> WorkCalendar:
    """The official calendar with the company's own days."""
    rows = db.session.execute(DAYS)
    return WorkCalendar(dict(rows.all()))
