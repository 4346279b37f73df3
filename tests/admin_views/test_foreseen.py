"""What stands beside a new ticket's form: its clocks, its warranty, what it may repeat (R1.2, R3.1, R4.6)."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.device import Device
from models.ticket import Ticket
from rules.period import SHANGHAI
from rules.ticket import TicketState
from workflows.ticket_clocks import clocks_of
from workflows.transaction import today

HOME = "/admin/ticket/"
NEW = HOME + "new/"


def beside(client, seen=NEW, **form):
    answer = client.send(HOME + "foreseen/", seen, **form)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def request_of(ticket, **changed):
    """The form of a request like an earlier ticket's."""
    form = {
        "customer_id": str(ticket.customer_id), "device_id": str(ticket.device_id or ""), "site_id": "",
        "source": "service_line", "severity": ticket.severity.value, "mode": ticket.mode.value, "fault": ticket.fault,
        "onsite_reason": "远程无法处理", "reported_at": f"{ticket.reported_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    return form | changed


def with_device(*conditions):
    query = select(Ticket).where(Ticket.device_id.is_not(None), *conditions)
    return db.session.scalars(query.order_by(Ticket.id)).first()


def dues(page):
    return re.findall(r'<time datetime="([^"]+)"', page.split("</dl>")[0])


def test_nothing_is_promised_before_it_is_known_what_for(clerk):
    page = beside(clerk)
    assert "选了客户、问题等级和服务方式" in page
    assert dues(page) == []


@pytest.mark.parametrize("severity", ["A", "B", "C", "D"])
def test_the_clocks_are_those_that_the_ticket_then_has(clerk, severity):
    form = request_of(with_device(), severity=severity, fault="从未见过的故障")
    shown = dues(beside(clerk, **form))
    assert clerk.send(NEW, NEW, **form).status_code == 302
    new = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert new.fault == "从未见过的故障"
    clocks = clocks_of(Ticket.id == new.id)[new.id]
    assert [datetime.fromisoformat(text) for text in shown] == [c.due for c in clocks]
    assert shown or severity == "D"


def test_out_of_warranty_is_said_to_be_charged(clerk):
    device = db.session.scalars(select(Device).order_by(Device.id)).first()
    ticket = with_device()
    ticket.device_id, ticket.customer_id = device.id, device.project.customer_id
    device.project.accepted_on, device.project.warranty_months = today() - timedelta(days=800), 12
    device.warranty_months = None
    db.session.commit()
    form = request_of(with_device(Ticket.device_id == device.id), reported_at="")
    page = beside(clerk, **form)
    assert "过保" in page
    assert "人工和配件收费" in page
    device = db.session.get(Device, device.id)
    device.project.accepted_on = today() - timedelta(days=10)
    db.session.commit()
    assert "人工和配件不收费" in beside(clerk, **form)


def test_the_same_fault_of_the_same_device_is_shown_before_it_is_registered_twice(clerk):
    ticket = with_device(Ticket.status != TicketState.CANCELLED)
    number, form = ticket.number, request_of(ticket)
    assert number in beside(clerk, **form)
    assert "登记后记为重复故障" in beside(clerk, **form)
    assert "登记后记为重复故障" not in beside(clerk, **request_of(ticket, fault="另一种故障"))


def test_only_what_is_the_customer_s_own_is_offered(clerk):
    device = db.session.scalars(select(Device).order_by(Device.id)).first()
    owner, serial = device.project.customer_id, device.serial
    others = {
        d.serial for d in db.session.scalars(select(Device)) if d.project.customer_id != owner
    }
    path = "/admin/device/lookup/"
    assert {one["text"] for one in clerk.get(path).json} & others
    mine = {one["text"] for one in clerk.get(f"{path}?customer={owner}").json}
    assert serial in mine
    assert not mine & others
    assert clerk.get(f"{path}?customer=999999").json == []
    assert clerk.get(f"{path}?customer=x").status_code == 400


def test_what_cannot_be_read_is_left_out_and_nothing_is_written(clerk):
    before = db.session.scalar(select(func.count(AuditRecord.id)))
    tickets = db.session.scalar(select(func.count(Ticket.id)))
    form = {
        "customer_id": "999999",
        "severity": "Z",
        "mode": "1 OR 1",
        "reported_at": "gestern",
        "device_id": "-1",
    }
    page = beside(clerk, **form)
    assert dues(page) == []
    assert "Traceback" not in page
    beside(clerk, **request_of(with_device()))
    assert db.session.scalar(select(func.count(AuditRecord.id))) == before
    assert db.session.scalar(select(func.count(Ticket.id))) == tickets


def test_a_technician_is_told_nothing_of_others_tickets(clerk, enter):
    ticket = with_device(Ticket.status != TicketState.CANCELLED)
    form = request_of(ticket)
    other = enter("technician", employee="T002", name="other")
    ids = db.session.scalars(select(Ticket.id)).all()
    seen = {n for n in ids if other.get(f"{HOME}{n}/").status_code == 200}
    assert ticket.id not in seen
    assert ticket.number not in beside(other, **form)


@pytest.mark.parametrize("role", ["auditor", "finance", "admin"])
def test_who_registers_nothing_foresees_nothing(clerk, enter, role):
    answer = enter(role).send(HOME + "foreseen/", "/admin/profile/")
    assert answer.status_code == 403
