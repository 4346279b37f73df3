"""Call-backs: the manager's calls after a form came in, and what they set in doubt (R4.4)."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from models import db
from models.account import Account
from models.complaint import Complaint
from models.feedback_form import CallBack, FeedbackForm
from models.ticket import Ticket
from rules.call_back import after_call, sets_in_doubt
from rules.clause import implements
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.ticket import TicketState
from rules.ticket_steps import TicketVerb
from workflows.change import found
from workflows.complaint import PREFIX
from workflows.numbering import next_number
from workflows.refusal import Refused
from workflows.ticket_facts import accepted_form
from workflows.ticket_step import check_version, required, taking
from workflows.transaction import now, today


@dataclass(frozen=True, slots=True)
class Call:
    """What came of a call: reached or not, and what the customer said; his satisfaction confirmed or corrected."""

    reached: bool
    satisfaction: int | None = None
    remarks: str = ""
    not_served: bool = False
    money_taken: bool = False

    @property
    def answered(self) -> bool:
        return self.satisfaction is not None or self.not_served or self.money_taken


@implements("R4.4")
def call_back(
    ticket_id: int, call: Call, *, actor: Account, version: int | None = None
) -> CallBack:
    """Note a call; one that contradicts the form sets its visit in doubt and opens an internal matter."""
    with taking(ticket_id, TicketVerb.CALL_BACK, actor=actor, version=version) as step:
        if actor.employee_id is None:
            raise Refused(_("您的账号没有对应的员工，不能登记回访。"), clause="R4.4")
        _check(call)
        form = accepted_form(ticket_id)
        if form is None:
            raise Refused(_("还没有审核通过的反馈单，无从回访。"), clause="R4.4")
        step.to = after_call(call.reached, _attempts(form, ticket_id) + 1)
        row = CallBack(
            ticket_id=ticket_id, called_on=today(), caller_id=actor.employee_id, reached=call.reached,
            satisfaction=call.satisfaction, remarks=call.remarks.strip() or None, form_id=form.id,
            attempt=_calls(ticket_id) + 1, not_served=call.not_served, money_taken=call.money_taken,
        )  # fmt: skip
        db.session.add(row)
        if step.to is TicketState.CLOSED:
            step.ticket.ended_at = now()
        step.facts["reached"], step.note = call.reached, call.remarks.strip()
        if call.satisfaction is not None:
            step.facts["stars"] = call.satisfaction
        step.details["call"] = {"reached": call.reached, "satisfaction": call.satisfaction}
        doubtful = sets_in_doubt(form.satisfaction, call.satisfaction,
                                 not_served=call.not_served, money_taken=call.money_taken)  # fmt: skip
        if doubtful:
            matter = _set_in_doubt(step.ticket, form, call)
            step.details["matter"] = matter.number
    return row


def _check(call: Call) -> None:
    if not call.reached and call.answered:
        raise Refused(_("没有接通，就没有客户的回答。"), clause="R4.4", status=400, field="reached")
    if call.satisfaction is not None and call.satisfaction not in range(1, 6):
        raise Refused(_("满意度是 1 到 5。"), clause="R4.4", status=400, field="satisfaction")


def _calls(ticket_id: int) -> int:
    query = select(func.count()).select_from(CallBack).where(CallBack.ticket_id == ticket_id)
    return db.session.scalar(query) or 0


def _attempts(form: FeedbackForm, ticket_id: int) -> int:
    """The calls in vain since the form was accepted; a workbook's call names no form."""
    query = select(func.count()).where(
        CallBack.ticket_id == ticket_id,
        ~CallBack.reached,
        or_(
            CallBack.form_id == form.id,
            CallBack.form_id.is_(None) & (CallBack.called_on >= form.accepted_on),
        ),
    )
    return db.session.scalar(query) or 0


def _set_in_doubt(ticket: Ticket, form: FeedbackForm, call: Call) -> Complaint:
    """Mark the visit, and open the internal matter to investigate; it never counts against anyone (R4.5)."""
    if not form.in_doubt:
        form.disputed_on, form.cleared_on, form.voided_on = today(), None, None
    said = [
        _("客户称没有得到服务") if call.not_served else "",
        _("客户称被收了钱") if call.money_taken else "",
        _("反馈单满意度 %(form)s，电话中 %(call)s", form=form.satisfaction, call=call.satisfaction)
        if call.satisfaction is not None
        else "",
        call.remarks.strip(),
    ]
    people = [person.employee_id for person in form.visit.people]
    matter = Complaint(
        number=next_number(PREFIX, Complaint.number),
        received_on=today(),
        customer_id=ticket.customer_id,
        ticket_id=ticket.id,
        employee_id=people[0] if len(people) == 1 else None,
        origin=ComplaintOrigin.INTERNAL,
        kind=ComplaintKind.PRIVATE_CHARGE if call.money_taken else ComplaintKind.SERVICE,
        content="；".join(part for part in said if part)[:2000],
        verdict=Verdict.OPEN,
        form_id=form.id,
    )
    db.session.add(matter)
    db.session.flush()
    return matter


@implements("R4.4")
def settle_dispute(
    form_id: int, *, actor: Account, counts: bool, finding: str, version: int | None = None
) -> None:
    """Settle a doubtful visit after its investigation: it counts from this month on, or never."""
    form = found(FeedbackForm, form_id)
    with taking(form.visit.ticket_id, TicketVerb.SETTLE_DISPUTE, actor=actor) as step:
        check_version(form, version)
        if not form.in_doubt:
            raise Refused(_("这次服务没有待查的疑问。"), clause="R4.4")
        _matters_decided(form)
        step.note = required(finding, _("请写明查清的结果。"), field="finding", clause="R4.4")
        if counts:
            form.cleared_on = today()
        else:
            form.voided_on = today()
        step.facts |= {"turn": form.visit.turn, "counts": counts}


def _matters_decided(form: FeedbackForm) -> None:
    open_matter = db.session.scalar(
        select(Complaint.number)
        .where(Complaint.form_id == form.id, Complaint.verdict == Verdict.OPEN)
        .limit(1)
    )
    if open_matter is not None:
        raise Refused(
            _("%(number)s 还没有查清。请先核实，再了结疑问。", number=open_matter), clause="R4.4"
        )
