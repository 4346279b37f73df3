"""A case as one reads it: what it rests on, what is missing, what a reader saw of it, who changed it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.audit import AuditRecord
from models.overdue_case import OverdueCase
from rules.clause import implements
from rules.overdue_case import EVIDENCE
from rules.receivable import outstanding
from workflows.audit import record
from workflows.refusal import Refused, Stale
from workflows.transaction import today

NOUN = "overdue_case"


@implements("R8.3")
def missing_evidence(case: OverdueCase) -> tuple[str, ...]:
    """What R8.3 asks for before approval and the case does not have yet."""
    there = {
        "collections": bool(case.collections),
        "finding": bool(case.finding),
        "basis": bool(case.basis),
        "notified_on": case.notified_on is not None,
        "statement": case.agrees is not None and bool(case.statement),
    }
    return tuple(part for part in EVIDENCE if not there[part])


def outstanding_of(case: OverdueCase, day: date) -> Decimal:
    """What the customer still owes on the case's receivable at the end of a day."""
    paid = [(payment.paid_on, payment.amount) for payment in case.receivable.payments]
    return outstanding(case.receivable.total, paid, day)


def _hash(content: list[Any]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def proposal_digest(case: OverdueCase) -> str:
    """The hash of what the leader approves; any change of it voids the proposal (I10)."""
    rate = None if case.rate is None else f"{case.rate:.4f}"
    return _hash([
        case.receivable_id, rate, case.reason, case.finding, case.basis,
        str(case.notified_on), case.agrees, case.statement, case.waiver_proposed,
    ])  # fmt: skip


def seen_digest(case: OverdueCase) -> str:
    """What a reader saw: version, proposal, money and collection log. It goes back with each step (I12)."""
    content = [
        proposal_digest(case), case.state, case.claim, str(outstanding_of(case, today())),
        [entry.id for entry in case.collections],
    ]  # fmt: skip
    return f"{case.row_version}-{_hash(content)}"


def case_of(case_id: int) -> OverdueCase:
    """The case of an id; refused when there is none."""
    case: OverdueCase | None = db.session.get(OverdueCase, case_id)
    if case is None:
        raise Refused(_("没有这个案件。"), status=404)
    return case


def check_seen(case: OverdueCase, seen: str | None) -> None:
    """Refuse when the case no longer is what the actor saw; None stands for one who looked just now."""
    if seen is not None and seen != seen_digest(case):
        raise Stale(_faster(case, seen))


def _faster(case: OverdueCase, seen: str) -> str:
    sentence: str
    last = last_change(case)
    if seen.split("-")[0] == str(case.row_version):
        sentence = _("您打开之后，收款或催收记录有变化。请看过最新内容再继续。")
    elif last is None or last.actor is None:
        sentence = _("您打开之后，这个案件有变化。请看过最新内容再继续。")
    else:
        name = last.actor.display_name
        sentence = _("%(name)s 比您快一步改了这个案件。请看过最新内容再继续。", name=name)
    return sentence


def last_change(case: OverdueCase) -> AuditRecord | None:
    """The latest record about the case."""
    query = select(AuditRecord).where(
        AuditRecord.noun == NOUN, AuditRecord.subject == case.receivable.number
    )
    return db.session.scalars(query.order_by(AuditRecord.id.desc()).limit(1)).first()


def is_own(case: OverdueCase, actor: Account) -> bool:
    """Whether the actor is the handler whose money is at stake."""
    return actor.employee_id is not None and actor.employee_id == case.receivable.handler_id


def stated_himself(case: OverdueCase) -> bool:
    """Whether the employee wrote his statement down himself; then nobody else changes it."""
    return case.stated_by is not None and is_own(case, case.stated_by)


def change(case: OverdueCase, **values: Any) -> dict[str, Any]:
    """Set values; what changed, as name → [before, after]."""
    changed = {
        name: [getattr(case, name), value]
        for name, value in values.items()
        if getattr(case, name) != value
    }
    for name, value in values.items():
        setattr(case, name, value)
    return changed


def put_on_record(
    case: OverdueCase, verb: str, actor: Account | None, details: Mapping[str, Any]
) -> None:
    """One record of the audit chain about the case."""
    record(actor, verb, NOUN, case.receivable.number, details, origin=None if actor else "sweep")
