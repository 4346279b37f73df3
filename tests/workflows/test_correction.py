"""Corrections of approved months: lines of the next open month, with a reason and both approvals (R9.5)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from rules.permissions import Role
from rules.settlement import LineKind
from tests.cast import AUGUST, JULY, JUNE, account, carry_through, people, take_in
from workflows import settlement as steps
from workflows.correction import (
    CorrectionRequest,
    approve_correction,
    prepare_correction,
    return_correction,
    review_correction,
)
from workflows.refusal import Forbidden, Refused
from workflows.settlement_report import settlement_report
from workflows.transaction import living_at
from workflows.verify import find_breaches

IN_JULY = datetime(2026, 7, 15, 4, tzinfo=UTC)
BONUS = LineKind.NO_COMPLAINT_BONUS


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)  # T001 got the bonus of 300.00 in June
    return cast


def request(**overrides):
    values = {"month": JUNE, "employee_number": "T001", "kind": BONUS, "source": "2026-06",
              "amount": Decimal("-50.00"), "reason": "投诉漏计"}  # fmt: skip
    return CorrectionRequest(**(values | overrides))


def carried(cast, **overrides):
    with living_at(IN_JULY):
        number = prepare_correction(request(**overrides), actor=cast["clerk"]).number
        review_correction(number, actor=cast["manager"])
        approve_correction(number, actor=cast["leader"])
    return number


def employee(month, number="T001"):
    return next(e for e in settlement_report(month)["employees"] if e["employee"] == number)


def test_a_correction_is_a_line_of_the_next_open_month_and_of_none_after(cast):
    steps.draft(JULY, actor=cast["clerk"])
    before = Decimal(employee(JULY)["wage"])
    june = settlement_report(JUNE)
    number = carried(cast)
    assert number == "GZ2607-001"
    carry_through(JULY, cast)
    line = {"kind": BONUS.value, "source": number, "amount": "-50.00"}
    assert line in employee(JULY)["lines"]
    assert Decimal(employee(JULY)["wage"]) == before - 50
    steps.draft(AUGUST, actor=cast["clerk"])
    assert line not in employee(AUGUST)["lines"]
    assert settlement_report(JUNE) == june
    assert list(find_breaches()) == []


def test_a_correction_counts_in_the_wage_and_so_in_the_cap(cast):
    steps.draft(JULY, actor=cast["clerk"])
    wage = Decimal(employee(JULY)["wage"])
    carried(cast, amount=Decimal("120.00"))
    steps.draft(JULY, actor=cast["clerk"])
    assert Decimal(employee(JULY)["wage"]) == wage + 120


@pytest.mark.parametrize(
    ("overrides", "why"),
    [
        ({"month": JULY}, "还没有审批"),
        ({"employee_number": "T999"}, "没有工号"),
        ({"amount": Decimal(0)}, "不能为 0"),
        ({"amount": Decimal("0.005")}, "两位小数"),
        ({"reason": " "}, "理由"),
        ({"amount": Decimal("-300.01")}, "不能扣回更多"),
        ({"kind": LineKind.OVERDUE_DEDUCTION}, "会自己跟上"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_in_words(cast, overrides, why):
    with pytest.raises(Refused, match=why):
        prepare_correction(request(**overrides), actor=cast["clerk"])


def test_two_corrections_of_one_line_together_take_no_more_than_it_was(cast):
    prepare_correction(request(amount=Decimal("-200.00")), actor=cast["clerk"])
    with pytest.raises(Refused, match="只有 100.00"):
        prepare_correction(request(amount=Decimal("-100.01")), actor=cast["clerk"])


def test_a_correction_needs_three_people_none_of_them_concerned(cast):
    both = account("both", Role.CLERK, Role.MANAGER, Role.LEADER)
    number = prepare_correction(request(), actor=both).number
    with pytest.raises(Forbidden, match="另一个人"):
        review_correction(number, actor=both)
    review_correction(number, actor=cast["manager"])
    with pytest.raises(Forbidden, match="另一个人"):
        approve_correction(number, actor=both)
    concerned = account("self", Role.LEADER, employee="T001")
    with pytest.raises(Forbidden, match="本人"):
        approve_correction(number, actor=concerned)
    approve_correction(number, actor=cast["leader"])


def test_a_returned_correction_ends_with_its_reason_on_record(cast):
    number = prepare_correction(request(), actor=cast["clerk"]).number
    return_correction(number, actor=cast["manager"], reason="投诉不属实")
    with pytest.raises(Refused, match="已退回"):
        review_correction(number, actor=cast["manager"])
    last = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert (last.noun, last.verb) == ("correction", "return")
    assert "投诉不属实" in last.details
