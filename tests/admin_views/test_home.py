"""The first page: each role's own numbers, each leading to the list that it counts (R10)."""

import html
import re
from datetime import date

import pytest
from sqlalchemy import select

from models import db
from models.repair import Repair
from rules.permissions import Role
from tests.cast import JULY, JUNE, carry_through, people, take_in
from workflows import settlement as steps
from workflows.account import create_account, disable_account

KPI = re.compile(r'<dt>([^<]+)</dt><dd><a href="([^"]+)">(\d+)</a>')
NO_LIST = (
    "今日到期的时钟",
    "待发放的月份",
)  # a clock is no record; months are a screen of their own


@pytest.fixture
def company(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)
    steps.draft(JULY, actor=cast["clerk"])
    steps.submit(JULY, actor=cast["clerk"], explain="已核对")
    create_account("gone", [Role.CLERK], employee_number=None, password=None, actor=None)
    disable_account("gone", actor=None)
    first = db.session.scalar(select(Repair).order_by(Repair.id))
    first.closed_on = date(2026, 9, 1)
    db.session.commit()


def total(page):
    """How many records a list says there are."""
    found = re.search(r"<span>\d+–\d+ / ([\d,]+)</span>", page)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("role", list(Role))
def test_each_number_is_that_of_the_list_it_leads_to(company, enter, role):
    client = enter(role.value, employee="T002" if role is Role.TECHNICIAN else None)
    found = [one for one in KPI.findall(client.page("/admin/")) if one[0] not in NO_LIST]
    assert found or role in (Role.AUDITOR, Role.PROJECT_MANAGER)
    shown = {label: total(client.page(html.unescape(url))) for label, url, _number in found}
    assert shown == {label: int(number) for label, _url, number in found}


@pytest.mark.parametrize("role", ["manager", "leader"])
def test_what_waits_is_on_the_first_page_and_opens_there(company, enter, role):
    client = enter(role)
    found = re.findall(r'href="(/admin/approval/[a-z_]+/\d+/)"', client.page("/admin/"))
    assert bool(found) is (role == "manager")  # July waits for the manager, not yet for the leader
    for url in found:
        assert "批准后会发生" in client.page(url)


def test_a_stranger_is_led_to_the_log_in(app):
    assert app.test_client().get("/admin/").headers["Location"].startswith("/login")
