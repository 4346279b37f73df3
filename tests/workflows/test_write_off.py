"""Write-offs need manager and leader (R6.6); invoices never exceed their document (R6.3)."""

from decimal import Decimal

import pytest

from models import db
from rules.permissions import Role
from tests.cast import account
from tests.workflows.money_cast import cast_of_money, owed_by_customer, sale
from workflows.invoice import create_invoice, invoiced, void_invoice
from workflows.receivable import PaymentReceived, record_payment
from workflows.refusal import Forbidden, Refused
from workflows.transaction import today
from workflows.write_off import (
    approve_write_off,
    propose_write_off,
    refuse_write_off,
    write_off_of,
)


@pytest.fixture
def cast(app):
    return cast_of_money()


@pytest.fixture
def owed(cast):
    return owed_by_customer(cast)


def test_a_write_off_needs_manager_and_leader(cast, owed):
    propose_write_off(owed.id, {"reason": "客户破产"}, version=None, actor=cast["manager"])
    both = account("both", Role.MANAGER, Role.LEADER)
    with pytest.raises(Forbidden):
        approve_write_off(owed.id, {}, version=None, actor=cast["manager"])
    approve_write_off(owed.id, {}, version=None, actor=both)
    row = write_off_of(owed.id)
    assert (row.amount, row.approved_on) == (Decimal("500.00"), today())


def test_one_person_does_not_write_off_alone(cast, owed):
    both = account("both", Role.MANAGER, Role.LEADER)
    propose_write_off(owed.id, {"reason": "客户破产"}, version=None, actor=both)
    with pytest.raises(Forbidden, match="另一个人"):
        approve_write_off(owed.id, {}, version=None, actor=both)


def test_money_that_came_in_meanwhile_voids_the_proposal(cast, owed):
    propose_write_off(owed.id, {"reason": "客户破产"}, version=None, actor=cast["manager"])
    received = PaymentReceived("SK-1", today(), Decimal("1.00"))
    record_payment(owed.number, received, actor=cast["finance"])
    with pytest.raises(Refused, match="又有收款"):
        approve_write_off(owed.id, {}, version=None, actor=cast["leader"])
    refuse_write_off(owed.id, {"reason": "重新提出"}, version=None, actor=cast["leader"])
    propose_write_off(owed.id, {"reason": "客户破产"}, version=None, actor=cast["manager"])
    assert write_off_of(owed.id).amount == Decimal("499.00")


def test_there_must_be_something_to_write_off(cast):
    row = sale(cast).receivable
    with pytest.raises(Refused, match="没有未收"):
        propose_write_off(row.id, {"reason": "x"}, version=None, actor=cast["manager"])


def invoice(cast, receivable, amount, number="FP-1"):
    values = {"receivable_id": receivable.id, "number": number, "issued_on": today(), "title": "客户",
              "amount": Decimal(amount)}  # fmt: skip
    return create_invoice(values, actor=cast["finance"])


def test_invoices_never_exceed_their_document_and_a_wrong_one_is_voided(cast, owed):
    wrong = invoice(cast, owed, "400.00")
    with pytest.raises(Refused, match="100.00"):
        invoice(cast, owed, "100.01", "FP-2")
    with pytest.raises(Refused, match="已经登记"):
        invoice(cast, owed, "1.00")
    void_invoice(wrong.id, {"reason": "抬头错"}, version=None, actor=cast["finance"])
    invoice(cast, owed, "500.00", "FP-2")
    assert invoiced(owed) == Decimal("500.00")
    with pytest.raises(Refused, match="已经作废"):
        void_invoice(wrong.id, {"reason": "再来"}, version=None, actor=cast["finance"])
    db.session.expire_all()
