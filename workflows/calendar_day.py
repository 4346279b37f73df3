"""The company's own working days and days off, over the official calendar (R3, R3.4)."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.service_plan import CalendarDay
from rules.calendar_day import is_workday
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing


def _differs(day: date, working: bool) -> None:
    if is_workday(day, {}) is working:
        what = _("上班") if working else _("休息")
        sentence = _("国家日历上 %(day)s 本来就%(what)s，不用登记。", day=day, what=what)
        raise Refused(sentence, clause="R3", status=400, field="working")


def create_calendar_day(values: Values, *, actor: Account) -> CalendarDay:
    """Let the company work, or rest, on a day on which the official calendar does not."""
    with writing():
        authorise(actor, "calendar_day.create")
        given = only(values, ("day", "working", "note"))
        if db.session.scalar(select(CalendarDay.id).where(CalendarDay.day == given["day"])):
            sentence = _("%(day)s 已经登记过，请打开那一天修改。", day=given["day"])
            raise Refused(sentence, field="day")
        _differs(given["day"], given["working"])
        row = CalendarDay(**given)
        db.session.add(row)
        record(actor, "create", "calendar_day", str(row.day), as_created(given))
    return row


def update_calendar_day(
    day_id: int, values: Values, *, version: int | None, actor: Account
) -> CalendarDay:
    """Change whether the company works on a day; set as the official calendar has it, the entry has no effect."""
    with writing():
        authorise(actor, "calendar_day.change")
        row = found(CalendarDay, day_id)
        changes = apply_changes(row, only(values, ("working", "note")), version)
        if changes:
            record(actor, "change", "calendar_day", str(row.day), changes)
    return row
