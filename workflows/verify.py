"""Checks the invariants of trust on the whole database: sums, deductions, sources, steps, the audit chain."""

from collections.abc import Iterator
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.receivable import Payment, Receivable
from models.settlement import (
    SettledSource,
    Settlement,
    SettlementDebt,
    SettlementLine,
    SettlementStep,
    SettlementSums,
)
from rules.money import ZERO
from rules.period import Month
from rules.settlement_steps import FINAL, SettlementVerb
from workflows.attachment import attachment_breaches
from workflows.audit import breaches
from workflows.verify_service import service_breaches

SIGNED = {SettlementVerb.SUBMIT, SettlementVerb.REVIEW, SettlementVerb.APPROVE}


def find_breaches() -> Iterator[str]:
    """One line per breach."""
    yield from _sums()
    yield from _payments()
    yield from _debts()
    yield from _sources()
    yield from _signatures()
    yield from service_breaches()
    yield from attachment_breaches()
    yield from breaches(db.session.scalars(select(AuditRecord).order_by(AuditRecord.id)))


def _sums() -> Iterator[str]:
    """I2: net = Σ lines, net ≥ 0, net = wage + reimbursements + refunds − deductions."""
    lines = {
        (settlement, employee): Decimal(amount)
        for settlement, employee, amount in db.session.execute(
            select(SettlementLine.settlement_id, SettlementLine.employee_id, func.sum(SettlementLine.amount))
            .group_by(SettlementLine.settlement_id, SettlementLine.employee_id)
        )
    }  # fmt: skip
    for row in db.session.scalars(select(SettlementSums)):
        composed = row.wage + row.reimbursements + row.refunds - row.deductions
        if (
            row.net < 0
            or row.net != composed
            or row.net != lines.pop((row.settlement_id, row.employee_id), ZERO)
        ):
            yield _(
                "I2：结算 %(id)s 中 %(name)s 的合计与明细不符",
                id=row.settlement_id,
                name=row.name,
            )
    for settlement, employee in lines:
        yield _(
            "I2：结算 %(id)s 有明细没有合计（员工 %(employee)s）",
            id=settlement,
            employee=employee,
        )


def _payments() -> Iterator[str]:
    """I3: 0 ≤ outstanding ≤ total."""
    paid = func.coalesce(func.sum(Payment.amount), 0)
    query = (
        select(Receivable.number, Receivable.total, paid)
        .outerjoin(Payment, Payment.receivable_id == Receivable.id)
        .group_by(Receivable.id, Receivable.number, Receivable.total)
    )
    for number, total, amount in db.session.execute(query):
        received = Decimal(amount).scaleb(-2) if isinstance(amount, int) else Decimal(amount)
        if not ZERO <= received <= total:
            yield _(
                "I3：%(number)s 收款 %(paid)s，应收 %(total)s",
                number=number,
                paid=received,
                total=total,
            )


def _debts() -> Iterator[str]:
    """I6, I7: target − deducted before = taken + carried, and the months hang together.

    A draft that rests on a month redrafted since hangs together again once it is drafted anew; until then neither
    it nor what follows can be approved.
    """
    fresh = _resting_on_what_stands()
    query = select(SettlementDebt, Settlement.month).join(
        Settlement, Settlement.id == SettlementDebt.settlement_id
    )
    taken: dict[tuple[str, str], Decimal] = {}
    for row, month in db.session.execute(query.order_by(Settlement.month)):
        key = (row.kind, row.source)
        whole = row.target - row.deducted_before == row.taken + row.carried
        if not whole or (month in fresh and row.deducted_before != taken.get(key, ZERO)):
            yield _(
                "I6：%(month)s %(source)s 的扣款前后不符",
                month=month,
                source=row.source,
            )
        taken[key] = taken.get(key, ZERO) + row.taken


def _resting_on_what_stands() -> set[Month]:
    """The months, from the first on without a gap, whose month before is still the one on which they rest."""
    query = select(Settlement.month, Settlement.digest, Settlement.base_digest)
    fresh, before = set(), None
    for month, digest, base in db.session.execute(query.order_by(Settlement.month)):
        if base != before:
            break
        fresh.add(month)
        before = digest
    return fresh


def _sources() -> Iterator[str]:
    """I8: no source twice, and none used up by a month that is not approved."""
    query = (
        select(SettledSource.source)
        .join(Settlement, Settlement.id == SettledSource.settlement_id)
        .where(Settlement.state.not_in(FINAL))
    )
    for source in db.session.scalars(query):
        yield _("I8：%(source)s 记为已结算，但那个月没有审批", source=source)


def _signatures() -> Iterator[str]:
    """I10: an approved month is signed by three people, each for the figures that stand."""
    for settlement in db.session.scalars(select(Settlement).where(Settlement.state.in_(FINAL))):
        steps = db.session.scalars(
            select(SettlementStep).where(
                SettlementStep.settlement_id == settlement.id,
                SettlementStep.digest == settlement.digest,
                SettlementStep.verb.in_(SIGNED),
            )
        ).all()
        if {s.verb for s in steps} != SIGNED or len({s.actor_id for s in steps}) < len(SIGNED):
            yield _("I10：%(month)s 的签批与数字不符", month=settlement.month)
