"""The first page: each role's own numbers, each leading to the list that it counts (R10)."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, insert, select

from admin_views.home_cards import spark
from models import db
from models.account import Account
from models.device import Device
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.repair import Repair
from models.ticket import Ticket, Visit
from rules.overdue_case import CaseState
from rules.permissions import Role
from rules.ticket import TicketState
from tests.admin_views.conftest import PASSWORD
from tests.cast import JULY, JUNE, carry_through, people, take_in
from tests.overdue_world import go_live, make_case, make_employee, make_receivable
from workflows import settlement as steps
from workflows.account import account_named, create_account, disable_account, log_in
from workflows.moments import month_bounds
from workflows.transaction import today

KPI = re.compile(r'<dt>([^<]+)</dt><dd><a href="([^"]+)">(\d+)</a>')
NO_LIST = ("今日到期的时钟",)  # a clock is no record
IN_ROW = r"(?:(?!</a>).)*?"
PILE = re.compile(
    rf'<a class="ac-approval" href="([^"]+)"{IN_ROW}<b>([^<]+)</b><small>最早 ([^<]+)</small>{IN_ROW}<b>([\d,]+) [张份件笔个][^<]*</b>',
    re.S,
)
SEVERAL = [one for one in TicketState if one is not TicketState.CANCELLED]


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
    for turn, ticket in enumerate(db.session.scalars(select(Ticket).order_by(Ticket.id)), 1):
        ticket.status = SEVERAL[turn % len(SEVERAL)]
    db.session.scalar(select(PartsSale).order_by(PartsSale.id)).purchase_confirmed = False
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
        assert "后会发生</h3>" in client.page(url)


def test_overdue_money_is_what_its_own_page_says(company, enter):
    """R8.2–R8.4: what was settled before go-live, or is deducted to the end, is not outstanding any more (R9.4)."""
    go_live(str(JUNE))
    seller = make_employee("T77", name="陈志强")
    there = account_named("finance")
    day = today() - timedelta(days=400)
    decided = {"state": CaseState.DECIDED, "decided_on": JUNE.plus(-2).first_day, "opened_on": day}
    make_case(make_receivable(seller, "XS-1", arose_on=day), there, **decided)
    make_case(
        make_receivable(seller, "XS-2", arose_on=day, total=Decimal("500.00"), paid=None), there
    )
    client = enter("leader")
    home, page = client.page("/admin/"), client.page("/admin/overdue/")
    shown = re.search(
        r"<dt>逾期案件未收</dt><dd><a [^>]+>([^<]+)</a>.*?<span>([^<]*)</span>", home, re.S
    )
    assert re.search(r"逾期案件未收 <b>([^<]+)</b>", page)[1] == shown[1]
    for count in shown[2].split(" · "):
        assert f"{count}，" in page or f"{count}</span>" in page
    assert "未决定" in shown[2]


WORK_OF = {
    Role.CLERK: {"待派工的服务单", "待审核的反馈单", "已回访，待关闭"},
    Role.TECHNICIAN: {"待接单", "已接单，待开始", "服务中"},
    Role.COMMERCE: {"待发货的销售", "未关闭的返修"},
    Role.FINANCE: {"进货价待确认的销售", "待发放的月份"},
    Role.MANAGER: {"待回访的服务单", "已回访，待关闭", "待核实的投诉"},
    Role.LEADER: {"待核实的投诉"},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_pile_of_work_is_as_high_as_the_list_it_leads_to(company, enter, role):
    client = enter(role.value, employee="T002" if role is Role.TECHNICIAN else None)
    page = client.page("/admin/")
    assert ("待我处理" in page) is (role in WORK_OF)
    found = PILE.findall(page)
    assert {title for _url, title, _oldest, _number in found} == WORK_OF.get(role, set())
    lists = {title: html.unescape(url) for url, title, _oldest, _number in found}
    shown = {title: total(client.page(url)) for title, url in lists.items() if "月份" not in title}
    numbers = {title: int(number) for _url, title, _oldest, number in found}
    assert numbers.pop("待发放的月份", 1) == 1  # June
    assert shown == numbers
    for _url, title, oldest, _number in found:
        assert title == "待发放的月份" or oldest.split(" · ")[0] in client.page(
            lists[title] + "&size=100"
        )


def test_nobody_free_is_told_to_the_manager(company, enter):
    ticket = db.session.scalar(
        select(Ticket).where(Ticket.status == TicketState.REGISTERED).limit(1)
    )
    ticket.escalated_at = datetime(2026, 7, 31, 8, 0, tzinfo=UTC)
    db.session.commit()
    number = ticket.number
    found = {
        title: oldest for _url, title, oldest, _n in PILE.findall(enter("manager").page("/admin/"))
    }
    assert found["无空闲专职人员，待您派人"].split(" · ")[0] == number
    assert "无空闲" not in enter("clerk").page("/admin/")


@pytest.mark.parametrize("role", list(Role))
def test_the_bell_tells_how_much_waits_for_the_reader_on_every_page(company, enter, role):
    client = enter(role.value, employee="T002" if role is Role.TECHNICIAN else None)
    page = client.page("/admin/")
    decisions = re.search(r"<small>(\d+) 项审批", page)
    waits = sum(int(number) for *_rest, number in PILE.findall(page))
    waits += int(decisions[1]) if decisions else 0
    words = f"{waits} 件等您处理" if waits else "没有等您处理的"
    for path in ("/admin/", "/admin/profile/"):
        assert f'aria-label="{words}"' in client.page(path)
        assert ('class="ac-dot ac-red"' in client.page(path)) is bool(waits)


def test_of_very_many_the_menu_says_that_there_are_more_than_99(company, enter):
    tickets = db.session.scalars(select(Ticket)).all()
    for ticket in tickets:
        ticket.status = TicketState.REGISTERED
    first = {
        c.name: getattr(tickets[0], c.name) for c in Ticket.__table__.columns if c.name != "id"
    }
    db.session.execute(insert(Ticket), [{**first, "number": f"FW-X-{n}"} for n in range(120)])
    db.session.commit()
    page = enter("clerk").page("/admin/")
    assert '<em class="">99+</em>' in page
    assert 'aria-label="99+ 件等您处理"' in page
    numbers = {title: number for _url, title, _oldest, number in PILE.findall(page)}
    assert numbers["待派工的服务单"] == str(len(tickets) + 120)


def test_the_month_that_is_to_be_settled_shows_how_far_it_is(company, enter):
    page = enter("manager").page("/admin/")
    card = page[page.index("2026年7月 进度") :]
    rows = dict(
        re.findall(
            r"<span>([^<]+)</span><a href=\"[^\"]*\" class=\"ac-share\">(\d+ / \d+)</a>", card
        )
    )
    start, end = month_bounds(JULY)
    visits = db.session.scalars(
        select(Visit).where(Visit.ended_at >= start, Visit.ended_at < end)
    ).all()
    accepted = sum(v.form is not None and v.form.accepted_on is not None for v in visits)
    assert rows["反馈单已审核"] == f"{accepted} / {len(visits)}"
    assert 0 < accepted < len(visits)
    mismatches = steps.mismatches_of(JULY)
    assert rows["不一致已说明"] == f"{len(mismatches)} / {len(mismatches)}"
    missed = [one for one in mismatches if one.kind == "form_not_called_back"]
    done, due = map(int, rows["应回访的已回访"].split(" / "))
    assert due - done == len(missed)
    sales = db.session.scalars(
        select(PartsSale)
        .join(Receivable)
        .where(Receivable.arose_on.between(JULY.first_day, JULY.last_day))
    ).all()
    assert rows["进货价已确认"] == f"{sum(s.purchase_confirmed for s in sales)} / {len(sales)}"
    assert "→ 待审核" in card
    assert "进度" not in enter("technician", employee="T002").page("/admin/")


def test_people_are_shown_with_the_tickets_in_their_hands(company, enter):
    page = enter("manager").page("/admin/")
    card = page[page.index("专职技术员手上的服务单") : page.index("实心：在办")]
    rows = re.findall(
        r'href="(/admin/ticket/[^"]*)">.*?</span>([^<]+)</span></a>(.*?)</li>', card, re.S
    )
    client = enter("auditor")
    assert len(rows) == 6
    for url, _name, drawn in rows:
        boxes = drawn.count("<rect") + sum(map(int, re.findall(r"<small>\+(\d+)</small>", drawn)))
        assert boxes <= total(
            client.page(html.unescape(url))
        )  # whoever was on an earlier visit is listed too
    assert sum("ac-box-full" in drawn for *_rest, drawn in rows) > 1
    assert sum("ac-box-hollow" in drawn for *_rest, drawn in rows) > 0


def test_who_has_only_ordered_tickets_has_none_in_hand(company, enter):
    """R2.5: a ticket that is not accepted yet is in nobody's hands."""
    for ticket in db.session.scalars(select(Ticket)):
        ticket.status = TicketState.DISPATCHED
    db.session.commit()
    page = enter("manager").page("/admin/")
    card = page[page.index("专职技术员手上的服务单") : page.index("实心：在办")]
    assert "ac-box-hollow" in card
    badges = re.findall(r'<span class="ac-badge[^>]*title="([^"]+)"', card)
    assert any(badge.startswith("待接单 ") for badge in badges)
    assert not any(badge.startswith("在办") for badge in badges)


def test_the_administrator_sees_which_accounts_want_a_look(company, enter):
    create_account("stranger", [Role.CLERK], employee_number=None, password=PASSWORD, actor=None)
    client = enter("admin")
    assert log_in("stranger", "wrong") is None
    page = client.page("/admin/")
    shown = dict(re.findall(r"<dt>([^<]+)</dt><dd>(?:<a [^>]+>)?(\d+)", page))
    assert (shown["已停用账号"], shown["七天内登录失败"], shown["未结束的登录"]) == ("1", "1", "1")
    never = page[page.index("可用而从未登录") : page.index("没有对应员工")]
    assert ">stranger</a>" in never
    assert ">web-admin</a>" not in never
    alone = select(func.count()).where(Account.employee_id.is_(None), Account.disabled_at.is_(None))
    assert f"没有对应员工</span><b>{db.session.scalar(alone)}</b>" in page
    failures = page[page.index("最近的登录失败") : page.index("要看一看的账号")]
    assert "<b>stranger</b>" in failures
    assert "要看一看的账号" not in enter("auditor").page("/admin/")


def test_a_technician_is_led_to_his_latest_payslip(company, enter):
    page = enter("technician", employee="T002").page("/admin/")
    assert re.search(
        r'<dt>我的工资单</dt><dd><a href="/admin/settlement/2026-07/">2026年7月</a></dd>\s*<dd[^>]*><span>已提交',
        page,
    )


def test_covers_of_makers_that_end_soon_are_counted(company, enter):
    devices = db.session.scalars(select(Device).order_by(Device.id)).all()
    day = today()
    for device in devices:
        device.maker_warranty_until = day - timedelta(days=1)
    owed, not_owed = devices[0], devices[1]
    owed.project.accepted_on, owed.warranty_months = day - timedelta(days=300), 36
    not_owed.warranty_months, owed.maker_warranty_until = 0, day + timedelta(days=20)
    not_owed.maker_warranty_until = day + timedelta(days=10)
    db.session.commit()
    name = owed.name
    page = enter("manager").page("/admin/")
    card = page[page.index("保修缺口") :]
    link, count = re.search(r'<a href="(/admin/device/[^"]+)">(\d+) 台', card).groups()
    assert count == "2"
    assert total(enter("auditor").page(html.unescape(link))) == 2
    assert re.search(r"其中我方仍保</dt><dd>(\d+) 台", card)[1] == "1"
    assert f"最早：{name}" in card
    assert (day + timedelta(days=20)).isoformat() in card


def test_a_line_shows_how_a_figure_went():
    assert spark([1]) is None
    assert spark([None, 3, None]) is None
    assert spark([0, 10]) == "1.0,18.0 63.0,2.0"
    assert spark([2, None, 2]) == "1.0,18.0 63.0,18.0"


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_the_first_page_opens_for_whom_it_is_shown_to(company, enter, role):
    client = enter(role.value, employee="T002" if role is Role.TECHNICIAN else None)
    page = client.page("/admin/")
    links = set(re.findall(r'href="(/admin/[^"#]*)"', page))
    assert len(links) > 5
    shut = {
        link
        for link in links
        if client.get(html.unescape(link), follow_redirects=True).status_code != 200
    }
    assert shut == set()


def test_a_stranger_is_led_to_the_log_in(app):
    assert app.test_client().get("/admin/").headers["Location"].startswith("/login")
