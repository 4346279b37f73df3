"""A decision binds to what its maker saw: what changed meanwhile is not approved unread (R6.6, R8.1, R9.1)."""

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from admin_views.approval import TABS
from models import db
from models.parameter import ParameterValue
from models.private_charge_case import PrivateChargeCase
from rules.overdue_case import CaseState
from rules.period import Month
from rules.private_charge_case import MoneyGoes, PrivateChargeState
from tests.admin_views.conftest import token
from tests.cast import people
from tests.overdue_world import make_case, make_employee, make_receivable, on
from tests.workflows.money_cast import cast_of_money, credit, owed_by_customer
from tests.workflows.test_private_charge_case import WHOLE, case, cast  # noqa: F401 (fixtures)
from workflows.approval import Matter, counted_for, waiting_for
from workflows.parts_sale import request_credit
from workflows.private_charge_case import (
    Evidence,
    propose_private_charge,
    send_back_private_charge,
)
from workflows.receivable import PaymentReceived, record_payment
from workflows.transaction import now, today
from workflows.write_off import propose_write_off, refuse_write_off, write_off_of

OTHER = Evidence("另一份收据", "承认收取", MoneyGoes.INCOME, "两次")


def decide(client, path, seen, answer="approve"):
    """The status and the page after answering as somebody who saw what `seen` names."""
    form = {"csrf_token": token(client.get(path)), "seen": seen, "answer": answer}
    done = client.post(path + "decide", data=form)
    return done.status_code, done.get_data(as_text=True)


def seen_on(client, path):
    return re.search(r'name="seen" value="([^"]*)"', client.page(path))[1]


def charge_state(case_id):
    db.session.expire_all()
    return db.session.get(PrivateChargeCase, case_id).state


@pytest.mark.parametrize(("changed", "expected"), [(False, 302), (True, 409)])
def test_a_private_charge_is_approved_only_as_it_was_seen(cast, case, enter, changed, expected):  # noqa: F811
    """R8.1: the manager put forward something else while the leader read."""
    propose_private_charge(case, WHOLE, actor=cast["manager"])
    path, leader = f"/admin/approval/private_charge/{case}/", enter("leader")
    seen = seen_on(leader, path)
    if changed:
        send_back_private_charge(case, actor=cast["leader"], reason="金额不对")
        propose_private_charge(case, OTHER, actor=cast["manager"])
    status, page = decide(leader, path, seen)
    assert (status, "内容有变化" in page) == (expected, changed)
    wanted = PrivateChargeState.PROPOSED if changed else PrivateChargeState.APPROVED
    assert charge_state(case) is wanted
    if changed:  # having read what it says now, he may
        assert decide(leader, path, seen_on(leader, path))[0] == 302
        assert charge_state(case) is PrivateChargeState.APPROVED


@pytest.mark.parametrize(("changed", "expected"), [(False, 302), (True, 409)])
def test_a_write_off_is_approved_only_as_it_was_seen(app, enter, changed, expected):
    """R6.6: refused, a payment booked, and proposed anew over less, while the leader read."""
    people = cast_of_money()
    owed = owed_by_customer(people)
    propose_write_off(owed.id, {"reason": "客户破产"}, version=None, actor=people["manager"])
    path, leader = f"/admin/approval/write_off/{owed.id}/", enter("leader")
    seen = seen_on(leader, path)
    if changed:
        refuse_write_off(owed.id, {"reason": "再催一次"}, version=None, actor=people["leader"])
        received = PaymentReceived("SK-1", today(), Decimal("1.00"))
        record_payment(owed.number, received, actor=people["finance"])
        propose_write_off(owed.id, {"reason": "客户破产"}, version=None, actor=people["manager"])
    status, page = decide(leader, path, seen)
    assert (status, "内容有变化" in page) == (expected, changed)
    db.session.expire_all()
    assert (write_off_of(owed.id).approved_on is None) is changed


def test_the_button_names_what_the_employee_bears_not_what_the_customer_owes(app, enter):
    """R8.3–R8.5: of 6,860.00 outstanding he bears 85 %, 5,831.00; the cap lets 1,722.40 of it into the next pay
    (20 % of base pay 8,312.00 + bonus 300.00), 4,108.60 is carried."""
    with on(date(2026, 11, 3)):
        cast = people()
        row = make_receivable(make_employee(name="陈志强"))
        proposed = {
            "state": CaseState.PROPOSED,
            "proposed_by_id": cast["manager"].id,
            "proposed_at": now(),
        }
        found = make_case(row, cast["finance"], **proposed)
        leader = enter("leader")
        page = leader.page(f"/admin/approval/overdue/{found.id}/")
        home = leader.page("/admin/")
    assert "<span>批准扣款 ¥5,831.00</span>" in page
    assert "批准扣款 ¥6,860.00" not in page
    assert "应承担 ¥5,831.00：未收 ¥6,860.00 的 85\u2009%" in page
    assert "2026-11 工资中约扣 ¥1,722.40，当月可扣上限 ¥1,722.40" in page
    assert "未扣的 ¥4,108.60 结转以后各月" in page
    assert "<b>¥5,831.00</b>" in home


def test_a_private_charge_costs_what_was_collected_and_the_penalty(cast, case, enter):  # noqa: F811
    """R8.1: 500.00 collected, the penalty is 200.00."""
    propose_private_charge(case, WHOLE, actor=cast["manager"])
    page = enter("leader").page(f"/admin/approval/private_charge/{case}/")
    assert "<span>批准扣款 ¥700.00</span>" in page
    assert "扣 ¥700.00：收取 ¥500.00，处罚 ¥200.00" in page


def test_new_parameters_are_no_settlement(app):
    assert Matter.PARAMETERS not in TABS["month"]
    assert sorted(m for some in list(TABS.values())[1:] for m in some) == sorted(Matter)


def parameter(month, value, *, approved=True):
    db.session.add(
        ParameterValue(
            name="credit_threshold", month=month, value=value, prepared_at=now(), approved_at=now() if approved else None
        )
    )  # fmt: skip
    db.session.commit()


@pytest.mark.parametrize("role", ["manager", "leader", "clerk"])
def test_the_menu_counts_what_the_list_holds_whatever_the_threshold(app, role):
    """R6.2: the statement behind every page's menu asks for the threshold itself."""
    people = cast_of_money()
    for price in ("4999.99", "5000.00", "5000.01", "300.10"):
        request_credit(credit(people, price).id, {}, version=None, actor=people["commerce"])
    month = Month.of(today())

    def counted():
        known = len(waiting_for(people[role]))
        assert db.session.scalar(select(counted_for(people[role]))) == known
        return known

    least = {"manager": 2, "leader": 4, "clerk": 0}
    assert counted() == least[role]
    parameter(month.plus(-2), "300.10")
    assert counted() == {"manager": 0}.get(role, least[role])
    parameter(month, "5000.01")
    assert counted() == {"manager": 3}.get(role, least[role])
    parameter(month.plus(1), "1.00")
    parameter(month.plus(-1), "1.00", approved=False)
    assert counted() == {"manager": 3}.get(role, least[role])
