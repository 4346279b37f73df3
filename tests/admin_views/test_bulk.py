"""Bulk actions of a list: a page that says what will happen, then all of it or nothing (R2.4, R3.3)."""

import re
from html import escape, unescape

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from models.customer import Customer
from models.employee import Employee
from models.ticket import Ticket
from rules.ticket import ServiceMode, Severity, TicketSource, TicketState
from tests.cast import people, take_in
from workflows import ticket_intake
from workflows.ticket_intake import Request, register

HOME = "/admin/ticket/"
ACTION = HOME + "action/"
TECHNICIAN = "T001"


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    return cast


def new(cast, severity=Severity.B, **others):
    customer = db.session.scalars(select(Customer.id).order_by(Customer.id)).first()
    values = {
        "customer_id": customer, "source": TicketSource.SERVICE_LINE, "fault": "端口丢包", "severity": severity,
        "mode": ServiceMode.PHONE,
    }  # fmt: skip
    return register(Request(**values | others), actor=cast["clerk"]).id


def person():
    return str(db.session.scalar(select(Employee.id).where(Employee.number == TECHNICIAN)))


def states(*ids):
    return [db.session.get(Ticket, number).status for number in ids]


def test_a_page_asks_first_and_names_what_is_ticked(cast, enter):
    ids = [new(cast), new(cast)]
    numbers = [db.session.get(Ticket, number).number for number in ids]
    answer = enter("clerk").send(ACTION, HOME, action="dispatch", rowid=ids)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "把这 2 张服务单派给同一个人" in page
    assert all(number in page for number in numbers)
    assert states(*ids) == [TicketState.REGISTERED] * 2


def test_several_are_dispatched_once_confirmed(cast, enter):
    ids = [new(cast), new(cast)]
    form = {"action": "dispatch", "rowid": ids, "confirmed": "1", "employee_id": person()}
    client = enter("clerk")
    assert client.send(ACTION, HOME, **form).status_code == 302
    assert "共 2 条" in client.page(HOME)
    assert states(*ids) == [TicketState.DISPATCHED] * 2
    told = select(AuditRecord.verb).where(AuditRecord.verb == "dispatch")
    assert len(db.session.scalars(told).all()) == 2


def test_after_it_the_list_stands_as_it_was_asked_for(cast, enter):
    number, listed = new(cast), HOME + "?status=registered&sort=reported_at"
    client = enter("clerk")
    bulk = re.search(r'action="([^"]*)"[^>]*data-bulk', client.page(listed))
    question = client.send(unescape(bulk[1]), HOME, action="dispatch", rowid=[number])
    page = question.get_data(as_text=True)
    assert f'href="{escape(listed)}"' in page  # to look again
    sent = unescape(re.search(r'<form method="post" action="([^"]*action/[^"]*)"', page)[1])
    form = {"action": "dispatch", "rowid": [number], "confirmed": "1", "employee_id": person()}
    assert client.send(sent, HOME, **form).location == listed
    assert client.send(sent, HOME, action="dispatch", rowid=[number]).location == listed


def test_a_list_that_nobody_can_ask_for_is_refused_before_anything_is_done(cast, enter):
    number = new(cast)
    form = {"action": "dispatch", "rowid": [number], "confirmed": "1", "employee_id": person()}
    assert enter("clerk").send(ACTION + "?base_pay=1", HOME, **form).status_code == 400
    assert states(number) == [TicketState.REGISTERED]


def test_one_that_cannot_be_done_stops_all_and_is_named(cast, enter):
    ready, lacking = new(cast), new(cast, Severity.C)  # C needs a day agreed on with the customer
    number = db.session.get(Ticket, lacking).number
    form = {"action": "dispatch", "rowid": [ready, lacking], "confirmed": "1"}
    answer = enter("clerk").send(ACTION, HOME, **form, employee_id=person())
    page = answer.get_data(as_text=True)
    assert answer.status_code in (400, 409)
    assert f"{number}：C、D 级须填与客户约定的日期" in page
    assert states(ready, lacking) == [TicketState.REGISTERED] * 2


@pytest.mark.parametrize("also", [True, False])
def test_what_its_state_does_not_let_is_named_and_not_asked_about(cast, enter, also):
    ready, gone = new(cast), new(cast)
    ticket_intake.cancel(gone, actor=cast["clerk"], reason="重复登记")
    number = db.session.get(Ticket, gone).number
    client = enter("clerk")
    answer = client.send(ACTION, HOME, action="dispatch", rowid=[ready, gone] if also else [gone])
    if not also:
        assert answer.status_code == 302
        assert f"勾选的现在都不能“派工”：{number}。" in client.page(HOME)
        return
    page = answer.get_data(as_text=True)
    assert "把这 1 张服务单派给同一个人" in page
    assert re.search(f"已去掉现在不能“派工”的：.*{number}", page)
    assert f'name="rowid" value="{ready}"' in page and f'name="rowid" value="{gone}"' not in page


def test_several_levels_change_with_one_reason(cast, enter):
    ids = [new(cast), new(cast)]
    form = {"action": "set_severity", "rowid": ids, "confirmed": "1", "severity": "A"}
    client = enter("clerk")
    assert client.send(ACTION, HOME, **form).status_code == 400  # a reason is missing
    assert client.send(ACTION, HOME, **form, reason="机房断电").status_code == 302
    assert [db.session.get(Ticket, number).severity for number in ids] == [Severity.A] * 2


@pytest.mark.parametrize("role", ["technician", "finance", "auditor", "admin", "commerce"])
def test_others_dispatch_nothing(cast, enter, role):
    number = new(cast)
    client = enter(role, employee="T002" if role == "technician" else None)
    form = {"action": "dispatch", "rowid": [number], "confirmed": "1", "employee_id": person()}
    assert client.send(ACTION, "/admin/profile/", **form).status_code == 403
    assert states(number) == [TicketState.REGISTERED]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"action": "dispatch", "rowid": ["999999"]}, 404),
        ({"action": "dispatch", "rowid": ["x"]}, 400),
        ({"action": "delete", "rowid": ["1"]}, 404),
        ({"action": "dispatch"}, 302),
    ],
)
def test_what_is_not_there_is_refused_in_words(cast, enter, form, status):
    answer = enter("clerk").send(ACTION, HOME, **form)
    assert answer.status_code == status
