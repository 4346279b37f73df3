"""Overdue cases: opening them the day after the last day to pay, and deciding them (R8.2, R8.3)."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.overdue_case import CollectionEntry, OverdueCase
from models.receivable import Payment, Receivable
from rules.clause import implements
from rules.overdue_case import (
    STEPS,
    CaseState,
    CaseVerb,
    CollectionManner,
    opening_day,
    paid_in_time,
)
from rules.period import Month
from rules.receivable import fully_paid_on
from workflows.overdue_proposal import (
    Errors,
    Proposal,
    check_complete,
    check_proposal,
    check_rate,
    checked_text,
    reason_given,
)
from workflows.overdue_record import (
    case_of,
    change,
    check_seen,
    is_own,
    missing_evidence,
    proposal_digest,
    put_on_record,
    seen_digest,
    stated_himself,
)
from workflows.parameter import parameter_history, setting
from workflows.permission import authorise, not_for_oneself, other_person
from workflows.refusal import Forbidden, Refused
from workflows.transaction import now, today, writing
from workflows.words import word

PERMISSION = {verb: step.permission for (_state, verb), step in STEPS.items()}
DECIDING = frozenset(CaseVerb) - {CaseVerb.COLLECT, CaseVerb.STATE}
MANNERS = {name: code for code in CollectionManner for name in (code, word(code))}


def payments_by_receivable() -> dict[int, list[tuple[date, Decimal]]]:
    """All payments, reversals included, by receivable."""
    paid: dict[int, list[tuple[date, Decimal]]] = {}
    for receivable, day, amount in db.session.execute(
        select(Payment.receivable_id, Payment.paid_on, Payment.amount)
    ):
        paid.setdefault(receivable, []).append((day, amount))
    return paid


@implements("R8.2", "R8.7")
def open_due_cases() -> int:
    """Open every case that is due and not yet open; withdraw undecided ones that were paid in time after all.

    An idempotent sweep inside the caller's transaction; answers how many were opened. What was withdrawn opens
    again when the payment turns out wrong and is reversed.
    """
    history, effective = parameter_history(), setting("effective_date")
    paid, day = payments_by_receivable(), today()
    cases = {case.receivable_id: case for case in db.session.scalars(select(OverdueCase))}
    opened = 0
    for row in db.session.scalars(select(Receivable).order_by(Receivable.number)):
        if row.arose_on is None:
            continue
        rates = history.of(Month.of(row.arose_on))
        months = rates.count("overdue_months")
        opens_on = opening_day(row.arose_on, months)
        settled = paid_in_time(fully_paid_on(row.total, paid.get(row.id, [])), row.arose_on, months)
        if row.id in cases:
            _sweep(cases[row.id], CaseVerb.WITHDRAW if settled else CaseVerb.REOPEN)
            continue
        due = row.kind in rates.overdue_kinds and row.total > 0 and not settled
        if not due or opens_on > day or row.arose_on.isoformat() < effective:
            continue
        case = OverdueCase(receivable=row, opened_on=opens_on, state=CaseState.UNDECIDED)
        db.session.add(case)
        put_on_record(case, "open", None, {"opened_on": opens_on})
        opened += 1
    db.session.flush()
    return opened


def open_cases() -> int:
    """The sweep in a transaction of its own, as the nightly job takes it; how many cases were opened."""
    with writing():
        return open_due_cases()


def _sweep(case: OverdueCase, verb: CaseVerb) -> None:
    step = STEPS.get((case.state, verb))
    if step is not None:
        put_on_record(case, verb, None, change(case, state=step.next))


def _begin(case_id: int, verb: CaseVerb, actor: Account, seen: str | None) -> OverdueCase:
    """The case, if the actor may take this step now, and it is still what he saw."""
    case = case_of(case_id)
    authorise(actor, PERMISSION[verb] or "", own=is_own(case, actor))
    if verb in DECIDING:
        not_for_oneself(actor, case.receivable.handler_id, clause="R8.3")
    check_seen(case, seen)
    if (case.state, verb) not in STEPS:
        state = word(case.state)
        raise Refused(_("这个案件现在是“%(state)s”，不能做这一步。", state=state), clause="R8.3")
    return case


def _take(
    case: OverdueCase, verb: CaseVerb, actor: Account, changed: dict[str, Any] | None = None
) -> None:
    """Move the case along its table and put on record what changed with the step."""
    moved = change(case, state=STEPS[case.state, verb].next)
    put_on_record(case, verb, actor, {**(changed or {}), **moved})


@implements("R8.3")
def log_collection(
    case_id: int, *, actor: Account, asked_on: date | None, manner: str, answer: str
) -> None:
    """Note that the customer was asked for the money: when, how, and what he answered."""
    with writing():
        case = _begin(case_id, CaseVerb.COLLECT, actor, None)
        errors: Errors = {}
        kept = checked_text(answer, "answer", errors)
        if not kept:
            errors["answer"] = _("请写明客户怎么答复；没有答复也请写明。")
        if manner not in MANNERS:
            errors["manner"] = _("请选择怎么催的：电话、上门、函件或消息。")
        if asked_on is None or not (case.receivable.arose_on or asked_on) <= asked_on <= today():
            errors["asked_on"] = _("请填实际联系客户的日期：在应收款产生之后，不晚于今天。")
        if errors:
            raise Refused(_("催收记录没有登记。"), clause="R8.3", status=400, errors=errors)
        details = {"asked_on": asked_on, "manner": MANNERS[manner], "answer": kept}
        case.collections.append(CollectionEntry(asked_by_id=actor.id, **details))
        put_on_record(case, CaseVerb.COLLECT, actor, details)


@implements("R8.3")
def state_case(
    case_id: int, *, actor: Account, agrees: bool | None, statement: str, seen: str | None = None
) -> None:
    """The employee's statement, in his words: by himself, or taken down by the manager."""
    with writing():
        case = _begin(case_id, CaseVerb.STATE, actor, seen)
        if stated_himself(case) and not is_own(case, actor):
            raise Forbidden(_("员工已亲自写下陈述，只有他本人能改。"), clause="R8.3")
        errors: Errors = {}
        kept = checked_text(statement, "statement", errors)
        if not kept:
            errors["statement"] = _("请写下陈述，用员工自己的话。")
        if agrees is None:
            errors["agrees"] = _("请选择同意或有异议。")
        if errors:
            raise Refused(_("陈述没有保存。"), clause="R8.3", status=400, errors=errors)
        stated = {"agrees": agrees, "statement": kept, "stated_by_id": actor.id}
        _take(case, CaseVerb.STATE, actor, change(case, **stated, stated_on=today()))


def _bring(case: OverdueCase, proposal: Proposal, actor: Account, errors: Errors) -> dict[str, Any]:
    """Put a proposal's values on the case, with who found and stated what is new; what changed."""
    values = check_proposal(case, proposal, errors)
    if stated_himself(case):
        values |= {"agrees": case.agrees, "statement": case.statement}
    if values["finding"] != case.finding:
        values["found_by_id"] = actor.id if values["finding"] else None
    if (values["agrees"], values["statement"]) != (case.agrees, case.statement):
        values |= {"stated_by_id": actor.id, "stated_on": today()}
    return change(case, **values, waiver_proposed=False)


@implements("R8.3")
def save_case(case_id: int, proposal: Proposal, *, actor: Account, seen: str | None = None) -> None:
    """Keep the manager's work as a draft, gaps included; nothing goes to the leader yet."""
    with writing():
        case = _begin(case_id, CaseVerb.SAVE, actor, seen)
        errors: Errors = {}
        changed = _bring(case, proposal, actor, errors)
        if errors:
            raise Refused(_("草稿没有保存。请改正标出的几处。"), status=400, errors=errors)
        _take(case, CaseVerb.SAVE, actor, changed)


@implements("R8.3")
def propose(case_id: int, proposal: Proposal, *, actor: Account, seen: str | None = None) -> None:
    """The manager sets the rate with a reason, or proposes to waive; the leader decides."""
    verb = CaseVerb.PROPOSE_WAIVER if proposal.waive else CaseVerb.PROPOSE
    with writing():
        case = _begin(case_id, verb, actor, seen)
        errors: Errors = {}
        if proposal.waive:
            changed = change(case, reason=reason_given(proposal.reason), waiver_proposed=True)
        else:
            changed = _bring(case, proposal, actor, errors)
            check_complete(case, errors)
        if errors:
            sentence = _("没有提交领导：还缺 %(count)s 处。", count=len(errors))
            raise Refused(sentence, clause="R8.3", status=400, errors=errors)
        maker = {"proposed_by_id": actor.id, "proposed_at": now(), "sent_back_reason": None}
        changed |= change(case, **maker, proposal_hash=proposal_digest(case))
        _take(case, verb, actor, changed)


def _not_the_maker(case: OverdueCase, actor: Account) -> None:
    if case.state is CaseState.PROPOSED:
        other_person(actor, case.proposed_by_id, clause="R8.3")


@implements("R8.3")
def approve_case(case_id: int, *, actor: Account, seen: str | None = None) -> None:
    """The leader approves the rate; from this month on it deducts."""
    with writing():
        case = _begin(case_id, CaseVerb.APPROVE, actor, seen)
        _not_the_maker(case, actor)
        if case.proposal_hash != proposal_digest(case) or missing_evidence(case):
            raise Refused(_("提交后内容有变化，提议作废。请退回经理重新提交。"), clause="R8.3")
        if case.waiver_proposed:
            raise Refused(_("经理提议的是免除。请免除，或退回经理。"), clause="R8.3")
        errors: Errors = {}
        check_rate(case.rate, errors)
        if errors:
            sentence = _("提议的比例不在本月允许的范围。请退回经理重新提交。")
            raise Refused(sentence, clause="R8.3")
        approved = seen_digest(case)
        changed = change(case, decided_on=today(), decided_by_id=actor.id)
        _take(case, CaseVerb.APPROVE, actor, changed | {"rate": case.rate, "digest": approved})


@implements("R8.3")
def waive_case(case_id: int, *, actor: Account, reason: str, seen: str | None = None) -> None:
    """The leader waives the case with a reason, proposed or not."""
    with writing():
        case = _begin(case_id, CaseVerb.WAIVE, actor, seen)
        _not_the_maker(case, actor)
        decided = {"waived_reason": reason_given(reason), "decided_by_id": actor.id}
        _take(case, CaseVerb.WAIVE, actor, change(case, **decided, decided_on=today()))


@implements("R8.3")
def send_back(case_id: int, *, actor: Account, reason: str, seen: str | None = None) -> None:
    """The leader sends a proposal back to the manager with a reason."""
    with writing():
        case = _begin(case_id, CaseVerb.SEND_BACK, actor, seen)
        _not_the_maker(case, actor)
        back = {"sent_back_reason": reason_given(reason), "proposal_hash": None}
        _take(case, CaseVerb.SEND_BACK, actor, change(case, **back, waiver_proposed=False))
