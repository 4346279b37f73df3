"""Overdue cases: opening them the day after the last day to pay, and deciding them (R8.2, R8.3)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.overdue_case import CollectionEntry, OverdueCase
from models.receivable import Payment, Receivable
from rules.overdue_case import (
    MISSING_FOR_DECISION,
    CaseState,
    opening_day,
    paid_in_time,
)
from rules.period import Month
from rules.receivable import fully_paid_on, outstanding
from workflows.audit import record
from workflows.parameter import parameter_history, setting
from workflows.permission import authorise
from workflows.refusal import Forbidden, Refused
from workflows.transaction import now, today, writing

OPEN = (CaseState.UNDECIDED, CaseState.PROPOSED)


def payments_by_receivable() -> dict[int, list[tuple[date, Decimal]]]:
    """All payments, reversals included, by receivable."""
    paid: dict[int, list[tuple[date, Decimal]]] = {}
    for receivable, day, amount in db.session.execute(
        select(Payment.receivable_id, Payment.paid_on, Payment.amount)
    ):
        paid.setdefault(receivable, []).append((day, amount))
    return paid


def open_due_cases() -> int:
    """Open every case that is due and not yet open; withdraw undecided ones that were paid in time after all.

    An idempotent sweep inside the caller's transaction; answers how many were opened (R8.2, R8.7).
    """
    history, effective = parameter_history(), setting("effective_date")
    paid, day = payments_by_receivable(), today()
    cases = {case.receivable_id: case for case in db.session.scalars(select(OverdueCase))}
    opened = 0
    for row in db.session.scalars(select(Receivable)):
        if row.arose_on is None:
            continue
        rates = history.of(Month.of(row.arose_on))
        months = rates.count("overdue_months")
        settled = paid_in_time(fully_paid_on(row.total, paid.get(row.id, [])), row.arose_on, months)
        case = cases.get(row.id)
        if case is not None:
            if settled and case.state in OPEN:
                case.state = CaseState.WITHDRAWN
            continue
        due = row.kind in rates.overdue_kinds and row.total > 0 and not settled
        if (
            not due
            or opening_day(row.arose_on, months) > day
            or row.arose_on.isoformat() < effective
        ):
            continue
        db.session.add(
            OverdueCase(
                receivable_id=row.id,
                opened_on=opening_day(row.arose_on, months),
                state=CaseState.UNDECIDED,
                rate=rates.amount("deduction_rate_min"),
            )
        )
        opened += 1
    db.session.flush()
    return opened


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the manager puts before the leader; `agrees` is the employee's answer, None while he is silent."""

    rate: Decimal
    reason: str
    finding: str = ""
    basis: str = ""
    notified_on: date | None = None
    agrees: bool | None = None
    statement: str = ""
    waive: bool = False


def missing_evidence(case: OverdueCase) -> tuple[str, ...]:
    """What R8.3 asks for before approval and the case does not have yet."""
    there = {
        "collections": bool(case.collections),
        "finding": bool(case.finding),
        "basis": bool(case.basis),
        "notified_on": case.notified_on is not None,
        "statement": case.agrees is not None and bool(case.statement),
    }
    return tuple(part for part in MISSING_FOR_DECISION if not there[part])


def proposal_digest(case: OverdueCase) -> str:
    """The hash of what the leader approves; any change of it voids the proposal (I10)."""
    content = [
        case.receivable_id, str(case.rate), case.reason, case.finding, case.basis,
        str(case.notified_on), case.agrees, case.statement, case.waiver_proposed,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _case(case_id: int, version: int | None) -> OverdueCase:
    case = db.session.get(OverdueCase, case_id)
    if case is None:
        raise Refused(_("没有这个案件。"), status=404)
    if version is not None and case.row_version != version:
        raise Refused(_("这个案件刚被别人改过。请看过最新内容再决定，您填的没有保存。"))
    return case


def log_collection(
    case_id: int, *, actor: Account, asked_on: date, manner: str, answer: str
) -> None:
    """Note that the customer was asked for the money (R8.3)."""
    with writing():
        case = _case(case_id, None)
        own = actor.employee_id is not None and case.receivable.handler_id == actor.employee_id
        authorise(actor, "overdue.collect", own=own)
        if asked_on > today():
            raise Refused(_("催收日期在今天之后。请填实际联系客户的日期。"), status=400)
        if not manner.strip() or not answer.strip():
            raise Refused(_("请写明怎么催的、客户怎么答复。"), status=400)
        entry = CollectionEntry(
            case_id=case.id,
            asked_on=asked_on,
            asked_by_id=actor.id,
            manner=manner,
            answer=answer,
        )
        db.session.add(entry)
        details = {"asked_on": asked_on, "manner": manner, "answer": answer}
        record(
            actor,
            "collect",
            "overdue_case",
            case.receivable.number,
            details,
            origin="web",
        )


def propose(
    case_id: int, proposal: Proposal, *, actor: Account, version: int | None = None
) -> None:
    """The manager sets the rate with a reason, or proposes to waive; the leader decides (R8.3)."""
    with writing():
        case = _case(case_id, version)
        authorise(actor, "overdue.propose")
        _not_his_own(case, actor)
        if case.state not in OPEN:
            raise Refused(_("这个案件已经决定，不能再提议。"), clause="R8.3")
        rates = parameter_history().of(Month.of(today()))
        least, most = (
            rates.amount("deduction_rate_min"),
            rates.amount("deduction_rate_max"),
        )
        if not least <= proposal.rate <= most:
            raise Refused(
                _("承担比例须在 %(least)s 到 %(most)s 之间。", least=least, most=most),
                clause="R8.3",
                status=400,
            )
        if not proposal.reason.strip():
            raise Refused(_("请写明理由，它随决定冻结，员工可见。"), clause="R8.3", status=400)
        before = {"state": case.state, "rate": case.rate, "reason": case.reason}
        case.rate, case.reason, case.finding = (
            proposal.rate,
            proposal.reason,
            proposal.finding,
        )
        case.basis, case.notified_on = proposal.basis, proposal.notified_on
        case.agrees, case.statement = proposal.agrees, proposal.statement
        case.waiver_proposed = proposal.waive
        missing = () if proposal.waive else missing_evidence(case)
        case.state = CaseState.UNDECIDED if missing else CaseState.PROPOSED
        case.proposed_by_id, case.proposed_at = actor.id, now()
        case.proposal_hash = proposal_digest(case)
        details = {
            "before": before,
            "rate": case.rate,
            "reason": case.reason,
            "missing": missing,
        }
        record(
            actor,
            "propose",
            "overdue_case",
            case.receivable.number,
            details,
            origin="web",
        )


def _not_his_own(case: OverdueCase, actor: Account) -> None:
    if actor.employee_id is not None and actor.employee_id == case.receivable.handler_id:
        raise Forbidden(_("您是这笔应收款的经手人，不能决定自己的案件。"))


def _proposed(case_id: int, version: int | None, actor: Account, verb: str) -> OverdueCase:
    case = _case(case_id, version)
    authorise(actor, verb)
    _not_his_own(case, actor)
    if case.state is not CaseState.PROPOSED:
        raise Refused(_("经理还没有提交这个案件，或它已经决定。"), clause="R8.3")
    if case.proposed_by_id == actor.id:
        raise Forbidden(_("提议和批准须是两个人。"), clause="R8.3")
    if case.proposal_hash != proposal_digest(case):
        raise Refused(_("提交后内容有变化，签批作废。请退回经理重新提交。"), clause="R8.3")
    return case


def approve_case(case_id: int, *, actor: Account, version: int | None = None) -> None:
    """The leader approves the rate; from this month on it deducts (R8.3)."""
    with writing():
        case = _proposed(case_id, version, actor, "overdue.approve")
        if case.waiver_proposed:
            raise Refused(_("经理提议的是免除。请免除，或退回经理。"), clause="R8.3")
        case.state, case.decided_on, case.decided_by_id = (
            CaseState.DECIDED,
            today(),
            actor.id,
        )
        details = {"rate": case.rate, "digest": case.proposal_hash}
        record(
            actor,
            "approve",
            "overdue_case",
            case.receivable.number,
            details,
            origin="web",
        )


def waive_case(case_id: int, *, actor: Account, reason: str, version: int | None = None) -> None:
    """The leader waives the case with a reason (R8.3)."""
    with writing():
        case = _case(case_id, version)
        authorise(actor, "overdue.waive")
        _not_his_own(case, actor)
        if case.state not in OPEN:
            raise Refused(_("这个案件已经决定。"), clause="R8.3")
        if not reason.strip():
            raise Refused(_("请写明免除的理由。"), clause="R8.3", status=400)
        case.state, case.decided_on, case.decided_by_id = (
            CaseState.WAIVED,
            today(),
            actor.id,
        )
        case.waived_reason = reason
        record(
            actor,
            "waive",
            "overdue_case",
            case.receivable.number,
            {"reason": reason},
            origin="web",
        )


def send_back(case_id: int, *, actor: Account, reason: str) -> None:
    """The leader sends a proposal back to the manager with a reason."""
    with writing():
        case = _proposed(case_id, None, actor, "overdue.approve")
        if not reason.strip():
            raise Refused(_("请写明退回的理由。"), status=400)
        case.state = CaseState.UNDECIDED
        record(
            actor,
            "send_back",
            "overdue_case",
            case.receivable.number,
            {"reason": reason},
            origin="web",
        )


def outstanding_of(case: OverdueCase, day: date) -> Decimal:
    """What the customer still owes on the case's receivable at the end of a day."""
    paid = [(payment.paid_on, payment.amount) for payment in case.receivable.payments]
    return outstanding(case.receivable.total, paid, day)
