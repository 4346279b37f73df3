"""Parts sales: what a sale comes to, and who must approve one on credit (R6.1, R6.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.clause import implements
from rules.money import round_fen, total


class PaymentTerms(StrEnum):
    """款到发货 or 赊销."""

    PREPAID = "prepaid"
    CREDIT = "credit"


class ApprovalLevel(StrEnum):
    """Who approved: the department manager or the company leader."""

    MANAGER = "manager"
    LEADER = "leader"


class DeliveryRefusal(StrEnum):
    """Why a delivery is refused."""

    NOT_PAID = "not_paid"
    NO_LEVEL = "no_level"
    NO_APPROVAL_DATE = "no_approval_date"
    APPROVED_LATE = "approved_late"


@dataclass(frozen=True, slots=True)
class Article:
    """One line of a sale: quantity, prices per unit in yuan, and its other costs."""

    quantity: Decimal
    sale_price: Decimal
    purchase_price: Decimal
    other_costs: Decimal


@implements("R6.1")
def sale_total(articles: Iterable[Article]) -> Decimal:
    """What the customer pays: the sum of the rounded sale lines."""
    return total(round_fen(article.quantity * article.sale_price) for article in articles)


@implements("R6.1")
def net_profit(articles: Iterable[Article]) -> Decimal:
    """Total less the rounded purchase lines and other costs; may be negative."""
    kept = list(articles)
    purchase = total(round_fen(article.quantity * article.purchase_price) for article in kept)
    return sale_total(kept) - purchase - total(article.other_costs for article in kept)


@implements("R6.2", "R6.3")
def required_level(amount: Decimal, credit_threshold: Decimal) -> ApprovalLevel:
    """From the threshold on the leader, below it the department manager."""
    return ApprovalLevel.LEADER if amount >= credit_threshold else ApprovalLevel.MANAGER


@implements("R6.2", "R6.3")
def level_suffices(given: ApprovalLevel, amount: Decimal, credit_threshold: Decimal) -> bool:
    """Whether an approval is high enough; the leader's is for any amount."""
    return given is ApprovalLevel.LEADER or given is required_level(amount, credit_threshold)


@implements("R6.2")
def delivery_refusals(
    owed: Decimal,
    terms: PaymentTerms | None,
    level: ApprovalLevel | None,
    approved_on: date | None,
    delivered_on: date,
) -> tuple[DeliveryRefusal, ...]:
    """What speaks against a delivery on a day; `owed` is what is then outstanding.

    Delivery waits for full payment, or for a credit approved on that day at the latest.
    """
    found = []
    if approved_on is not None and approved_on > delivered_on:
        found.append(DeliveryRefusal.APPROVED_LATE)
    if owed <= 0 or (level is not None and approved_on is not None):
        return tuple(found)
    if terms is not PaymentTerms.CREDIT and level is None and approved_on is None:
        found.append(DeliveryRefusal.NOT_PAID)
        return tuple(found)
    if level is None:
        found.append(DeliveryRefusal.NO_LEVEL)
    if approved_on is None:
        found.append(DeliveryRefusal.NO_APPROVAL_DATE)
    return tuple(found)
