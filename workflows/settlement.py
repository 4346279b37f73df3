"""The month: drafting a settlement and taking it through its signatures (R9)."""

import json
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import insert, select

from models import db
from models.account import Account
from models.settlement import (
    SettledSource,
    Settlement,
    SettlementMismatch,
    SettlementStep,
)
from rules.clause import implements
from rules.period import Month, months_between
from rules.settlement_steps import FINAL, FROZEN, STEPS, SettlementVerb
from workflows.audit import record
from workflows.overdue_case import open_due_cases
from workflows.parameter import (
    go_live_month,
    parameter_history,
    save_setting,
)
from workflows.permission import authorise, same_person
from workflows.private_charge_case import open_private_charge_cases
from workflows.refusal import Forbidden, Refused
from workflows.settlement_draft import compute, digest_of, write_draft
from workflows.statistics import compute_statistics
from workflows.transaction import now, today, writing
from workflows.words import word

SIGNERS = (SettlementVerb.SUBMIT, SettlementVerb.REVIEW, SettlementVerb.APPROVE)


def settlement_of(month: Month) -> Settlement:
    """The settlement of a month; refused when there is none."""
    found = db.session.scalar(select(Settlement).where(Settlement.month == month))
    if found is None:
        raise Refused(_("%(month)s 还没有起草结算。", month=month), status=404)
    return found


@implements("R9.1", "R9.2")
def draft(month: Month, *, actor: Account) -> Settlement:
    """Compile a month anew; the same data give the same bytes."""
    with writing():
        authorise(actor, "settlement.draft")
        _check_order(month)
        settlement = db.session.scalar(select(Settlement).where(Settlement.month == month))
        if settlement is not None and settlement.state in FROZEN:
            raise _wrong_state(settlement, SettlementVerb.DRAFT)
        if go_live_month() is None:
            save_setting("first_settlement_month", str(month))
        open_due_cases()
        open_private_charge_cases(on_paper=False)
        rates = parameter_history().of(month)
        gathered, figures = compute(month, rates)
        settlement = write_draft(settlement, month, rates, gathered, figures, actor)
        _take_step(settlement, SettlementVerb.DRAFT, actor, None)
    return settlement


def _check_order(month: Month) -> None:
    start = go_live_month()
    if month > Month.of(today()):
        raise Refused(_("%(month)s 还没有开始，不能结算。", month=month))
    if start is None:
        return
    if month < start:
        raise Refused(
            _(
                "%(month)s 在上线月份 %(start)s 之前，已在系统外结算。",
                month=month,
                start=start,
            ),
            clause="R9.4",
        )
    drafted = set(db.session.scalars(select(Settlement.month).where(Settlement.month < month)))
    for before in months_between(start, month.plus(-1)):
        if before not in drafted:
            raise Refused(
                _("请先起草 %(month)s：结算按月份顺序进行。", month=before),
                clause="R9.4",
            )


def _wrong_state(settlement: Settlement, verb: SettlementVerb) -> Refused:
    return Refused(
        _("%(month)s 的结算现在是“%(state)s”，不能%(verb)s。",
          month=settlement.month, state=word(settlement.state), verb=word(verb)),
        clause="R9.1",
    )  # fmt: skip


def _take_step(
    settlement: Settlement,
    verb: SettlementVerb,
    actor: Account,
    reason: str | None,
    origin: str = "cli",
) -> None:
    """Put a step on record with the digest that was signed."""
    step = SettlementStep(
        settlement_id=settlement.id,
        verb=verb,
        actor_id=actor.id,
        at=now(),
        digest=settlement.digest,
        reason=reason,
    )
    db.session.add(step)
    details = {
        "digest": settlement.digest,
        "revision": settlement.revision,
        "reason": reason,
    }
    record(actor, verb.value, "settlement", str(settlement.month), details, origin=origin)


def signers(settlement: Settlement) -> dict[SettlementVerb, SettlementStep]:
    """Who submitted, reviewed and approved since the last draft, by verb."""
    found: dict[SettlementVerb, SettlementStep] = {}
    query = select(SettlementStep).where(SettlementStep.settlement_id == settlement.id)
    for step in db.session.scalars(query.order_by(SettlementStep.id)):
        if step.verb in (SettlementVerb.DRAFT, SettlementVerb.RETURN):
            found.clear()
        else:
            found[step.verb] = step
    return found


def _begin(month: Month, verb: SettlementVerb, actor: Account, digest: str | None) -> Settlement:
    """The settlement, if the actor may take this step now, and it is still what he saw."""
    authorise(actor, f"settlement.{verb}")
    settlement = settlement_of(month)
    step = STEPS.get((settlement.state, verb))
    if step is None:
        raise _wrong_state(settlement, verb)
    if not step.roles & actor.roles:
        raise Forbidden(_("您的角色不能做这一步。请联系有权限的同事。"), clause="R9.1")
    if digest is not None and digest != settlement.digest:
        raise Refused(
            _("这份结算刚刚重新起草过。请看过新的数字再%(verb)s。", verb=word(verb)),
            clause="R9.2",
        )
    if verb in SIGNERS:
        _three_people(settlement, verb, actor)
    return settlement


def _three_people(settlement: Settlement, verb: SettlementVerb, actor: Account) -> None:
    """Submitter, reviewer and approver are three different people (R9.1)."""
    for earlier, step in signers(settlement).items():
        if earlier in SIGNERS and earlier is not verb and same_person(actor, step.actor):
            sentence = _(
                "这份结算是您%(verb)s的。提交、审核、审批须是三个不同的人。",
                verb=word(earlier),
            )
            raise Forbidden(sentence, clause="R9.1")


def _move(
    settlement: Settlement,
    verb: SettlementVerb,
    actor: Account,
    reason: str | None,
    origin: str,
) -> None:
    settlement.state = STEPS[settlement.state, verb].next
    db.session.flush()
    _take_step(settlement, verb, actor, reason, origin)


def submit(
    month: Month, *, actor: Account, explain: str | None = None, explanations: dict[tuple[str, str], str] | None = None,
    digest: str | None = None, origin: str = "cli",
) -> None:  # fmt: skip
    """Freeze the draft; what does not add up needs a word each (R9.7).

    `explain` explains everything that is left; `explanations` by (kind, source).
    """
    with writing():
        settlement = _begin(month, SettlementVerb.SUBMIT, actor, digest)
        _still_current(settlement)
        _explain(settlement, explain, explanations or {})
        settlement.statistics = json.dumps(
            compute_statistics(month), ensure_ascii=False, sort_keys=True
        )
        _move(settlement, SettlementVerb.SUBMIT, actor, explain, origin)


def _still_current(settlement: Settlement) -> None:
    """Refuse when the draft is no longer what the data say."""
    rates = parameter_history().of(settlement.month)
    gathered, figures = compute(settlement.month, rates)
    base = db.session.scalar(
        select(Settlement.digest).where(Settlement.month == settlement.month.plus(-1))
    )
    shown = {e: s for e, s in figures.items() if not s.empty}
    if digest_of(settlement.month, rates, gathered, shown, base) != settlement.digest:
        raise Refused(_("起草之后数据有变化。请重新起草，看过再提交。"), clause="R9.2")


def _explain(
    settlement: Settlement,
    explain: str | None,
    explanations: dict[tuple[str, str], str],
) -> None:
    rows = mismatches_of(settlement.month)
    for row in rows:
        row.explanation = (explanations.get((row.kind, row.source)) or explain or "").strip()[
            :500
        ] or None
    missing = [row for row in rows if row.explanation is None]
    if missing:
        raise Refused(
            _(
                "有 %(count)s 项不一致还没有说明。请处理，或逐项写明原因后再提交。",
                count=len(missing),
            ),
            clause="R9.7",
        )
    db.session.flush()


def mismatches_of(month: Month) -> list[SettlementMismatch]:
    """What does not add up in a month, as found when it was drafted (R9.7)."""
    settlement = settlement_of(month)
    query = select(SettlementMismatch).where(SettlementMismatch.settlement_id == settlement.id)
    return list(
        db.session.scalars(query.order_by(SettlementMismatch.kind, SettlementMismatch.source))
    )


def review(month: Month, *, actor: Account, digest: str | None = None, origin: str = "cli") -> None:
    """The manager confirms the figures."""
    with writing():
        settlement = _begin(month, SettlementVerb.REVIEW, actor, digest)
        _move(settlement, SettlementVerb.REVIEW, actor, None, origin)


@implements("R9.3", "R9.4")
def approve(
    month: Month, *, actor: Account, digest: str | None = None, origin: str = "cli"
) -> None:
    """The leader approves: the sources are used up, the month is frozen for good. Months go in order."""
    with writing():
        settlement = _begin(month, SettlementVerb.APPROVE, actor, digest)
        before = db.session.scalar(select(Settlement).where(Settlement.month == month.plus(-1)))
        if before is not None and before.state not in FINAL:
            raise Refused(
                _("请先审批 %(month)s：结算按月份顺序审批。", month=before.month),
                clause="R9.4",
            )
        if before is not None and before.digest != settlement.base_digest:
            raise Refused(_("上月在本月起草后改过。请退回本月，重新起草。"), clause="R9.4")
        _use_up(settlement)
        _move(settlement, SettlementVerb.APPROVE, actor, None, origin)


def _use_up(settlement: Settlement) -> None:
    """Note each source that the frozen draft counted as settled; the database refuses a second time (I8)."""
    rows = [
        {"settlement_id": settlement.id, "employee_id": employee, "kind": kind, "source": source, "turn": turn,
         "amount": Decimal(amount)}
        for employee, kind, source, turn, amount in json.loads(settlement.counted)
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(SettledSource), rows)


def give_back(month: Month, *, actor: Account, reason: str, origin: str = "cli") -> None:
    """Manager or leader return the month to the clerk, with a reason (R9.1)."""
    with writing():
        settlement = _begin(month, SettlementVerb.RETURN, actor, None)
        if not reason.strip():
            raise Refused(_("请写明退回的理由，让专员知道要改什么。"), clause="R9.1", status=400)
        _move(settlement, SettlementVerb.RETURN, actor, reason.strip(), origin)


def pay(month: Month, *, actor: Account, origin: str = "cli") -> None:
    """Finance has paid the month out."""
    with writing():
        settlement = _begin(month, SettlementVerb.PAY, actor, None)
        _move(settlement, SettlementVerb.PAY, actor, None, origin)
