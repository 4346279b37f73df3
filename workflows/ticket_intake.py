"""Taking requests in: registering, verifying, correcting, judging, cancelling and reopening tickets (R2.1–R2.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.customer import Customer
from models.device import Device
from models.site import Site
from models.ticket import Ticket, TicketWait
from rules.clause import implements
from rules.period import Month, business_day
from rules.permissions import allowed
from rules.ticket import (
    OrderState,
    ServiceMode,
    ServiceType,
    Severity,
    TicketSource,
    TicketState,
    Urgency,
    repeats,
)
from rules.ticket_steps import TicketVerb, desk_state
from rules.warranty import chargeable
from workflows.audit import record
from workflows.change import as_created, only
from workflows.numbering import next_number
from workflows.parameter import parameter_history
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.ticket import in_warranty_at_report
from workflows.ticket_dispatch import end_orders
from workflows.ticket_step import (
    Taking,
    among_several,
    check_lengths,
    columns_of,
    put_event,
    required,
    stepping,
    stripped,
    taking,
)
from workflows.transaction import now, writing

PREFIX = "FW"


@dataclass(frozen=True, slots=True)
class Request:
    """What is written down of a request (R2.2); `reported_at` empty means now, `repeat_of_id` names the earlier
    ticket where the wording differs."""

    customer_id: int
    source: TicketSource
    fault: str
    severity: Severity
    mode: ServiceMode
    device_id: int | None = None
    site_id: int | None = None
    reported_at: datetime | None = None
    reporter: str | None = None
    phone: str | None = None
    place: str | None = None
    urgency: Urgency | None = None
    service_type: ServiceType | None = None
    onsite_reason: str | None = None
    agreed_on: date | None = None
    repeat_of_id: int | None = None


EDITABLE = frozenset(Request.__dataclass_fields__) - {
    "customer_id", "source", "severity", "reported_at",
}  # fmt: skip


@implements("R2.1", "R2.2")
def register(request: Request, *, actor: Account) -> Ticket:
    """Put a request into the register; a technician brings in his own, which a clerk then verifies."""
    with writing():
        own = request.source is TicketSource.TECHNICIAN
        authorise(actor, "ticket.register", own=own)
        if request.reported_at is not None and request.reported_at > now():
            raise Refused(_("报修时间在现在之后，请核对时间。"), status=400, field="reported_at")
        ticket = Ticket(
            **{key: getattr(request, key) for key in Request.__dataclass_fields__}
            | {"reported_at": request.reported_at or now(), "fault": request.fault.strip()},
            number=next_number(PREFIX, Ticket.number),
            status=TicketState.REGISTERED,
            registered_by_id=actor.id,
            registered_at=now(),
            taken_by_clerk=not own and allowed("ticket.verify", actor.roles),
        )
        _check(ticket)
        check_lengths(ticket)
        db.session.add(ticket)
        db.session.flush()
        _follow(ticket)
        put_event(actor, ticket, TicketVerb.REGISTER, None, "", {"source": ticket.source})
        details = as_created(columns_of(ticket))
        record(actor, TicketVerb.REGISTER, "ticket", ticket.number, details, origin="web")
    return ticket


def _check(ticket: Ticket) -> None:
    """The customer, his device, the fault and the earlier ticket hang together."""
    if not ticket.fault:
        raise Refused(_("请写明故障现象。"), clause="R2.2", status=400, field="fault")
    if db.session.get(Customer, ticket.customer_id) is None:
        raise Refused(_("没有这个客户。请从列表中选。"), status=400, field="customer_id")
    if ticket.device_id is not None:
        device = db.session.get(Device, ticket.device_id)
        if device is None or device.project.customer_id != ticket.customer_id:
            sentence = _("这台设备不是该客户的，请重新选择设备。")
            raise Refused(sentence, status=400, field="device_id")
    if ticket.site_id is not None:
        site = db.session.get(Site, ticket.site_id)
        if site is None or site.customer_id != ticket.customer_id:
            sentence = _("这个地点不是该客户的，请重新选择地点。")
            raise Refused(sentence, status=400, field="site_id")
    if ticket.repeat_of_id is not None:
        earlier = db.session.get(Ticket, ticket.repeat_of_id)
        if earlier is None or earlier.device_id is None or not _repeats(earlier, ticket):
            raise Refused(
                _("那张单不是同一台设备在期限内的报修，不能记为重复故障。"),
                clause="R4.6",
                status=400,
            )


def _repeats(earlier: Ticket, later: Ticket) -> bool:
    day = business_day(later.reported_at)
    days = parameter_history().of(Month.of(day)).count("repeat_fault_days")
    return earlier.device_id == later.device_id and repeats(
        business_day(earlier.reported_at), day, days
    )


def _follow(ticket: Ticket) -> None:
    """What follows from device and fault: whether it is charged, and which report it repeats."""
    ticket.chargeable = _chargeable(ticket)
    if ticket.repeat_of_id is None:
        earlier = earlier_report(ticket)
        ticket.repeat_of_id = earlier.id if earlier else None


def _chargeable(ticket: Ticket) -> bool | None:
    covered = in_warranty_at_report(ticket)
    if covered is None:
        return True if ticket.human_made else None
    return chargeable(covered, ticket.human_made)


@implements("R4.6")
def earlier_report(ticket: Ticket) -> Ticket | None:
    """The ticket that reported the same fault of the same device before, within the days of a repeat."""
    if ticket.device_id is None:
        return None
    query = select(Ticket).where(
        Ticket.device_id == ticket.device_id,
        Ticket.fault == ticket.fault,
        Ticket.reported_at <= ticket.reported_at,
        Ticket.status != TicketState.CANCELLED,
    )
    if ticket.id is not None:
        query = query.where(Ticket.id != ticket.id)
    latest: Ticket | None = db.session.scalar(
        query.order_by(Ticket.reported_at.desc(), Ticket.id.desc()).limit(1)
    )
    return latest if latest is not None and _repeats(latest, ticket) else None


@implements("R2.1")
def verify(ticket_id: int, *, actor: Account, note: str = "", version: int | None = None) -> None:
    """A clerk confirms a request with the customer."""
    with taking(ticket_id, TicketVerb.VERIFY, actor=actor, version=version) as step:
        step.ticket.verified_by_id, step.ticket.verified_at = actor.id, now()
        step.note = note.strip()


def edit(
    ticket_id: int, values: Mapping[str, Any], *, actor: Account, version: int | None = None
) -> None:
    """Correct or complete what was written down; on-site service needs its reason here too (R2.2)."""
    with taking(ticket_id, TicketVerb.EDIT, actor=actor, version=version) as step:
        ticket = step.ticket
        only(values, EDITABLE)
        reworded = any(values.get(k, getattr(ticket, k)) != getattr(ticket, k)
                       for k in ("fault", "device_id"))  # fmt: skip
        for key, value in values.items():
            setattr(ticket, key, stripped(value))
        if reworded and "repeat_of_id" not in values:
            ticket.repeat_of_id = None
        with db.session.no_autoflush:
            _check(ticket)
        if ticket.mode is ServiceMode.ONSITE and not ticket.onsite_reason:
            sentence = _("上门须写明现场原因：为何不能电话或在线解决。")
            raise Refused(sentence, clause="R2.2", status=400, field="onsite_reason")
        db.session.flush()
        db.session.refresh(ticket, ["device", "site"])
        _follow(ticket)


@implements("R3.3")
def set_severity(
    ticket_id: int, severity: Severity, *, actor: Account, reason: str, version: int | None = None
) -> None:
    """Change the severity; every clock counts anew from the time of report."""
    with taking(ticket_id, TicketVerb.SET_SEVERITY, actor=actor, version=version) as step:
        _set_severity(step, severity, reason)


def set_severities(
    ticket_ids: Sequence[int], severity: Severity, *, actor: Account, reason: str
) -> None:
    """Change the severity of several tickets, all or none."""
    with writing():
        for ticket_id in ticket_ids:
            with (
                among_several(ticket_id),
                stepping(ticket_id, TicketVerb.SET_SEVERITY, actor=actor) as step,
            ):
                _set_severity(step, severity, reason)


def _set_severity(step: Taking, severity: Severity, reason: str) -> None:
    why = required(reason, _("请写明为什么改问题等级。"), clause="R3.3")
    if step.ticket.severity is severity:
        sentence = _("%(number)s 的问题等级已经是 %(severity)s。",
                     number=step.ticket.number, severity=severity.value)  # fmt: skip
        raise Refused(sentence, status=400, field="severity")
    step.note, step.facts["severity"] = why, [step.ticket.severity, severity]
    step.ticket.severity = severity


@implements("R1.4")
def judge_warranty(
    ticket_id: int, out_of_warranty: bool | None, *, actor: Account, reason: str, version: int | None = None
) -> None:  # fmt: skip
    """Override whether a ticket is out of warranty, with a reason; None goes back to what the device says."""
    with taking(ticket_id, TicketVerb.JUDGE_WARRANTY, actor=actor, version=version) as step:
        step.note = required(reason, _("请写明判定的理由。"), clause="R1.4")
        step.ticket.out_of_warranty = out_of_warranty
        step.ticket.warranty_reason = None if out_of_warranty is None else step.note[:200]
        step.ticket.chargeable = _chargeable(step.ticket)


@implements("R1.2")
def charge_damage(
    ticket_id: int, *, actor: Account, reason: str, human_made: bool = True, version: int | None = None
) -> None:  # fmt: skip
    """Find that the damage was made by people, so that it is charged though in warranty; or that it was not."""
    with taking(ticket_id, TicketVerb.CHARGE_DAMAGE, actor=actor, version=version) as step:
        step.note = required(reason, _("请写明认定的理由，客户会问。"), clause="R1.2")
        step.ticket.human_made = human_made
        step.ticket.damage_reason = step.note[:200] if human_made else None
        step.ticket.chargeable = _chargeable(step.ticket)


def cancel(ticket_id: int, *, actor: Account, reason: str, version: int | None = None) -> None:
    """Cancel a ticket on which nothing was done yet, with a reason; the document stays (R2.4)."""
    with taking(ticket_id, TicketVerb.CANCEL, actor=actor, version=version) as step:
        step.note = required(reason, _("请写明取消的原因。"), clause="R2.4")
        end_orders(step.ticket, OrderState.WITHDRAWN, step.note)
        end_wait(step.ticket)
        step.ticket.ended_at = now()


def reopen(ticket_id: int, *, actor: Account, reason: str, version: int | None = None) -> None:
    """Put a ticket back to the desk because it isn't solved after all; its history stays (R2.4)."""
    with taking(ticket_id, TicketVerb.REOPEN, actor=actor, version=version) as step:
        step.note = required(reason, _("请写明重开的原因。"), clause="R2.4")
        step.to = desk_state(step.ticket.verified_at is not None)
        step.ticket.completed_at = step.ticket.ended_at = None
        end_orders(step.ticket, OrderState.WITHDRAWN, step.note)


def close(ticket_id: int, *, actor: Account, version: int | None = None) -> None:
    """Close a ticket that was called back, or that R4.4 doesn't call back."""
    with taking(ticket_id, TicketVerb.CLOSE, actor=actor, version=version) as step:
        step.ticket.ended_at = now()


def close_all(ticket_ids: Sequence[int], *, actor: Account) -> None:
    """Close several tickets, all or none."""
    with writing():
        for ticket_id in ticket_ids:
            with stepping(ticket_id, TicketVerb.CLOSE, actor=actor) as step:
                step.ticket.ended_at = now()


def end_wait(ticket: Ticket) -> None:
    """End a ticket's open wait now, if there is one."""
    for wait in db.session.scalars(
        select(TicketWait).where(TicketWait.ticket_id == ticket.id, TicketWait.ended_at.is_(None))
    ):
        wait.ended_at = now()
