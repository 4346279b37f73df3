"""Sites and contacts of customers: one file each, and a site's region goes before its customer's (R2.7, R3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from models.customer import Customer
from rules.clock import ClockName
from rules.permissions import Role
from rules.ticket import ServiceMode, Severity
from tests.cast import account
from tests.workflows.service_desk import Desk
from workflows.contact import create_contact, update_contact
from workflows.contact import subject as contact_subject
from workflows.refusal import Forbidden, Refused, Stale
from workflows.site import create_site, update_site
from workflows.site import subject as site_subject
from workflows.ticket_clocks import clock_faces, clock_faces_of
from workflows.transaction import writing


@pytest.fixture
def desk(app):
    return Desk()


def site(desk, **overrides):
    values = {"customer_id": desk.customer.id, "name": "县城灾备机房", "in_town": False}
    return create_site(values | overrides, actor=desk.clerk)


def contact(desk, **overrides):
    values = {"customer_id": desk.customer.id, "name": "韩雪", "phone": "13905173362"}
    return create_contact(values | overrides, actor=desk.clerk)


def stranger():
    with writing():
        other = Customer(number="KH-0043", name="永湖港务", in_town=True)
        db.session.add(other)
    return other


@pytest.mark.parametrize(
    ("in_town", "site_in_town", "hours"),
    [
        pytest.param(True, None, 2, id="R3: no region of its own, the customer is in town"),
        pytest.param(True, False, 24, id="R3: a site out of town of a customer in town"),
        pytest.param(False, True, 2, id="R3: a site in town of a customer out of town"),
        pytest.param(False, None, 24, id="R3: no region of its own, the customer is out of town"),
    ],
)
def test_a_sites_region_decides_how_fast_someone_must_come(desk, in_town, site_in_town, hours):
    """分级响应, severity A: on site within 2 h in town, 24 h out of town."""
    with writing():
        desk.customer.in_town = in_town
    place = site(desk, in_town=site_in_town)
    ticket = desk.register(severity=Severity.A, mode=ServiceMode.ONSITE, site_id=place.id)
    for faces in (clock_faces([ticket.id])[ticket.id], clock_faces_of(ticket)):
        onsite = next(face for face in faces if face.name is ClockName.ONSITE)
        assert onsite.clock.allowance == timedelta(hours=hours)


def test_a_ticket_names_no_site_of_another_customer(desk):
    elsewhere = site(desk, customer_id=stranger().id)
    with pytest.raises(Refused, match="不是该客户的"):
        desk.register(site_id=elsewhere.id)


def test_two_sites_of_a_customer_have_two_names(desk):
    site(desk)
    with pytest.raises(Refused, match="已有地点"):
        site(desk)
    other = site(desk, name="总部机房")
    with pytest.raises(Refused, match="已有地点"):
        update_site(other.id, {"name": "县城灾备机房"}, version=None, actor=desk.clerk)
    site(desk, customer_id=stranger().id)  # another customer's may be called the same


def test_what_is_changed_is_on_record_and_the_second_editor_is_told(desk):
    row = site(desk)
    update_site(row.id, {"in_town": True}, version=row.row_version, actor=desk.clerk)
    with pytest.raises(Stale):
        update_site(row.id, {"in_town": None}, version=1, actor=desk.clerk)
    query = select(AuditRecord.verb).where(AuditRecord.noun == "site").order_by(AuditRecord.id)
    assert db.session.scalars(query).all() == ["create", "change"]


def test_a_new_name_keeps_the_history_of_the_old(desk):
    row, person = site(desk), contact(desk)
    update_site(row.id, {"name": "县灾备中心"}, version=None, actor=desk.clerk)
    update_contact(person.id, {"name": "韩雪梅"}, version=None, actor=desk.clerk)
    for noun, called in (("site", site_subject(row)), ("contact", contact_subject(person))):
        mine = (AuditRecord.noun == noun, AuditRecord.subject == called)
        query = select(AuditRecord.verb).where(*mine).order_by(AuditRecord.id)
        assert db.session.scalars(query).all() == ["create", "change"]


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.AUDITOR, Role.FINANCE, Role.ADMIN])
def test_who_may_not_keep_the_file_is_kept_from_it(desk, role):
    actor = account(f"no-{role.value}", role)
    row, person = site(desk), contact(desk)
    for attempt in (
        lambda: create_site({"customer_id": desk.customer.id, "name": "x"}, actor=actor),
        lambda: update_site(row.id, {"name": "x"}, version=None, actor=actor),
        lambda: create_contact({"customer_id": desk.customer.id, "name": "x"}, actor=actor),
        lambda: update_contact(person.id, {"name": "x"}, version=None, actor=actor),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_contact_stands_at_a_site_of_his_own_customer(desk):
    elsewhere = site(desk, customer_id=stranger().id)
    with pytest.raises(Refused, match="不是该客户的"):
        contact(desk, site_id=elsewhere.id)
    person = contact(desk, site_id=site(desk).id)
    with pytest.raises(Refused, match="不是该客户的"):
        update_contact(person.id, {"site_id": elsewhere.id}, version=None, actor=desk.clerk)


@pytest.mark.parametrize("email", ["li", "li@", "@example.com", "li@example", "a b@example.com"])
def test_what_is_no_address_is_refused_with_an_example(desk, email):
    with pytest.raises(Refused, match="li@example.com"):
        contact(desk, email=email)
    assert contact(desk, email="li@example.com").email == "li@example.com"
