"""Parameters and settings as the database has them."""

from sqlalchemy import select

from models import db
from models.parameter import ParameterValue, Setting
from rules.parameter import ParameterHistory
from rules.period import Month


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
