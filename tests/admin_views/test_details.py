"""A record's page: what it holds in words, nothing left blank, and what was changed (R10)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from admin_views import marks
from models import db
from models.device import Device
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.ticket import Ticket, Visit
from tests.cast import people, take_in
from workflows.audit import record
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
