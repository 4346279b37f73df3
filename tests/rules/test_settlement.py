"""R7 and R8 with figures worked by hand, and their sums by hypothesis."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.employee import EmployeeKind
from rules.money import ZERO
from rules.parameter import ParameterHistory
from rules.period import Month
from rules.settlement import (
    Claim,
    Debt,
    Earned,
    Events,
    LineKind,
    Person,
    VisitDone,
    room,
    serve,
    settle,
)
from rules.ticket import ServiceMode

JUNE = Month(2026, 6)
RATES = ParameterHistory(()).of(JUNE)
OVERDUE, PRIVATE = LineKind.OVERDUE_DEDUCTION, LineKind.PRIVATE_CHARGE_DEDUCTION


def person(**overrides):
    values = {
        "number": "T01", "kind": EmployeeKind.DEDICATED, "hired_on": date(2020, 1, 1),
        "probation_until": None, "left_on": None, "base_rate": D("4000.00"),
    }  # fmt: skip
    return Person(**values | overrides)


def debt(target, *, kind=OVERDUE, source="XS-1", opened=date(2026, 1, 1), deducted="0.00"):
    return Debt(kind, source, opened, D(target), D(deducted))


def amounts(statement, kind):
    return [line.amount for line in statement.lines if line.kind is kind]


@pytest.mark.parametrize(
    ("label", "overrides", "amount"),
    [
        ("whole month", {}, "4000.00"),
        ("hired on the 1st", {"hired_on": date(2026, 6, 1)}, "4000.00"),
        ("hired on the 2nd: 29/30", {"hired_on": date(2026, 6, 2)}, "3866.67"),
        ("left on the 13th: 13/30", {"left_on": date(2026, 6, 13)}, "1733.33"),
        ("one day only", {"hired_on": date(2026, 6, 30)}, "133.33"),
        ("entered (R7.1)", {"base_entry": D("2262.00")}, "2262.00"),
    ],
)
def test_base_pay_is_pro_rata_unless_it_was_entered(label, overrides, amount):
    """R7.1."""
    assert amounts(settle(person(**overrides), JUNE, Events(), RATES), LineKind.BASE_PAY) == [
        D(amount)
    ]


@pytest.mark.parametrize(
    ("complaints", "bonus"), [(0, ["300.00"]), (1, ["250.00"]), (2, ["200.00"]), (3, []), (4, [])]
)
def test_each_upheld_complaint_costs_its_penalty_and_the_limit_the_whole_bonus(complaints, bonus):
    """R7.4, limit 3."""
    found = settle(person(), JUNE, Events(complaints=complaints), RATES)
    assert amounts(found, LineKind.NO_COMPLAINT_BONUS) == [D(b) for b in bonus]


@pytest.mark.parametrize(
    ("label", "overrides", "due"),
    [
        ("probation ends the day before", {"probation_until": date(2026, 5, 31)}, True),
        ("probation ends on the 1st", {"probation_until": date(2026, 6, 1)}, False),
        ("hired on the 1st", {"hired_on": date(2026, 6, 1)}, True),
        ("hired on the 2nd", {"hired_on": date(2026, 6, 2)}, False),
        ("leaves on the last day", {"left_on": date(2026, 6, 30)}, True),
        ("leaves a day earlier", {"left_on": date(2026, 6, 29)}, False),
        ("non-dedicated", {"kind": EmployeeKind.NON_DEDICATED}, False),
    ],
)
def test_the_bonus_is_for_dedicated_staff_of_the_whole_month_off_probation(label, overrides, due):
    """R7.4."""
    found = settle(person(**overrides), JUNE, Events(), RATES)
    assert bool(amounts(found, LineKind.NO_COMPLAINT_BONUS)) is due


def test_dedicated_staff_get_an_allowance_and_others_labour_for_on_site_visits_only():
    """R7.2, R7.3."""
    visits = tuple(VisitDone(f"FW-{m}", m) for m in ServiceMode)
    dedicated = settle(person(), JUNE, Events(visits=visits), RATES)
    assert amounts(dedicated, LineKind.SERVICE_ALLOWANCE) == [D("30.00")] * 3
    helper = settle(person(kind=EmployeeKind.NON_DEDICATED), JUNE, Events(visits=visits), RATES)
    assert amounts(helper, LineKind.ONSITE_LABOUR) == [D("80.00")]
    assert amounts(helper, LineKind.SERVICE_ALLOWANCE) == []


@pytest.mark.parametrize(
    ("profit", "paid"), [("65.35", ["19.61"]), ("0.01", []), ("-5.00", []), ("0.05", ["0.02"])]
)
def test_commission_is_a_share_of_a_positive_net_profit_rounded_half_up(profit, paid):
    """R7.5: 30 % of 65.35 = 19.605 → 19.61; 30 % of 0.05 = 0.015 → 0.02."""
    earned = Earned(LineKind.PARTS_COMMISSION, "XS-1", D(profit))
    found = settle(person(), JUNE, Events(earned=(earned,)), RATES)
    assert amounts(found, LineKind.PARTS_COMMISSION) == [D(p) for p in paid]


@pytest.mark.parametrize(
    ("wage", "expected"),
    [
        ("8612.00", "1722.40"),  # 20 %
        ("2500.00", "500.00"),  # 20 % = 500 = what lies above the minimum wage
        ("2499.99", "499.99"),  # 499.998 rounded down; above minimum 499.99
        ("2400.00", "400.00"),  # what lies above the minimum wage
        ("2000.00", "0.00"),
        ("1500.00", "0.00"),
    ],
)
def test_the_room_is_the_lesser_of_the_cap_and_what_lies_above_the_minimum_wage(wage, expected):
    """R8.5."""
    assert room(D(wage), RATES) == D(expected)


def test_private_charges_are_served_first_then_the_oldest_case():
    """R8.5."""
    served = serve(
        [debt("300.00", source="XS-2", opened=date(2026, 3, 1)), debt("300.00", source="XS-1", opened=date(2026, 2, 1)),
         debt("100.00", kind=PRIVATE, source="TS-1", opened=date(2026, 6, 1))],
        D("350.00"),
    )  # fmt: skip
    assert [(a.debt.source, a.taken, a.carried) for a in served] == [
        ("TS-1", D("100.00"), D("0.00")), ("XS-1", D("250.00"), D("50.00")), ("XS-2", D("0.00"), D("300.00")),
    ]  # fmt: skip


def test_when_the_customer_pays_what_was_deducted_too_much_comes_back():
    """R8.4: 500 deducted, target now 200 → 300 refunded."""
    found = settle(person(), JUNE, Events(debts=(debt("200.00", deducted="500.00"),)), RATES)
    assert amounts(found, LineKind.OVERDUE_REFUND) == [D("300.00")]
    assert (found.sums.refunds, found.sums.deductions, found.sums.carried_forward) == (
        D("300.00"),
        ZERO,
        ZERO,
    )


def test_what_was_overpaid_comes_off_the_next_base_pay():
    """R7.9: base 4000 + bonus 300, 860 deducted (20 % of 4300): net 3440, 560 overpaid; next month 3440 ahead."""
    first = settle(person(), JUNE, Events(debts=(debt("900.00"),)), RATES).sums
    assert (first.net, first.base_paid, first.payable, first.overpaid) == (
        D("3440.00"), D("4000.00"), ZERO, D("560.00"),
    )  # fmt: skip
    second = settle(person(overpaid_before=first.overpaid), JUNE.plus(1), Events(), RATES).sums
    assert (second.base_paid, second.payable, second.overpaid) == (D("3440.00"), D("300.00"), ZERO)


def test_without_paying_ahead_the_whole_net_is_payable():
    """R7.9."""
    sums = settle(person(), JUNE, Events(), RATES, base_pay_ahead=False).sums
    assert (sums.base_paid, sums.payable, sums.overpaid) == (ZERO, D("4300.00"), ZERO)


money = st.integers(0, 2_000_000).map(lambda fen: D(fen).scaleb(-2))


@given(
    base=money, claims=st.lists(money, max_size=3), owed=st.lists(st.tuples(money, money), max_size=4),
    complaints=st.integers(0, 5), before=money,
)  # fmt: skip
def test_the_sums_of_a_month_always_hang_together(base, claims, owed, complaints, before):
    """R8.4–R8.6, R7.9: net is the lines' sum and never negative; taken + carried = owed; the cap holds."""
    debts = tuple(
        debt(str(target), source=f"XS-{n}", deducted=str(done))
        for n, (target, done) in enumerate(owed)
    )
    events = Events(
        claims=tuple(Claim(f"BX-{n}", c) for n, c in enumerate(claims)),
        complaints=complaints,
        debts=debts,
    )
    found = settle(person(base_rate=base, overpaid_before=before), JUNE, events, RATES)
    sums = found.sums
    assert sums.net == sum((line.amount for line in found.lines), ZERO) >= 0
    assert sums.net == sums.wage + sums.reimbursements + sums.refunds - sums.deductions
    assert sums.deductions <= room(sums.wage, RATES)
    assert all(
        a.taken + a.carried == a.debt.target - a.debt.deducted and a.carried >= 0
        for a in found.debts
    )
    assert sums.payable - sums.overpaid == sums.net - before - sums.base_paid
