"""Tickets: their codes, and the states they move through (R2.2–R2.4)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.clause import implements
from rules.employee import EmployeeKind


class Severity(StrEnum):
    """问题等级: A system down … D improvement wishes (R2.3)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class ServiceMode(StrEnum):
    """How a visit is done: 现场, 电话, 在线."""

    ONSITE = "onsite"
    PHONE = "phone"
    ONLINE = "online"


class TicketSource(StrEnum):
    """Where a request came from (R2.1)."""

    SERVICE_LINE = "service_line"
    COMPLAINT_LINE = "complaint_line"
    TECHNICIAN = "technician"
    LEADER = "leader"
    EMAIL = "email"
    LETTER = "letter"
    WALK_IN = "walk_in"
    WEB = "web"


class Urgency(StrEnum):
    """特急, 紧急, 一般."""

    EXTREME = "extreme"
    URGENT = "urgent"
    NORMAL = "normal"


class ServiceType(StrEnum):
    """服务种类 (R2.2)."""

    DEFECT = "defect"
    QUALITY = "quality"
    INSTALLATION = "installation"
    MAINTENANCE = "maintenance"
    INSPECTION = "inspection"
    TRAINING = "training"
    CONSULTING = "consulting"
    OTHER = "other"


class WaitReason(StrEnum):
    """Whom a ticket waits for; only the customer stops its clocks (R3.1)."""

    CUSTOMER = "customer"
    PARTS = "parts"
    MAKER = "maker"


class OrderState(StrEnum):
    """What became of an order: 待接单, 已接单, 已拒单, 已撤回."""

    GIVEN = "given"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class TicketState(StrEnum):
    """The states of R2.4."""

    REGISTERED = "registered"
    VERIFIED = "verified"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    IN_SERVICE = "in_service"
    WAITING = "waiting"
    SERVED = "served"
    FORM_RECEIVED = "form_received"
    CALLED_BACK = "called_back"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of a ticket taken over from a register."""

    responded: bool
    arrived: bool
    completed: bool
    form_accepted: bool
    reached: bool
    waiting: bool


@implements("R2.4")
def state_of(progress: Progress) -> TicketState:
    """The state of a dispatched ticket as its events tell it."""
    if progress.form_accepted:
        return TicketState.CALLED_BACK if progress.reached else TicketState.FORM_RECEIVED
    if progress.completed:
        return TicketState.SERVED
    if progress.waiting:
        return TicketState.WAITING
    if progress.arrived:
        return TicketState.IN_SERVICE
    return TicketState.ACCEPTED if progress.responded else TicketState.DISPATCHED


@implements("R2.5")
def assignable(
    kind: EmployeeKind, hired_on: date, left_on: date | None, day: date, *, anyone: bool
) -> bool:
    """Whether an employee can be ordered on a day: dedicated ones by the clerk, any own staff by the manager."""
    employed = hired_on <= day and (left_on is None or day <= left_on)
    return employed and (anyone or kind is EmployeeKind.DEDICATED)


@implements("R4.6")
def repeats(earlier: date, later: date, within_days: int) -> bool:
    """Whether a report follows an earlier one of the same fault closely enough to be a repeat."""
    return 0 <= (later - earlier).days <= within_days
