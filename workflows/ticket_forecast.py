"""What registering a request will cause, before it is registered: its clocks, who pays, and what it may repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from models import db
from models.customer import Customer
from models.device import Device
from models.site import Site
from models.ticket import Ticket
from rules.clause import implements
from rules.clock import Clock, TicketTimes, clocks
from rules.period import business_day
from rules.ticket import ServiceMode, Severity, TicketState
from rules.warranty import in_warranty
from workflows.ticket import device_end
from workflows.ticket_clocks import known_plans
from workflows.ticket_intake import earlier_report
from workflows.transaction import now

MOST = 5  # unfinished tickets named
OVER = (TicketState.CLOSED, TicketState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What of a request is written down so far; `reported_at` empty means now."""

    customer_id: int | None = None
    device_id: int | None = None
    site_id: int | None = None
    severity: Severity | None = None
    mode: ServiceMode | None = None
    reported_at: datetime | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The clocks under a plan (none before customer, level and mode are known), the device's warranty on the day
    of the report (`covered` is None without a device), the report that this would repeat, and what is unfinished."""

    in_town: bool | None
    plan: str
    clocks: tuple[Clock, ...]
    covered: bool | None
    warranty_until: date | None
    repeat: Ticket | None
    unfinished: Sequence[Ticket]


@implements("R3.1")
def foresee(draft: Draft) -> Forecast:
    """What the register would make of a draft now; nothing is written."""
    customer = db.session.get(Customer, draft.customer_id or 0)
    site = db.session.get(Site, draft.site_id or 0)
    device = db.session.get(Device, draft.device_id or 0)
    reported = draft.reported_at or now()
    day = business_day(reported)
    plans, calendar = known_plans()
    plan = plans.on(device.project.plans if device else [], day)
    in_town = None if customer is None else customer.in_town
    if site is not None and site.in_town is not None:
        in_town = site.in_town
    found: tuple[Clock, ...] = ()
    if in_town is not None and draft.severity is not None and draft.mode is not None:
        times = TicketTimes(reported, draft.severity, draft.mode, in_town)
        found = clocks(times, plan, calendar, reported)
    end = device_end(device) if device else None
    covered = in_warranty(device.project.accepted_on, end, day) if device else None
    return Forecast(
        in_town, plan.name, found, covered, end, _repeat(draft, reported), _unfinished(draft)
    )


def _repeat(draft: Draft, reported: datetime) -> Ticket | None:
    fault = draft.fault.strip()
    return earlier_report(Ticket(device_id=draft.device_id, fault=fault, reported_at=reported))


def _unfinished(draft: Draft) -> Sequence[Ticket]:
    """What is still open of the same device, or of the customer where no device is named; the latest first."""
    if draft.customer_id is None:
        return ()
    same = Ticket.customer_id == draft.customer_id
    if draft.device_id is not None:
        same = Ticket.device_id == draft.device_id
    query = select(Ticket).where(same, Ticket.status.not_in(OVER))
    return db.session.scalars(query.order_by(Ticket.id.desc()).limit(MOST)).all()
