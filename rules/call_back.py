"""Call-backs: which forms are called back, how often, and what a call sets in doubt (R4.4)."""

from decimal import Decimal
from math import ceil

from rules.clause import implements
from rules.feedback_form import contradicts
from rules.ticket import TicketState

MOST_ATTEMPTS = 3
DISSATISFIED = 2


@implements("R4.4")
def in_share(turn: int, share: Decimal) -> bool:
    """Whether a month's form, counted from 1 in the order of acceptance, belongs to the share called back.

    Spread evenly: of n forms just ⌈n × share⌉ are called.
    """
    return ceil(turn * share) > ceil((turn - 1) * share)


@implements("R4.4")
def to_be_called(in_share: bool, satisfaction: int | None, complained: bool) -> bool:
    """Whether a form is called back: those of the share, dissatisfied ones and tickets with a complaint always."""
    low = satisfaction is not None and satisfaction <= DISSATISFIED
    return in_share or low or complained


@implements("R4.4")
def after_call(reached: bool, attempts: int) -> TicketState:
    """Where a call leaves its ticket; the third in vain closes it as not reached."""
    if reached:
        return TicketState.CALLED_BACK
    return TicketState.CLOSED if attempts >= MOST_ATTEMPTS else TicketState.FORM_RECEIVED


@implements("R4.4")
def sets_in_doubt(
    form_satisfaction: int | None,
    called_satisfaction: int | None,
    *,
    not_served: bool,
    money_taken: bool,
) -> bool:
    """Whether what the customer says on the phone contradicts the form that he signed."""
    return not_served or money_taken or contradicts(form_satisfaction, called_satisfaction)
