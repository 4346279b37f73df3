"""People and documents for the stories about money."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from models import db
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from rules.parts_sale import PaymentTerms
from rules.permissions import Role
from tests.cast import account, people, take_in
from workflows import parts_sale as sales
from workflows.parts_sale import SaleLine, create_parts_sale
from workflows.transaction import today

LINE = SaleLine("光模块", Decimal(2), Decimal("500.00"), Decimal("300.00"))


def cast_of_money():
    """The sample company with commerce, a second manager and T001 as a technician."""
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    cast["commerce"] = account("commerce", Role.COMMERCE)
    cast["t001"] = account("t001", Role.TECHNICIAN, employee="T001")
    return cast


def customer_id():
    return db.session.scalar(select(Customer.id).order_by(Customer.number).limit(1))


def employee_id(number="T001"):
    return db.session.scalar(select(Employee.id).where(Employee.number == number))


def device(serial="SN-001-2"):
    return db.session.scalar(select(Device).where(Device.serial == serial))


def sale_values(**overrides):
    values = {"sold_on": today(), "terms": PaymentTerms.PREPAID, "circumstance": None, "agreed_payment_on": None,
              "device_id": None, "damage_reason": None, "customer_id": customer_id(),
              "handler_id": employee_id()}  # fmt: skip
    return values | overrides


def sale(cast, lines=(LINE,), **overrides):
    return create_parts_sale(sale_values(**overrides), list(lines), actor=cast["commerce"])


def credit(cast, price="500.00", **overrides):
    line = SaleLine("交换机", Decimal(1), Decimal(price), Decimal("100.00"))
    terms = {
        "terms": PaymentTerms.CREDIT,
        "circumstance": "抢修",
        "agreed_payment_on": date(2027, 1, 31),
    }
    return sale(cast, [line], **(terms | overrides))


def owed_by_customer(cast):
    """A sale on credit, delivered and unpaid: 500.00."""
    row = credit(cast)
    for step, who in (
        (sales.request_credit, "commerce"),
        (sales.approve_credit, "manager"),
        (sales.deliver, "commerce"),
    ):
        step(row.id, {}, version=None, actor=cast[who])  # fmt: skip
    return row.receivable
