"""Fills the statistics of a month (R9.6) from what is frozen or computed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from admin_views.drawing import percent
from admin_views.settlement_page import Kept, Kpi, Statistics, StatisticsRow
from rules.period import Month
from workflows.settlement_report import statistics_report

Report = Mapping[str, Any]
DAY = 24 * 60


def fill_statistics(month: Month, *, only: str | None = None) -> Statistics:
    """All technicians, their total and the department's figures; or `only` the row of one, by his number."""
    report = statistics_report(month)
    rows = tuple(_row(t) for t in report["technicians"] if only in (None, t["employee"]))
    if only is not None:
        return Statistics(rows, None)
    department = report["department"]
    return Statistics(rows, _row({"employee": "", "name": "", **department}), _kpis(department))


def _row(of: Report) -> StatisticsRow:
    visits, clocks, calls = of["visits"], of["sla"], of.get("call_backs", {})
    return StatisticsRow(
        number=of["employee"],
        name=of["name"],
        onsite=visits["onsite"],
        phone=visits["phone"],
        online=visits["online"],
        forms=of["complete_forms"],
        without_form=of["incomplete_forms"],
        satisfaction=None if of["satisfaction"] is None else Decimal(of["satisfaction"]),
        reached=calls.get("reached", 0),
        not_reached=calls.get("not_reached", 0),
        corrected=calls.get("corrected", 0),
        disputed=calls.get("disputed", 0),
        share=share(of["called_back"]),
        complaints=of["upheld_complaints"],
        repeat_faults=of["repeat_faults"],
        respond=_kept(clocks["respond"]),
        arrive=_kept(clocks["onsite"]),
        propose=_kept(clocks["propose"]),
        restore=_kept(clocks["restore"]),
        sales=Decimal(of.get("sales", "0.00")),
        net_profit=Decimal(of.get("net_profit", "0.00")),
        software_fees=Decimal(of.get("software_fees", "0.00")),
    )


def _kept(clock: Report) -> Kept:
    return Kept(clock["met"], clock["due"])


def share(text: str | None) -> str:
    """A share such as ``"0.85"`` as people write it; nothing where there is none."""
    return "" if text is None else percent(Decimal(text))


def duration(minutes: str | None) -> str:
    """Minutes such as ``"1510.5"`` as days, hours and minutes."""
    if minutes is None:
        return "–"
    whole = int(Decimal(minutes).to_integral_value())
    days, hours, rest = whole // DAY, whole % DAY // 60, whole % 60
    if days:
        return _("%(days)s 天 %(hours)s 小时", days=days, hours=hours)
    return (
        _("%(hours)s 小时 %(minutes)s 分", hours=hours, minutes=rest)
        if hours
        else _("%(minutes)s 分", minutes=rest)
    )


def _kpis(department: Report) -> tuple[Kpi, ...]:
    return (
        Kpi("response", duration(department.get("mean_response_minutes"))),
        Kpi("resolution", duration(department.get("mean_resolution_minutes"))),
        Kpi("satisfaction", department["satisfaction"] or "–", _("满分 5")),
        Kpi("callbacks", share(department["called_back"]) or "–"),
    )
