"""New versions of the parameters: prepared by one person, approved by the leader (R7)."""

import hashlib
import json
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.parameter import ParameterDraft, ParameterValue
from models.settlement import Settlement
from rules.clause import implements
from rules.parameter import DraftState, same_value
from rules.period import Month
from rules.settlement_steps import FROZEN
from workflows.audit import record
from workflows.parameter import parameter_history, read_values
from workflows.permission import authorise, other_person
from workflows.refusal import Refused
from workflows.transaction import now, writing


def draft_values(draft: ParameterDraft) -> dict[str, str]:
    """The values of a draft, name → text."""
    values: dict[str, str] = json.loads(draft.content)
    return values


def _digest(month: Month, content: str) -> str:
    return hashlib.sha256(f"{month}\n{content}".encode()).hexdigest()


def _not_in_use(month: Month) -> None:
    """A version that a submitted or approved settlement rests on can't be changed."""
    last = db.session.scalar(
        select(Settlement.month)
        .where(Settlement.state.in_(FROZEN), Settlement.month >= month)
        .order_by(Settlement.month.desc())
        .limit(1)
    )
    if last is not None:
        raise Refused(
            _("%(month)s 已提交结算，它用的参数不能再改。请从 %(next)s 起生效，或先退回那个月。",
              month=last, next=last.plus(1)),
            clause="R7",
        )  # fmt: skip


@implements("R7")
def prepare_parameters(
    month: Month, values: dict[str, Any], *, reason: str, actor: Account, origin: str = "cli"
) -> ParameterDraft:
    """Prepare values that shall hold from a month on; only what differs from that month's version is kept."""
    with writing():
        authorise(actor, "parameter.prepare")
        _not_in_use(month)
        held = parameter_history().of(month).values
        given = read_values(values)
        changed = {n: text for n, text in given.items() if not same_value(n, text, held[n])}
        if not changed:
            raise Refused(_("没有一项与现行的不同，没有什么要批准。"), status=400)
        if not reason.strip():
            raise Refused(_("请写明为什么改，公司领导据此批准。"), clause="R7", status=400)
        content = json.dumps(changed, ensure_ascii=False, sort_keys=True)
        draft = ParameterDraft(
            month=month, content=content, reason=reason.strip()[:500], digest=_digest(month, content),
            state=DraftState.PENDING, prepared_by_id=actor.id, prepared_at=now(),
        )  # fmt: skip
        db.session.add(draft)
        details = {"values": changed, "reason": draft.reason}
        record(actor, "prepare", "parameters", str(month), details, origin=origin)
    return draft


def _pending(draft_id: int, actor: Account, digest: str | None) -> ParameterDraft:
    authorise(actor, "parameter.approve")
    draft = db.session.get(ParameterDraft, draft_id)
    if draft is None:
        raise Refused(_("没有这份参数草案。"), status=404)
    if draft.state is not DraftState.PENDING:
        raise Refused(_("这份参数草案已经决定过。"), clause="R7")
    untouched = draft.digest == _digest(draft.month, draft.content)
    if not untouched or digest not in (None, draft.digest):
        raise Refused(_("提交后内容有变化，签批作废。请重新准备。"), clause="R7")
    return draft


@implements("R7")
def approve_parameters(
    draft_id: int, *, actor: Account, digest: str | None = None, origin: str = "cli"
) -> None:
    """The leader approves a draft that another person prepared; its values hold from its month on."""
    with writing():
        draft = _pending(draft_id, actor, digest)
        other_person(actor, draft.prepared_by_id, clause="R7")
        _not_in_use(draft.month)
        before = parameter_history().of(draft.month).values
        for name, text in draft_values(draft).items():
            _put(name, text, draft, actor)
        draft.state, draft.decided_by_id, draft.decided_at = DraftState.APPROVED, actor.id, now()
        changes = {name: [before[name], text] for name, text in draft_values(draft).items()}
        details = {"values": changes, "digest": draft.digest}
        record(actor, "approve", "parameters", str(draft.month), details, origin=origin)


def _put(name: str, text: str, draft: ParameterDraft, actor: Account) -> None:
    row = db.session.scalar(
        select(ParameterValue).where(
            ParameterValue.name == name, ParameterValue.month == draft.month
        )
    )
    if row is None:
        row = ParameterValue(name=name, month=draft.month)
        db.session.add(row)
    row.value, row.prepared_by_id, row.prepared_at = text, draft.prepared_by_id, draft.prepared_at
    row.approved_by_id, row.approved_at = actor.id, now()


def return_parameters(draft_id: int, *, actor: Account, reason: str, origin: str = "cli") -> None:
    """The leader returns a draft with a reason; nothing of it holds."""
    with writing():
        draft = _pending(draft_id, actor, None)
        if not reason.strip():
            raise Refused(_("请写明退回的理由。"), status=400)
        draft.state, draft.decided_by_id, draft.decided_at = DraftState.RETURNED, actor.id, now()
        draft.refusal = reason.strip()[:500]
        details = {"reason": draft.refusal}
        record(actor, "return", "parameters", str(draft.month), details, origin=origin)
