"""A day at work for each role, clicked through in a real browser and read back from the database (R2, R4, R6, R10)."""

import io
import re
from collections import Counter
from urllib.parse import urlsplit

import openpyxl
import pytest
from sqlalchemy import func, select

from models import db
from models.account import Account
from models.audit import AuditRecord
from models.device import Device
from models.employee import Employee
from models.expense import Expense
from models.parameter import ParameterDraft
from models.parts_sale import PartsSale
from models.receivable import Payment, Receivable
from models.repair import Repair
from models.ticket import Ticket, Visit, VisitPerson
from rules.expense_steps import ClaimState
from rules.parameter import DraftState
from rules.parts_sale_steps import SaleState
from rules.period import Month
from rules.permissions import Role
from rules.repair_steps import RepairState
from rules.settlement_steps import SettlementState
from rules.ticket import ServiceMode, TicketState
from tests.browser.checks import healthy
from tests.browser.story import play_sample
from tests.cast import JULY
from workflows import settlement as settlements
from workflows.account import account_named
from workflows.parameter_draft import prepare_parameters
from workflows.settlement import settlement_of
from workflows.ticket import device_report
from workflows.ticket_facts import visits_of
from workflows.transaction import today

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
TECHNICIAN, MANAGER = "T002", "T001"
PHONE = 390


@pytest.fixture
def company(app):
    """The sample register: customers, devices, people, months."""
    play_sample()


def fresh():
    """Read what the server wrote meanwhile."""
    db.session.rollback()


def fill(place, name, value):
    """Fill one field, whatever it is drawn as."""
    field = place.locator(f"[name={name}]").first
    kind = field.evaluate("e => e.dataset.lookup ? 'pick' : e.type")
    if kind == "pick":
        place.locator(f"select[name={name}] + .ts-wrapper").click()
        field.page.wait_for_timeout(400)  # the first options are there, as for a slow reader
        field.page.keyboard.type(value)
        field.page.locator(".ts-dropdown [role=option]", has_text=value).first.click()
    elif kind == "checkbox":
        place.locator(f"[name={name}][value={value}]").check()
    elif kind == "radio":
        place.locator(f"[name={name}][value='{value}']").check()
    elif kind.startswith("select"):
        field.select_option(value)
    elif kind == "file":
        field.set_input_files({"name": "签字.png", "mimeType": "image/png", "buffer": PNG})
    else:
        field.fill(value)


def new(page, path, **fields):
    """Fill a form and save it."""
    page.goto(path)
    for name, value in fields.items():
        fill(page, name, value)
    healthy(page)
    with page.expect_navigation():
        page.click("[data-save]")
    found = re.search(r"/(\d+)/$", page.url)
    assert found, page.locator("main").inner_text()[:800]
    return int(found[1])


def do(page, path, verb, **fields):
    """Open a record, press a step's button, fill its dialog and confirm."""
    page.goto(path)
    page.locator(f"[data-dialog=step-{verb}]").first.evaluate("e => e.click()")
    dialog = page.locator(f"dialog#step-{verb}")
    for name, value in fields.items():
        fill(dialog, name, value)
    healthy(page)
    with page.expect_navigation():
        dialog.locator(".ac-dialog-foot button:not([data-close])").click()
    fresh()


def status(ticket):
    fresh()
    return db.session.get(Ticket, ticket).status


def name_of(number):
    return db.session.scalar(select(Employee.name).where(Employee.number == number))


def test_a_request_by_phone_goes_through_clerk_technician_and_manager(company, enter):
    clerk = enter("clerk")
    ticket = new(
        clerk, "/admin/ticket/new/", customer_id="示例", source="service_line", reporter="韩雪",
        fault="核心交换机反复重启", severity="B", mode="onsite", onsite_reason="须更换电源",
    )  # fmt: skip
    path = f"/admin/ticket/{ticket}/"
    assert status(ticket) is TicketState.REGISTERED
    do(clerk, path, "dispatch", employee_id=name_of(TECHNICIAN))
    assert status(ticket) is TicketState.DISPATCHED

    technician = enter("technician", employee=TECHNICIAN, width=PHONE)
    technician.goto("/admin/ticket/")
    assert technician.get_by_text("核心交换机反复重启").first.is_visible()
    for verb, fields, after in (
        ("accept", {}, TicketState.ACCEPTED),
        ("start", {}, TicketState.IN_SERVICE),
        ("serve", {"content": "更换电源模块", "result": "恢复正常"}, TicketState.SERVED),
    ):
        do(technician, path, verb, **fields)
        assert status(ticket) is after
    visit = visits_of(ticket)[-1]
    technician.goto(path)
    technician.get_by_role("link", name="填反馈单").click()
    assert technician.url.endswith(f"/admin/visit/{visit.id}/submit_form/")
    do(
        technician, f"/admin/visit/{visit.id}/", "submit_form", fault="电源故障", inspection="电源模块损坏",
        result="已更换", satisfaction="5", signed_by="韩雪",
        signed_at=technician.evaluate("new Date(Date.now() + 8 * 36e5).toISOString().slice(0, 16)"), signature="",
    )  # fmt: skip
    form = visits_of(ticket)[-1].form
    assert form is not None and form.submitted_at is not None, technician.locator(
        "main"
    ).inner_text()[:800]

    clerk.goto(path)
    clerk.get_by_role("link", name="审核反馈单").click()
    do(clerk, urlsplit(clerk.url).path, "accept")
    assert status(ticket) is TicketState.FORM_RECEIVED
    manager = enter("manager", employee=MANAGER)
    do(manager, path, "call_back", reached="yes", satisfaction="5")
    assert status(ticket) is TicketState.CALLED_BACK, manager.locator("main").inner_text()[:600]
    do(clerk, path, "close")
    assert status(ticket) is TicketState.CLOSED
    clerk.goto(path)
    assert "submit_form" not in clerk.locator("main").inner_text()


def test_commerce_sells_on_credit_and_sends_a_device_to_its_maker(company, enter):
    """What is sold on credit is delivered once approved; what the customer pays for is mended once he agrees (R5, R6.2)."""
    commerce, manager = enter("commerce"), enter("manager")
    sale = new(
        commerce, "/admin/parts_sale/new/", customer_id="示例", handler_id=name_of(TECHNICIAN), sold_on=today().isoformat(),
        terms="credit", circumstance="抢修，先发货", agreed_payment_on="2027-06-30",
        **{"lines-article": "电源模块", "lines-quantity": "2", "lines-sale_price": "450.00", "lines-purchase_price": "300.00"},
    )  # fmt: skip
    path = f"/admin/parts_sale/{sale}/"
    commerce.goto(path)
    assert commerce.locator("[data-dialog=step-approve]").count() == 0
    do(commerce, path, "request")
    do(manager, path, "approve")
    do(commerce, path, "deliver")
    sold = db.session.get(PartsSale, sale)
    assert (sold.state, sold.receivable.total, sold.receivable.arose_on) == (
        SaleState.DELIVERED,
        900,
        today(),
    )

    device = next(
        d
        for d in db.session.scalars(select(Device).order_by(Device.id))
        if not device_report(d.serial)["in_warranty"]
    )
    repair = new(
        commerce, "/admin/repair/new/", device_id=device.serial, handler_id=name_of(TECHNICIAN)
    )
    path = f"/admin/repair/{repair}/"
    for verb, fields, after in (
        ("check", {"maker_contact": "厂商客服，须送修", "maker_visits": "no"}, RepairState.CHECKED),
        ("quote", {"fee": "600.00", "freight": "40.00"}, RepairState.QUOTED),
        ("confirm", {"confirmed_by": "韩雪", "confirmed_how": "邮件"}, RepairState.CONFIRMED),
        ("send", {}, RepairState.SENT),
        ("repair", {}, RepairState.REPAIRED),
        ("give_back", {}, RepairState.RETURNED),
    ):
        do(commerce, path, verb, **fields)
        mended = db.session.get(Repair, repair)
        assert mended.state is after, commerce.locator("main").inner_text()[:600]
    assert (mended.receivable.total, mended.receivable.arose_on) == (640, today())
    commerce.goto("/admin/receivable/")
    for number in (sold.receivable.number, mended.receivable.number):
        assert commerce.get_by_text(number).first.is_visible()


def test_commerce_and_finance_bring_a_sale_home(company, enter):
    """A service reported and approved is completed and paid (R6.3, R6.4)."""
    commerce, manager, finance = enter("commerce"), enter("manager"), enter("finance")
    row = new(
        commerce, "/admin/software_service/new/", customer_id="示例", handler_id=name_of(TECHNICIAN),
        content="报表定制", total="800.00",
    )  # fmt: skip
    path = f"/admin/software_service/{row}/"
    do(manager, path, "approve")
    do(commerce, path, "complete")
    found = db.session.scalar(select(Receivable).order_by(Receivable.id.desc()).limit(1))
    do(finance, f"/admin/receivable/{found.id}/", "pay", amount="800.00")
    assert (
        db.session.scalar(select(func.sum(Payment.amount)).where(Payment.receivable_id == found.id))
        == 800
    )


def test_an_auditor_reads_and_changes_nothing(company, enter):
    auditor = enter("auditor")
    for path in (
        "/admin/",
        "/admin/ticket/",
        "/admin/receivable/",
        "/admin/audit/",
        "/admin/settlement/",
    ):
        auditor.goto(path)
        healthy(auditor)
        assert auditor.locator("a[data-key=n], .ac-btn.ac-danger").count() == 0, path
    before = db.session.scalar(select(func.count(AuditRecord.id)))
    auditor.goto("/admin/ticket/new/")
    assert auditor.get_by_text("没有权限").first.is_visible() or "403" in auditor.content()
    fresh()
    assert db.session.scalar(select(func.count(AuditRecord.id))) == before


def test_an_administrator_opens_changes_and_closes_an_account(company, enter):
    admin = enter("admin")
    number = new(
        admin, "/admin/account/new/", username="xinren", password="correct horse battery", roles="clerk",
    )  # fmt: skip
    account = db.session.get(Account, number)
    assert account.roles == {Role.CLERK}
    do(admin, f"/admin/account/{number}/", "disable")
    assert not db.session.get(Account, number).is_active


def own_trip(number):
    """An on-site ticket of an employee."""
    query = (
        select(Ticket)
        .join(Visit, Visit.ticket_id == Ticket.id)
        .join(VisitPerson, VisitPerson.visit_id == Visit.id)
        .join(Employee, Employee.id == VisitPerson.employee_id)
        .where(Employee.number == number, Visit.mode == ServiceMode.ONSITE)
        .order_by(Ticket.id)
    )
    return db.session.scalars(query).first()


def claims():
    """How many claims stand in which state."""
    return Counter(db.session.scalars(select(Expense.state)))


def decide(page, answer, reason="", tab="all"):
    """Answer what waits first on the page of approvals."""
    page.goto(f"/admin/approval/?tab={tab}")
    if reason:
        page.get_by_label("意见").fill(reason)
    healthy(page)
    if answer == "return":
        with page.expect_navigation():
            page.get_by_role("button", name="退回").click()
    else:
        page.locator("[data-dialog=dlg-approve]").click()
        with page.expect_navigation():
            page.locator("#dlg-approve button[type=submit]").click()
    fresh()


def test_a_manager_looks_through_claims_and_reviews_the_month(company, enter):
    """A claim without its reason goes back, the next is approved, July is reviewed (R9.1, R10)."""
    trip = own_trip(TECHNICIAN)
    day = trip.reported_at.date().isoformat()
    technician = enter("technician", employee=TECHNICIAN, width=PHONE)
    for fare in ("12.00", "6.00"):
        new(
            technician, "/admin/expense/new/", ticket_id=trip.number,
            spent_on=day, category="public_transport", amount=fare, reported_on=day, invoice_number=f"FP-{fare}",
        )  # fmt: skip
    manager = enter("manager", employee=MANAGER)
    manager.goto("/admin/")
    healthy(manager)
    assert manager.get_by_text("待我审批").first.is_visible()
    before = claims()
    decide(manager, "return", "请补去程的车票", tab="expense")
    assert manager.get_by_text("已退回").first.is_visible()
    decide(manager, "approve", tab="expense")
    after = claims()
    assert after[ClaimState.REFUSED] == before[ClaimState.REFUSED] + 1
    assert after[ClaimState.APPROVED] == before[ClaimState.APPROVED] + 1
    technician.goto("/admin/expense/")
    assert (
        technician.get_by_text("请补去程的车票").count() or technician.get_by_text("已退回").count()
    )

    manager.goto("/admin/settlement/2026-07/")
    manager.locator("[data-dialog=dlg-review]").click()
    manager.locator("#dlg-review button[type=submit]").click()
    manager.get_by_text("2026-07 已审核").wait_for()
    fresh()
    assert settlement_of(JULY).state is SettlementState.REVIEWED


def test_a_leader_approves_the_month_and_sends_parameters_back(company, enter):
    """What waits is on the first page; one thing is approved, one goes back with its reason (R9.1)."""
    signer = account_named("manager")
    settlements.review(JULY, actor=signer)
    prepare_parameters(Month(2026, 11), {"allowance_onsite": "45"}, reason="油价上涨", actor=signer)
    leader = enter("leader")
    leader.goto("/admin/")
    healthy(leader)
    with leader.expect_navigation():
        leader.locator("main a[href*='/approval/settlement']").first.click()
    assert leader.get_by_text("2026-07").first.is_visible()
    decide(leader, "approve")
    assert settlement_of(JULY).state is SettlementState.APPROVED
    decide(leader, "return", "现场补贴要先看预算")
    draft = db.session.scalar(select(ParameterDraft))
    assert draft.state is DraftState.RETURNED
    leader.goto("/admin/approval/")
    assert leader.get_by_text("没有等您审批的事").is_visible()


def test_finance_pays_the_month_and_takes_the_receivables_out(company, enter):
    """An approved month is paid, a payment booked, the list taken along as a file (R6.2, R7.9)."""
    settlements.review(JULY, actor=account_named("manager"))
    settlements.approve(JULY, actor=account_named("leader"))
    finance = enter("finance")
    finance.goto("/admin/settlement/2026-07/")
    finance.locator("[data-dialog=dlg-pay]").click()
    healthy(finance)
    finance.locator("#dlg-pay button[type=submit]").click()
    finance.get_by_text("2026-07 已发放").wait_for()
    fresh()
    assert settlement_of(JULY).state is SettlementState.PAID

    finance.goto("/admin/receivable/")
    healthy(finance)
    finance.locator("summary", has_text="导出").click()
    with finance.expect_download() as caught:
        finance.get_by_role("button", name="Excel，显示的列").click()
    fresh()
    book = openpyxl.load_workbook(io.BytesIO(caught.value.path().read_bytes()))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 1 + db.session.scalar(select(func.count(Receivable.id)))
    exported = db.session.scalar(
        select(func.count(AuditRecord.id)).where(AuditRecord.verb == "export")
    )
    assert exported == 1
