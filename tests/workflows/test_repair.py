"""Repairs by the maker: both warranties checked, charged only after the customer's word (R5)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from models import db
from models.device import Maker
from rules.permissions import Role
from rules.repair_steps import RepairState
from tests.cast import account
from tests.workflows.money_cast import cast_of_money, device, employee_id
from workflows import repair as repairs
from workflows.refusal import Forbidden, Refused
from workflows.transaction import today


@pytest.fixture
def cast(app):
    return cast_of_money()


def request(cast, covered):
    found = device()
    since = today() if covered else today() - timedelta(days=4000)
    found.project.accepted_on, found.warranty_months = since, 12
    db.session.commit()
    values = {"device_id": found.id, "handler_id": employee_id(), "ticket_id": None}
    return repairs.request_repair(values, actor=cast["t001"])


def do(verb, row, actor, **values):
    action = {"check": repairs.check_warranties, "quote": repairs.quote, "confirm": repairs.confirm_quote,
              "decline": repairs.decline_quote, "maker_comes": repairs.maker_comes, "send": repairs.send,
              "repair": repairs.note_repaired, "give_up": repairs.give_up, "give_back": repairs.give_back,
              "close": repairs.close_repair}[verb]  # fmt: skip
    action(row.id, values, version=None, actor=actor)
    db.session.expire_all()


def check(cast, row, **values):
    do("check", row, cast["commerce"], maker_contact="厂商热线，工单 8842", **values)


def test_in_warranty_it_is_free_and_sent_without_a_quotation(cast):
    row = request(cast, covered=True)
    check(cast, row, maker_visits=False)
    assert row.chargeable is False
    with pytest.raises(Refused, match="免费"):
        do("quote", row, cast["commerce"], fee=Decimal(100))
    for verb in ("send", "repair", "give_back", "close"):
        do(verb, row, cast["commerce"])
    assert (row.state, row.receivable.total) == (RepairState.CLOSED, Decimal("0.00"))


def test_a_chargeable_repair_is_sent_only_after_the_customer_confirmed(cast):
    row = request(cast, covered=False)
    check(cast, row)
    assert row.chargeable is True
    for verb in ("send", "maker_comes"):
        with pytest.raises(Refused, match="先报价"):
            do(verb, row, cast["commerce"])
    do("quote", row, cast["commerce"], fee=Decimal("300.00"), freight=Decimal("45.50"))
    with pytest.raises(Refused, match="已报价"):
        do("send", row, cast["commerce"])
    with pytest.raises(Refused, match="怎么确认"):
        do("confirm", row, cast["commerce"], confirmed_by="李主任")
    do("confirm", row, cast["commerce"], confirmed_by="李主任", confirmed_how="电话")
    for verb in ("send", "repair", "give_back"):
        do(verb, row, cast["commerce"])
    assert row.receivable.total == Decimal("345.50")
    assert row.receivable.arose_on == today()


def test_damage_made_by_people_is_chargeable_in_warranty_too(cast):
    row = request(cast, covered=True)
    check(cast, row, damage_reason="进水")
    assert row.chargeable is True


def test_a_declined_quotation_owes_nothing(cast):
    row = request(cast, covered=False)
    check(cast, row)
    do("quote", row, cast["commerce"], fee=Decimal(900))
    do("decline", row, cast["commerce"])
    assert row.receivable.total == 0
    do("close", row, cast["commerce"])
    assert row.state is RepairState.CLOSED


def test_what_cannot_be_repaired_costs_what_is_then_entered(cast):
    row = request(cast, covered=False)
    check(cast, row)
    do("quote", row, cast["commerce"], fee=Decimal("300.00"), freight=Decimal("20.00"))
    do("confirm", row, cast["commerce"], confirmed_by="李主任", confirmed_how="邮件")
    do("send", row, cast["commerce"])
    do("give_up", row, cast["commerce"], fee=Decimal("50.00"))
    do("give_back", row, cast["commerce"])
    assert (row.state, row.receivable.total) == (RepairState.RETURNED, Decimal("70.00"))


def test_the_contact_with_the_maker_is_on_record(cast):
    row = request(cast, covered=True)
    with pytest.raises(Refused, match="与厂商的联系"):
        do("check", row, cast["commerce"], maker_contact=" ")


def test_a_technician_asks_in_his_own_name_and_handles_nothing(cast):
    row = request(cast, covered=True)
    with pytest.raises(Forbidden):
        do("check", row, cast["t001"], maker_contact="x")
    values = {"device_id": device().id, "handler_id": employee_id("T002"), "ticket_id": None}
    with pytest.raises(Forbidden):
        repairs.request_repair(values, actor=cast["t001"])


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.COMMERCE,)])
def test_only_commerce_handles_repairs(cast, role):
    row = request(cast, covered=True)
    with pytest.raises(Forbidden):
        do("check", row, account("x", role), maker_contact="x")


@pytest.mark.parametrize(
    ("covered", "known", "answered", "sent"),
    [
        pytest.param(True, True, None, False, id="R5.2: in warranty, the maker is known to come"),
        pytest.param(True, None, True, False, id="R5.2: in warranty, the maker says he comes"),
        pytest.param(True, True, False, True, id="R5.2: in warranty, this time he does not come"),
        pytest.param(True, None, None, True, id="R5.2: in warranty, nobody knows him to come"),
        pytest.param(False, True, True, True, id="R5.2: out of warranty it comes in all the same"),
    ],
)
def test_a_device_in_warranty_comes_in_only_where_its_maker_does_not_come(
    cast, covered, known, answered, sent
):
    found = device()
    found.maker = Maker(name="云基软件", onsite_service=known)
    row = request(cast, covered)
    check(cast, row, maker_visits=answered)
    if not covered:
        do("quote", row, cast["commerce"], fee=Decimal("300.00"))
        do("confirm", row, cast["commerce"], confirmed_by="李主任", confirmed_how="电话")
    if sent:
        do("send", row, cast["commerce"])
    else:
        with pytest.raises(Refused, match="不送修"):
            do("send", row, cast["commerce"])
        do("maker_comes", row, cast["commerce"])
    assert row.state is (RepairState.SENT if sent else RepairState.MAKER_ONSITE)
