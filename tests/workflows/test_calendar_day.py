"""The company's own days go before the official calendar, and only where they differ (R3, R3.4)."""

from datetime import date

import pytest
from sqlalchemy import select

from admin_views.calendar_day import breaks
from models import db
from models.audit import AuditRecord
from rules.calendar_day import is_workday
from rules.permissions import Role
from tests.cast import account
from workflows.calendar_day import create_calendar_day, update_calendar_day
from workflows.refusal import Forbidden, Refused, Stale
from workflows.service_plan import work_calendar

SATURDAY, THURSDAY = date(2026, 11, 14), date(2026, 11, 12)


@pytest.fixture
def clerk(app):
    return account("clerk", Role.CLERK)


def enter(clerk, day, working, **rest):
    return create_calendar_day({"day": day, "working": working} | rest, actor=clerk)


def works(day):
    return is_workday(day, work_calendar().overrides)


@pytest.mark.parametrize(("day", "working"), [(SATURDAY, True), (THURSDAY, False)])
def test_a_day_of_the_companys_own_goes_before_the_official_calendar(clerk, day, working):
    assert works(day) is not working
    row = enter(clerk, day, working, note="抢工")
    assert works(day) is working
    update_calendar_day(row.id, {"working": not working}, version=row.row_version, actor=clerk)
    assert works(day) is not working
    query = select(AuditRecord.verb).where(AuditRecord.subject == str(day)).order_by(AuditRecord.id)
    assert db.session.scalars(query).all() == ["create", "change"]


@pytest.mark.parametrize(("day", "working"), [(SATURDAY, False), (THURSDAY, True)])
def test_what_the_official_calendar_says_anyway_is_not_registered(clerk, day, working):
    with pytest.raises(Refused, match="不用登记"):
        enter(clerk, day, working)


def test_a_day_is_registered_once_and_a_second_editor_is_told(clerk):
    row = enter(clerk, SATURDAY, True)
    with pytest.raises(Refused, match="已经登记过"):
        enter(clerk, SATURDAY, True)
    update_calendar_day(row.id, {"note": "一"}, version=1, actor=clerk)
    with pytest.raises(Stale):
        update_calendar_day(row.id, {"note": "二"}, version=1, actor=clerk)


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.AUDITOR, Role.LEADER, Role.ADMIN])
def test_who_may_not_keep_the_calendar_is_kept_from_it(clerk, role):
    actor = account("other", role)
    with pytest.raises(Forbidden):
        enter(actor, SATURDAY, True)
    row = enter(clerk, SATURDAY, True)
    with pytest.raises(Forbidden):
        update_calendar_day(row.id, {"working": False}, version=None, actor=actor)


def test_the_screen_lists_what_the_state_council_published():
    """2026: 国庆 is 1–7 October, 20 September and 10 October are worked."""
    found = {(it.first, it.last): it.working for it in breaks(2026)}
    assert found[date(2026, 10, 1), date(2026, 10, 7)] is False
    assert found[date(2026, 9, 20), date(2026, 9, 20)] is True
    assert found[date(2026, 10, 10), date(2026, 10, 10)] is True
    assert all(it.first.year == 2026 for it in breaks(2026))
