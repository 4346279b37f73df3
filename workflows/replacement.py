"""Devices and parts replaced under warranty: the days out of service are added to it (R1.3)."""

from flask_babel import gettext as _
from sqlalchemy import exists, select

from models import db
from models.account import Account
from models.device import WarrantyExtension
from models.ticket import Ticket
from rules.clause import implements
from rules.ticket_steps import TicketVerb
from rules.warranty import extension_days
from workflows.refusal import Refused
from workflows.ticket import in_warranty_at_report
from workflows.ticket_step import taking


def may_replace(ticket: Ticket) -> bool:
    """Whether a replacement on a ticket would extend its device's warranty, as far as the ticket itself says (R1.3)."""
    if ticket.device_id is None or ticket.human_made or ticket.completed_at is None:
        return False
    return bool(in_warranty_at_report(ticket))


@implements("R1.3")
def replace(
    ticket_id: int, *, actor: Account, note: str = "", version: int | None = None
) -> WarrantyExtension:
    """Note that a ticket's device or a part of it was replaced under warranty; each ticket extends once."""
    with taking(ticket_id, TicketVerb.REPLACE, actor=actor, version=version) as step:
        ticket = step.ticket
        if ticket.device_id is None:
            raise Refused(_("这张单没有设备，不能延长质保。"), clause="R1.3")
        if not in_warranty_at_report(ticket) or ticket.human_made:
            raise Refused(_("不在质保内，或是人为损坏：更换要收费，不延长质保。"), clause="R1.2")
        if db.session.scalar(select(exists().where(WarrantyExtension.ticket_id == ticket.id))):
            raise Refused(_("这张单已经延长过质保。"), clause="R1.3")
        if ticket.completed_at is None:
            raise Refused(_("服务还没有完成，停用天数还不知道。"), clause="R1.3")
        days = extension_days(ticket.reported_at, ticket.completed_at)
        extension = WarrantyExtension(device_id=ticket.device_id, ticket_id=ticket.id, days=days)
        db.session.add(extension)
        step.facts["days"], step.note = days, note.strip()
    return extension
