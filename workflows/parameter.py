"""Parameters and settings as the database has them."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.parameter import ParameterValue, Setting
from rules.parameter import (
    DEFINITIONS,
    ParameterHistory,
    ParameterKind,
    canonical,
    named,
    read_kinds,
)
from rules.period import Month
from workflows.refusal import Refused


def parameter_history() -> ParameterHistory:
    """All approved parameter values."""
    rows = db.session.execute(
        select(ParameterValue.name, ParameterValue.month, ParameterValue.value).where(
            ParameterValue.approved_at.is_not(None)
        )
    )
    return ParameterHistory(tuple((name, month, value) for name, month, value in rows))


def setting(name: str, default: str = "") -> str:
    """A setting's text, or the default."""
    value = db.session.scalar(select(Setting.value).where(Setting.name == name))
    return default if value is None else value


def base_pay_ahead() -> bool:
    """Whether base pay goes out at the month's beginning (R7.9)."""
    return setting("base_pay_ahead", "yes") == "yes"


def go_live_month() -> Month | None:
    """The first month settled here (R9.4), if it is already known."""
    text = setting("first_settlement_month")
    return Month.parse(text) if text else None


def save_setting(name: str, value: str) -> None:
    """Keep a setting, inside the caller's transaction."""
    row = db.session.scalar(select(Setting).where(Setting.name == name))
    if row is None:
        db.session.add(Setting(name=name, value=value))
    else:
        row.value = value
    db.session.flush()


def read_values(values: dict[str, Any]) -> dict[str, str]:
    """Parameter values by either name, checked against their ranges."""
    kept = {}
    for name, value in values.items():
        code = named(name)
        if code is None:
            raise Refused(_("没有参数“%(name)s”。", name=name), status=400)
        try:
            if DEFINITIONS[code].kind is ParameterKind.KINDS:
                kept[code] = canonical(code, read_kinds(str(value)))
            else:
                kept[code] = canonical(code, _number(str(value)))
        except (ValueError, ArithmeticError):
            raise Refused(
                _(
                    "参数“%(name)s”的值“%(value)s”不在允许的范围。",
                    name=name,
                    value=value,
                ),
                status=400,
            ) from None
    return kept


def _number(text: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)
