"""The whole story as facts: everything that the register will ever say, told to the end of the current month."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.period import Month
from seed.company.complaints import complaints
from seed.company.course import Course, crew_for, kept, natural
from seed.company.customers import (
    Customer,
    Project,
    customer_facts,
    customers,
    project_facts,
    projects,
)
from seed.company.devices import Device, device_facts, devices, maker_facts
from seed.company.expenses import expenses
from seed.company.facts import Fact
from seed.company.office import replacements
from seed.company.open_tickets import open_course, open_requests
from seed.company.overdue_stories import STORIES, story_sale
from seed.company.payments import payment_facts
from seed.company.people import Employee, base_pay_facts, employee_facts, employees
from seed.company.plans import plan_facts, work_calendar
from seed.company.repairs import repair_facts, repairs
from seed.company.requests import field_of, numbered, requests
from seed.company.sales import sale_facts, sales
from seed.company.service import service_facts
from seed.company.software_services import software_facts, software_services
from seed.company.timeline import Timeline, chance

BEST, WORSE = 5, 2


@dataclass(frozen=True, slots=True)
class Story:
    """All facts, the documents of the overdue stories by their codes, and tickets with replacements by month."""

    facts: list[Fact]
    documents: dict[str, str]
    replaced: dict[Month, list[str]]


def story_of(timeline: Timeline, tickets: int) -> Story:
    """Tell it."""
    people, known = employees(timeline), customers()
    delivered = projects(timeline, known)
    installed = devices(delivered)
    facts = [
        *employee_facts(people), *base_pay_facts(timeline, people), *plan_facts(timeline),
        *customer_facts(timeline, known), *project_facts(delivered), *maker_facts(timeline), *device_facts(installed),
    ]  # fmt: skip
    courses = list(_courses(timeline, people, delivered, installed, tickets))
    money, documents = _money(timeline, people, known, installed)
    facts += _service(timeline, courses) + money
    return Story(facts, documents, replacements(courses))


def _courses(
    timeline: Timeline,
    people: list[Employee],
    projects: list[Project],
    devices: list[Device],
    tickets: int,
) -> Iterator[Course]:
    """What is done about every request, those that are open now among them."""
    calendar = work_calendar(timeline)
    asked = [(request, []) for request in requests(timeline, field_of(devices, projects), tickets)]
    for request, line in numbered([*asked, *open_requests(timeline, devices)]):
        if line:
            yield open_course(timeline, request, line, people)
            continue
        dice = chance("course", request.number)
        yield kept(dice, natural(dice, request, crew_for(dice, request, people)), calendar)


def _service(timeline: Timeline, courses: list[Course]) -> list[Fact]:
    """Tickets with what follows from them: waits, forms, calls, complaints, claims."""
    facts: list[Fact] = []
    served: list[tuple[Course, Fact | None]] = []
    for course in courses:
        own = service_facts(course)
        served.append((course, next((fact for fact in own if fact.sheet == "forms"), None)))
        facts += own
    _one_disputed(timeline.current.plus(-1), facts)
    return [*facts, *complaints(timeline, served), *expenses(timeline, courses)]


def _one_disputed(month: Month, facts: list[Fact]) -> None:
    """One customer says on the phone that nobody came, though the form is signed (R4.4)."""
    best = {
        fact.values["ticket"]: fact.values["accepted_on"] for fact in facts
        if fact.sheet == "forms" and fact.values["satisfaction"] == BEST and fact.values["accepted_on"]
    }  # fmt: skip
    for place, fact in enumerate(facts):
        call = fact.values
        if fact.sheet == "call_backs" and call["reached"] and call["ticket"] in best and Month.of(call["called_on"]) == month:  # fmt: skip
            told = {"satisfaction": WORSE, "remarks": "客户称技术员未到场，单子是事后补签的"}
            facts[place] = replace(fact, values=call | told)
            return


def _money(
    timeline: Timeline, people: list[Employee], customers: list[Customer], devices: list[Device]
) -> tuple[list[Fact], dict[str, str]]:
    """Sales, services and repairs with their payments; and the sales of the overdue stories."""
    by_number = {customer.number: customer for customer in customers}
    bad = [story_sale(timeline, story, by_number) for story in STORIES]
    sold, sale_of = sale_facts(timeline, [*sales(timeline, people, customers), *bad])
    done, service_of = software_facts(timeline, [*software_services(timeline, people, customers)])
    mended, repair_of = repair_facts([*repairs(timeline, people, devices)])
    documents = {sale.story: number for number, sale in sale_of.items() if sale.story}
    registered = {documents[s.code]: timeline.day(*s.registered) for s in STORIES if s.registered}
    paid = [(n, d.payments) for n, d in (*sale_of.items(), *service_of.items(), *repair_of.items())]
    return [*sold, *done, *mended, *payment_facts(paid, registered)], documents
