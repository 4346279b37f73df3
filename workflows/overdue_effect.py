"""What a rate does to the next pay and to the months after it, shown before anyone decides (R8.4, R8.5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select

from models import db
from models.overdue_case import OverdueCase
from models.settlement import Settlement
from rules.clause import implements
from rules.money import ZERO
from rules.overdue_case import CaseState, liability
from rules.parameter import ParameterHistory, Parameters
from rules.period import Month
from rules.settlement import (
    Debt,
    DebtAfter,
    Events,
    LineKind,
    Person,
    room,
    settle,
)
from rules.settlement_steps import FROZEN
from workflows.overdue_record import outstanding_of
from workflows.parameter import parameter_history
from workflows.settlement_draft import span_of
from workflows.settlement_events import gather
from workflows.transaction import today

LONGEST = 120


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """A month to come: the wage it is reckoned on, what this case takes of it, and what is carried on."""

    month: Month
    wage: Decimal
    room: Decimal
    others: Decimal
    taken: Decimal
    carried: Decimal
    rest: Decimal


@dataclass(frozen=True, slots=True)
class RateEffect:
    """A rate's liability and its months, the next pay first; the last carries something only if no room is left."""

    rate: Decimal
    outstanding: Decimal
    liability: Decimal
    deducted_before: Decimal
    parameters: Parameters
    months: tuple[MonthAhead, ...]


def next_pay_month() -> Month:
    """The month in which a decision of today first deducts: this one, or the first after it that is not submitted."""
    month = Month.of(today())
    submitted = set(
        db.session.scalars(
            select(Settlement.month).where(Settlement.month >= month, Settlement.state.in_(FROZEN))
        )
    )
    while month in submitted:
        month = month.plus(1)
    return month


@implements("R8.4", "R8.5")
def rate_effect(case: OverdueCase, rate: Decimal) -> RateEffect | None:
    """The effect of a rate on the handler's pay, by the settlement's own arithmetic; changes nothing.

    The next pay is reckoned on what is known of its month today, later ones on base pay and bonus alone. His other
    debts are served in the order of R8.5. None when no settlement concerns him (R7.8) or nothing is to deduct.
    """
    history, month = parameter_history(), next_pay_month()
    gathered = gather(month, span_of(month), history)
    handler = case.receivable.handler_id
    if handler not in gathered.people:
        return None
    owed = outstanding_of(case, today())
    debts = {(debt.kind, debt.source): debt for debt in gathered.events[handler].debts}
    own = (LineKind.OVERDUE_DEDUCTION, case.receivable.number)
    decided = debts.get(own)
    if decided is None and case.state is CaseState.DECIDED:
        return None
    before = decided.deducted if decided else ZERO
    debt = Debt(*own, case.opened_on, liability(rate, owed), before)
    events = replace(gathered.events[handler], debts=tuple((debts | {own: debt}).values()))
    months = tuple(_ahead(gathered.people[handler], month, events, own, history))
    return RateEffect(rate, owed, debt.target, before, history.of(month), months)


def _ahead(
    person: Person,
    month: Month,
    events: Events,
    own: tuple[LineKind, str],
    history: ParameterHistory,
) -> Iterator[MonthAhead]:
    """Month after month until nothing of the case is carried on, or no room has come for a long time."""
    for _turn in range(LONGEST):
        statement = settle(person, month, events, history.of(month))
        mine = next(x for x in statement.debts if (x.debt.kind, x.debt.source) == own)
        sums = statement.sums
        others = sum((max(x.taken, ZERO) for x in statement.debts if x is not mine), ZERO)
        yield MonthAhead(
            month, sums.wage, room(sums.wage, history.of(month)), others, mine.taken, mine.carried,
            sums.wage - sums.deductions,
        )  # fmt: skip
        if mine.carried <= ZERO:
            return
        month, events = month.plus(1), Events(debts=tuple(map(_carried_on, statement.debts)))
        person = replace(person, base_entry=None)


def _carried_on(after: DebtAfter) -> Debt:
    return replace(after.debt, deducted=after.debt.deducted + after.taken)
