"""The steps of a parts sale, from the entry to the delivery (R6.1, R6.2)."""

from enum import StrEnum

from rules.step import Step


class SaleState(StrEnum):
    """已登记, 待审批, 已批准, 已出库, 已取消."""

    REGISTERED = "registered"
    WAITING = "waiting"
    APPROVED = "approved"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class SaleVerb(StrEnum):
    """What can be done to a sale."""

    CHANGE = "change"
    REQUEST = "request"
    APPROVE = "approve"
    REFUSE = "refuse"
    CONFIRM_PURCHASE = "confirm_purchase"
    DELIVER = "deliver"
    CANCEL = "cancel"


S, V = SaleState, SaleVerb
ALIVE = (S.REGISTERED, S.WAITING, S.APPROVED, S.DELIVERED)
SALE_STEPS: dict[tuple[SaleState, SaleVerb], Step[SaleState]] = {
    (S.REGISTERED, V.CHANGE): Step(S.REGISTERED, "parts_sale.change", "R6.1"),
    (S.REGISTERED, V.REQUEST): Step(S.WAITING, "parts_sale.request", "R6.2"),
    (S.WAITING, V.APPROVE): Step(S.APPROVED, "parts_sale.approve", "R6.2"),
    (S.WAITING, V.REFUSE): Step(S.REGISTERED, "parts_sale.approve", "R6.2"),
    (S.REGISTERED, V.DELIVER): Step(S.DELIVERED, "parts_sale.deliver", "R6.2"),
    (S.APPROVED, V.DELIVER): Step(S.DELIVERED, "parts_sale.deliver", "R6.2"),
    **{
        (state, V.CONFIRM_PURCHASE): Step(state, "parts_sale.confirm_purchase", "R6.1")
        for state in ALIVE
    },
    **{
        (state, V.CANCEL): Step(S.CANCELLED, "parts_sale.cancel", "R6.2")
        for state in (S.REGISTERED, S.WAITING, S.APPROVED)
    },
}
