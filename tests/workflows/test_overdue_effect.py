"""What a rate does to the pay to come, with figures worked by hand (R8.4, R8.5), and that asking changes nothing."""

from datetime import date
from decimal import Decimal as D

import pytest
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.complaint import Complaint
from models.overdue_case import OverdueCase
from models.parameter import ParameterValue
from models.private_charge_case import PrivateChargeCase
from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.employee import EmployeeKind
from rules.overdue_case import CaseState
from rules.period import Month
from rules.private_charge_case import PrivateChargeState
from tests.cast import carry_through, people
from tests.overdue_world import go_live, make_case, make_employee, make_receivable, on, pay
from workflows.overdue_effect import next_pay_month, rate_effect
from workflows.settlement import draft
from workflows.settlement_report import settlement_report
from workflows.transaction import now

OCTOBER, NOVEMBER, DECEMBER = (Month(2026, number) for number in (10, 11, 12))


@pytest.fixture(autouse=True)
def third_of_november(app):
    with on(date(2026, 11, 3)):
        yield


@pytest.fixture
def cast(app):
    return people()


@pytest.fixture
def finance(cast):
    return cast["finance"]


@pytest.fixture
def case(finance):
    return make_case(make_receivable(make_employee()), finance)


def ahead(effect):
    return [(str(x.month), x.taken, x.carried) for x in effect.months]


def money(*rows):
    return [(month, D(taken), D(carried)) for month, taken, carried in rows]


def test_a_rate_is_taken_month_by_month_within_the_cap(case):
    """R8.4, R8.5: 85 % × 6,860.00 = 5,831.00; 20 % × (8,312.00 + 300.00) = 1,722.40 a month."""
    effect = rate_effect(case, D("0.85"))
    assert (effect.outstanding, effect.liability) == (D("6860.00"), D("5831.00"))
    assert ahead(effect) == money(
        ("2026-11", "1722.40", "4108.60"),
        ("2026-12", "1722.40", "2386.20"),
        ("2027-01", "1722.40", "663.80"),
        ("2027-02", "663.80", "0.00"),
    )
    first = effect.months[0]
    assert (first.wage, first.room, first.rest) == (D("8612.00"), D("1722.40"), D("6889.60"))


@pytest.mark.parametrize(
    ("rate", "liability", "months"),
    [("0.80", "5488.00", 4), ("0.8072", "5537.39", 4), ("1.00", "6860.00", 4)],
)
def test_a_higher_rate_asks_for_more_and_not_for_more_a_month(rate, liability, months, case):
    """R8.5: 0.8072 × 6,860.00 = 5,537.392."""
    effect = rate_effect(case, D(rate))
    assert (effect.liability, len(effect.months)) == (D(liability), months)
    assert max(x.taken for x in effect.months) == D("1722.40")
    assert sum(x.taken for x in effect.months) == effect.liability


def test_what_remains_is_never_below_the_minimum_wage(finance):
    """R8.5: wage 1,850.00 + 300.00 = 2,150.00; 20 % would be 430.00, the minimum wage leaves 150.00."""
    handler = make_employee(base_pay=D("1850.00"))
    case = make_case(make_receivable(handler, total=D("1000.00"), paid=None), finance)
    effect = rate_effect(case, D("0.80"))
    assert [x.taken for x in effect.months] == [D("150.00")] * 5 + [D("50.00")]


def test_his_other_debts_come_first_by_kind_then_by_opening_date(finance):
    """R8.5: private charge 322.40, an older case 1,000.00, then this one: 1,722.40 − 1,322.40 = 400.00."""
    handler = make_employee()
    older = make_receivable(handler, "XS-2025-0090", total=D("1000.00"), paid=None)
    make_case(
        older, finance, state=CaseState.DECIDED, rate=D("1"), opened_on=date(2026, 10, 1),
        decided_on=date(2026, 11, 2),
    )  # fmt: skip
    complaint = Complaint(
        number="TS-1", received_on=date(2026, 11, 2), origin=ComplaintOrigin.COMPLAINT_LINE,
        kind=ComplaintKind.PRIVATE_CHARGE, employee_id=handler.id, verdict=Verdict.UPHELD,
        decided_on=date(2026, 11, 2), charged=D("122.40"), content="私下收费",
        customer_id=older.customer_id,
    )  # fmt: skip
    db.session.add(complaint)
    db.session.flush()
    db.session.add(
        PrivateChargeCase(
            complaint_id=complaint.id, opened_on=date(2026, 11, 2),
            state=PrivateChargeState.APPROVED, approved_on=date(2026, 11, 2),
        )
    )  # fmt: skip
    db.session.commit()
    case = make_case(make_receivable(handler), finance)
    first, second, *_rest = rate_effect(case, D("0.85")).months
    # The complaint costs 50.00 of the bonus: wage 8,562.00, room 1,712.40, so 1,712.40 − 1,322.40 = 390.00.
    assert (first.wage, first.room, first.others) == (D("8562.00"), D("1712.40"), D("1322.40"))
    assert (first.taken, first.carried) == (D("390.00"), D("5441.00"))
    assert (second.others, second.taken) == (D("0.00"), D("1722.40"))


def test_of_two_cases_opened_on_one_day_the_lower_number_is_served_first(finance):
    """R8.5."""
    handler = make_employee()
    for number in ("XS-2025-0111", "XS-2025-0113"):
        row = make_receivable(handler, number, total=D("722.40"), paid=None)
        make_case(row, finance, state=CaseState.DECIDED, rate=D("1"), decided_on=date(2026, 11, 2))
    case = make_case(make_receivable(handler), finance)
    first = rate_effect(case, D("0.85")).months[0]
    assert (first.taken, first.others) == (D("1000.00"), D("722.40"))


def test_a_month_already_submitted_takes_nothing_more(case, cast):
    """R9.2: what is frozen stays; the decision falls into the next month."""
    go_live("2026-11")
    assert next_pay_month() == NOVEMBER
    carry_through(NOVEMBER, cast)
    assert next_pay_month() == DECEMBER
    assert ahead(rate_effect(case, D("0.85")))[0] == ("2026-12", D("1722.40"), D("4108.60"))


def test_the_settlement_then_takes_what_the_effect_said(case, cast):
    """The same arithmetic: effect and draft agree to the fen."""
    go_live("2026-11")
    said = rate_effect(case, D("0.85")).months[0]
    case.state, case.decided_on = CaseState.DECIDED, date(2026, 11, 3)
    db.session.commit()
    draft(NOVEMBER, actor=cast["clerk"])
    row = settlement_report(NOVEMBER)["employees"][0]
    assert (row["deductions"], row["carried_forward"]) == (str(said.taken), str(said.carried))
    assert row["net"] == str(said.rest)


def test_of_a_decided_case_the_rest_is_shown(case, cast):
    """R8.4: 1,722.40 were taken in November, 4,108.60 are still to come."""
    go_live("2026-11")
    case.state, case.decided_on = CaseState.DECIDED, date(2026, 11, 3)
    db.session.commit()
    carry_through(NOVEMBER, cast)
    effect = rate_effect(case, case.rate)
    assert (effect.deducted_before, effect.liability) == (D("1722.40"), D("5831.00"))
    assert ahead(effect)[0] == ("2026-12", D("1722.40"), D("2386.20"))


def test_a_decided_case_with_nothing_left_to_take_has_no_effect(case):
    case.state, case.decided_on = CaseState.DECIDED, date(2026, 11, 3)
    pay(case.receivable, D("6860.00"), date(2026, 11, 3))
    assert rate_effect(case, case.rate) is None


def test_someone_who_left_pays_from_his_last_wage_and_then_nothing_finds_room(finance):
    """R8.7: employed until 15 November: 8,312.00 × 15/30 = 4,156.00, no bonus; 20 % are 831.20."""
    handler = make_employee(left_on=date(2026, 11, 15))
    effect = rate_effect(make_case(make_receivable(handler), finance), D("0.85"))
    assert effect.months[0].taken == D("831.20")
    assert {x.taken for x in effect.months[1:]} == {D("0.00")}
    assert effect.months[-1].carried == D("4999.80")


def test_a_later_version_of_the_parameters_holds_from_its_month(case):
    """R7: the cap falls to 10 % in December: 861.20 a month."""
    value = ParameterValue(
        name="deduction_cap_rate",
        month=DECEMBER,
        value="0.1000",
        prepared_at=now(),
        approved_at=now(),
    )
    db.session.add(value)
    db.session.commit()
    effect = rate_effect(case, D("0.85"))
    assert [x.taken for x in effect.months][:3] == [D("1722.40"), D("861.20"), D("861.20")]


def test_no_settlement_concerns_employees_of_other_kind(finance):
    """R7.8."""
    handler = make_employee(kind=EmployeeKind.OTHER)
    assert rate_effect(make_case(make_receivable(handler), finance), D("0.85")) is None


def test_asking_changes_nothing(case):
    before = (case.row_version, db.session.scalar(select(func.count()).select_from(AuditRecord)))
    rate_effect(case, D("0.90"))
    assert not db.session.new
    assert not db.session.dirty
    db.session.expire_all()
    found = db.session.scalars(select(OverdueCase)).one()
    assert (found.rate, found.state) == (D("0.85"), CaseState.UNDECIDED)
    assert before == (
        found.row_version, db.session.scalar(select(func.count()).select_from(AuditRecord)),
    )  # fmt: skip
