"""Claims: what is still open against someone who has left, which the leader pursues or waives (R8.7)."""

from flask_babel import gettext as _

from models.account import Account
from rules.clause import implements
from rules.overdue_case import CLAIM_STEPS, CaseState, LeaverClaimState, LeaverClaimVerb
from workflows.overdue_proposal import reason_given
from workflows.overdue_record import case_of, change, check_seen, put_on_record
from workflows.overdue_report import months_taken, sums_of
from workflows.permission import authorise, not_for_oneself
from workflows.refusal import Refused
from workflows.transaction import today, writing
from workflows.words import word


@implements("R8.7")
def decide_claim(
    case_id: int, verb: LeaverClaimVerb, *, actor: Account, reason: str, seen: str | None = None
) -> None:
    """Pursue or waive a claim, with a reason; once waived, no settlement takes anything more for the case."""
    with writing():
        case = case_of(case_id)
        authorise(actor, "overdue.claim")
        not_for_oneself(actor, case.receivable.handler_id, clause="R8.7")
        check_seen(case, seen)
        months = months_taken(case.receivable.handler_id)[case.receivable.number]
        state = LeaverClaimState.NONE
        if case.state is CaseState.DECIDED:
            state = sums_of(case, months).claim
        step = CLAIM_STEPS.get((state, verb))
        if step is None:
            sentence = _("这里没有可决定的追偿，现在是“%(state)s”。", state=word(state))
            raise Refused(sentence, clause="R8.7")
        changed = change(
            case,
            claim=step.next,
            claim_decided_on=today(),
            claim_decided_by_id=actor.id,
            claim_reason=reason_given(reason),
        )
        put_on_record(case, verb, actor, changed)
