"""Commissions: earned once a document is delivered and paid, taken back after a reversal (R7.5, R7.6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from models import db
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.settlement import SettledSource
from rules.money import ZERO
from rules.receivable import ReceivableKind, fully_paid_on
from rules.settlement import Earned, LineKind
from workflows.overdue_case import payments_by_receivable
from workflows.settlement_debts import Span
from workflows.settlement_sources import Key, OpenMonths, other_than

COMMISSION_KINDS = {
    ReceivableKind.PARTS_SALE: LineKind.PARTS_COMMISSION,
    ReceivableKind.SOFTWARE_SERVICE: LineKind.SOFTWARE_COMMISSION,
}
NAMES = frozenset(kind.value for kind in COMMISSION_KINDS.values())


@dataclass(slots=True)
class Before:
    """What months before paid for a document, in how many turns: each odd one pays, each even one takes back."""

    paid: Decimal = ZERO
    turns: int = 0

    @property
    def held(self) -> bool:
        return self.turns % 2 == 1


def _before(own: Any, counted: OpenMonths) -> dict[tuple[str, str], Before]:
    query = select(
        SettledSource.kind, SettledSource.source, SettledSource.turn, SettledSource.amount
    ).where(SettledSource.kind.in_(NAMES), other_than(own))
    found: dict[tuple[str, str], Before] = defaultdict(Before)
    for kind, source, turn, amount in [*db.session.execute(query), *counted.turns(NAMES)]:
        before = found[kind, source]
        before.paid, before.turns = before.paid + amount, max(before.turns, turn)
    return found


def _due_on(row: Receivable, payments: Iterable[tuple[date, Decimal]]) -> date | None:
    """The day on which a document was both delivered (completed) and fully paid."""
    paid_on = fully_paid_on(row.total, payments)
    if paid_on is None or row.arose_on is None:
        return None
    return max(paid_on, row.arose_on)


def earned_commissions(
    span: Span, turns: dict[Key, int], own: Any, counted: OpenMonths
) -> dict[int, list[Earned]]:
    """By handler: what is due now for the first time or anew, and what was paid and must come back."""
    before, paid = _before(own, counted), payments_by_receivable()
    query = (
        select(Receivable, PartsSale.net_profit)
        .outerjoin(PartsSale, PartsSale.receivable_id == Receivable.id)
        .where(
            Receivable.kind.in_(COMMISSION_KINDS),
            Receivable.arose_on <= span.last,
            or_(PartsSale.id.is_(None), PartsSale.purchase_confirmed),
        )
    )
    found: dict[int, list[Earned]] = defaultdict(list)
    for row, profit in db.session.execute(query):
        kind = COMMISSION_KINDS[row.kind]
        settled = before.get((kind.value, row.number), Before())
        day = _due_on(row, paid.get(row.id, ()))
        if settled.held:
            if day is not None and day <= span.last:
                continue
            base = ZERO
        else:
            if day is None or not span.first <= day <= span.last:
                continue
            base = row.total if profit is None else profit
        turns[kind.value, row.number, row.handler_id] = settled.turns + 1
        found[row.handler_id].append(Earned(kind, row.number, base, row.id, settled.paid))
    return found
