"""Repairs by the maker: which device comes in, and what must come before it is sent (R5.2)."""

from datetime import date

from rules.clause import implements


@implements("R5.2")
def comes_in(covered: bool, maker_comes_on_site: bool) -> bool:
    """Whether a device comes in for repair: out of warranty, or a maker who does not come."""
    return not covered or not maker_comes_on_site


@implements("R5.2")
def sent_unconfirmed(charged: bool, confirmed_on: date | None, sent_on: date | None) -> bool:
    """Whether a chargeable device was sent (or the maker ordered) before the customer confirmed; a free one never is."""
    if not charged or sent_on is None:
        return False
    return confirmed_on is None or confirmed_on > sent_on
