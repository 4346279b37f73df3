"""Expense claims: for one's own on-site visit, taxi and freight only when urgent or bulky and reported (R7.7)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from models import db
from models.employee import Employee
from models.ticket import Visit, VisitPerson
from rules.expense import ExpenseCategory, ExpenseReason
from rules.expense_steps import ClaimState
from rules.permissions import Role
from rules.ticket import ServiceMode
from tests.cast import account
from tests.workflows.money_cast import cast_of_money
from workflows import expense as claims
from workflows.refusal import Forbidden, Refused
from workflows.transaction import today

TAXI = ExpenseCategory.TAXI


@pytest.fixture
def cast(app):
    return cast_of_money()


def visit(mode=ServiceMode.ONSITE, mine=True):
    """A ticket with (or without) T001 on a visit of a mode."""
    query = (
        select(Visit.ticket_id)
        .join(VisitPerson, VisitPerson.visit_id == Visit.id)
        .join(Employee, Employee.id == VisitPerson.employee_id)
        .where(Visit.mode == mode, (Employee.number == "T001") == mine)
    )
    return db.session.scalars(query).first()


def claim(cast, actor=None, **overrides):
    employee = db.session.scalar(select(Employee.id).where(Employee.number == "T001"))
    values = {"employee_id": employee, "ticket_id": visit(), "spent_on": today(), "amount": Decimal("35.00"),
              "category": ExpenseCategory.PUBLIC_TRANSPORT, "reason": None, "reported_on": None,
              "invoice_number": None, "note": None}  # fmt: skip
    return claims.create_expense(values | overrides, actor=actor or cast["t001"])


def do(verb, row, actor, **values):
    getattr(claims, f"{verb}_expense")(row.id, values, version=None, actor=actor)
    db.session.expire_all()


def test_a_claim_for_public_transport_is_approved_by_the_manager(cast):
    row = claim(cast)
    do("approve", row, cast["manager"])
    assert (row.state, row.approved_on) == (ClaimState.APPROVED, today())


@pytest.mark.parametrize(
    ("values", "approved"),
    [
        ({"reason": ExpenseReason.URGENT, "reported_on": 0}, True),
        ({"reason": ExpenseReason.BULKY, "reported_on": -1}, True),
        ({"reason": ExpenseReason.URGENT, "reported_on": 1}, False),
        ({"reason": ExpenseReason.URGENT, "reported_on": None}, False),
        ({"reason": ExpenseReason.OTHER, "reported_on": 0}, False),
        ({"reason": None, "reported_on": 0}, False),
    ],
)
def test_a_taxi_needs_its_reason_and_the_report_beforehand(cast, values, approved):
    days = values["reported_on"]
    spent = today() - timedelta(days=2)
    reported = None if days is None else spent + timedelta(days=days)
    row = claim(cast, category=TAXI, spent_on=spent, reason=values["reason"], reported_on=reported)
    if approved:
        do("approve", row, cast["manager"])
        assert row.state is ClaimState.APPROVED
    else:
        with pytest.raises(Refused, match="紧急或大宗"):
            do("approve", row, cast["manager"])


def test_a_claim_is_for_an_on_site_visit_of_the_claimant(cast):
    for ticket in (visit(ServiceMode.PHONE), visit(mine=False)):
        with pytest.raises(Refused, match="现场服务单"):
            claim(cast, ticket_id=ticket)


def test_nobody_approves_his_own_claim(cast):
    chief = account("chief", Role.MANAGER, Role.TECHNICIAN, employee="T001")
    row = claim(cast)
    with pytest.raises(Forbidden, match="本人"):
        do("approve", row, chief)
    clerk = account("both", Role.CLERK, Role.MANAGER)
    with pytest.raises(Forbidden, match="另一个人"):
        do("approve", claim(cast, actor=clerk), clerk)


def test_a_refused_claim_is_mended_or_withdrawn(cast):
    row = claim(cast)
    do("refuse", row, cast["manager"], reason="缺发票")
    assert (row.state, row.refusal) == (ClaimState.REFUSED, "缺发票")
    do("withdraw", row, cast["t001"])
    assert row.state is ClaimState.WITHDRAWN
    with pytest.raises(Refused, match="已撤回"):
        do("approve", row, cast["manager"])


def test_several_claims_are_approved_all_or_none(cast):
    good, bad = claim(cast), claim(cast, category=TAXI)
    with pytest.raises(Refused, match=bad.number):
        claims.approve_expenses([good.id, bad.id], {}, actor=cast["manager"])
    db.session.expire_all()
    assert {good.state, bad.state} == {ClaimState.PENDING}
    claims.approve_expenses([good.id], {}, actor=cast["manager"])
    db.session.expire_all()
    assert good.state is ClaimState.APPROVED


@pytest.mark.parametrize("values", [{"amount": Decimal(0)}, {"spent_on": None}])
def test_a_claim_that_cannot_be_is_refused_in_words(cast, values):
    if values.get("spent_on", 0) is None:
        values = {"spent_on": today() + timedelta(days=1)}
    with pytest.raises(Refused):
        claim(cast, **values)


def test_a_technician_claims_for_himself_only(cast):
    other = db.session.scalar(select(Employee.id).where(Employee.number == "T002"))
    with pytest.raises(Forbidden):
        claim(cast, employee_id=other)
