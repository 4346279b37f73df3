"""Fills the list of all months: each one's sums, its state, and who signed what stands there now (R9.1, R9.2)."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from sqlalchemy import func, select

from admin_views.page import Link
from admin_views.settlement_signatures import CHAIN, moment
from models import db
from models.account import Account
from models.employee import Employee
from models.settlement import Settlement, SettlementStep, SettlementSums
from rules.period import Month
from rules.permissions import Reach, reach
from rules.settlement_steps import SettlementState, SettlementVerb

SHOWN = ("wage", "reimbursements", "refunds", "deductions", "net", "payable", "carried_forward")
SIGNED = tuple(verb for verb, _role in CHAIN)


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Whose signature a month bears, and since when."""

    name: str
    when: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month with its sums by name; `signed` has a place for each signature of the chain, None where it is missing."""

    month: Month
    link: Link
    state: SettlementState
    people: int
    sums: dict[str, Decimal]
    signed: tuple[SignedBy | None, ...]


def fill_overview(actor: Account) -> list[MonthRow]:
    """All months drafted so far, the latest first, in two statements; who sees only himself gets his own sums."""
    own = reach("settlement.read", actor.roles) is not Reach.ALL
    sums = [func.coalesce(func.sum(getattr(SettlementSums, name)), 0) for name in SHOWN]
    which = SettlementSums.settlement_id == Settlement.id
    if own:
        which &= SettlementSums.employee_id == (actor.employee_id or 0)
    query = (
        select(Settlement.id, Settlement.month, Settlement.state, func.count(SettlementSums.employee_id), *sums)
        .outerjoin(SettlementSums, which)
        .group_by(Settlement.id, Settlement.month, Settlement.state)
        .order_by(Settlement.month.desc())
    )  # fmt: skip
    signed = _signed()
    return [
        MonthRow(
            month, Link(str(month), url_for("settlement.month", month=str(month))), state, people,
            {name: Decimal(amount) for name, amount in zip(SHOWN, amounts, strict=True)},
            tuple(signed[number].get(verb) for verb in SIGNED),
        )
        for number, month, state, people, *amounts in db.session.execute(query)
    ]  # fmt: skip


def _signed() -> dict[int, dict[SettlementVerb, SignedBy]]:
    """The signatures since each month's last draft, by settlement; what went back or was drafted anew bears none."""
    name = func.coalesce(Employee.name, Account.username)
    query = (
        select(SettlementStep.settlement_id, SettlementStep.verb, name, SettlementStep.at)
        .join(Account, Account.id == SettlementStep.actor_id)
        .outerjoin(Employee, Employee.id == Account.employee_id)
        .order_by(SettlementStep.id)
    )
    found: dict[int, dict[SettlementVerb, SignedBy]] = defaultdict(dict)
    for number, verb, who, at in db.session.execute(query):
        if verb in SIGNED:
            found[number][verb] = SignedBy(who, moment(at))
        else:
            found[number].clear()
    return found
