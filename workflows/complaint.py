"""Complaints: received, investigated, decided, and the customer answered in time (R4.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from models import db
from models.account import Account
from models.complaint import Complaint
from models.customer import Customer
from models.employee import Employee
from models.ticket import Ticket
from rules.clause import implements
from rules.complaint import (
    ComplaintKind,
    ComplaintOrigin,
    Verdict,
    answer_due,
    may_investigate,
)
from rules.money import ZERO, round_fen
from rules.period import Month
from workflows.audit import record
from workflows.change import as_created, found
from workflows.numbering import next_number
from workflows.parameter import parameter_history
from workflows.permission import authorise
from workflows.private_charge_case import open_private_charge_cases
from workflows.refusal import Forbidden, Refused
from workflows.service_plan import work_calendar
from workflows.ticket_facts import visits_of
from workflows.ticket_step import check_lengths, check_version, columns_of, required
from workflows.transaction import today, writing

PREFIX = "TS"


@dataclass(frozen=True, slots=True)
class Grievance:
    """What a customer complains of; `received_on` empty means today."""

    customer_id: int
    content: str
    kind: ComplaintKind = ComplaintKind.SERVICE
    origin: ComplaintOrigin = ComplaintOrigin.COMPLAINT_LINE
    ticket_id: int | None = None
    employee_id: int | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an investigation found; `charged` is what was collected privately, `employee_id` whom it turned out to
    concern."""

    upheld: bool
    finding: str
    charged: Decimal | None = None
    employee_id: int | None = None


@implements("R4.5")
def register_complaint(grievance: Grievance, *, actor: Account) -> Complaint:
    """Put a complaint on record; it counts against nobody until upheld."""
    with writing():
        authorise(actor, "complaint.register")
        content = required(
            grievance.content, _("请写明客户投诉什么。"), field="content", clause="R4.5", most=2000
        )
        received_on = grievance.received_on or today()
        if received_on > today():
            raise Refused(_("受理日期在今天之后，请核对日期。"), status=400, field="received_on")
        _check(grievance)
        complaint = Complaint(
            number=next_number(PREFIX, Complaint.number), received_on=received_on,
            customer_id=grievance.customer_id, ticket_id=grievance.ticket_id, employee_id=grievance.employee_id,
            origin=grievance.origin, kind=grievance.kind, content=content, verdict=Verdict.OPEN,
        )  # fmt: skip
        db.session.add(complaint)
        db.session.flush()
        details = as_created(columns_of(complaint))
        record(actor, "register", "complaint", complaint.number, details, origin="web")
    return complaint


def _check(grievance: Grievance) -> None:
    """The customer, his ticket and the employee are there and hang together."""
    if db.session.get(Customer, grievance.customer_id) is None:
        raise Refused(_("没有这个客户。请从列表中选。"), status=400, field="customer_id")
    if grievance.ticket_id is not None:
        ticket = db.session.get(Ticket, grievance.ticket_id)
        if ticket is None or ticket.customer_id != grievance.customer_id:
            raise Refused(_("这张服务单不是该客户的，请重新选择。"), status=400, field="ticket_id")
    if grievance.employee_id is not None:
        _known(grievance.employee_id)


def _known(employee_id: int) -> None:
    if db.session.get(Employee, employee_id) is None:
        sentence = _("没有这个员工。请从列表中选。")
        raise Refused(sentence, status=400, field="employee_id")


def concerned(complaint: Complaint) -> set[int]:
    """The employees whom a complaint may concern: the one named, else all who were on its ticket's visits."""
    if complaint.employee_id is not None:
        return {complaint.employee_id}
    if complaint.ticket_id is None:
        return set()
    return {p.employee_id for v in visits_of(complaint.ticket_id) if v.begun for p in v.people}


def _complaint(complaint_id: int, version: int | None) -> Complaint:
    complaint = found(Complaint, complaint_id)
    check_version(complaint, version)
    return complaint


def _open(complaint_id: int, version: int | None) -> Complaint:
    complaint = _complaint(complaint_id, version)
    if complaint.verdict is not Verdict.OPEN:
        raise Refused(_("%(number)s 已经核实，不能再改。", number=complaint.number), clause="R4.5")
    return complaint


def _not_against(complaint: Complaint, employee_id: int | None) -> None:
    against: Iterable[int] = concerned(complaint)
    if not all(may_investigate(employee_id, one) for one in against):
        raise Forbidden(_("投诉涉及本人，不能由本人调查。"), clause="R4.5")


@implements("R4.5")
def assign_investigator(
    complaint_id: int, employee_id: int, *, actor: Account, version: int | None = None
) -> None:
    """Say who investigates; never whom it concerns."""
    with writing():
        complaint = _open(complaint_id, version)
        authorise(actor, "complaint.assign")
        _known(employee_id)
        _not_against(complaint, employee_id)
        before = complaint.investigator_id
        complaint.investigator_id = employee_id
        details = {"investigator_id": [before, employee_id]}
        record(actor, "assign", "complaint", complaint.number, details, origin="web")


@implements("R4.5", "R8.1")
def decide_complaint(
    complaint_id: int, decision: Decision, *, actor: Account, version: int | None = None
) -> None:
    """Uphold a complaint or not, with its finding; an upheld private charge opens its case."""
    with writing():
        complaint = _open(complaint_id, version)
        authorise(actor, "complaint.decide")
        before = columns_of(complaint)
        if decision.employee_id is not None:
            _known(decision.employee_id)
            _not_against(complaint, actor.employee_id)
            complaint.employee_id = decision.employee_id
        _not_against(complaint, actor.employee_id)
        _not_against(complaint, complaint.investigator_id)
        complaint.finding = required(
            decision.finding, _("请写明查到了什么。"), field="finding", clause="R4.5", most=2000
        )
        complaint.verdict = Verdict.UPHELD if decision.upheld else Verdict.NOT_UPHELD
        complaint.charged = _charged(complaint, decision)
        complaint.decided_on, complaint.decided_by_id = today(), actor.id
        db.session.flush()
        open_private_charge_cases(on_paper=False)
        details = {k: [before[k], v] for k, v in columns_of(complaint).items() if v != before[k]}
        record(actor, "decide", "complaint", complaint.number, details, origin="web")


def _charged(complaint: Complaint, decision: Decision) -> Decimal | None:
    """What was collected: needed for a private charge that is upheld, out of place otherwise (R8.1)."""
    needed = decision.upheld and complaint.kind is ComplaintKind.PRIVATE_CHARGE
    if not needed:
        return None
    charged = decision.charged
    if charged is None or charged <= ZERO or charged != round_fen(charged):
        sentence = _("私自收费属实，请填收取的金额（元，最多两位小数）。")
        raise Refused(sentence, clause="R8.1", status=400, field="charged")
    return charged


@implements("R4.5")
def answer_complaint(
    complaint_id: int, *, actor: Account, answer: str, version: int | None = None
) -> None:
    """Answer the customer, once; that stops the complaint's clock."""
    with writing():
        complaint = _complaint(complaint_id, version)
        authorise(actor, "complaint.answer")
        if complaint.origin is ComplaintOrigin.INTERNAL:
            raise Refused(_("内部事项不是客户投诉，不用答复客户。"), clause="R4.5")
        if complaint.answered_on is not None:
            raise Refused(_("%(number)s 已经答复过客户。", number=complaint.number), clause="R4.5")
        complaint.answer = required(
            answer, _("请写明怎么答复的。"), field="answer", clause="R4.5", most=2000
        )
        complaint.answered_on = today()
        check_lengths(complaint)
        details = {"answered_on": [None, complaint.answered_on], "answer": [None, complaint.answer]}
        record(actor, "answer", "complaint", complaint.number, details, origin="web")


def answers_due(complaints: Iterable[Complaint]) -> dict[int, date]:
    """The last day to answer of each complaint of a customer, by id; in two statements however many (R4.5).

    Left out is what came decided from a register, which says nothing of the answer.
    """
    history, overrides = parameter_history(), work_calendar().overrides
    return {
        complaint.id: answer_due(
            complaint.received_on,
            history.of(Month.of(complaint.received_on)).count("complaint_answer_days"),
            overrides,
        )
        for complaint in complaints
        if complaint.origin is not ComplaintOrigin.INTERNAL and not _on_paper(complaint)
    }


def _on_paper(complaint: Complaint) -> bool:
    return complaint.verdict is not Verdict.OPEN and complaint.decided_by_id is None
