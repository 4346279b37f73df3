"""Private-charge cases: opened with the upheld complaint, decided by manager and leader (R8.1)."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.complaint import Complaint
from models.private_charge_case import PrivateChargeCase
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.money import ZERO
from rules.period import Month
from rules.private_charge_case import (
    EVIDENCE,
    STEPS,
    MoneyGoes,
    PrivateChargeState,
    PrivateChargeVerb,
    cost,
)
from workflows.audit import record
from workflows.parameter import parameter_history
from workflows.permission import authorise, not_for_oneself, other_person
from workflows.refusal import Refused
from workflows.transaction import now, today, writing
from workflows.words import word


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the manager puts before the leader: the proof of the amount, the employee's own words, and the money's way."""

    proof: str
    statement: str
    money_goes: MoneyGoes | None
    reason: str = ""


def open_private_charge_cases(*, on_paper: bool) -> int:
    """Open a case for every upheld private charge that has none, inside the caller's transaction.

    `on_paper`: they come from a workbook, whose decision counts from the day on which they were upheld.
    """
    known = select(PrivateChargeCase.complaint_id)
    upheld = db.session.scalars(
        select(Complaint).where(
            Complaint.employee_id.is_not(None),
            Complaint.kind == ComplaintKind.PRIVATE_CHARGE,
            Complaint.verdict == Verdict.UPHELD,
            Complaint.origin != ComplaintOrigin.INTERNAL,
            Complaint.id.not_in(known),
        )
    ).all()
    for complaint in upheld:
        day = complaint.decided_on or today()
        case = PrivateChargeCase(
            complaint_id=complaint.id, opened_on=day, state=PrivateChargeState.OPEN
        )
        if on_paper:
            case.state, case.approved_on = PrivateChargeState.APPROVED, day
        db.session.add(case)
    db.session.flush()
    return len(upheld)


def deduction_of(case: PrivateChargeCase) -> tuple[Decimal, Decimal, Decimal]:
    """(all, collected, penalty): what the case costs, by the version of the month in which it was upheld (R8.1)."""
    charged = case.complaint.charged or ZERO
    penalty = parameter_history().of(Month.of(case.opened_on)).amount("private_charge_penalty")
    return cost(charged, penalty), charged, penalty


def missing_evidence(case: PrivateChargeCase) -> tuple[str, ...]:
    """What R8.1 asks for before approval and the case does not have yet."""
    return tuple(part for part in EVIDENCE if not getattr(case, part))


def proposal_digest(case: PrivateChargeCase) -> str:
    """The hash of what the leader approves; any change of it voids the proposal (I10)."""
    complaint = case.complaint
    content = [
        complaint.number, complaint.employee_id, str(complaint.charged), case.proof, case.statement,
        case.money_goes, case.reason,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _begin(
    case_id: int, verb: PrivateChargeVerb, actor: Account, version: int | None
) -> PrivateChargeCase:
    """The case, if the actor may take this step now, and it is still what he saw."""
    case = db.session.get(PrivateChargeCase, case_id)
    if case is None:
        raise Refused(_("没有这个案件。"), status=404)
    authorise(actor, f"private_charge.{verb}")
    not_for_oneself(actor, case.complaint.employee_id, clause="R8.1")
    if version is not None and case.row_version != version:
        raise Refused(_("这个案件刚被别人改过。请看过最新内容再决定，您填的没有保存。"))
    step = STEPS.get((case.state, verb))
    if step is None:
        raise Refused(
            _("案件现在是“%(state)s”，不能这样做。", state=word(case.state)), clause="R8.1"
        )
    return case


def _move(
    case: PrivateChargeCase, verb: PrivateChargeVerb, actor: Account, **details: object
) -> None:
    case.state = STEPS[case.state, verb].next
    db.session.flush()
    subject = case.complaint.number
    record(actor, verb.value, "private_charge_case", subject, details, origin="web")


def propose_private_charge(
    case_id: int, evidence: Evidence, *, actor: Account, version: int | None = None
) -> None:
    """The manager puts the complete case before the leader."""
    with writing():
        case = _begin(case_id, PrivateChargeVerb.PROPOSE, actor, version)
        case.proof, case.statement = evidence.proof.strip(), evidence.statement.strip()
        case.money_goes, case.reason = evidence.money_goes, evidence.reason.strip()
        if missing_evidence(case):
            raise Refused(
                _("还缺金额凭据、员工陈述或款项去向。三样齐了才能提交公司领导。"),
                clause="R8.1",
                status=400,
            )
        case.proposed_by_id, case.proposed_at = actor.id, now()
        case.proposal_hash = proposal_digest(case)
        _move(case, PrivateChargeVerb.PROPOSE, actor, digest=case.proposal_hash)


def approve_private_charge(case_id: int, *, actor: Account, version: int | None = None) -> None:
    """The leader approves; it deducts from this month on."""
    with writing():
        case = _begin(case_id, PrivateChargeVerb.APPROVE, actor, version)
        other_person(actor, case.proposed_by_id, clause="R8.1")
        if case.proposal_hash != proposal_digest(case):
            raise Refused(_("提交后内容有变化，签批作废。请退回经理重新提交。"), clause="R8.1")
        case.approved_by_id, case.approved_on = actor.id, today()
        _move(case, PrivateChargeVerb.APPROVE, actor, digest=case.proposal_hash)


def send_back_private_charge(
    case_id: int, *, actor: Account, reason: str, version: int | None = None
) -> None:
    """The leader sends the case back to the manager with a reason."""
    with writing():
        case = _begin(case_id, PrivateChargeVerb.SEND_BACK, actor, version)
        if not reason.strip():
            raise Refused(_("请写明退回的理由。"), status=400)
        _move(case, PrivateChargeVerb.SEND_BACK, actor, reason=reason.strip())
