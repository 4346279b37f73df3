"""The colour of each state, by its meaning (look.md): one place for all screens."""

from enum import StrEnum

from admin_views.page import Family
from rules.complaint import Verdict
from rules.correction import CorrectionState
from rules.employee import EmployeeKind
from rules.expense_steps import ClaimState
from rules.overdue_case import CaseState
from rules.parts_sale_steps import SaleState
from rules.private_charge_case import PrivateChargeState
from rules.repair_steps import RepairState
from rules.settlement_steps import SettlementState
from rules.software_service_steps import ServiceState
from rules.ticket import TicketState

# Families of the states of each machine; what is not named is grey: not begun, or over.
FAMILIES: dict[type[StrEnum], dict[str, Family]] = {
    TicketState: {
        TicketState.VERIFIED: "blue",
        TicketState.DISPATCHED: "blue",
        TicketState.ACCEPTED: "blue",
        TicketState.IN_SERVICE: "blue",
        TicketState.WAITING: "amber",
        TicketState.SERVED: "green",
        TicketState.FORM_RECEIVED: "green",
        TicketState.CALLED_BACK: "green",
    },
    Verdict: {Verdict.OPEN: "amber", Verdict.UPHELD: "red"},
    SettlementState: {
        SettlementState.RETURNED: "red",
        SettlementState.SUBMITTED: "blue",
        SettlementState.REVIEWED: "blue",
        SettlementState.APPROVED: "green",
        SettlementState.PAID: "green",
    },
    CaseState: {
        CaseState.UNDECIDED: "red",
        CaseState.PROPOSED: "amber",
        CaseState.DECIDED: "blue",
    },
    EmployeeKind: {EmployeeKind.DEDICATED: "blue"},
    SaleState: {
        SaleState.WAITING: "amber",
        SaleState.APPROVED: "blue",
        SaleState.DELIVERED: "blue",
    },
    ServiceState: {
        ServiceState.REPORTED: "amber",
        ServiceState.REFUSED: "red",
        ServiceState.APPROVED: "blue",
        ServiceState.COMPLETED: "green",
    },
    RepairState: {
        RepairState.CHECKED: "blue",
        RepairState.MAKER_ONSITE: "blue",
        RepairState.QUOTED: "amber",
        RepairState.CONFIRMED: "blue",
        RepairState.SENT: "blue",
        RepairState.REPAIRED: "green",
        RepairState.IRREPARABLE: "red",
        RepairState.RETURNED: "green",
    },
    PrivateChargeState: {
        PrivateChargeState.OPEN: "red",
        PrivateChargeState.PROPOSED: "amber",
        PrivateChargeState.APPROVED: "blue",
    },
    CorrectionState: {
        CorrectionState.PREPARED: "amber",
        CorrectionState.REVIEWED: "blue",
        CorrectionState.APPROVED: "green",
        CorrectionState.RETURNED: "red",
    },
    ClaimState: {
        ClaimState.PENDING: "amber",
        ClaimState.APPROVED: "green",
        ClaimState.REFUSED: "red",
    },
}


def family_of(code: StrEnum) -> Family:
    """The family of a state; grey where none was given a meaning."""
    return FAMILIES.get(type(code), {}).get(code, "grey")
