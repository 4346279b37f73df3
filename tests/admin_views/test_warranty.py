"""The days left of a warranty and the gap are counted alike: a period from today excludes today (R0, R1.8)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from admin_views.noun.column import short
from admin_views.warranty import Warranties, bars, span
from models import db
from models.device import Device, WarrantyExtension
from models.ticket import Ticket
from tests.overdue_world import on

END = date(2027, 7, 30)
ACCEPTED = date(2024, 7, 25)


def known(today, maker_until):
    return Warranties(ACCEPTED, END, maker_until, today)


@pytest.mark.parametrize(
    ("today", "maker_until", "left", "gap"),
    [
        (date(2026, 11, 29), date(2026, 11, 25), "余 243 天", 243),  # the maker's is over
        (date(2026, 11, 29), date(2026, 11, 29), "余 243 天", 243),  # ends today
        (date(2026, 11, 29), date(2026, 11, 30), "余 243 天", 242),  # goes on for one day
        (date(2026, 11, 29), None, "余 243 天", 243),
        (date(2026, 11, 29), END, "余 243 天", 0),
        (END - timedelta(days=1), None, "余 1 天", 1),
        (END, None, "余 0 天", 0),
        (END + timedelta(days=1), None, "已过 1 天", 0),
    ],
)
def test_without_the_makers_cover_the_gap_is_what_is_left_of_ours(
    app, today, maker_until, left, gap
):
    found = known(today, maker_until)
    assert (bars(found)[0].text, found.gap_days) == (left, gap)


@pytest.mark.parametrize(
    ("days", "words"),
    [(364, "364 天"), (365, "1 年"), (394, "1 年"), (395, "1 年 1 个月"), (729, "1 年 11 个月")],
)
def test_a_long_time_is_said_in_years_and_months(app, days, words):
    assert span(days) == words


def test_a_device_says_why_its_warranty_ends_later_than_its_projects(clerk):
    """R1.3: each extension names its ticket; R1.1: without months of its own it follows the project."""
    device = db.session.scalars(
        select(Device).where(Device.warranty_months.is_(None), Device.project.has())
    ).first()
    device.project.accepted_on = device.project.accepted_on or ACCEPTED
    taken = select(WarrantyExtension.ticket_id)
    ticket = db.session.scalars(select(Ticket).where(Ticket.id.not_in(taken))).first()
    db.session.add(WarrantyExtension(device_id=device.id, ticket_id=ticket.id, days=5))
    db.session.commit()
    number, months = ticket.number, device.project.warranty_months or 36
    page = clerk.page(f"/admin/device/{device.id}/")
    assert f">{number}</a> 5 天" in page
    assert f"随项目，{months} 个月" in page


def test_a_day_of_another_year_shows_its_year(app):
    with on(date(2026, 11, 29)):
        assert short(date(2026, 12, 18)) == "12-18"
        assert short(date(2025, 12, 18)) == "2025-12-18"
