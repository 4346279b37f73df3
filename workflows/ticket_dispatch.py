"""Ordering people to tickets: dispatch, reassign, accept, refuse (R2.5)."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, select

from models import db
from models.account import Account
from models.employee import Employee
from models.ticket import Ticket, TicketOrder, Visit, VisitPerson
from rules.clause import implements
from rules.permissions import allowed
from rules.ticket import OrderState, ServiceMode, assignable
from rules.ticket_steps import TicketVerb, after_refusal
from workflows.refusal import Refused
from workflows.ticket_facts import latest_visit
from workflows.ticket_step import (
    Taking,
    among_several,
    required,
    stepping,
    stripped,
    taking,
)
from workflows.transaction import now, today, writing

LIVE = (OrderState.GIVEN, OrderState.ACCEPTED)


def escalate(ticket_id: int, *, actor: Account, note: str = "", version: int | None = None) -> None:
    """No dedicated technician is free: the department manager shall assign people."""
    with taking(ticket_id, TicketVerb.ESCALATE, actor=actor, version=version) as step:
        step.ticket.escalated_at = now()
        step.note = note.strip()


@implements("R2.5")
def dispatch(
    ticket_id: int, employee_ids: Sequence[int], *, actor: Account, mode: ServiceMode | None = None,
    onsite_reason: str | None = None, agreed_on: date | None = None, note: str = "", version: int | None = None,
) -> None:  # fmt: skip
    """Order people to a ticket: the clerk dedicated technicians, the manager any own staff."""
    given = {"mode": mode, "onsite_reason": stripped(onsite_reason), "agreed_on": agreed_on}
    given = {key: value for key, value in given.items() if value is not None}
    with taking(ticket_id, TicketVerb.DISPATCH, actor=actor, version=version, given=given) as step:
        _dispatch(step, employee_ids, note)


def dispatch_all(
    ticket_ids: Sequence[int], employee_ids: Sequence[int], *, actor: Account, note: str = ""
) -> None:
    """Order the same people to several tickets, all or none."""
    with writing():
        for ticket_id in ticket_ids:
            with (
                among_several(ticket_id),
                stepping(ticket_id, TicketVerb.DISPATCH, actor=actor) as step,
            ):
                _dispatch(step, employee_ids, note)


def _dispatch(step: Taking, employee_ids: Sequence[int], note: str) -> None:
    staff = _staff(employee_ids, step.actor)
    _order(step.ticket, staff, step.actor)
    step.ticket.escalated_at = None
    step.note = _naming(staff, note)
    step.details["people"] = [employee.number for employee in staff]


@implements("R2.5")
def reassign(
    ticket_id: int, employee_ids: Sequence[int], *, actor: Account, reason: str, version: int | None = None
) -> None:  # fmt: skip
    """Order other people instead; those before stay on record."""
    with taking(ticket_id, TicketVerb.REASSIGN, actor=actor, version=version) as step:
        why = required(reason, _("请写明改派的原因。"), clause="R2.5")
        staff = _staff(employee_ids, actor)
        end_orders(step.ticket, OrderState.WITHDRAWN, why)
        _order(step.ticket, staff, actor)
        step.note = _naming(staff, why)
        step.details["people"] = [employee.number for employee in staff]


def accept(ticket_id: int, *, actor: Account, version: int | None = None) -> None:
    """A technician takes the order; with that he has responded (R3.1)."""
    with taking(ticket_id, TicketVerb.ACCEPT, actor=actor, version=version) as step:
        for order in live_orders(step.ticket):
            if order.employee_id == actor.employee_id:
                order.state = OrderState.ACCEPTED
        step.ticket.responded_at = step.ticket.responded_at or now()


def refuse(ticket_id: int, *, actor: Account, reason: str, version: int | None = None) -> None:
    """A technician turns the order down with a reason; without others asked it goes back to the desk (R2.5)."""
    with taking(ticket_id, TicketVerb.REFUSE, actor=actor, version=version) as step:
        step.note = required(reason, _("请写明不能接单的原因。"), clause="R2.5")
        for order in live_orders(step.ticket):
            if order.employee_id == actor.employee_id:
                order.state, order.ended_at, order.reason = (
                    OrderState.REFUSED, now(), step.note[:200],
                )  # fmt: skip
        visit = latest_visit(step.ticket.id)
        others = visit is not None and _take_off(visit, actor.employee_id)
        step.to = after_refusal(others, step.ticket.verified_at is not None)


def live_orders(ticket: Ticket) -> list[TicketOrder]:
    """The orders of a ticket that stand."""
    query = select(TicketOrder).where(
        TicketOrder.ticket_id == ticket.id, TicketOrder.state.in_(LIVE)
    )
    return list(db.session.scalars(query.order_by(TicketOrder.id)))


def end_orders(ticket: Ticket, state: OrderState, reason: str) -> None:
    """End the orders that stand."""
    for order in live_orders(ticket):
        order.state, order.ended_at, order.reason = state, now(), reason[:200]


def _staff(employee_ids: Sequence[int], actor: Account) -> list[Employee]:
    """The employees of these ids, if the actor may order them all today (R2.5)."""
    anyone = allowed("ticket.assign_anyone", actor.roles)
    found = []
    for employee_id in dict.fromkeys(employee_ids):
        employee = db.session.get(Employee, employee_id)
        if employee is None:
            raise Refused(_("没有这个员工。请从列表中选。"), status=400, field="employee_ids")
        if not assignable(employee.kind, employee.hired_on, employee.left_on, today(), anyone=True):
            raise Refused(
                _("%(name)s 今天不在职，请派别人。", name=employee.name),
                clause="R2.5", status=400, field="employee_ids",
            )  # fmt: skip
        if not assignable(
            employee.kind, employee.hired_on, employee.left_on, today(), anyone=anyone
        ):
            raise Refused(
                _("%(name)s 不是专职技术员，须由部门经理安排。", name=employee.name),
                clause="R2.5", status=400, field="employee_ids",
            )  # fmt: skip
        found.append(employee)
    if not found:
        raise Refused(_("请选择派给谁。"), clause="R2.5", status=400, field="employee_ids")
    return found


def _order(ticket: Ticket, staff: list[Employee], actor: Account) -> None:
    """Give the orders, and plan the next visit for these people."""
    for employee in staff:
        db.session.add(
            TicketOrder(
                ticket_id=ticket.id, employee_id=employee.id, ordered_by_id=actor.id, ordered_at=now(),
                state=OrderState.GIVEN,
            )
        )  # fmt: skip
    plan_visit(ticket, [employee.id for employee in staff])


def plan_visit(ticket: Ticket, people: list[int]) -> Visit:
    """The ticket's next visit, planned for these people."""
    visit = latest_visit(ticket.id)
    if visit is None or visit.begun:
        turn = 1 if visit is None else visit.turn + 1
        visit = Visit(ticket_id=ticket.id, turn=turn, mode=ticket.mode)
        db.session.add(visit)
        db.session.flush()
    visit.mode = ticket.mode
    db.session.execute(delete(VisitPerson).where(VisitPerson.visit_id == visit.id))
    db.session.expire(visit, ["people"])
    for position, employee_id in enumerate(people, 1):
        db.session.add(VisitPerson(visit_id=visit.id, employee_id=employee_id, position=position))
    db.session.flush()
    return visit


def _take_off(visit: Visit, employee_id: int | None) -> bool:
    """Take one person off a planned visit; answers whether others stay on it."""
    db.session.execute(
        delete(VisitPerson).where(
            VisitPerson.visit_id == visit.id, VisitPerson.employee_id == employee_id
        )
    )
    db.session.expire(visit, ["people"])
    return bool(visit.people)


def _naming(staff: list[Employee], note: str) -> str:
    names = "、".join(employee.name for employee in staff)
    return f"{names}：{note.strip()}" if note.strip() else names
