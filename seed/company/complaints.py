"""Complaints: those of dissatisfied customers, some without ground, one of money taken privately."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.employee import EmployeeKind
from rules.period import Month
from rules.ticket import ServiceMode
from seed.company.course import Course
from seed.company.facts import Fact
from seed.company.people import Employee
from seed.company.requests import number_of
from seed.company.timeline import DAY, Timeline, at, chance, workday_from

DISSATISFIED, UPHELD_SHARE, OUT_OF_THE_BLUE = 2, 0.55, 0.005
LATE_TEXTS = (
    "到场比约定时间晚了半天，影响业务",
    "到场晚约定40分钟，未提前说明",
    "电话响应慢，反复催促才有人联系",
)
POOR_TEXTS = ("维修后第二天又出现同样问题", "处理后未向值班员说明情况就离开", "服务态度生硬，问题解释不清", "备件等待过久，未告知进度", "远程处理时误断业务，没有事先通知")  # fmt: skip
OTHER_TEXTS = ("现场施工后未清理杂物", "更换下来的旧件未交还")
ORIGINS = {
    ComplaintOrigin.COMPLAINT_LINE: 5, ComplaintOrigin.CALL_BACK: 4,
    ComplaintOrigin.SERVICE_LINE: 3, ComplaintOrigin.LETTER: 1, ComplaintOrigin.INTERNAL: 1,
}  # fmt: skip
CHARGED = Decimal("260.00")
PRIVATE_CHARGE_AGO, UNLUCKY_AGO = -8, -12
PRIVATE_CHARGE_TEXT = "技术员更换网线后现金收取材料费260元，未开票"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint before it has its number."""

    course: Course
    received_on: date
    decided_on: date
    kind: ComplaintKind
    content: str
    origin: ComplaintOrigin
    verdict: Verdict
    charged: Decimal | None = None


def _grumble(dice: random.Random, course: Course, after: date) -> Complaint:
    """A complaint about one ticket's service."""
    kind, texts = ComplaintKind.SERVICE, POOR_TEXTS
    if course.arrived_at and dice.random() < 0.35:
        texts = LATE_TEXTS
    elif dice.random() < 0.12:
        kind, texts = ComplaintKind.OTHER, OTHER_TEXTS
    received = after + dice.randint(1, 3) * DAY
    decided = workday_from(received + DAY, dice.choice((0, 1, 1, 2, 3, 5)))
    verdict = Verdict.UPHELD if dice.random() < UPHELD_SHARE else Verdict.NOT_UPHELD
    origin = dice.choices(list(ORIGINS), ORIGINS.values())[0]
    return Complaint(course, received, decided, kind, dice.choice(texts), origin, verdict)


def _of_customers(served: list[tuple[Course, Fact | None]]) -> Iterator[Complaint]:
    for course, form in served:
        if all(person.kind is EmployeeKind.NON_DEDICATED for person in course.crew):
            continue
        dice = chance("complaint", course.request.number)
        stars = form.values["satisfaction"] if form else 5
        if (stars <= DISSATISFIED and dice.random() < 0.6) or dice.random() < OUT_OF_THE_BLUE:
            yield _grumble(dice, course, course.completed_at.date())


def _unlucky(timeline: Timeline, served: list[tuple[Course, Fact | None]]) -> Iterator[Complaint]:
    """Three upheld complaints against one beginner in a month: no bonus at all (R7.4)."""
    month = timeline.current.plus(UNLUCKY_AGO)
    his = [
        c for c, _form in served
        if c.crew[0].number == "T16" and Month.of(c.completed_at.date()) == month
        and c.completed_at.day <= 20
    ]  # fmt: skip
    for course, text in zip(his, POOR_TEXTS[:3], strict=False):
        received = course.completed_at.date() + DAY
        yield Complaint(
            course, received, workday_from(received + DAY, 2), ComplaintKind.SERVICE, text,
            ComplaintOrigin.COMPLAINT_LINE, Verdict.UPHELD,
        )  # fmt: skip


def _private_charge(timeline: Timeline, served: list[tuple[Course, Fact | None]]) -> Iterator[Complaint]:  # fmt: skip
    """Once a technician took money for himself (R8.1)."""
    month = max(timeline.current.plus(PRIVATE_CHARGE_AGO), timeline.first)
    for course, _form in served:
        alone = len(course.crew) == 1 and course.crew[0].kind is EmployeeKind.DEDICATED
        lasting = alone and course.crew[0].left_on is None and course.crew[0].number != "T02"
        if (
            course.request.mode is ServiceMode.ONSITE
            and lasting
            and Month.of(course.completed_at.date()) == month
        ):
            received = course.completed_at.date() + 2 * DAY
            yield Complaint(
                course, received, workday_from(received + DAY, 4), ComplaintKind.PRIVATE_CHARGE,
                PRIVATE_CHARGE_TEXT, ComplaintOrigin.CALL_BACK, Verdict.UPHELD, CHARGED,
            )  # fmt: skip
            return


def complaints(timeline: Timeline, served: list[tuple[Course, Fact | None]]) -> list[Fact]:
    """Every complaint, numbered by the month in which it came in."""
    found = [
        *_of_customers(served),
        *_unlucky(timeline, served),
        *_private_charge(timeline, served),
    ]
    facts, turns = [], {}
    for complaint in sorted(found, key=lambda c: (c.received_on, c.course.request.number)):
        month = Month.of(complaint.received_on)
        turns[month] = turns.get(month, 0) + 1
        facts.append(_fact(complaint, number_of("TS", month, turns[month])))
    return facts


def _fact(complaint: Complaint, number: str) -> Fact:
    request = complaint.course.request
    values = {
        "number": number, "received_on": complaint.received_on, "customer": request.project.customer.number,
        "ticket": request.number, "employee": _against(complaint.course.crew).number, "origin": complaint.origin,
        "kind": complaint.kind, "content": complaint.content, "verdict": complaint.verdict,
        "decided_on": complaint.decided_on, "charged": complaint.charged,
    }  # fmt: skip
    return Fact("complaints", at(complaint.received_on, 10), values)


def _against(crew: tuple[Employee, ...]) -> Employee:
    """The one of the crew whose post it is."""
    return next(p for p in crew if p.kind is EmployeeKind.DEDICATED)
