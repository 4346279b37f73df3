"""What an auditor sees only on asking, with a reason on record; and pay that is nobody else's (R10, trust.md)."""

import csv
import io
from decimal import Decimal

import pytest
from sqlalchemy import select

from models import db
from models.account import Account
from models.audit import AuditRecord
from models.customer import Customer
from models.employee import Employee
from tests.cast import people, take_in
from workflows.customer import update_customer
from workflows.employee import update_employee

PHONE, ADDRESS = "13905173362", "解放路 18 号 2 楼"


@pytest.fixture
def customer(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    row = db.session.scalar(select(Customer).order_by(Customer.id).limit(1))
    update_customer(row.id, {"phone": PHONE, "address": ADDRESS}, version=None, actor=cast["clerk"])
    return row


def seen(page):
    return {word for word in (PHONE, "139 0517 3362", ADDRESS) if word in page}


def test_an_auditor_sees_private_values_masked_everywhere(customer, enter):
    auditor = enter("auditor")
    url = f"/admin/customer/{customer.id}/"
    for path in ("/admin/customer/", url, f"{url}?tab=file", f"{url}?tab=history"):
        page = auditor.page(path)
        assert seen(page) == set(), path
    assert "139 •••• 3362" in auditor.page(url)
    sheet = (
        auditor.send("/admin/customer/export/csv/", "/admin/customer/")
        .get_data()
        .decode("utf-8-sig")
    )
    assert seen(sheet) == set()
    assert len(list(csv.reader(io.StringIO(sheet)))) > 1


def test_he_sees_them_for_a_while_once_he_says_why(customer, enter):
    auditor, url = enter("auditor"), f"/admin/customer/{customer.id}/"
    auditor.send(f"{url}reveal/", url, reason="核")
    assert seen(auditor.page(url)) == set()
    auditor.send(f"{url}reveal/", url, reason="核对投诉人的电话")
    assert seen(auditor.page(url)) == {"139 0517 3362", ADDRESS}
    record = db.session.scalar(select(AuditRecord).where(AuditRecord.verb == "reveal"))
    assert record.subject == customer.number
    assert record.details == '{"reason": "核对投诉人的电话"}'
    other = db.session.scalar(select(Customer).where(Customer.id != customer.id).limit(1))
    assert "••••" in auditor.page(f"/admin/customer/{other.id}/")


def test_others_see_them_without_asking(customer, enter):
    clerk, url = enter("clerk"), f"/admin/customer/{customer.id}/"
    assert seen(clerk.page(url)) == {"139 0517 3362", ADDRESS}
    assert clerk.send(f"{url}reveal/", url, reason="不必问").status_code == 403


def test_a_technician_sees_his_own_pay_and_no_colleagues(customer, enter):
    own, other = db.session.scalars(select(Employee).order_by(Employee.number).limit(2))
    for row, pay in ((own, "6111.11"), (other, "7222.22")):
        values = {"base_pay": Decimal(pay)}
        update_employee(row.id, values, version=None, actor=_manager())
    client = enter("technician", employee=own.number)
    assert "6,111.11" in client.page(f"/admin/employee/{own.id}/")
    for path in ("", "?tab=history"):
        assert "7,222.22" not in client.page(f"/admin/employee/{other.id}/{path}")
    assert "7,222.22" in enter("manager").page(f"/admin/employee/{other.id}/?tab=history")
    assert client.get("/admin/employee/?sort=base_pay").status_code == 400


def _manager():
    return db.session.scalar(select(Account).where(Account.username == "manager"))
