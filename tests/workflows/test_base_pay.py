"""A month's base pay as found goes before the rate, until the month is submitted (R7.1)."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from models.employee import Employee
from rules.permissions import Role
from tests.cast import AUGUST, JULY, JUNE, account, carry_through, people, take_in
from workflows import settlement as steps
from workflows.base_pay import create_base_pay, update_base_pay
from workflows.refusal import Forbidden, Refused, Stale
from workflows.settlement_report import settlement_report


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)
    return cast


def enter(actor, month=JULY, amount="4321.09", number="T002", **rest):
    owner = db.session.scalar(select(Employee.id).where(Employee.number == number))
    values = {
        "employee_id": owner,
        "month": month,
        "amount": Decimal(amount),
        "reason": "病假 3 天",
    }
    return create_base_pay(values | rest, actor=actor)


def base_pay(month, number="T002"):
    found = next(e for e in settlement_report(month)["employees"] if e["employee"] == number)
    return next(line["amount"] for line in found["lines"] if line["kind"] == "base_pay")


def test_what_was_found_is_paid_instead_of_the_rate(cast):
    steps.draft(JULY, actor=cast["clerk"])
    rate = base_pay(JULY)
    row = enter(cast["clerk"])
    steps.draft(JULY, actor=cast["clerk"])
    assert base_pay(JULY) == "4321.09" != rate
    update_base_pay(
        row.id, {"amount": Decimal("4000.00")}, version=row.row_version, actor=cast["manager"]
    )
    steps.draft(JULY, actor=cast["clerk"])
    assert base_pay(JULY) == "4000.00"
    query = select(AuditRecord.verb).where(AuditRecord.noun == "base_pay").order_by(AuditRecord.id)
    assert db.session.scalars(query).all() == ["create", "change"]


def test_a_month_submitted_is_not_found_anew(cast):
    """The sample's June is paid; July is refused from its submission on, and open again when returned."""
    with pytest.raises(Refused, match="已提交结算"):
        enter(cast["clerk"], month=JUNE)
    row = enter(cast["clerk"])
    steps.draft(JULY, actor=cast["clerk"])
    steps.submit(JULY, actor=cast["clerk"], explain="已核对")
    with pytest.raises(Refused, match="已提交结算"):
        update_base_pay(row.id, {"amount": Decimal(1)}, version=None, actor=cast["clerk"])
    steps.give_back(JULY, actor=cast["manager"], reason="底薪有误")
    update_base_pay(row.id, {"amount": Decimal(0)}, version=None, actor=cast["clerk"])
    enter(cast["clerk"], month=AUGUST)


def test_a_month_is_found_once_and_never_below_nothing(cast):
    row = enter(cast["clerk"])
    with pytest.raises(Refused, match="已经核定过"):
        enter(cast["clerk"])
    with pytest.raises(Refused, match="不能小于 0"):
        enter(cast["clerk"], month=AUGUST, amount="-0.01")
    update_base_pay(row.id, {"reason": "事假"}, version=1, actor=cast["clerk"])
    with pytest.raises(Stale):
        update_base_pay(row.id, {"reason": "病假"}, version=1, actor=cast["clerk"])


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.FINANCE, Role.LEADER, Role.AUDITOR])
def test_who_may_not_find_base_pay_is_kept_from_it(cast, role):
    actor = account("other", role, employee="T002" if role is Role.TECHNICIAN else None)
    with pytest.raises(Forbidden):
        enter(actor)
    row = enter(cast["clerk"])
    with pytest.raises(Forbidden):
        update_base_pay(row.id, {"amount": Decimal(9999)}, version=None, actor=actor)
