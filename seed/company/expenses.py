"""Travel claims for on-site visits (R7.7)."""

from datetime import datetime
from decimal import Decimal

from rules.expense import ExpenseCategory, ExpenseReason
from rules.period import Month
from rules.ticket import Severity
from seed.company.course import Course
from seed.company.facts import Fact
from seed.company.people import Employee
from seed.company.requests import number_of
from seed.company.timeline import DAY, Timeline, at, chance, workday_from
from workflows.register import Record

CLAIMED, THE_DAY_BEFORE = 0.62, 0.02
TWICE_AGO = -1


def _claim(course: Course, person: Employee) -> Record | None:
    """What a technician claims for a visit, if he does."""
    dice = chance("expense", course.request.number, person.number)
    if course.arrived_at is None or dice.random() >= CLAIMED:
        return None
    spent, near = course.arrived_at.date(), course.request.project.customer.in_town
    bulky = course.request.fault.needs_part and dice.random() < 0.12
    urgent = course.request.severity is Severity.A and dice.random() < 0.6
    filed = spent + dice.randint(0, 4) * DAY
    claim = {
        "spent_on": spent, "employee": person.number, "ticket": course.request.number,
        "category": ExpenseCategory.PUBLIC_TRANSPORT, "reason": None, "reported_on": None,
        "amount": Decimal(dice.choice((4, 6, 8, 10, 12))) if near else Decimal(dice.randint(36, 92)),
        "approved_on": workday_from(filed + DAY, dice.choice((0, 1, 2, 3, 5))),
        "invoice_number": f"{spent.year % 100}{dice.randrange(10**18):018}",
    }  # fmt: skip
    if bulky:
        early = dice.random() < THE_DAY_BEFORE * 5
        claim |= {
            "category": ExpenseCategory.FREIGHT, "reason": ExpenseReason.BULKY, "reported_on": spent - early * DAY,
            "spent_on": spent - early * DAY, "amount": Decimal(dice.randint(45, 180)),
        }  # fmt: skip
    elif urgent:
        fare = dice.randint(1800, 6500) if near else dice.randint(12000, 26000)
        claim |= {
            "category": ExpenseCategory.TAXI, "reason": ExpenseReason.URGENT, "reported_on": spent,
            "amount": Decimal(fare // 10 * 10).scaleb(-2),
        }  # fmt: skip
    return claim | {"filed": max(at(filed, 16), course.arrived_at)}


def expenses(timeline: Timeline, courses: list[Course]) -> list[Fact]:
    """Every claim, numbered by the day on which it was filed; once an invoice comes twice."""
    claims = [claim for c in courses for person in c.crew if (claim := _claim(c, person))]
    claims.sort(key=lambda claim: (claim["filed"], claim["ticket"], claim["employee"]))
    _one_invoice_twice(timeline.current.plus(TWICE_AGO), claims)
    facts, turns = [], {}
    for claim in claims:
        since: datetime = claim.pop("filed")
        month = Month.of(since.date())
        turns[month] = turns.get(month, 0) + 1
        values = {"number": number_of("BX", month, turns[month]), **claim}
        facts.append(Fact("expenses", since, values))
    return facts


def _one_invoice_twice(month: Month, claims: list[Record]) -> None:
    taxis = [
        c for c in claims
        if Month.of(c["approved_on"]) == month and c["category"] is ExpenseCategory.TAXI
    ]  # fmt: skip
    if len(taxis) > 1:
        taxis[1]["invoice_number"] = taxis[0]["invoice_number"]
