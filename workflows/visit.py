"""Visits: when work on a ticket begins and ends, by whom, and what came of it (R4.1)."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from models.account import Account
from models.ticket import Ticket, Visit
from rules.clause import implements
from rules.ticket import ServiceMode
from rules.ticket_steps import TicketVerb
from workflows.refusal import Refused
from workflows.ticket_dispatch import live_orders, plan_visit
from workflows.ticket_facts import latest_visit, visits_of
from workflows.ticket_step import Taking, check_lengths, required, taking
from workflows.transaction import now
from workflows.words import word


@dataclass(frozen=True, slots=True)
class Work:
    """What was done on a visit, what came of it, and the advice given to the customer; `at` empty means now."""

    content: str
    result: str
    advice: str = ""
    at: datetime | None = None


@implements("R4.1")
def start(
    ticket_id: int, *, actor: Account, mode: ServiceMode | None = None, place: str = "",
    at: datetime | None = None, version: int | None = None,
) -> Visit:  # fmt: skip
    """Begin a visit: arrive on site, or take up the phone; `at` where it is noted down afterwards."""
    with taking(ticket_id, TicketVerb.START, actor=actor, version=version) as step:
        ticket, mode = step.ticket, mode or step.ticket.mode
        if mode is ServiceMode.ONSITE and ticket.mode is not ServiceMode.ONSITE:
            raise Refused(
                _("这张单约定的是%(mode)s服务。要上门请售后专员改服务方式并写明现场原因。", mode=_(word(ticket.mode))),
                clause="R2.1",
            )  # fmt: skip
        begun = _moment(at, _earliest(ticket))
        visit = latest_visit(ticket.id)
        if visit is None or visit.begun:
            visit = plan_visit(ticket, [p.employee_id for p in visit.people] if visit else [])
        visit.mode, visit.started_at = mode, begun
        if mode is ServiceMode.ONSITE:
            address = ticket.place or ticket.customer.address
            visit.place = place.strip() or address
            check_lengths(visit)
            ticket.arrived_at = ticket.arrived_at or begun
        step.facts |= {"turn": visit.turn, "mode": mode}
    return visit


def _earliest(ticket: Ticket) -> datetime:
    """The moment before which the next visit can't have begun: its order, or the end of the visit before."""
    ends = [visit.ended_at for visit in visits_of(ticket.id) if visit.ended_at is not None]
    return max([ticket.reported_at, *ends, *(order.ordered_at for order in live_orders(ticket))])


def _moment(at: datetime | None, earliest: datetime) -> datetime:
    """The moment said, or now; refused in the future and before what must have come first."""
    moment = now() if at is None else at
    if moment > now():
        raise Refused(_("时间在现在之后，请核对。"), clause="R4.1", status=400, field="at")
    if moment < earliest:
        sentence = _("时间早于派工、报修或上一次服务，请核对。")
        raise Refused(sentence, clause="R4.1", status=400, field="at")
    return moment


def leave(ticket_id: int, work: Work, *, actor: Account, version: int | None = None) -> Visit:
    """End a visit after which the fault isn't settled yet."""
    with taking(ticket_id, TicketVerb.LEAVE, actor=actor, version=version) as step:
        return _end(step, work)


@implements("R4.1")
def serve(ticket_id: int, work: Work, *, actor: Account, version: int | None = None) -> Visit:
    """End the visit that settles the ticket."""
    with taking(ticket_id, TicketVerb.SERVE, actor=actor, version=version) as step:
        visit = _end(step, work)
        step.ticket.completed_at = visit.ended_at
    return visit


def _end(step: Taking, work: Work) -> Visit:
    visit = latest_visit(step.ticket.id)
    if visit is None or visit.started_at is None:
        raise Refused(_("现在没有进行中的服务。请先开始服务。"), clause="R4.1")
    visit.content = required(
        work.content, _("请写明做了什么。"), field="content", clause="R4.1", most=2000
    )
    visit.result = required(
        work.result, _("请写明结果。"), field="result", clause="R4.1", most=2000
    )
    visit.advice = work.advice.strip() or None
    check_lengths(visit)
    visit.ended_at = _moment(work.at, visit.started_at)
    step.facts["turn"], step.note = visit.turn, visit.result
    step.details["visit"] = {"turn": visit.turn, "ended_at": visit.ended_at, "result": visit.result}
    return visit
