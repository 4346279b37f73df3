"""Payments: recorded by finance, never above the total, reversed and never edited (R6.4)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from models import db
from models.employee import Employee
from models.receivable import Receivable
from models.settlement import SettledSource
from rules.permissions import Role
from tests.cast import JULY, JUNE, account, carry_through, people, take_in
from tests.workflows.test_at_once import at_once
from workflows import settlement as steps
from workflows.account import account_named
from workflows.receivable import PaymentReceived, paid_so_far, record_payment, reverse_payment
from workflows.refusal import Forbidden, Refused
from workflows.settlement_report import settlement_report
from workflows.verify import find_breaches


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    return cast


def unpaid():
    """A document of which something is still open."""
    for row in db.session.scalars(select(Receivable).order_by(Receivable.number)):
        if row.kind == "parts_sale" and paid_so_far(row) < row.total:
            return row
    raise AssertionError("the sample has none")


def received(number="SK-1", amount="10.00", day=date(2026, 9, 1)):
    return PaymentReceived(number, day, Decimal(amount), "转账")


def test_a_payment_never_exceeds_what_is_left(cast):
    row = unpaid()
    left = row.total - paid_so_far(row)
    with pytest.raises(Refused, match="只剩"):
        record_payment(
            row.number, received(amount=str(left + Decimal("0.01"))), actor=cast["finance"]
        )
    record_payment(row.number, received(amount=str(left)), actor=cast["finance"])
    assert paid_so_far(row) == row.total


@pytest.mark.parametrize(
    ("payment", "why"),
    [
        (received(amount="0"), "大于 0"),
        (received(amount="-1"), "大于 0"),
        (received(amount="0.001"), "两位小数"),
        (received(day=date(2099, 1, 1)), "今天之后"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_in_words(cast, payment, why):
    with pytest.raises(Refused, match=why):
        record_payment(unpaid().number, payment, actor=cast["finance"])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
def test_only_finance_records_and_reverses(cast, role):
    other = account("x", role)
    with pytest.raises(Forbidden):
        record_payment(unpaid().number, received(), actor=other)
    with pytest.raises(Forbidden):
        reverse_payment("SK-1", actor=other, reason="错")


def test_a_wrong_payment_is_reversed_once_and_stays(cast):
    row = unpaid()
    before = paid_so_far(row)
    record_payment(row.number, received(), actor=cast["finance"])
    with pytest.raises(Refused, match="为什么"):
        reverse_payment("SK-1", actor=cast["finance"], reason=" ")
    reverse_payment("SK-1", actor=cast["finance"], reason="记错客户")
    assert paid_so_far(row) == before
    with pytest.raises(Refused, match="已经冲销"):
        reverse_payment("SK-1", actor=cast["finance"], reason="再来")
    with pytest.raises(Refused, match="本身就是冲销"):
        reverse_payment("SK-1-R", actor=cast["finance"], reason="再来")
    assert list(find_breaches()) == []


def test_two_payments_at_one_moment_do_not_exceed_the_total(cast, database_uri):
    row = unpaid()
    number, left = row.number, row.total - paid_so_far(row)
    db.session.commit()
    answers = at_once(
        database_uri,
        lambda: (
            record_payment(
                number, received(number="SK-X", amount=str(left)), actor=account_named("finance")
            ).amount
        ),
    )
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert list(find_breaches()) == []


def test_the_commission_of_a_reversed_sale_is_taken_back_exactly(cast):
    carry_through(JUNE, cast)
    paid = db.session.execute(
        select(SettledSource.source, SettledSource.amount, Employee.number)
        .join(Employee, Employee.id == SettledSource.employee_id)
        .where(SettledSource.kind == "parts_commission", SettledSource.amount > 0)
    ).first()
    source, amount, employee = paid
    payment = db.session.scalar(
        text("SELECT number FROM payments WHERE receivable_id = (SELECT id FROM receivables WHERE number = :n) LIMIT 1")
        .bindparams(n=source)
    )  # fmt: skip
    reverse_payment(payment, actor=cast["finance"], reason="退票")
    steps.draft(JULY, actor=cast["clerk"])
    row = next(e for e in settlement_report(JULY)["employees"] if e["employee"] == employee)
    assert {"kind": "parts_commission", "source": source, "amount": str(-amount)} in row["lines"]
