"""Parts sales: entered, approved on credit, paid, delivered; and when their commission comes (R6.1, R6.2, R7.5)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from models import db
from models.parts_sale import PartsSale
from rules.parts_sale import ApprovalLevel, PaymentTerms
from rules.parts_sale_steps import SALE_STEPS, SaleState, SaleVerb
from rules.period import Month
from rules.permissions import Role
from tests.cast import account
from tests.workflows.money_cast import (
    LINE,
    cast_of_money,
    credit,
    device,
    employee_id,
    sale,
    sale_values,
)
from workflows import parts_sale as sales
from workflows import settlement as steps
from workflows.receivable import PaymentReceived, record_payment
from workflows.refusal import Forbidden, Refused, Stale
from workflows.settlement_report import settlement_report
from workflows.transaction import today


@pytest.fixture
def cast(app):
    return cast_of_money()


def pay(cast, row, amount, number="SK-1"):
    received = PaymentReceived(number, today(), Decimal(amount))
    record_payment(row.receivable.number, received, actor=cast["finance"])


def do(verb, row, actor, **values):
    action = {"request": sales.request_credit, "approve": sales.approve_credit, "refuse": sales.refuse_credit,
              "confirm_purchase": sales.confirm_purchase, "deliver": sales.deliver,
              "cancel": sales.cancel_parts_sale}[verb]  # fmt: skip
    action(row.id, values, version=None, actor=actor)
    db.session.expire_all()


def test_a_sale_comes_to_its_rounded_lines_and_their_profit(cast):
    lines = [
        sales.SaleLine("网线", Decimal("3.333"), Decimal("1.50"), Decimal("1.00"), Decimal("0.50")),
        sales.SaleLine("水晶头", Decimal("0.5"), Decimal("0.01"), Decimal("0.01")),
    ]
    row = sale(cast, lines)
    # 3.333 × 1.50 = 4.9995 → 5.00; 0.5 × 0.01 = 0.005 → 0.01; bought for 3.33 + 0.01, costs 0.50
    assert row.receivable.total == Decimal("5.01")
    assert row.net_profit == Decimal("1.17")


def test_delivery_waits_for_full_payment(cast):
    row = sale(cast)
    pay(cast, row, "999.99")
    with pytest.raises(Refused, match="0.01 未收"):
        do("deliver", row, cast["commerce"])
    pay(cast, row, "0.01", "SK-2")
    do("deliver", row, cast["commerce"])
    assert row.state is SaleState.DELIVERED
    assert row.receivable.arose_on == today()


@pytest.mark.parametrize(
    ("price", "by", "level"),
    [
        ("4999.99", "manager", ApprovalLevel.MANAGER),
        ("5000.00", "leader", ApprovalLevel.LEADER),
        ("10.00", "leader", ApprovalLevel.LEADER),
    ],
)
def test_a_sale_on_credit_is_delivered_once_approved_high_enough(cast, price, by, level):
    row = credit(cast, price)
    do("request", row, cast["commerce"])
    do("approve", row, cast[by])
    assert (row.state, row.approval_level) == (SaleState.APPROVED, level)
    do("deliver", row, cast["commerce"])
    assert row.state is SaleState.DELIVERED


def test_a_sale_on_credit_waits_for_the_leader_from_the_threshold_on(cast):
    row = credit(cast, "5000.00")
    do("request", row, cast["commerce"])
    with pytest.raises(Refused, match="公司领导"):
        do("approve", row, cast["manager"])
    assert row.state is SaleState.WAITING


def test_nobody_approves_his_own_credit(cast):
    handler = account("h", Role.MANAGER, employee="T001")
    maker = account("m", Role.COMMERCE, Role.MANAGER)
    row = credit(cast)
    do("request", row, cast["commerce"])
    with pytest.raises(Forbidden, match="本人"):
        do("approve", row, handler)
    made = sales.create_parts_sale(
        sale_values(terms=PaymentTerms.CREDIT, circumstance="急", agreed_payment_on=today()),
        [LINE], actor=maker,
    )  # fmt: skip
    do("request", made, maker)
    with pytest.raises(Forbidden, match="另一个人"):
        do("approve", made, maker)


def test_a_refused_credit_can_be_asked_for_again(cast):
    row = credit(cast)
    do("request", row, cast["commerce"])
    with pytest.raises(Refused, match="理由"):
        do("refuse", row, cast["manager"], reason=" ")
    do("refuse", row, cast["manager"], reason="约定付款日太晚")
    assert (row.state, row.refusal) == (SaleState.REGISTERED, "约定付款日太晚")
    do("request", row, cast["commerce"])


@pytest.mark.parametrize(
    ("overrides", "lines", "why"),
    [
        ({"terms": PaymentTerms.CREDIT}, [LINE], "特殊情况"),
        ({"terms": PaymentTerms.CREDIT, "circumstance": "急"}, [LINE], "付款日"),
        ({}, [], "一行商品"),
        ({}, [sales.SaleLine("x", Decimal(0), Decimal(1), Decimal(1))], "大于 0"),
        ({"handler_id": 0}, [LINE], "经手人"),
        ({"customer_id": 0}, [LINE], "客户"),
    ],
)
def test_a_sale_that_cannot_be_is_refused_in_words(cast, overrides, lines, why):
    with pytest.raises(Refused, match=why):
        sales.create_parts_sale(sale_values(**overrides), lines, actor=cast["commerce"])


def test_a_part_for_a_device_in_warranty_is_not_sold_unless_damaged_by_people(cast):
    found = device()
    found.project.accepted_on, found.warranty_months = today(), 12
    db.session.commit()
    with pytest.raises(Refused, match="免费更换"):
        sale(cast, device_id=found.id)
    assert sale(cast, device_id=found.id, damage_reason="进水").damage_reason == "进水"


def test_commission_waits_for_the_confirmed_purchase_price(cast):
    row = sale(cast)
    pay(cast, row, "1000.00")
    do("deliver", row, cast["commerce"])
    month = Month.of(today())
    for m in _months_to(month):
        steps.draft(m, actor=cast["clerk"])
    assert _commission(month, row) is None
    kinds = {x.kind for x in steps.mismatches_of(month)}
    assert "purchase_price_unconfirmed" in kinds
    do("confirm_purchase", row, cast["finance"])
    steps.draft(month, actor=cast["clerk"])
    assert _commission(month, row) == "100.00"  # the sample's 0.25 × (1000 − 600)


def _months_to(month):
    first = Month(2026, 6)
    while first <= month:
        yield first
        first = first.plus(1)


def _commission(month, row):
    mine = next(e for e in settlement_report(month)["employees"] if e["employee"] == "T001")
    found = [x["amount"] for x in mine["lines"] if x["source"] == row.receivable.number]
    return found[0] if found else None


def test_a_sale_with_money_on_it_is_neither_changed_nor_cancelled(cast):
    row = sale(cast)
    pay(cast, row, "1.00")
    with pytest.raises(Refused, match="已有收款"):
        do("cancel", row, cast["commerce"], reason="不要了")
    with pytest.raises(Refused, match="已有收款"):
        sales.update_parts_sale(row.id, sale_values(), [LINE], version=None, actor=cast["commerce"])


def test_a_cancelled_sale_takes_no_money_and_no_step(cast):
    row = sale(cast)
    do("cancel", row, cast["commerce"], reason="客户撤单")
    assert row.state is SaleState.CANCELLED
    with pytest.raises(Refused, match="已取消"):
        pay(cast, row, "1.00")
    for verb in ("deliver", "request", "cancel", "confirm_purchase"):
        actor = cast["finance"] if verb == "confirm_purchase" else cast["commerce"]
        with pytest.raises(Refused, match="已取消"):
            do(verb, row, actor, reason="x")


def test_a_stale_version_is_told_so(cast):
    row = sale(cast)
    with pytest.raises(Stale):
        sales.deliver(row.id, {}, version=99, actor=cast["commerce"])


def test_a_technician_enters_and_changes_his_own_sales_only(cast):
    mine = sales.create_parts_sale(sale_values(), [LINE], actor=cast["t001"])
    with pytest.raises(Forbidden):
        sales.create_parts_sale(
            sale_values(handler_id=employee_id("T002")), [LINE], actor=cast["t001"]
        )
    other = sale(cast, handler_id=employee_id("T002"))
    sales.update_parts_sale(mine.id, sale_values(), [LINE], version=None, actor=cast["t001"])
    with pytest.raises(Forbidden):
        sales.update_parts_sale(other.id, sale_values(), [LINE], version=None, actor=cast["t001"])


def test_delivery_is_dated_between_the_sale_and_today(cast):
    row = sale(cast)
    pay(cast, row, "1000.00")
    for day in (today() + timedelta(days=1), today() - timedelta(days=1)):
        with pytest.raises(Refused, match="发货日期"):
            do("deliver", row, cast["commerce"], delivered_on=day)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", [v for v in SaleVerb if v is not SaleVerb.CHANGE])
def test_each_step_is_for_its_roles_only(cast, verb, role):
    allowed = {r for (_, known), step in SALE_STEPS.items() if known is verb for r in step.roles}
    if role in allowed:
        return
    row = credit(cast)
    with pytest.raises(Forbidden):
        do(verb.value, row, account("x", role), reason="x")


def test_the_state_of_a_register_s_sales_is_told_by_their_own_cells(cast):
    states = {row.state for row in db.session.query(PartsSale)}
    assert SaleState.DELIVERED in states
    assert states <= {SaleState.DELIVERED, SaleState.APPROVED, SaleState.REGISTERED}
