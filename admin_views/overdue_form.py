"""Reads what was typed on the overdue page, and says what of it can't be read."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from workflows.overdue_proposal import Proposal
from workflows.refusal import Refused

AGREES = {"yes": True, "no": False}
LONGEST_NUMBER = 12


def read_rate(text: str) -> Decimal | None:
    """A rate typed in per cent; None for what is no number."""
    kept = text.strip().rstrip("%").strip()
    if len(kept) > LONGEST_NUMBER:
        return None
    try:
        rate = Decimal(kept) / 100
    except InvalidOperation:
        return None
    return rate if rate.is_finite() else None


def read_day(text: str, field: str) -> date | None:
    """A day, None if the field is empty; refused for what is no day."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        errors = {field: _("请填日期，例如 2026-10-26。")}
        raise Refused(_("没有保存。请改正标出的几处。"), status=400, errors=errors) from None


def read_proposal(form: Mapping[str, str]) -> Proposal:
    """The manager's form."""
    return Proposal(
        rate=read_rate(form.get("rate", "")),
        reason=form.get("reason", ""),
        finding=form.get("finding", ""),
        basis=form.get("basis", ""),
        notified_on=read_day(form.get("notified_on", ""), "notified_on"),
        agrees=AGREES.get(form.get("agrees", "")),
        statement=form.get("statement", ""),
    )
