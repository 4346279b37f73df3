"""Parts sales: what a sale comes to, and what its delivery waits for (R6.1, R6.2)."""

from datetime import date
from decimal import Decimal as D

import pytest

from rules.parts_sale import (
    ApprovalLevel,
    Article,
    DeliveryRefusal,
    PaymentTerms,
    delivery_refusals,
    level_suffices,
    net_profit,
    required_level,
    sale_total,
)

MANAGER, LEADER = ApprovalLevel.MANAGER, ApprovalLevel.LEADER
PREPAID, CREDIT = PaymentTerms.PREPAID, PaymentTerms.CREDIT
DELIVERED = date(2026, 9, 10)
BEFORE, AFTER = date(2026, 9, 9), date(2026, 9, 11)


def article(quantity: str, sale: str, purchase: str, costs: str = "0") -> Article:
    return Article(D(quantity), D(sale), D(purchase), D(costs))


@pytest.mark.parametrize(
    ("label", "lines", "total", "profit"),
    [
        ("one piece", [("1", "100.00", "60.00")], "100.00", "40.00"),
        ("other costs come off", [("2", "100.00", "60.00", "15.50")], "200.00", "64.50"),
        ("1.005 × 1.00 = 1.005, half a fen goes up", [("1.005", "1.00", "0")], "1.01", "1.01"),
        ("0.333 m × 9.99 = 3.32667; × 6.66 = 2.21778", [("0.333", "9.99", "6.66")], "3.33", "1.11"),
        ("0.001 × 4.99 = 0.00499 is nothing", [("0.001", "4.99", "0")], "0.00", "0.00"),
        ("0.001 × 5.00 = 0.005 is a fen", [("0.001", "5.00", "0")], "0.01", "0.01"),
        ("three lines of 0.125: 0.39, not 0.38", [("0.125", "1.00", "0.50")] * 3, "0.39", "0.21"),
        ("sold below purchase", [("1", "50.00", "60.00")], "50.00", "-10.00"),
        ("sold at cost (R1.2)", [("3", "60.00", "60.00")], "180.00", "0.00"),
        ("costs of each line", [("1", "10.00", "5.00", "1.00"), ("1", "20.00", "5.00", "2.00")], "30.00", "17.00"),
        ("nothing sold", [], "0.00", "0.00"),
    ],
)  # fmt: skip
def test_each_line_is_rounded_by_itself_and_sums_are_sums_of_lines(
    label: str, lines: list[tuple[str, ...]], total: str, profit: str
) -> None:
    """R6.1: sale and purchase alike, half-up; purchase 0.125 × 0.50 = 0.0625 → 0.06."""
    articles = [article(*line) for line in lines]
    assert (sale_total(articles), net_profit(articles)) == (D(total), D(profit))


@pytest.mark.parametrize(
    ("amount", "level"),
    [("0.00", MANAGER), ("4999.99", MANAGER), ("5000.00", LEADER), ("5000.01", LEADER)],
)
def test_a_sale_on_credit_waits_for_the_leader_from_the_threshold_on(
    amount: str, level: ApprovalLevel
) -> None:
    """R6.2, R6.3: a leader may approve any amount, a manager only his own."""
    assert required_level(D(amount), D("5000.00")) is level
    assert level_suffices(LEADER, D(amount), D("5000.00"))
    assert level_suffices(MANAGER, D(amount), D("5000.00")) is (level is MANAGER)


NOT_PAID, NO_LEVEL, NO_DATE, LATE = DeliveryRefusal


@pytest.mark.parametrize(
    ("label", "owed", "terms", "level", "approved", "refused"),
    [
        ("paid in full", "0.00", PREPAID, None, None, ()),
        ("paid in full though sold on credit", "0.00", CREDIT, None, None, ()),
        ("a fen is missing", "0.01", PREPAID, None, None, (NOT_PAID,)),
        ("nothing paid, terms unknown", "500.00", None, None, None, (NOT_PAID,)),
        ("credit approved the day before", "500.00", CREDIT, MANAGER, BEFORE, ()),
        ("credit approved on the day", "500.00", CREDIT, LEADER, DELIVERED, ()),
        ("credit approved the day after", "500.00", CREDIT, MANAGER, AFTER, (LATE,)),
        ("approved late though paid", "0.00", CREDIT, MANAGER, AFTER, (LATE,)),
        ("credit without approval", "500.00", CREDIT, None, None, (NO_LEVEL, NO_DATE)),
        ("credit, when but not by whom", "500.00", CREDIT, None, BEFORE, (NO_LEVEL,)),
        ("credit, by whom but not when", "500.00", CREDIT, MANAGER, None, (NO_DATE,)),
        ("prepaid, yet a credit was approved", "500.00", PREPAID, MANAGER, BEFORE, ()),
        ("prepaid, half an approval", "500.00", PREPAID, MANAGER, None, (NO_DATE,)),
        ("late and by nobody", "500.00", CREDIT, None, AFTER, (LATE, NO_LEVEL)),
    ],
)
def test_delivery_waits_for_full_payment_or_an_approved_credit(
    label: str,
    owed: str,
    terms: PaymentTerms | None,
    level: ApprovalLevel | None,
    approved: date | None,
    refused: tuple[DeliveryRefusal, ...],
) -> None:
    """R6.2: delivered on 10 September."""
    assert delivery_refusals(D(owed), terms, level, approved, DELIVERED) == refused
