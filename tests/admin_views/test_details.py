"""A record's page: what it holds in words, nothing left blank, and what was changed (R10)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from admin_views import marks
from admin_views.noun.base import NounBase
from admin_views.noun.field import YesNo
from admin_views.noun.form import NounForm
from admin_views.parts_sale import PartsSaleView
from admin_views.repair import RepairView
from admin_views.ticket import TicketView
from admin_views.ticket_page import form_badge
from admin_views.visit import VisitView, form_states
from models import db
from models.account import Account
from models.device import Device
from models.employee import BasePayEntry, Employee
from models.expense import Expense
from models.feedback_form import CallBack, FeedbackForm
from models.overdue_case import OverdueCase
from models.parts_sale import PartsSale
from models.receivable import Payment, Receivable
from models.repair import Repair
from models.software_service import SoftwareService
from models.ticket import Ticket, Visit, VisitPerson
from rules.parts_sale import PaymentTerms
from rules.parts_sale_steps import SaleState
from rules.period import Month
from rules.repair_steps import RepairState
from rules.ticket import TicketState
from tests.cast import people, take_in
from workflows.audit import record
from workflows.parameter import parameter_history
from workflows.settlement import draft, submit
from workflows.transaction import today


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    return cast


def first(model):
    return db.session.scalars(select(model).order_by(model.id)).first()


@pytest.mark.parametrize(
    ("number", "text"),
    [("40.000", "40"), ("40", "40"), ("2.500", "2.5"), ("0.125", "0.125"), ("1000", "1000")],
)
def test_a_quantity_has_no_zeros_that_say_nothing(number, text):
    assert marks.quantity(Decimal(number)) == text
    assert marks.quantity(number) == text


def test_round_quantities_stand_as_people_write_them(cast, enter):
    sale = first(PartsSale)
    sale.lines[0].quantity, sale.lines[0].article = Decimal(40), "硬盘"
    db.session.commit()
    client, pk = enter("commerce"), sale.id
    page = client.page(f"/admin/parts_sale/{pk}/")
    assert re.search(r">40( \S+)?</td>", page)
    assert "硬盘 × 40" in page
    assert "E+" not in page


def test_the_articles_of_a_sale_are_told_as_they_were(cast, enter):
    sale, number = first(PartsSale), None
    before = {"article": "硬盘", "quantity": "10", "sale_price": "600"}
    after = {**before, "quantity": "12.500"}
    details = {"lines": [[before], [after]]}
    pk, number = sale.id, sale.receivable.number
    record(cast["clerk"], "change", "parts_sale", number, details, origin="web")
    db.session.commit()
    page = enter("commerce").page(f"/admin/parts_sale/{pk}/?tab=history")
    assert re.search(r"<del>硬盘 × 10</del> → <b>硬盘 × 12\.5</b>", page)


def test_moments_of_the_trail_are_read_by_shanghai_s_clock(cast, enter):
    visit = first(Visit)
    details = {"ended_at": [None, "2026-08-03 01:30:00+00:00"]}
    pk, number = visit.id, visit.ticket.number
    record(cast["clerk"], "close", "ticket", number, details, origin="web")
    db.session.commit()
    page = enter("manager").page(f"/admin/visit/{pk}/?tab=history")
    assert "2026-08-03 09:30" in page
    assert "2026-08-03 01:30" not in page


@pytest.mark.parametrize("noun", ["receivable", "service_plan"])
def test_a_record_without_a_form_tells_what_its_list_shows(cast, enter, noun):
    client = enter("manager")
    pk = re.search(rf'href="/admin/{noun}/(\d+)/"', client.page(f"/admin/{noun}/"))[1]
    page = client.page(f"/admin/{noun}/{pk}/?tab=file")
    assert len(re.findall(r"<div><dt>[^<]+</dt><dd>", page[page.index("ac-file") :])) >= 3


def test_the_file_of_a_receivable_names_customer_and_amount(cast, enter):
    row = first(Receivable)
    total, customer, pk = marks.figure(row.total), row.customer.name, row.id
    page = enter("finance").page(f"/admin/receivable/{pk}/?tab=file")
    file = page[page.index("ac-file") :]
    assert total in file
    assert customer in file


def selected(page, name):
    """What a pick of a form begins with."""
    field = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S)[0]
    found = re.search(r'value="(\d+)" selected', field)
    return int(found[1]) if found else None


@pytest.mark.parametrize("noun", ["customer", "device"])
def test_a_request_is_registered_from_the_page_of_whom_or_what_it_is_about(cast, enter, noun):
    device = first(Device)
    device_id, customer_id = device.id, device.project.customer_id
    pk = {"customer": customer_id, "device": device_id}[noun]
    link = f"/admin/ticket/new/?{noun}={pk}"
    client = enter("clerk")
    assert f'href="{link}"' in client.page(f"/admin/{noun}/{pk}/")
    page = client.page(link)
    assert selected(page, "customer_id") == customer_id
    assert selected(page, "device_id") == (device_id if noun == "device" else None)
    assert selected(client.page("/admin/ticket/new/"), "customer_id") is None
    for wrong in ("999999", "abc", "-1", "", "1 or 1=1"):
        assert client.get(f"/admin/ticket/new/?{noun}={wrong}").status_code == 404
    assert "/admin/ticket/new/" not in enter("auditor").page(f"/admin/{noun}/{pk}/")


def test_a_ticket_shows_both_warranties_of_its_device(cast, enter):
    ticket = db.session.scalars(select(Ticket).where(Ticket.device_id.is_not(None))).first()
    device, day = ticket.device, today()
    device.project.accepted_on, device.warranty_months = day - timedelta(days=300), 24
    device.maker_warranty_until = day - timedelta(days=10)
    db.session.commit()
    pk, name, project = ticket.id, device.name, device.project.name
    page = enter("clerk").page(f"/admin/ticket/{pk}/")
    card = re.search(r'<h2 class="ac-card-head">设备</h2>.*?</section>', page, re.S)[0]
    assert name in card
    assert project in card
    assert re.search(r"我方</small>.*?>余 [^<]+</span>", card, re.S)
    assert re.search(r'厂商</small>.*?class="ac-is-red">已过 10 天</span>', card, re.S)
    assert re.search(r"缺口</dt><dd[^>]*>\d+ 天", card)
    alone = db.session.scalars(select(Ticket).where(Ticket.device_id.is_(None))).first()
    if alone is None:
        ticket = db.session.get(Ticket, pk)
        ticket.device_id, alone = None, ticket
        db.session.commit()
    assert '<h2 class="ac-card-head">设备</h2>' not in enter("manager").page(
        f"/admin/ticket/{alone.id}/"
    )


def test_the_list_of_calls_leads_to_those_that_are_to_be_made(cast, enter):
    link = 'href="/admin/ticket/?status=form_received"'
    assert link in enter("manager").page("/admin/call_back/")
    assert link not in enter("auditor").page("/admin/call_back/")


def nouns(app):
    views = app.extensions["admin"][0]._views
    return {view.noun: view for view in views if isinstance(view, NounBase)}


def test_every_tab_of_related_records_can_be_asked_for(app):
    """One whose filter is not there would be left out without a word."""
    views = nouns(app)
    wrong = [
        (noun, related.noun, related.by)
        for noun, view in views.items()
        for related in view.related
        if related.by not in {one.key for one in views[related.noun].filters}
        or not set(related.columns) <= {one.key for one in views[related.noun].columns}
    ]
    assert wrong == []


@pytest.mark.parametrize("noun", [SoftwareService, Repair])
def test_a_document_shows_the_payments_of_its_own_receivable(cast, enter, noun):
    query = select(Payment, noun).join(noun, noun.receivable_id == Payment.receivable_id)
    payment, document = db.session.execute(query.where(noun.id != noun.receivable_id)).first()
    number, pk = payment.number, document.id
    of_other = db.session.scalars(select(Payment.number).where(Payment.receivable_id == pk)).all()
    path = {SoftwareService: "software_service", Repair: "repair"}[noun]
    page = enter("finance").page(f"/admin/{path}/{pk}/?tab=payment")
    assert number in page
    assert not [other for other in of_other if other in page]


def test_tabs_of_projects_devices_and_employees_hold_their_tickets_and_sales(cast, enter):
    ticket = db.session.scalars(
        select(Ticket).join(Visit).where(Ticket.device_id.is_not(None))
    ).first()
    number, project = ticket.number, ticket.device.project_id
    person = db.session.scalars(select(Visit).where(Visit.ticket_id == ticket.id)).first().people[0]
    sale = first(PartsSale)
    sale.device_id = ticket.device_id
    db.session.commit()
    sold, device, employee = sale.receivable.number, sale.device_id, person.employee_id
    client = enter("manager")
    assert number in client.page(f"/admin/project/{project}/?tab=ticket")
    assert sold in client.page(f"/admin/device/{device}/?tab=parts_sale")
    assert f">{number}<" in client.page(f"/admin/ticket/?person={employee}&q={number}")
    assert "?tab=ticket" in client.page(f"/admin/employee/{employee}/")


def told(page):
    """What a record's file says, by label."""
    pairs = re.findall(r"<div><dt>([^<]*)</dt><dd>(.*?)</dd></div>", page[page.index("ac-file") :])
    return {label: re.sub(r"<[^>]+>", "", text) for label, text in pairs}


def test_of_a_customer_who_was_not_reached_no_answer_is_told(cast, enter):
    """R4.4: nobody was asked."""
    call = first(CallBack)
    call.reached, call.satisfaction, pk = False, None, call.id
    db.session.commit()
    said = told(enter("manager").page(f"/admin/call_back/{pk}/"))
    assert said["结果"] == "未接通"
    assert {said.get("客户称没有服务", "–"), said.get("客户称被收了钱", "–")} == {"–"}
    call = db.session.get(CallBack, pk)
    call.reached = True
    db.session.commit()
    assert told(enter("leader").page(f"/admin/call_back/{pk}/"))["客户称没有服务"] == "否"


def test_a_repair_tells_what_became_of_it(cast, enter):
    repair = db.session.scalars(select(Repair).where(Repair.sent_on.is_not(None))).first()
    pk, sent, fee = repair.id, repair.sent_on.isoformat(), repair.fee
    said = told(enter("commerce").page(f"/admin/repair/{pk}/"))
    assert said["送修日期"] == sent
    assert said["维修费"] == marks.money(fee, sign=True)
    assert "客户放弃" not in said


def test_an_approved_claim_offers_no_change(cast, enter):
    """R7.7: the workflow would refuse it."""
    claim = db.session.scalars(select(Expense).where(Expense.approved_on.is_not(None))).first()
    pk = claim.id
    edit = f'href="/admin/expense/{pk}/edit/"'
    client = enter("clerk")
    assert edit not in client.page(f"/admin/expense/{pk}/")
    claim = db.session.get(Expense, pk)
    claim.approved_on = None
    db.session.commit()
    assert edit in client.page(f"/admin/expense/{pk}/")


def test_before_a_visit_has_ended_no_form_is_missing(cast, enter):
    visit = db.session.scalars(select(Visit).join(FeedbackForm)).first()
    assert form_states([visit.id])[visit.id] == form_badge(visit.form, visit)
    assert form_badge(None, visit).label == "缺反馈单"
    visit.ended_at, visit.started_at = None, visit.ticket.reported_at
    assert form_badge(None, visit).label == "未结束"
    visit.started_at = None
    assert form_badge(None, visit).label == "未开始"


def test_an_accepted_form_of_a_register_is_not_offered_to_be_written(cast, enter):
    """R4.2: the workflow would refuse it."""
    visit = db.session.scalars(select(Visit).join(FeedbackForm)).first()
    write = next(step for step in VisitView.steps if step.verb == "write_form")
    visit.form.submitted_at = None
    assert visit.form.accepted_on
    assert not write.open(visit)
    visit.form.accepted_on = None
    assert write.open(visit)


def test_out_of_warranty_no_replacement_is_offered(cast, enter):
    """R1.3: it would be refused."""
    ticket = db.session.scalars(
        select(Ticket).where(Ticket.device_id.is_not(None), Ticket.completed_at.is_not(None))
    ).first()
    ticket.out_of_warranty, ticket.human_made, pk = False, False, ticket.id
    db.session.commit()
    client, offered = enter("clerk"), f'href="/admin/ticket/{pk}/replace/"'
    assert offered in client.page(f"/admin/ticket/{pk}/")
    db.session.get(Ticket, pk).out_of_warranty = True
    db.session.commit()
    assert offered not in client.page(f"/admin/ticket/{pk}/")


def test_what_has_not_arisen_is_not_outstanding(cast, enter):
    """R6.4: a service is owed from its completion on."""
    service = first(SoftwareService)
    service.receivable.arose_on, pk = None, service.id
    number = service.receivable.number
    db.session.commit()
    client = enter("finance")
    assert "未收 ¥" not in client.page(f"/admin/software_service/{pk}/")
    row = client.page(f"/admin/receivable/?q={number}")
    assert "未产生" in row


def test_a_question_says_what_it_is_about(cast, enter):
    ticket = first(Ticket)
    pk, customer, number = ticket.id, ticket.customer.name, ticket.number
    page = enter("clerk").page(f"/admin/ticket/{pk}/note/")
    asked = page[page.index('class="ac-card ac-ask"') :]
    assert customer in asked
    assert number in asked


def test_choices_that_have_no_room_are_a_list(app):
    class Choices(NounForm):
        few = YesNo("", yes="是", no="否")
        long = YesNo("", yes="Comes on site at once", no="Does not come at all")

    form = Choices()
    assert (form.few.kind, form.long.kind) == ("segments", "list")


def test_base_pay_of_a_submitted_month_offers_no_change(cast, enter):
    """R7.1: the workflow would refuse it."""
    entry = db.session.scalars(
        select(BasePayEntry).where(BasePayEntry.month == Month(2026, 7))
    ).first()
    pk = entry.id
    client, edit = enter("clerk"), f'href="/admin/base_pay/{pk}/edit/"'
    assert edit in client.page(f"/admin/base_pay/{pk}/")
    for month in (Month(2026, 6), Month(2026, 7)):
        draft(month, actor=cast["clerk"])
        submit(month, actor=cast["clerk"], explain="已核对")
    assert edit not in client.page(f"/admin/base_pay/{pk}/")


def test_a_sale_on_credit_is_not_offered_for_delivery_before_it_is_approved(cast, enter):
    """R6.2: the workflow would refuse it."""
    sale = first(PartsSale)
    deliver = next(step for step in PartsSaleView.steps if step.verb == "deliver")
    sale.receivable.arose_on, sale.approved_on, sale.cancelled_on = None, None, None
    sale.requested_on, sale.terms = None, PaymentTerms.CREDIT
    db.session.commit()
    assert sale.state is SaleState.REGISTERED
    assert not deliver.open(sale)
    sale.terms = PaymentTerms.PREPAID
    assert deliver.open(sale)


def test_from_the_limit_on_the_manager_is_not_offered_the_leader_s_approval(cast, enter):
    """R6.2: the workflow would refuse it."""
    service = first(SoftwareService)
    service.receivable.arose_on, service.approved_on, service.refused_on = None, None, None
    limit = parameter_history().of(Month.of(today())).amount("credit_threshold")
    service.receivable.total, pk = limit - Decimal("0.01"), service.id
    db.session.commit()
    manager, leader = enter("manager"), enter("leader")
    offered, path = (
        f'href="/admin/software_service/{pk}/approve/"',
        f"/admin/software_service/{pk}/",
    )
    assert offered in manager.page(path)
    db.session.get(SoftwareService, pk).receivable.total = limit
    db.session.commit()
    assert offered not in manager.page(path)
    assert offered in leader.page(path)


def test_starting_a_ticket_in_service_is_said_to_be_a_further_visit(app):
    start = next(step for step in TicketView.steps if step.verb == "start")
    told = "这是再来一次"
    assert told in start.causes(Ticket(status=TicketState.IN_SERVICE))[0]
    assert not any(told in cause for cause in start.causes(Ticket(status=TicketState.ACCEPTED)))


def test_a_repair_that_costs_nothing_is_not_offered_for_quotation(cast, enter):
    """R5.2: the workflow would refuse it."""
    quote = next(step for step in RepairView.steps if step.verb == "quote")
    repair = first(Repair)
    for field in ("quoted_on", "confirmed_on", "declined_on", "maker_comes_on", "sent_on"):
        setattr(repair, field, None)
    for field in ("repaired_on", "given_up_on", "closed_on"):
        setattr(repair, field, None)
    repair.receivable.arose_on, repair.checked_on, repair.chargeable = None, today(), True
    db.session.commit()
    assert repair.state is RepairState.CHECKED
    assert quote.open(repair)
    repair.chargeable = False
    assert not quote.open(repair)


def test_who_confirms_purchase_prices_is_told_them(cast, enter):
    """R6.1: 2 × 600 sold, 2 × 450 bought, 20 besides."""
    sale = first(PartsSale)
    sale.receivable.total, sale.other_costs = Decimal(1200), Decimal(20)
    sale.net_profit, sale.purchase_confirmed, pk = Decimal(280), False, sale.id
    db.session.commit()
    page = enter("finance").page(f"/admin/parts_sale/{pk}/confirm_purchase/")
    assert "销售 ¥1,200.00 − 进货 ¥900.00 − 其他费用 ¥20.00 = 净利润 ¥280.00。" in page


def test_what_is_counted_up_in_english_has_english_commas(cast, enter):
    reader = enter("leader", "admin")
    reader.set_cookie("language", "en")
    assert "、" not in reader.page("/admin/account/")


def test_of_a_ticket_s_visits_and_forms_those_that_its_reader_sees_are_links(cast, enter):
    visit = db.session.scalars(select(Visit).join(FeedbackForm)).first()
    people = db.session.scalars(select(Employee).where(Employee.number.in_(["T001", "T002"])))
    his, other = sorted(people, key=lambda one: one.number)
    ticket, links = visit.ticket_id, [f"/admin/visit/{visit.id}/", f"/admin/form/{visit.form.id}/"]
    technician = enter("technician", employee=his.number)
    account = db.session.scalars(select(Account).where(Account.username == "web-technician")).one()
    db.session.get(Ticket, ticket).registered_by_id = account.id
    for person, seen in ((his.id, True), (other.id, False)):
        db.session.execute(delete(VisitPerson).where(VisitPerson.visit_id == visit.id))
        db.session.add(VisitPerson(visit_id=visit.id, position=1, employee_id=person))
        db.session.commit()
        page = technician.page(f"/admin/ticket/{ticket}/")
        assert [f'href="{link}"' in page for link in links] == [seen, seen]
        assert [technician.get(link).status_code for link in links] == [200 if seen else 404] * 2


@pytest.mark.parametrize("noun", [PartsSale, SoftwareService, Repair])
def test_a_document_and_its_receivable_lead_to_each_other(cast, enter, noun):
    document = db.session.scalars(select(noun).join(Receivable).where(Receivable.total > 0)).first()
    path = f"/admin/{noun.__tablename__.removesuffix('s')}/{document.id}/"
    receivable = f"/admin/receivable/{document.receivable_id}/"
    finance = enter("finance")
    assert f'href="{receivable}"' in finance.page(path)
    assert f'href="{path}"' in finance.page(receivable)


def test_an_overdue_receivable_leads_to_its_case(cast, enter):
    """R8.2: those who may read cases, and of a technician's receivables his own."""
    case = first(OverdueCase)
    link, path = f'href="/admin/overdue/{case.id}/"', f"/admin/receivable/{case.receivable_id}/"
    number = case.receivable.handler.number
    for reader, seen in (
        (enter("finance"), True), (enter("technician", employee=number), True),
        (enter("project_manager"), False),
    ):  # fmt: skip
        answer = reader.get(path)
        assert answer.status_code == (200 if seen else 403)
        assert (link in answer.get_data(as_text=True)) is seen
