"""The sums of a month and of a row of months hang together, whatever happens in them (R7, R8; I2, I6, I7, I11)."""

from datetime import date, timedelta
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from rules.employee import EmployeeKind
from rules.money import ZERO, floor_fen
from rules.overdue_case import liability
from rules.parameter import ParameterHistory
from rules.period import Month
from rules.settlement import (
    COMMISSIONS,
    Claim,
    CorrectionDue,
    Debt,
    Earned,
    Events,
    LineKind,
    Person,
    VisitDone,
    room,
    settle,
)
from rules.ticket import ServiceMode

JUNE = Month(2026, 6)
FIRST = date(2026, 1, 1)
PRIVATE, OVERDUE = LineKind.PRIVATE_CHARGE_DEDUCTION, LineKind.OVERDUE_DEDUCTION


def fen(most: int, least: int = 0) -> st.SearchStrategy[D]:
    return st.integers(least, most).map(lambda amount: D(amount).scaleb(-2))


def numbered(prefix: str, values: list) -> list[tuple[str, object]]:
    return [(f"{prefix}-{n}", value) for n, value in enumerate(values)]


days = st.integers(0, 400).map(lambda n: FIRST + timedelta(days=n))
parameters = st.fixed_dictionaries(
    {
        "deduction_cap_rate": st.integers(0, 10_000).map(lambda n: str(D(n).scaleb(-4))),
        "minimum_wage": fen(400_000).map(str),
        "complaint_limit": st.integers(1, 4).map(str),
        "complaint_penalty": fen(40_000).map(str),
        "parts_commission_rate": st.integers(0, 10_000).map(lambda n: str(D(n).scaleb(-4))),
    }
).map(lambda held: ParameterHistory(tuple((k, JUNE, v) for k, v in held.items())).of(JUNE))
people = st.builds(
    Person,
    number=st.just("T001"),
    kind=st.sampled_from([EmployeeKind.DEDICATED, EmployeeKind.NON_DEDICATED]),
    hired_on=days,
    probation_until=st.none() | days,
    left_on=st.none() | days,
    base_rate=fen(1_000_000),
    base_entry=st.none() | fen(1_000_000),
    overpaid_before=fen(300_000),
)
visits = st.lists(st.sampled_from(list(ServiceMode)), max_size=4).map(
    lambda modes: tuple(VisitDone(n, mode) for n, mode in numbered("FW", modes))
)
earned = st.lists(
    st.tuples(st.sampled_from(list(COMMISSIONS)), fen(500_000, -100_000), st.just(ZERO))
    | st.tuples(st.sampled_from(list(COMMISSIONS)), st.just(ZERO), fen(300_000)),
    max_size=3,
).map(lambda rows: tuple(Earned(k, n, base, settled=s) for n, (k, base, s) in numbered("XS", rows)))
claims = st.lists(fen(50_000, 1), max_size=3).map(
    lambda amounts: tuple(Claim(n, amount) for n, amount in numbered("BX", amounts))
)
debts = st.lists(
    st.tuples(st.sampled_from([PRIVATE, OVERDUE]), days, fen(500_000), fen(500_000)), max_size=4
).map(lambda rows: tuple(Debt(k, n, day, t, d) for n, (k, day, t, d) in numbered("AJ", rows)))
corrections = st.lists(
    st.tuples(st.sampled_from([LineKind.SERVICE_ALLOWANCE, LineKind.EXPENSE_REIMBURSEMENT]), fen(50_000, -50_000)),
    max_size=2,
).map(
    lambda rows: tuple(CorrectionDue(k, n, a, JUNE.plus(-1), "漏记") for n, (k, a) in numbered("GZ", rows))
)  # fmt: skip
events = st.builds(
    Events,
    visits=visits,
    earned=earned,
    claims=claims,
    complaints=st.integers(0, 5),
    debts=debts,
    corrections=corrections,
)


@given(people, events, parameters, st.booleans())
def test_the_net_is_the_sum_of_the_lines_and_never_negative(person, events, rates, ahead):
    """R7, R8.6, I2."""
    found = settle(person, JUNE, events, rates, base_pay_ahead=ahead)
    sums = found.sums
    assert sums.net == sum((line.amount for line in found.lines), ZERO) >= 0
    assert sums.net == sums.wage + sums.reimbursements + sums.refunds - sums.deductions
    assert min(sums.wage, sums.reimbursements, sums.refunds, sums.deductions) >= 0
    assert all(line.amount == line.amount.quantize(D("0.01")) != 0 for line in found.lines)


@given(people, events, parameters)
def test_the_deductions_keep_within_the_cap_and_above_the_minimum_wage(person, events, rates):
    """R8.5, I7: never a fen above 20 % (or whatever the rate), never below the minimum by a deduction."""
    sums = settle(person, JUNE, events, rates).sums
    if sums.deductions:
        assert sums.deductions <= rates.amount("deduction_cap_rate") * sums.wage
        assert sums.wage - sums.deductions >= rates.amount("minimum_wage")


@given(people, events, parameters)
def test_every_debt_is_taken_refunded_or_carried_and_room_is_never_left_over(person, events, rates):
    """R8.4, R8.5, I7: taken + carried = owed, in the order of the regulation."""
    found = settle(person, JUNE, events, rates)
    assert sorted(after.debt.source for after in found.debts) == sorted(
        d.source for d in events.debts
    )
    order = [
        (after.debt.kind is OVERDUE, after.debt.opened_on, after.debt.source)
        for after in found.debts
    ]
    assert order == sorted(order)
    left = room(found.sums.wage, rates)
    for after in found.debts:
        owed = after.debt.target - after.debt.deducted
        assert after.taken + after.carried == owed
        assert after.taken == (min(owed, left) if owed > 0 else owed)
        left -= max(after.taken, ZERO)
    assert found.sums.carried_forward == sum((after.carried for after in found.debts), ZERO) >= 0


@given(people, events, parameters, st.booleans())
def test_what_is_paid_and_what_is_earned_differ_by_what_is_overpaid(person, events, rates, ahead):
    """R7.9: overpaid before + paid now = net + overpaid after; never is something payable and overpaid at once."""
    sums = settle(person, JUNE, events, rates, base_pay_ahead=ahead).sums
    paid = sums.base_paid + sums.payable
    assert person.overpaid_before + paid == sums.net + sums.overpaid
    assert min(sums.payable, sums.overpaid) == 0 <= min(sums.base_paid, sums.payable)
    assert ahead or sums.base_paid == 0


@given(people, events, parameters, st.randoms(use_true_random=False))
def test_the_order_in_which_events_came_makes_no_difference(person, events, rates, random):
    """R9.2, I11."""

    def shuffled(rows: tuple) -> tuple:
        return tuple(random.sample(rows, len(rows)))

    mixed = Events(
        shuffled(events.visits), shuffled(events.earned), shuffled(events.claims), events.complaints,
        shuffled(events.debts), shuffled(events.corrections),
    )  # fmt: skip
    assert settle(person, JUNE, mixed, rates) == settle(person, JUNE, events, rates)


@given(
    rate=st.integers(8000, 10_000).map(lambda n: D(n).scaleb(-4)),
    owed=fen(500_000, 1),
    payments=st.lists(fen(200_000), min_size=1, max_size=8),
    wages=st.lists(fen(800_000), min_size=9, max_size=9),
)
def test_over_the_months_a_case_takes_what_found_room_and_gives_back_what_was_too_much(
    rate, owed, payments, wages
):
    """R8.4, I6: deducted − refunded ≤ rate × outstanding at each month's end, and = it once there was room."""
    rates = ParameterHistory(()).of(JUNE)
    deducted, searched = ZERO, True
    for paid, wage in zip([ZERO, *payments], wages, strict=False):
        owed = max(owed - paid, ZERO)
        target = liability(rate, owed)
        case = Debt(OVERDUE, "XS-1", FIRST, target, deducted)
        worker = Person("T001", EmployeeKind.NON_DEDICATED, FIRST, None, None, ZERO, wage)
        (after,) = settle(worker, JUNE, Events(debts=(case,)), rates).debts
        limit = floor_fen(max(ZERO, min(D("0.20") * wage, wage - D("2000.00"))))
        deducted += after.taken
        searched = after.carried == 0
        assert deducted <= target <= owed
        assert after.taken <= limit
        assert searched or after.taken == limit
    if searched:
        assert deducted == liability(rate, owed)
