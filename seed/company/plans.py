"""The company's own service plan beside the presets, and the days on which it works differently."""

from functools import lru_cache

from rules.clock import WorkCalendar
from rules.service_plan import DEFAULT_PLAN, PRESETS, Promise, ServicePlan, parse_hours
from rules.ticket import Severity
from seed.company.customers import Project
from seed.company.facts import Fact
from seed.company.timeline import Timeline, at

OWN = "重点客户保障"
OWN_HOURS = "周一至周五 08:00-12:00 13:30-18:00; 周六 09:00-12:00"
PROMISES = {
    Severity.A: Promise(15, 90, 480, None, 720),
    Severity.B: Promise(30, 240, 720, 1440, None),
    Severity.C: Promise(60, None, None, 2880, None),
    Severity.D: Promise(respond=240),
}


@lru_cache(maxsize=1)
def plans() -> dict[str, ServicePlan]:
    """Every plan by name."""
    own = ServicePlan(OWN, parse_hours(OWN_HOURS), PROMISES)
    return {name: plan for name, (_hours, plan) in PRESETS.items()} | {OWN: own}


def plan_of(project: Project | None) -> ServicePlan:
    """The plan under which a project's tickets run."""
    return plans()[(project.plan if project else None) or DEFAULT_PLAN]


def calendar_days(timeline: Timeline) -> dict:
    """Two days a year: the anniversary is off, the stocktaking Saturday is worked."""
    days = {}
    for month in timeline.months():
        if month.number == 5:
            day = next(d for d in range(18, 25) if month.first_day.replace(day=d).weekday() < 5)
            days[month.first_day.replace(day=day)] = (False, "公司成立纪念日")
        if month.number == 12:
            day = next(d for d in range(20, 27) if month.first_day.replace(day=d).weekday() == 5)
            days[month.first_day.replace(day=day)] = (True, "年终盘点")
    return days


def work_calendar(timeline: Timeline) -> WorkCalendar:
    """The calendar by which the clocks run."""
    return WorkCalendar({day: working for day, (working, _note) in calendar_days(timeline).items()})


def plan_facts(timeline: Timeline) -> list[Fact]:
    """The rows of the own plan and of the own days."""
    since = at(timeline.first.first_day, 8)
    facts = [
        Fact("service_promises", since, {
            "plan": OWN, "hours": OWN_HOURS, "severity": severity, "respond": p.respond,
            "onsite_in_town": p.onsite_in_town, "onsite_out_of_town": p.onsite_out_of_town,
            "propose": p.propose, "restore": p.restore,
        })
        for severity, p in PROMISES.items()
    ]  # fmt: skip
    for day, (working, note) in calendar_days(timeline).items():
        values = {"day": day, "working": working, "note": note}
        facts.append(Fact("calendar_days", at(day.replace(day=1), 9), values))
    return facts
