"""Fills the case that is open: money, evidence, decision with its effect, claim, months (R8.2–R8.7)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from flask import url_for
from sqlalchemy import select

from admin_views.overdue_form import read_rate
from admin_views.overdue_known import sees_pay
from admin_views.overdue_page import (
    CaseMonth,
    Claim,
    Collection,
    Decision,
    Effect,
    EffectMonth,
    Retry,
    SelectedCase,
)
from admin_views.page import Action, Link
from admin_views.sources import record_link
from models import db
from models.account import Account
from models.overdue_case import OverdueCase
from models.parts_sale import PartsSale, PartsSaleLine
from models.repair import Repair
from models.software_service import SoftwareService
from rules.money import ZERO
from rules.overdue_case import (
    CLAIM_STEPS,
    STEPS,
    CaseState,
    CaseVerb,
    LeaverClaimState,
    LeaverClaimVerb,
    last_day_to_pay,
)
from rules.period import SHANGHAI, Month
from rules.permissions import allowed
from rules.receivable import ReceivableKind
from workflows.overdue_effect import MonthAhead, RateEffect, rate_effect
from workflows.overdue_proposal import percent, rate_bounds
from workflows.overdue_record import is_own, missing_evidence, seen_digest, stated_himself
from workflows.overdue_report import Taken
from workflows.overdue_standing import Known
from workflows.parameter import parameter_history
from workflows.permission import same_person
from workflows.transaction import today

SHOWN_MONTHS = 4
DECIDING = (CaseVerb.PROPOSE_WAIVER, CaseVerb.WAIVE, CaseVerb.SEND_BACK, CaseVerb.SAVE,
            CaseVerb.PROPOSE, CaseVerb.APPROVE)  # fmt: skip
DOCUMENTS: dict[ReceivableKind, tuple[str, Any]] = {
    ReceivableKind.PARTS_SALE: ("parts_sale", PartsSale),
    ReceivableKind.SOFTWARE_SERVICE: ("software_service", SoftwareService),
    ReceivableKind.REPAIR: ("repair", Repair),
}


def fill_case(known: Known, actor: Account, taken: Taken, retry: Retry | None) -> SelectedCase:
    """One case as one reader sees it."""
    case, row = known.case, known.case.receivable
    verbs = verbs_for(known, actor)
    editable = CaseVerb.PROPOSE in verbs
    pay = sees_pay(actor, row.handler_id)
    decision = _decision(known, verbs, pay, retry)
    return SelectedCase(
        number=row.number, url=url_for("overdue.case", pk=case.id), standing=known.standing,
        employee=record_link("employee", row.handler_id, row.handler.name),
        left=row.handler.left_on is not None and row.handler.left_on < today(),
        customer=record_link("customer", row.customer_id, row.customer.name),
        document=_document(case), total=row.total, paid=row.total - known.sums.outstanding,
        outstanding=known.sums.outstanding, arose_on=str(row.arose_on), last_day=_last_day(case),
        opened_on=str(case.opened_on), decision=decision,
        form=_form(case, decision, retry), missing=missing_evidence(case),
        actions=tuple(_action(case, verb) for verb in verbs if verb in DECIDING or verb in LeaverClaimVerb),
        collections=tuple(
            Collection(str(e.asked_on), e.asked_by.display_name, e.manner, e.answer)
            for e in case.collections
        ),
        collect_url=url_for("overdue.collect", pk=case.id) if CaseVerb.COLLECT in verbs else None,
        state_url=_state_url(case, verbs, editable),
        finding=case.finding, finding_by=case.found_by and case.found_by.display_name,
        basis=case.basis, notified_on=case.notified_on and str(case.notified_on),
        agrees=case.agrees, statement=case.statement,
        stated_by=case.stated_by and case.stated_by.display_name, stated_himself=stated_himself(case),
        evidence_editable=editable, claim=_claim(known) if pay else None,
        months=_months(case, taken) if pay else (), retry=retry, today=str(today()),
    )  # fmt: skip


def verbs_for(known: Known, actor: Account) -> list[CaseVerb | LeaverClaimVerb]:
    """What the reader may do to a case now, by the tables; never in his own case, never what he proposed."""
    case = known.case
    own = is_own(case, actor)
    made = case.state is CaseState.PROPOSED and (
        case.proposed_by is not None and same_person(actor, case.proposed_by)
    )
    found: list[CaseVerb | LeaverClaimVerb] = []
    for verb in (CaseVerb.COLLECT, CaseVerb.STATE, *DECIDING):
        step = STEPS.get((case.state, verb))
        if (
            step is None
            or step.permission is None
            or not allowed(step.permission, actor.roles, own=own)
        ):
            continue
        if verb in DECIDING and (
            own or made or (verb is CaseVerb.APPROVE and case.waiver_proposed)
        ):
            continue
        found.append(verb)
    for claim_verb in LeaverClaimVerb:
        claim_step = CLAIM_STEPS.get((_claim_state(known), claim_verb))
        if claim_step and not own and allowed(claim_step.permission, actor.roles):
            found.append(claim_verb)
    return found


def _claim_state(known: Known) -> LeaverClaimState:
    decided = known.case.state is CaseState.DECIDED
    return known.sums.claim if decided else LeaverClaimState.NONE


def _action(case: OverdueCase, verb: CaseVerb | LeaverClaimVerb) -> Action:
    return Action(verb.value, url_for(f"overdue.{verb.value}", pk=case.id))


def _state_url(case: OverdueCase, verbs: list[Any], editable: bool) -> str | None:
    shown = CaseVerb.STATE in verbs and not editable
    return url_for("overdue.state", pk=case.id) if shown else None


def _last_day(case: OverdueCase) -> str:
    arose = case.receivable.arose_on
    if arose is None:
        return ""
    months = parameter_history().of(Month.of(arose)).count("overdue_months")
    return str(last_day_to_pay(arose, months))


def _document(case: OverdueCase) -> Link:
    """The document that the customer owes for, with what was sold, done or repaired."""
    row = case.receivable
    noun, model = DOCUMENTS[row.kind]
    found = db.session.execute(select(model.id).where(model.receivable_id == row.id)).scalar()
    article: str | None = None
    if row.kind is ReceivableKind.PARTS_SALE:
        query = select(PartsSaleLine.article).where(PartsSaleLine.sale_id == found)
        article = db.session.scalars(query.order_by(PartsSaleLine.position).limit(1)).first()
    elif row.kind is ReceivableKind.SOFTWARE_SERVICE:
        article = db.session.scalar(
            select(SoftwareService.content).where(SoftwareService.id == found)
        )
    return record_link(noun, found, (article or row.number)[:40])


def _form(case: OverdueCase, decision: Decision, retry: Retry | None) -> Mapping[str, str]:
    """What the fields show: what is kept, and over it what was typed before a refusal."""
    kept = {
        "rate": decision.rate or decision.minimum,
        "reason": case.reason or "",
        "finding": case.finding or "",
        "basis": case.basis or "",
        "notified_on": str(case.notified_on or ""),
        "agrees": {True: "yes", False: "no", None: ""}[case.agrees],
        "statement": case.statement or "",
        "asked_on": str(today()),
        "manner": "phone",
        "answer": "",
    }
    return {**kept, **(retry.form if retry and retry.in_page else {})}


def _mode(verbs: list[Any]) -> Literal["propose", "approve", "read"]:
    if CaseVerb.PROPOSE in verbs:
        return "propose"
    return "approve" if CaseVerb.APPROVE in verbs else "read"


def _decision(known: Known, verbs: list[Any], pay: bool, retry: Retry | None) -> Decision:
    """A draft is only the manager's to see; a rate that was waived or never put forward is none."""
    case, mode = known.case, _mode(verbs)
    least, most = rate_bounds(today())
    put_forward = case.state in (CaseState.PROPOSED, CaseState.DECIDED)
    waiver = case.waiver_proposed and case.state in (CaseState.PROPOSED, CaseState.WAIVED)
    rate = case.rate if put_forward and not waiver else None
    if mode == "propose":
        rate = _slider(retry, case.rate, least, most)
    effect = rate_effect(case, rate) if pay and rate is not None else None
    return Decision(
        mode, None if rate is None else percent(rate), percent(least), percent(most),
        (case.reason or "") if put_forward or waiver else "",
        effect and effect_shown(effect), url_for("overdue.effect", pk=case.id), seen_digest(case),
        case.proposed_by.display_name if case.proposed_by and (put_forward or waiver) else None,
        case.proposed_at and f"{case.proposed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        waiver and case.state is CaseState.PROPOSED,
        case.decided_by and case.decided_by.display_name, case.decided_on and str(case.decided_on),
        case.state is CaseState.DECIDED and case.proposed_by_id is None,
        case.sent_back_reason if mode == "propose" else None, case.waived_reason,
    )  # fmt: skip


def _slider(retry: Retry | None, rate: Decimal | None, least: Decimal, most: Decimal) -> Decimal:
    """The rate at which the slider stands: what was typed, else what is kept, within today's bounds."""
    typed = read_rate(retry.form.get("rate", "")) if retry else None
    return min(max(typed if typed is not None else (rate or least), least), most)


def _claim(known: Known) -> Claim | None:
    case, state = known.case, _claim_state(known)
    if state is LeaverClaimState.NONE:
        return None
    return Claim(
        state, max(known.sums.still_open, ZERO), str(case.receivable.handler.left_on),
        case.claim_decided_by and case.claim_decided_by.display_name,
        case.claim_decided_on and str(case.claim_decided_on), case.claim_reason,
    )  # fmt: skip


def _months(case: OverdueCase, taken: Taken) -> tuple[CaseMonth, ...]:
    return tuple(
        CaseMonth(
            Link(str(row.month), url_for("settlement.month", month=str(row.month))),
            row.target, row.deducted, row.refunded, row.carried,
        )
        for row in taken.get(case.receivable.number, ())
    )  # fmt: skip


def effect_shown(found: RateEffect) -> Effect:
    """The effect of a rate as the page and the answer to the slider draw it."""
    first = found.months[0]
    cap = found.parameters.amount("deduction_cap_rate")
    least = found.parameters.amount("minimum_wage")
    months = _telling(found.months)
    most = max((month.taken for month in months), default=ZERO) or Decimal(1)
    return Effect(
        percent(found.rate), found.outstanding, found.liability, found.deducted_before, first.month,
        first.wage, percent(cap), first.room, first.taken,
        int(first.taken * 100 / first.wage) if first.wage else 0, first.rest, least,
        tuple(
            EffectMonth(m.month, m.taken, m.carried, int(m.taken * 100 / most))
            for m in months[:SHOWN_MONTHS]
        ),
        max(len(months) - SHOWN_MONTHS, 0), others=first.others,
        stuck=found.months[-1].carried > ZERO,
        bound="cap" if cap * first.wage <= first.wage - least else "minimum_wage",
    )  # fmt: skip


def _telling(months: tuple[MonthAhead, ...]) -> list[MonthAhead]:
    """The next pay, and every later month in which something is taken."""
    return [month for at, month in enumerate(months) if at == 0 or month.taken]
