"""What the manager puts before the leader, checked field by field (R8.3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from models.overdue_case import OverdueCase
from rules.clause import implements
from rules.overdue_case import rate_allowed
from rules.period import Month
from rules.typed_text import has_unseen
from workflows.overdue_record import missing_evidence
from workflows.parameter import parameter_history
from workflows.refusal import Refused
from workflows.transaction import today

LONGEST = 500
Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the manager puts before the leader; `agrees` is the employee's answer, None while he is silent."""

    rate: Decimal | None = None
    reason: str = ""
    finding: str = ""
    basis: str = ""
    notified_on: date | None = None
    agrees: bool | None = None
    statement: str = ""
    waive: bool = False


@implements("R8.3")
def rate_bounds(day: date) -> tuple[Decimal, Decimal]:
    """(least, most) rate of a decision on a day: by the version of its month."""
    rates = parameter_history().of(Month.of(day))
    return rates.amount("deduction_rate_min"), rates.amount("deduction_rate_max")


def percent(rate: Decimal) -> str:
    """A rate as people say it: 0.85 is ``85``, 0.8250 is ``82.5``."""
    return f"{(rate * 100).normalize():f}"


def checked_text(text: str, field: str, errors: Errors) -> str | None:
    """A text as it is kept, trimmed, None if empty; what is wrong with it goes to `errors`."""
    kept = text.strip()
    if len(kept) > LONGEST:
        errors[field] = _(
            "最多 %(most)s 个字，现在有 %(count)s 个。", most=LONGEST, count=len(kept)
        )
    elif has_unseen(kept):
        errors[field] = _("含有看不见的控制字符。请删去后重新输入。")
    return kept or None


def reason_given(reason: str) -> str:
    """The reason of a decision, which can't be empty."""
    errors: Errors = {}
    kept = checked_text(reason, "reason", errors)
    if not kept:
        errors["reason"] = _("请写明理由，它随决定冻结，员工可见。")
    if errors:
        raise Refused(_("没有理由，不能决定。"), clause="R8.3", status=400, errors=errors)
    return kept or ""


def check_rate(rate: Decimal | None, errors: Errors) -> Decimal | None:
    """A rate within the bounds of today's month, with at most four decimals."""
    least, most = rate_bounds(today())
    if rate is None or not rate_allowed(rate, least, most):
        errors["rate"] = _(
            "承担比例须在 %(least)s%% 到 %(most)s%% 之间。",
            least=percent(least), most=percent(most),
        )  # fmt: skip
        return None
    return rate


def check_proposal(case: OverdueCase, proposal: Proposal, errors: Errors) -> dict[str, Any]:
    """The columns that a proposal fills; gaps are allowed, what is wrong goes to `errors`."""
    values: dict[str, Any] = {"rate": check_rate(proposal.rate, errors)}
    for field in ("reason", "finding", "basis", "statement"):
        values[field] = checked_text(getattr(proposal, field), field, errors)
    day, arose = proposal.notified_on, case.receivable.arose_on
    if day is not None and not (arose or day) <= day <= today():
        errors["notified_on"] = _("请填实际送达的日期：在应收款产生之后，不晚于今天。")
    return values | {"notified_on": day, "agrees": proposal.agrees}


@implements("R8.3")
def check_complete(case: OverdueCase, errors: Errors) -> None:
    """What is still missing before the leader can decide goes to `errors`."""
    gaps = {
        "collections": _("还没有催收记录。请先登记至少一次催收。"),
        "finding": _("请写明员工做了什么、没做什么，为什么是他的过错。"),
        "basis": _("请写明依据：制度或劳动合同的哪一条。"),
        "notified_on": _("请填书面通知员工的日期。"),
        "statement": _("还没有员工的陈述：同意还是有异议，用他自己的话。"),
    }
    for part in missing_evidence(case):
        errors.setdefault(part, gaps[part])
    if not case.reason:
        errors.setdefault("reason", _("请写明理由，它随决定冻结，员工可见。"))
