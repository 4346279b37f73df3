"""What waits for one person's decision, gathered from all workflows; never what he made or what concerns him (R10)."""

import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import joinedload

from models import db
from models.account import Account
from models.complaint import Complaint
from models.correction import Correction
from models.customer import Customer
from models.employee import Employee
from models.expense import Expense
from models.overdue_case import OverdueCase
from models.parameter import ParameterDraft, ParameterValue
from models.parts_sale import PartsSale
from models.private_charge_case import PrivateChargeCase
from models.receivable import Receivable, WriteOff
from models.settlement import Settlement, SettlementStep, SettlementSums
from models.software_service import SoftwareService
from rules.correction import CorrectionState
from rules.expense_steps import ClaimState
from rules.money import ZERO
from rules.overdue_case import CaseState, liability
from rules.parameter import DEFINITIONS, DraftState
from rules.parts_sale import ApprovalLevel
from rules.parts_sale_steps import SaleState
from rules.period import SHANGHAI, Month
from rules.permissions import Role, allowed
from rules.private_charge_case import PrivateChargeState
from rules.settlement_steps import SettlementState
from rules.software_service_steps import ServiceState
from workflows.overdue_record import outstanding_of
from workflows.parts_sale import needed_level
from workflows.permission import same_person
from workflows.private_charge_case import deduction_of
from workflows.settlement import SIGNERS as SIGNED
from workflows.settlement import signers
from workflows.transaction import now, today


class Matter(StrEnum):
    """What kind of decision it is."""

    SETTLEMENT = "settlement"
    OVERDUE = "overdue"
    PRIVATE_CHARGE = "private_charge"
    CREDIT = "credit"
    SOFTWARE_SERVICE = "software_service"
    EXPENSE = "expense"
    CORRECTION = "correction"
    PARAMETERS = "parameters"
    WRITE_OFF = "write_off"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One decision that waits: its record, what it is about, how much, and since when."""

    matter: Matter
    id: int
    number: str
    about: str
    by: str
    amount: Decimal | None
    since: datetime


def _at(day: date | datetime | None) -> datetime:
    if isinstance(day, datetime):
        return day
    return now() if day is None else datetime.combine(day, time(9), SHANGHAI)


def _another(actor: Account, *makers: int | None) -> bool:
    """Whether none of the accounts is the actor's own."""
    accounts = [db.session.get(Account, maker) for maker in makers if maker is not None]
    return not any(a is not None and same_person(actor, a) for a in accounts)


def _not_his(actor: Account, employee_id: int | None) -> bool:
    return actor.employee_id is None or actor.employee_id != employee_id


def _settlements(actor: Account) -> Iterator[Waiting]:
    states = {
        SettlementState.SUBMITTED: "settlement.review",
        SettlementState.REVIEWED: "settlement.approve",
    }
    for row in db.session.scalars(select(Settlement).where(Settlement.state.in_(states))):
        steps = signers(row)
        signed = [step.actor_id for step in steps.values()]
        if not allowed(states[row.state], actor.roles) or not _another(actor, *signed):
            continue
        nets = select(SettlementSums.net).where(SettlementSums.settlement_id == row.id)
        last = max(steps.values(), key=lambda step: step.id)
        net = sum(db.session.scalars(nets), ZERO)
        by = last.actor.display_name
        yield Waiting(Matter.SETTLEMENT, row.id, str(row.month), "", by, net, last.at)


def _overdue(actor: Account) -> Iterator[Waiting]:
    states = {CaseState.UNDECIDED: "overdue.propose", CaseState.PROPOSED: "overdue.approve"}
    query = (
        select(OverdueCase, Receivable, Employee.name, Customer.name)
        .join(Receivable, Receivable.id == OverdueCase.receivable_id)
        .join(Employee, Employee.id == Receivable.handler_id)
        .join(Customer, Customer.id == Receivable.customer_id)
        .where(OverdueCase.state.in_(states))
    )
    for case, receivable, handler, customer in db.session.execute(query):
        proposer = case.proposed_by_id if case.state is CaseState.PROPOSED else None
        if (
            allowed(states[case.state], actor.roles)
            and _not_his(actor, receivable.handler_id)
            and _another(actor, proposer)
        ):
            since = _at(case.proposed_at if proposer else case.opened_on)
            yield Waiting(
                Matter.OVERDUE, case.id, receivable.number, handler, customer, at_stake(case), since
            )


def at_stake(case: OverdueCase) -> Decimal:
    """What a case is about: once a rate is put forward what the handler bears of it (R8.4), until then all of it."""
    left = outstanding_of(case, today())
    decided = case.state is CaseState.PROPOSED and not case.waiver_proposed
    return left if case.rate is None or not decided else liability(case.rate, left)


def _private_charges(actor: Account) -> Iterator[Waiting]:
    states = {
        PrivateChargeState.OPEN: "private_charge.propose",
        PrivateChargeState.PROPOSED: "private_charge.approve",
    }
    query = (
        select(PrivateChargeCase, Complaint, Employee.name)
        .join(Complaint, Complaint.id == PrivateChargeCase.complaint_id)
        .join(Employee, Employee.id == Complaint.employee_id)
        .where(PrivateChargeCase.state.in_(states))
    )
    for case, complaint, name in db.session.execute(query):
        if (
            allowed(states[case.state], actor.roles)
            and _not_his(actor, complaint.employee_id)
            and _another(actor, case.proposed_by_id)
        ):
            since = _at(case.proposed_at or case.opened_on)
            amount = None if complaint.charged is None else deduction_of(case)[0]
            yield Waiting(Matter.PRIVATE_CHARGE, case.id, complaint.number, name, "", amount, since)


def high_enough(actor: Account, amount: Decimal) -> bool:
    """Whether an approver's level reaches an amount: from the limit on the leader's does (R6.2)."""
    leader = allowed("settlement.approve", actor.roles)
    return leader or needed_level(amount, today()) is ApprovalLevel.MANAGER


def _documents(
    actor: Account, matter: Matter, noun: Any, state: Any, since: str
) -> Iterator[Waiting]:  # fmt: skip
    """The documents of a kind in a state that the actor may approve; `since` names the day they wait from."""
    query = (
        select(noun, Receivable, Customer.name, Employee.name)
        .join(Receivable, Receivable.id == noun.receivable_id)
        .join(Customer, Customer.id == Receivable.customer_id)
        .join(Employee, Employee.id == Receivable.handler_id)
        .where(noun.state == state)
    )
    for row, receivable, customer, handler in db.session.execute(query):
        if (
            _not_his(actor, receivable.handler_id)
            and _another(actor, row.made_by_id)
            and high_enough(actor, receivable.total)
        ):
            yield Waiting(
                matter, row.id, receivable.number, customer, handler, receivable.total,
                _at(getattr(row, since)),
            )  # fmt: skip


def _credits(actor: Account) -> Iterator[Waiting]:
    if allowed("parts_sale.approve", actor.roles):
        yield from _documents(actor, Matter.CREDIT, PartsSale, SaleState.WAITING, "requested_on")


def _services(actor: Account) -> Iterator[Waiting]:
    if allowed("software_service.approve", actor.roles):
        yield from _documents(
            actor, Matter.SOFTWARE_SERVICE, SoftwareService, ServiceState.REPORTED, "reported_on"
        )


def _expenses(actor: Account) -> Iterator[Waiting]:
    if not allowed("expense.approve", actor.roles):
        return
    query = (
        select(Expense)
        .where(Expense.state == ClaimState.PENDING)
        .options(joinedload(Expense.employee), joinedload(Expense.ticket))
    )
    for row in db.session.scalars(query):
        if _not_his(actor, row.employee_id) and _another(actor, row.made_by_id):
            since = _at(row.spent_on)
            name = row.employee.name
            yield Waiting(
                Matter.EXPENSE, row.id, row.number, name, row.ticket.number, row.amount, since
            )


def _corrections(actor: Account) -> Iterator[Waiting]:
    states = {
        CorrectionState.PREPARED: "correction.review",
        CorrectionState.REVIEWED: "correction.approve",
    }
    for row in db.session.scalars(select(Correction).where(Correction.state.in_(states))):
        if (
            allowed(states[row.state], actor.roles)
            and _not_his(actor, row.employee_id)
            and _another(actor, row.prepared_by_id, row.reviewed_by_id)
        ):
            since = _at(row.reviewed_at or row.prepared_at)
            name = row.employee.name
            yield Waiting(
                Matter.CORRECTION,
                row.id,
                row.number,
                name,
                str(row.corrects_month),
                row.amount,
                since,
            )


def _parameters(actor: Account) -> Iterator[Waiting]:
    if not allowed("parameter.approve", actor.roles):
        return
    query = select(ParameterDraft).where(ParameterDraft.state == DraftState.PENDING)
    for row in db.session.scalars(query):
        if _another(actor, row.prepared_by_id):
            maker = db.session.get(Account, row.prepared_by_id)
            by = maker.display_name if maker else ""
            yield Waiting(
                Matter.PARAMETERS, row.id, str(row.month), row.reason, by, None, row.prepared_at
            )


def _write_offs(actor: Account) -> Iterator[Waiting]:
    if not allowed("write_off.approve", actor.roles):
        return
    for row in db.session.scalars(select(WriteOff).where(WriteOff.approved_on.is_(None))):
        receivable = row.receivable
        if _not_his(actor, receivable.handler_id) and _another(actor, row.proposed_by_id):
            yield Waiting(
                Matter.WRITE_OFF, receivable.id, receivable.number, receivable.customer.name,
                receivable.handler.name, row.amount, _at(row.proposed_on),
            )  # fmt: skip


SOURCES: tuple[Callable[[Account], Iterator[Waiting]], ...] = (
    _settlements, _overdue, _private_charges, _credits, _services, _expenses, _corrections, _parameters, _write_offs,
)  # fmt: skip


def waiting_for(actor: Account) -> list[Waiting]:
    """Everything that the actor may decide now, by kind and then the oldest first."""
    return [
        item
        for source in SOURCES
        for item in sorted(source(actor), key=lambda one: (one.since, one.number))
    ]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Of somebody who decides, what his counts depend on; from the credit threshold of `limited` on it is not he who
    approves (R6.2), None for no such bound."""

    id: int
    employee_id: int
    roles: frozenset[Role]
    limited: Month | None


def _open(model: Any, states: Sequence[Any], actor: _Reader, *makers: Any) -> Any:
    """How many records of a machine wait in some states, those that the actor made left out."""
    query = select(func.count()).select_from(model).where(model.state.in_(states))
    for maker in makers:
        query = query.where(or_(maker.is_(None), maker != actor.id))
    return query


def _handled(query: Any, model: Any, actor: _Reader) -> Any:
    """A count over documents without those that the actor handles, or that ask for a higher level."""
    joined = query.join(Receivable, Receivable.id == model.receivable_id)
    joined = joined.where(Receivable.handler_id != actor.employee_id)
    if actor.limited is None:
        return joined
    return joined.where(type_coerce(Receivable.total, BigInteger) < _threshold_fen(actor.limited))


def _threshold_fen(month: Month) -> ColumnElement[Decimal]:
    """The credit threshold of a month, asked within the statement that compares with it (R6.2)."""
    name = "credit_threshold"
    held = (
        select(ParameterValue.value)
        .where(ParameterValue.name == name, ParameterValue.approved_at.is_not(None))
        .where(ParameterValue.month <= month)
        .order_by(ParameterValue.month.desc())
        .limit(1)
    )
    text = func.coalesce(held.scalar_subquery(), DEFINITIONS[name].default)
    return func.round(cast(text, Numeric(14, 2)) * 100)  # SQLite multiplies in floating point


def counted_for(actor: Account) -> ColumnElement[int]:
    """The number of `waiting_for` as one expression, for the menu of every page."""
    bounded = not allowed("settlement.approve", actor.roles)
    limited = Month.of(today()) if bounded and allowed("parts_sale.approve", actor.roles) else None
    return _counted(_Reader(actor.id, actor.employee_id or 0, actor.roles, limited))


@functools.lru_cache(
    maxsize=1000
)  # putting it together takes longer than the database needs to answer it
def _counted(actor: _Reader) -> ColumnElement[int]:
    me = actor.employee_id
    signed = exists().where(
        SettlementStep.settlement_id == Settlement.id, SettlementStep.actor_id == actor.id,
        SettlementStep.digest == Settlement.digest, SettlementStep.verb.in_(SIGNED),
    )  # fmt: skip
    # Of each machine: in which states it waits for whom, who made what is decided, and what else keeps it from him.
    machines: list[tuple[Any, dict[Any, str], tuple[Any, ...], Callable[[Any], Any]]] = [
        (Settlement, {SettlementState.SUBMITTED: "settlement.review", SettlementState.REVIEWED: "settlement.approve"}, (),
         lambda query: query.where(~signed)),
        (OverdueCase, {CaseState.UNDECIDED: "overdue.propose"}, (), lambda query: _handled_case(query, me)),
        (OverdueCase, {CaseState.PROPOSED: "overdue.approve"}, (OverdueCase.proposed_by_id,), lambda query: _handled_case(query, me)),
        (PrivateChargeCase, {PrivateChargeState.OPEN: "private_charge.propose", PrivateChargeState.PROPOSED: "private_charge.approve"}, (PrivateChargeCase.proposed_by_id,),
         lambda query: query.join(Complaint, Complaint.id == PrivateChargeCase.complaint_id).where(Complaint.employee_id != me)),
        (PartsSale, {SaleState.WAITING: "parts_sale.approve"}, (PartsSale.made_by_id,), lambda query: _handled(query, PartsSale, actor)),
        (SoftwareService, {ServiceState.REPORTED: "software_service.approve"}, (SoftwareService.made_by_id,),
         lambda query: _handled(query, SoftwareService, actor)),
        (Expense, {ClaimState.PENDING: "expense.approve"}, (Expense.made_by_id,), lambda query: query.where(Expense.employee_id != me)),
        (Correction, {CorrectionState.PREPARED: "correction.review", CorrectionState.REVIEWED: "correction.approve"}, (Correction.prepared_by_id, Correction.reviewed_by_id),
         lambda query: query.where(Correction.employee_id != me)),
        (ParameterDraft, {DraftState.PENDING: "parameter.approve"}, (ParameterDraft.prepared_by_id,), lambda query: query),
    ]  # fmt: skip
    parts: list[ColumnElement[int]] = []
    for model, verbs, makers, narrowed in machines:
        states = [state for state, verb in verbs.items() if allowed(verb, actor.roles)]
        if states:
            parts.append(narrowed(_open(model, states, actor, *makers)).scalar_subquery())
    if allowed("write_off.approve", actor.roles):
        waits = select(func.count()).select_from(WriteOff).where(WriteOff.approved_on.is_(None))
        parts.append(waits.where(WriteOff.proposed_by_id != actor.id).scalar_subquery())
    return functools.reduce(operator.add, parts, literal_column("0", BigInteger))


def _handled_case(query: Any, me: int) -> Any:
    joined = query.join(Receivable, Receivable.id == OverdueCase.receivable_id)
    return joined.where(Receivable.handler_id != me)
