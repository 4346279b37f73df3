"""What a month brings and costs, with figures worked by hand (R7, R8)."""

from datetime import date
from decimal import Decimal as D

import pytest

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
    no_complaint_bonus,
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
        "number": "T001", "kind": EmployeeKind.DEDICATED, "hired_on": date(2020, 1, 1),
        "probation_until": None, "left_on": None, "base_rate": D("4000.00"),
    }  # fmt: skip
    return Person(**values | overrides)


def with_parameters(**values):
    return ParameterHistory(tuple((name, JUNE, text) for name, text in values.items())).of(JUNE)


def debt(target, *, kind=OVERDUE, source="XS-1", opened=date(2026, 1, 1), deducted="0.00"):
    return Debt(kind, source, opened, D(target), D(deducted))


def amounts(statement, kind):
    return [line.amount for line in statement.lines if line.kind is kind]


@pytest.mark.parametrize(
    ("month", "overrides", "amount"),
    [
        pytest.param((2026, 6), {}, ["4000.00"], id="whole month"),
        pytest.param((2026, 6), {"hired_on": date(2026, 6, 1)}, ["4000.00"], id="hired on the 1st"),
        pytest.param((2026, 6), {"hired_on": date(2026, 6, 2)}, ["3866.67"], id="on the 2nd: 29/30"),
        pytest.param((2026, 6), {"hired_on": date(2026, 6, 30)}, ["133.33"], id="one day: 1/30"),
        pytest.param((2026, 6), {"hired_on": date(2026, 7, 1)}, [], id="hired a day after the month"),
        pytest.param((2026, 6), {"left_on": date(2026, 6, 30)}, ["4000.00"], id="left on the last"),
        pytest.param((2026, 6), {"left_on": date(2026, 6, 29)}, ["3866.67"], id="the last but one"),
        pytest.param((2026, 6), {"left_on": date(2026, 6, 13)}, ["1733.33"], id="on the 13th: 13/30"),
        pytest.param((2026, 6), {"left_on": date(2026, 6, 1)}, ["133.33"], id="left on the 1st"),
        pytest.param((2026, 6), {"left_on": date(2026, 5, 31)}, [], id="left a day before the month"),
        pytest.param((2026, 6), {"hired_on": date(2026, 6, 3), "left_on": date(2026, 6, 13)}, ["1466.67"], id="came and went: 11/30"),
        pytest.param((2026, 7), {"hired_on": date(2026, 7, 2)}, ["3870.97"], id="July: 30/31"),
        pytest.param((2026, 2), {"hired_on": date(2026, 2, 2)}, ["3857.14"], id="February: 27/28"),
        pytest.param((2028, 2), {"hired_on": date(2028, 2, 2)}, ["3862.07"], id="leap February: 28/29"),
        pytest.param((2026, 6), {"base_entry": D("2262.00")}, ["2262.00"], id="as entered"),
        pytest.param((2026, 6), {"base_entry": D("0.00")}, [], id="entered as nothing"),
        pytest.param((2026, 6), {"base_entry": D("900.00"), "left_on": date(2026, 6, 13)}, ["900.00"], id="entered for part of a month: never pro rata"),
    ],
)  # fmt: skip
def test_base_pay_is_pro_rata_unless_it_was_entered(month, overrides, amount):
    """R7.1: round(4000 × days employed ÷ days in the month)."""
    found = settle(person(**overrides), Month(*month), Events(), RATES)
    assert amounts(found, LineKind.BASE_PAY) == [D(a) for a in amount]


@pytest.mark.parametrize(
    ("complaints", "bonus"), [(0, ["300.00"]), (1, ["250.00"]), (2, ["200.00"]), (3, []), (4, [])]
)
def test_each_upheld_complaint_costs_its_penalty_and_the_limit_the_whole_bonus(complaints, bonus):
    """R7.4, limit 3."""
    found = settle(person(), JUNE, Events(complaints=complaints), RATES)
    assert amounts(found, LineKind.NO_COMPLAINT_BONUS) == [D(b) for b in bonus]


@pytest.mark.parametrize(
    ("penalty", "limit", "complaints", "bonus"),
    [
        pytest.param("150.00", "3", 2, "0.00", id="two penalties are just the bonus"),
        pytest.param("149.99", "3", 2, "0.02", id="a fen less each"),
        pytest.param("150.01", "3", 2, "0.00", id="a fen more: never below nothing"),
        pytest.param("50.00", "1", 0, "300.00", id="limit 1, none"),
        pytest.param("50.00", "1", 1, "0.00", id="limit 1, one"),
        pytest.param("0.00", "3", 2, "300.00", id="no penalty below the limit"),
        pytest.param("0.00", "3", 3, "0.00", id="no penalty, yet the limit"),
        pytest.param("1.00", "400", 299, "1.00", id="a high limit"),
        pytest.param("1.00", "400", 301, "0.00", id="a high limit, used up"),
    ],
)
def test_the_bonus_ends_at_the_limit_and_never_falls_below_nothing(
    penalty, limit, complaints, bonus
):
    """R7.4."""
    rates = with_parameters(complaint_penalty=penalty, complaint_limit=limit)
    assert no_complaint_bonus(complaints, rates) == D(bonus)


@pytest.mark.parametrize(
    ("label", "overrides", "due"),
    [
        ("probation ends the day before", {"probation_until": date(2026, 5, 31)}, True),
        ("probation ends on the 1st", {"probation_until": date(2026, 6, 1)}, False),
        ("probation ends on the last day", {"probation_until": date(2026, 6, 30)}, False),
        ("probation goes on", {"probation_until": date(2026, 7, 1)}, False),
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


def test_each_mode_has_its_own_allowance():
    """R7.2."""
    rates = with_parameters(
        allowance_onsite="50.00", allowance_phone="10.00", allowance_online="0.00"
    )
    visits = tuple(VisitDone(f"FW-{mode}", mode) for mode in ServiceMode)
    found = settle(person(), JUNE, Events(visits=visits), rates)
    assert amounts(found, LineKind.SERVICE_ALLOWANCE) == [D("50.00"), D("10.00")]


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
    ("fee", "paid"),
    [("1000.00", ["400.00"]), ("0.01", []), ("0.02", ["0.01"]), ("33.34", ["13.34"])],
)
def test_commission_on_a_software_service_is_a_share_of_its_fee(fee, paid):
    """R7.6: 40 % of 33.34 = 13.336 → 13.34; of 0.01 = 0.004 → nothing."""
    earned = Earned(LineKind.SOFTWARE_COMMISSION, "RJ-1", D(fee))
    found = settle(person(), JUNE, Events(earned=(earned,)), RATES)
    assert amounts(found, LineKind.SOFTWARE_COMMISSION) == [D(p) for p in paid]


def test_the_commission_of_a_reversed_payment_is_taken_back_exactly():
    """R7.5, I4: what was paid at an earlier month's rate, whatever the rate now."""
    back = Earned(LineKind.PARTS_COMMISSION, "XS-1", D("0.00"), settled=D("19.61"))
    found = settle(
        person(), JUNE, Events(earned=(back,)), with_parameters(parts_commission_rate="0.10")
    )
    assert amounts(found, LineKind.PARTS_COMMISSION) == [D("-19.61")]
    assert found.sums.wage == D("4280.39")


def test_who_left_is_still_paid_what_falls_due_later():
    """R7.8: left in May; one visit 30 + 30 % of 100 + a claim of 12 = 72, and no base pay or bonus."""
    events = Events(
        visits=(VisitDone("FW-1", ServiceMode.ONSITE),),
        earned=(Earned(LineKind.PARTS_COMMISSION, "XS-1", D("100.00")),),
        claims=(Claim("BX-1", D("12.00")),),
    )
    found = settle(person(left_on=date(2026, 5, 31)), JUNE, events, RATES)
    assert [(line.kind, line.amount) for line in found.lines] == [
        (LineKind.SERVICE_ALLOWANCE, D("30.00")),
        (LineKind.PARTS_COMMISSION, D("30.00")),
        (LineKind.EXPENSE_REIMBURSEMENT, D("12.00")),
    ]
    assert (found.sums.base_paid, found.sums.payable) == (ZERO, D("72.00"))


@pytest.mark.parametrize(
    ("wage", "expected"),
    [
        ("8612.00", "1722.40"),  # 20 %
        ("2500.05", "500.01"),  # 20 % exactly
        ("2500.04", "500.00"),  # 500.008 rounded down; above the minimum wage 500.04
        ("2500.00", "500.00"),  # 20 % = 500 = what lies above the minimum wage
        ("2499.99", "499.99"),  # 499.998 rounded down; above minimum 499.99
        ("2400.00", "400.00"),  # what lies above the minimum wage
        ("2000.01", "0.01"),
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


def test_cases_of_one_day_are_served_by_document_number():
    """R8.5: numbers sort as plain text."""
    served = serve([debt("5.00", source="XS-2"), debt("5.00", source="XS-10")], D("7.00"))
    assert [(a.debt.source, a.taken) for a in served] == [("XS-10", D("5.00")), ("XS-2", D("2.00"))]


@pytest.mark.parametrize(
    ("target", "taken", "carried"),
    [
        ("859.99", "859.99", "0.00"),
        ("860.00", "860.00", "0.00"),
        ("860.01", "860.00", "0.01"),
        ("5000.00", "860.00", "4140.00"),
    ],
)
def test_what_finds_no_room_is_carried_forward_to_the_fen(target, taken, carried):
    """R8.5: 20 % of 4300 = 860."""
    found = settle(person(), JUNE, Events(debts=(debt(target),)), RATES)
    assert amounts(found, OVERDUE) == [-D(taken)]
    assert (found.sums.deductions, found.sums.carried_forward) == (D(taken), D(carried))


def test_a_debt_is_taken_over_the_months_until_nothing_is_left():
    """R8.4, R8.5: 1900 at 860 a month: 860, 860, 180."""
    deducted, taken = ZERO, []
    while deducted < D("1900.00"):
        (after,) = settle(
            person(), JUNE, Events(debts=(debt("1900.00", deducted=deducted),)), RATES
        ).debts
        deducted += after.taken
        taken.append(str(after.taken))
    assert taken == ["860.00", "860.00", "180.00"]


def test_a_refund_makes_no_room_and_needs_none():
    """R8.4, R8.5: wage 2000 leaves no room; 300 come back, and the other case waits."""
    debts = (debt("200.00", source="XS-1", deducted="500.00"), debt("100.00", source="XS-2"))
    worker = person(base_rate=D("2000.00"), probation_until=date(2026, 6, 30))
    sums = settle(worker, JUNE, Events(debts=debts), RATES).sums
    assert (sums.refunds, sums.deductions, sums.carried_forward) == (D("300.00"), ZERO, D("100.00"))
    assert sums.net == D("2300.00")


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


@pytest.mark.parametrize(
    ("before", "base_paid", "payable", "overpaid"),
    [
        pytest.param("0.00", "4000.00", "300.00", "0.00", id="nothing overpaid before"),
        pytest.param("560.00", "3440.00", "300.00", "0.00", id="comes off the base"),
        pytest.param("4000.00", "0.00", "300.00", "0.00", id="just the base"),
        pytest.param("4100.00", "0.00", "200.00", "0.00", id="a hundred above the base"),
        pytest.param("4300.00", "0.00", "0.00", "0.00", id="just the net"),
        pytest.param("5000.00", "0.00", "0.00", "700.00", id="more than the net: carried on"),
    ],
)
def test_what_was_overpaid_before_is_made_up_for(before, base_paid, payable, overpaid):
    """R7.9: base 4000, net 4300."""
    sums = settle(person(overpaid_before=D(before)), JUNE, Events(), RATES).sums
    assert (sums.base_paid, sums.payable, sums.overpaid) == (D(base_paid), D(payable), D(overpaid))


def test_a_chain_of_months_pays_out_just_what_was_earned():
    """R7.9: net 3440 (860 deducted) three times, then 4300; 4000 + 3440 + 3440 + 3440 + 300 paid in all."""
    before, paid, earned = ZERO, [], ZERO
    for target in ("5000.00", "5000.00", "5000.00", "0.00"):
        debts = (debt(target),) if D(target) else ()
        sums = settle(person(overpaid_before=before), JUNE, Events(debts=debts), RATES).sums
        paid.append((str(sums.base_paid), str(sums.payable), str(sums.overpaid)))
        before, earned = sums.overpaid, earned + sums.net
    assert paid == [
        ("4000.00", "0.00", "560.00"),
        ("3440.00", "0.00", "560.00"),
        ("3440.00", "0.00", "560.00"),
        ("3440.00", "300.00", "0.00"),
    ]
    assert earned == sum(D(base) + D(rest) for base, rest, _ in paid)


def test_a_month_with_nothing_in_it_is_left_out() -> None:
    """R9.2: neither a line, nor anything carried forward or overpaid."""
    gone = {"left_on": date(2026, 5, 31)}
    assert settle(person(**gone), JUNE, Events(), RATES).empty
    assert not settle(person(), JUNE, Events(), RATES).empty
    assert not settle(person(**gone), JUNE, Events(debts=(debt("5.00"),)), RATES).empty
    assert not settle(person(**gone, overpaid_before=D("5.00")), JUNE, Events(), RATES).empty


@pytest.mark.parametrize(("hired", "base"), [(date(2026, 6, 1), "1"), (date(2026, 6, 2), "29/30")])
def test_base_pay_says_how_it_came_about(hired: date, base: str) -> None:
    """R7.1, R9.2."""
    line = settle(person(hired_on=hired), JUNE, Events(), RATES).lines[0]
    assert (line.base, line.rate) == (base, "4000.00")


def test_what_finds_no_room_is_named_as_waiting() -> None:
    """R8.6: a commission of 40.00 is taken back from a wage of 30.00 only in a later month, 20.00 at once."""
    back = (
        Earned(LineKind.PARTS_COMMISSION, "XS-1", ZERO, settled=D("40.00")),
        Earned(LineKind.PARTS_COMMISSION, "XS-2", ZERO, settled=D("20.00")),
    )
    visit = (VisitDone("FW-1", ServiceMode.ONSITE),)
    leaver = person(left_on=date(2026, 5, 31))
    found = settle(leaver, JUNE, Events(visits=visit, earned=back), RATES)
    assert found.waiting == ("XS-1",)
    assert (found.sums.wage, found.sums.net) == (D("10.00"), D("10.00"))
