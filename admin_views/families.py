"""The colour of each state, by its meaning (look.md): one place for all screens."""

from enum import StrEnum

from admin_views.page import Family
from rules.complaint import Verdict
from rules.employee import EmployeeKind
from rules.overdue_case import CaseState
from rules.settlement_steps import SettlementState
from rules.ticket import TicketState

FAMILIES: dict[StrEnum, Family] = {
    TicketState.REGISTERED: "grey",
    TicketState.VERIFIED: "blue",
    TicketState.DISPATCHED: "blue",
    TicketState.ACCEPTED: "blue",
    TicketState.IN_SERVICE: "blue",
    TicketState.WAITING: "amber",
    TicketState.SERVED: "green",
    TicketState.FORM_RECEIVED: "green",
    TicketState.CALLED_BACK: "green",
    TicketState.CLOSED: "grey",
    TicketState.CANCELLED: "grey",
    Verdict.UPHELD: "red",
    SettlementState.RETURNED: "red",
    SettlementState.SUBMITTED: "blue",
    SettlementState.REVIEWED: "blue",
    SettlementState.APPROVED: "green",
    SettlementState.PAID: "green",
    CaseState.DECIDED: "blue",
    EmployeeKind.DEDICATED: "blue",
}


def family_of(code: StrEnum) -> Family:
    """The family of a state; grey where none was given a meaning."""
    return FAMILIES.get(code, "grey")
