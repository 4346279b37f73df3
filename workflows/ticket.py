"""One ticket with its clocks, one device with its warranties (workbook.md)."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.device import Device
from models.ticket import Ticket
from rules.period import SHANGHAI, business_day
from rules.warranty import in_warranty, out_of_warranty, warranty_end
from workflows.refusal import Refused
from workflows.ticket_clocks import clocks_of
from workflows.transaction import today


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(SHANGHAI).isoformat()


def ticket_report(number: str) -> dict[str, Any]:
    """One ticket as the contract shows it."""
    ticket = db.session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None:
        raise Refused(_("没有服务单 %(number)s。", number=number), status=404)
    found = clocks_of(Ticket.id == ticket.id)[ticket.id]
    return {
        "number": ticket.number,
        "status": ticket.status.value,
        "severity": ticket.severity.value,
        "customer": ticket.customer.number,
        "device": ticket.device.serial if ticket.device else None,
        "in_warranty": in_warranty_at_report(ticket),
        "reported_at": _iso(ticket.reported_at),
        "clocks": [
            {
                "clock": c.name.value,
                "due": _iso(c.due),
                "done": _iso(c.done),
                "state": c.state.value,
            }
            for c in found
        ],
    }


def extended_days(device: Device) -> int:
    """The days by which replacements extended a device's warranty (R1.3)."""
    return sum(extension.days for extension in device.extensions)


def device_end(device: Device) -> date | None:
    """The last day of a device's warranty (R1.1, R1.3)."""
    project = device.project
    return warranty_end(
        project.accepted_on,
        project.warranty_months,
        device.warranty_months,
        extended_days(device),
    )


def in_warranty_at_report(ticket: Ticket) -> bool | None:
    """Whether a ticket is in warranty, as computed at its report or overridden; None without a device (R1.4)."""
    device = ticket.device
    warranty = None if device is None else (device.project.accepted_on, device_end(device))
    return covered_at_report(ticket.reported_at, ticket.out_of_warranty, warranty)


def covered_at_report(
    reported: datetime, override: bool | None, warranty: tuple[date | None, date | None] | None
) -> bool | None:
    """The same from the moment of report, the clerk's override and the device's warranty, first and last day."""
    computed = None
    if warranty is not None:
        computed = not in_warranty(*warranty, business_day(reported))
    over = out_of_warranty(computed, override)
    return None if over is None else not over


def device_report(serial: str) -> dict[str, Any]:
    """One device as the contract shows it."""
    device = db.session.scalar(select(Device).where(Device.serial == serial))
    if device is None:
        raise Refused(_("没有序列号为 %(serial)s 的设备。", serial=serial), status=404)
    start, end, maker = (
        device.project.accepted_on,
        device_end(device),
        device.maker_warranty_until,
    )
    return {
        "serial": device.serial,
        "project": device.project.number,
        "customer": device.project.customer.number,
        "warranty_start": start.isoformat() if start else None,
        "warranty_end": end.isoformat() if end else None,
        "in_warranty": in_warranty(start, end, today()),
        "extended_days": extended_days(device),
        "maker_warranty_until": maker.isoformat() if maker else None,
    }
