"""The office's papers that no register brings: invoices, replacements, corrections, a write-off, what waits for approval."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from models import db
from models.customer import Customer
from models.device import Device
from models.parts_sale import PartsSale
from models.project import Project
from models.receivable import Receivable
from models.repair import Repair
from models.software_service import SoftwareService
from models.ticket import Ticket
from rules.parts_sale import PaymentTerms
from rules.period import Month, last_day_of_period
from rules.settlement import LineKind
from rules.ticket import WaitReason
from seed.company.course import Course
from seed.company.desk import employee_ids
from seed.company.months import CLERK, FINANCE, LEADER, MANAGER, Event, register_moment
from seed.company.places import place_events
from seed.company.sales import articles
from seed.company.timeline import DAY, Timeline, at, chance
from workflows import correction, parts_sale, software_service, write_off
from workflows.account import account_named
from workflows.correction import CorrectionRequest
from workflows.invoice import create_invoice
from workflows.parts_sale import SaleLine
from workflows.repair import check_warranties, close_repair, quote, request_repair
from workflows.replacement import replace
from workflows.transaction import today

COMMERCE = "xietao"
LONG_ENOUGH = 6
REPLACED_PER_MONTH = 2


def _invoices(month: Month) -> None:
    """Finance enters the invoices of the services completed in a month."""
    rows = db.session.execute(
        select(Receivable, Customer.name)
        .join(SoftwareService, SoftwareService.receivable_id == Receivable.id)
        .join(Customer, Customer.id == Receivable.customer_id)
        .where(Receivable.arose_on.between(month.first_day, month.last_day))
        .order_by(Receivable.number)
    ).all()
    for receivable, title in rows:
        dice = chance("invoice", receivable.number)
        number = f"{month.year % 100}{dice.randrange(10**18):018}"
        values = {
            "receivable_id": receivable.id, "number": number, "issued_on": receivable.arose_on,
            "title": title, "amount": receivable.total,
        }  # fmt: skip
        create_invoice(values, actor=account_named(FINANCE))


def _replaced(numbers: list[str]) -> None:
    """The clerk notes what was replaced under warranty: the warranty runs the longer for it (R1.3)."""
    tickets = db.session.scalars(select(Ticket.id).where(Ticket.number.in_(numbers)))
    for ticket in sorted(tickets):
        replace(ticket, actor=account_named(CLERK), note="质保内更换，停用天数顺延质保")


def replacements(courses: list[Course]) -> dict[Month, list[str]]:
    """By month of completion, tickets whose part or maker was waited for, in warranty."""
    found: dict[Month, list[str]] = {}
    for course in courses:
        waited = any(reason is not WaitReason.CUSTOMER for _start, _end, reason in course.waits)
        project, day = course.request.project, course.request.reported_at.date()
        covered = day <= last_day_of_period(project.accepted_on, project.warranty_months)
        numbers = found.setdefault(Month.of(course.completed_at.date()), [])
        if waited and covered and course.request.device and len(numbers) < REPLACED_PER_MONTH:
            numbers.append(course.request.number)
    return found


def _prepare(request: CorrectionRequest) -> None:
    correction.prepare_correction(request, actor=account_named(CLERK))


def _decide(step: str, username: str, month: Month) -> None:
    decide = getattr(correction, f"{step}_correction")
    decide(f"GZ{month.year % 100:02}{month.number:02}-001", actor=account_named(username))


def _corrections(timeline: Timeline) -> Iterator[Event]:
    """One that was approved and became a line of the month after, and one that waits for the manager (R9.5)."""
    month = timeline.current.plus(-2)
    seniority = CorrectionRequest(
        timeline.current.plus(-4), "T09", LineKind.BASE_PAY, "T09", Decimal("150.00"), "核定底薪时漏算司龄工资"
    )  # fmt: skip
    yield Event(at(timeline.day(-2, 15), 10), partial(_prepare, seniority))
    yield Event(at(timeline.day(-2, 16), 11), partial(_decide, "review", MANAGER, month))
    yield Event(at(timeline.day(-2, 17), 15), partial(_decide, "approve", LEADER, month))
    premium = CorrectionRequest(
        timeline.current.plus(-2), "T12", LineKind.BASE_PAY, "T12", Decimal("200.00"), "全勤奖漏发，考勤已复核"
    )  # fmt: skip
    yield Event(timeline.now - timedelta(minutes=4), partial(_prepare, premium))


def _write_off(step: str, username: str, document: str) -> None:
    receivable = db.session.scalars(
        select(Receivable.id).where(Receivable.number == document)
    ).one()
    reason = {"reason": "客户破产重整，债权申报后预计无可分配财产"}
    act = getattr(write_off, f"{step}_write_off")
    act(receivable, reason, version=None, actor=account_named(username))


def _sale(customer: str, handler: str, article: str, quantity: int, why: str) -> None:
    """Commerce enters a sale on credit and asks for its approval."""
    actor, item = account_named(COMMERCE), articles()[article]
    values = {
        "sold_on": today(), "terms": PaymentTerms.CREDIT, "circumstance": why,
        "agreed_payment_on": today() + 60 * DAY, "customer_id": _customer(customer),
        "handler_id": employee_ids(handler)[0],
    }  # fmt: skip
    line = SaleLine(
        item.name, Decimal(quantity), item.sale, item.purchase, specification=item.specification, unit=item.unit
    )  # fmt: skip
    sale: PartsSale = parts_sale.create_parts_sale(values, [line], actor=actor)
    parts_sale.request_credit(sale.id, {}, version=None, actor=actor)


def _service(customer: str, handler: str, content: str, fee: str) -> None:
    values = {
        "customer_id": _customer(customer), "handler_id": employee_ids(handler)[0],
        "content": content, "total": Decimal(fee), "invoice_wanted": True,
    }  # fmt: skip
    software_service.create_software_service(values, actor=account_named(COMMERCE))


def _close_repairs() -> None:
    """Commerce closes what is back with its customer."""
    query = select(Repair.id).join(Receivable, Receivable.id == Repair.receivable_id)
    query = query.where(Receivable.arose_on.is_not(None), Repair.closed_on.is_(None))
    for repair in db.session.scalars(query.order_by(Repair.id)).all():
        close_repair(repair, {}, version=None, actor=account_named(COMMERCE))


def _repair(customer: str, model: str, handler: str, fee: str, contact: str) -> None:
    """A technician asks; commerce asks the maker, and quotes where it is chargeable."""
    actor = account_named(COMMERCE)
    device = db.session.scalars(
        select(Device.id)
        .join(Project, Project.id == Device.project_id)
        .join(Customer, Customer.id == Project.customer_id)
        .where(Customer.number == customer, Device.model == model)
        .order_by(Device.serial)
    ).first()
    values = {"device_id": device, "handler_id": employee_ids(handler)[0]}
    repair = request_repair(values, actor=actor).id
    if contact:
        check_warranties(repair, {"maker_contact": contact}, version=None, actor=actor)
    if fee:
        amounts = {"fee": Decimal(fee), "freight": Decimal(60)}
        quote(repair, amounts, version=None, actor=actor)


def _customer(number: str) -> int:
    return db.session.scalars(select(Customer.id).where(Customer.number == number)).one()


def _waiting(timeline: Timeline) -> Iterator[Event]:
    """What commerce has just begun, or put before the manager and the leader."""
    papers = (
        partial(_sale, "KH031", "T05", "触控屏组件", 2, "财政资金待下达"),
        partial(_sale, "KH027", "T10", "空调压缩机", 1, "应急抢修，先供货后付款"),
        partial(_sale, "KH035", "T02", "UPS蓄电池", 16, "财政资金待下达"),
        partial(_service, "KH009", "T08", "业务系统报表定制开发", "3600.00"),
        partial(_service, "KH022", "T07", "历史数据清洗与导入", "9800.00"),
        partial(_repair, "KH010", "RL-W680", "T02", "", ""),
        partial(
            _repair, "KH039", "RL-S9706", "T10", "1450.00", "锐联网络客服：主板故障，需返厂，不上门"
        ),
        partial(_repair, "KH006", "BC-A40", "T01", "", "冰川环境客服：在保，可派人上门"),
    )
    for turn, paper in enumerate(papers):
        yield Event(timeline.now - timedelta(minutes=5) + timedelta(seconds=30 * turn), paper)


def office_events(
    timeline: Timeline, documents: dict[str, str], replaced: dict[Month, list[str]]
) -> Iterator[Event]:
    """All papers in their time; those of earlier months in companies that have lived long enough."""
    yield from place_events(timeline)
    for month in timeline.months():
        if month != timeline.current:
            moment = register_moment(month) + timedelta(minutes=40)
            yield Event(moment, partial(_invoices, month))
            yield Event(moment, partial(_replaced, replaced.get(month, [])))
            yield Event(moment, _close_repairs)
    if timeline.length >= LONG_ENOUGH:
        yield from _corrections(timeline)
        for day, step, username in ((10, "propose", MANAGER), (12, "approve", LEADER)):
            when: date = timeline.day(-2, day)
            yield Event(at(when, 16), partial(_write_off, step, username, documents["waived"]))
    yield from _waiting(timeline)
