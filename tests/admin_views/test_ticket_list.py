"""The tickets' list: who pays, who goes, where; and the way from a request straight to its dispatch."""

import re

from sqlalchemy import select

from models import db
from models.employee import Employee
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, Visit
from rules.ticket import TicketState
from workflows.ticket import in_warranty_at_report
from workflows.ticket_clocks import in_town

HOME = "/admin/ticket/"
NEW = HOME + "new/"


def listed(client, noun, query=""):
    page = client.page(f"/admin/{noun}/?size=100{query}")
    return {int(one) for one in re.findall(rf'data-open href="/admin/{noun}/(\d+)/"', page)}


def cells(client, kind):
    """The last cells of a kind in each row of the list, by ticket."""
    rows = client.page(HOME + "?size=100").split("<tr data-row>")[1:]
    found = {}
    for row in rows:
        number = int(re.search(r'data-open href="/admin/ticket/(\d+)/"', row)[1])
        found[number] = re.findall(rf'<td class="[^"]*{kind}"[^>]*>(.*?)</td>', row)[-1].strip()
    return found


def test_the_list_says_who_pays_as_the_ticket_does(clerk):
    first = db.session.scalars(select(Ticket).order_by(Ticket.id)).first()
    first.out_of_warranty = in_warranty_at_report(first) is not False
    db.session.commit()
    words = {True: "在保", False: "过保", None: "–"}
    known = {t.id: words[in_warranty_at_report(t)] for t in db.session.scalars(select(Ticket))}
    assert {re.sub("<.*?>", "", text) for text in known.values()} > {"在保", "过保"}
    shown = {n: re.sub("<.*?>", "", text) for n, text in cells(clerk, "ac-k-text").items()}
    assert shown == known


def test_tickets_visits_and_forms_are_found_by_who_was_there(clerk):
    crews = {v.id: {p.employee_id for p in v.people} for v in db.session.scalars(select(Visit))}
    tickets = {v.id: v.ticket_id for v in db.session.scalars(select(Visit))}
    forms = {f.id: f.visit_id for f in db.session.scalars(select(FeedbackForm))}
    asked = 0
    for employee in db.session.scalars(select(Employee.id)).all():
        visits = {visit for visit, crew in crews.items() if employee in crew}
        query = f"&person={employee}"
        assert listed(clerk, "visit", query) == visits
        assert listed(clerk, "ticket", query) == {tickets[visit] for visit in visits}
        assert listed(clerk, "form", query) == {f for f, visit in forms.items() if visit in visits}
        asked += bool(visits)
    assert asked > 1
    assert clerk.get(HOME + "?person=x").status_code == 400
    assert listed(clerk, "ticket", "&person=999999") == set()


def test_tickets_are_found_by_where_they_are(clerk):
    known = {t.id: in_town(t) for t in db.session.scalars(select(Ticket))}
    for word, near in (("yes", True), ("no", False)):
        expected = {number for number, town in known.items() if town is near}
        assert expected
        assert listed(clerk, "ticket", f"&in_town={word}") == expected


def test_an_undispatched_ticket_leads_to_its_dispatch_whoever_may(clerk, enter):
    form = {
        "customer_id": str(db.session.scalar(select(Ticket.customer_id))), "source": "service_line", "severity": "B",
        "mode": "phone", "fault": "无法登录",
    }  # fmt: skip
    assert clerk.send(NEW, NEW, **form).status_code == 302
    new = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    way = f"{HOME}{new.id}/dispatch/"
    undispatched = {n for n, text in cells(clerk, "ac-k-person").items() if "派工" in text}
    open_states = (TicketState.REGISTERED, TicketState.VERIFIED)
    for number in undispatched:
        assert db.session.get(Ticket, number).status in open_states
    assert new.id in undispatched
    assert f'href="{way}"' in cells(clerk, "ac-k-person")[new.id]
    assert "技术员" in clerk.page(way)
    for role in ("auditor", "leader", "finance"):
        assert way not in enter(role).page(HOME)


def test_a_request_goes_straight_to_its_dispatch(clerk, enter):
    form = {
        "customer_id": str(db.session.scalar(select(Ticket.customer_id))), "source": "service_line", "severity": "B",
        "mode": "phone", "fault": "无法登录",
    }  # fmt: skip
    assert 'name="then" value="dispatch"' in clerk.page(NEW)
    answer = clerk.send(NEW, NEW, **form, then="dispatch")
    new = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert answer.headers["Location"] == f"{HOME}{new.id}/dispatch/"
    assert "已保存" in clerk.page(answer.headers["Location"])
    for then in ("close", "", "https://example.invalid/"):
        answer = clerk.send(NEW, NEW, **form, then=then)
        new = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
        assert answer.headers["Location"] == f"{HOME}{new.id}/"
    technician = enter("technician", employee="T002")
    assert 'name="then"' not in technician.page(NEW)
    answer = technician.send(NEW, NEW, **form | {"source": "technician"}, then="dispatch")
    new = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert answer.headers["Location"] == f"{HOME}{new.id}/"
