"""Which sources are no longer free: used up by approved months, or counted by an earlier one still open (R9.3)."""

import json
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Select, literal, select, true

from models import db
from models.settlement import SettledSource, Settlement
from rules.clause import implements
from rules.period import Month
from rules.settlement_steps import FINAL

Key = tuple[str, str, int]
Found = TypeVar("Found")


def other_than(own: Any) -> Any:
    """Leaves out what a settlement and those after it used up, when it is computed once more."""
    return true() if own is None else SettledSource.settlement_id < own


@implements("R9.3")
def unsettled(
    query: Select[*tuple[Any, ...]], kind: Any, source: Any, employee: Any, own: Any
) -> Select[*tuple[Any, ...]]:
    """Only what no approved settlement has used up."""
    used = (
        select(literal(1))
        .where(
            SettledSource.kind == kind,
            SettledSource.source == source,
            SettledSource.employee_id == employee,
            other_than(own),
        )
        .exists()
    )
    return query.where(~used)


class OpenMonths:
    """What the earlier months that are not approved yet count: a later one must not count it a second time.

    Should such a month be drafted anew without it, the later ones are stale and are drafted anew as well.
    """

    def __init__(self, month: Month) -> None:
        query = select(Settlement.counted).where(
            Settlement.month < month, Settlement.state.not_in(FINAL)
        )
        self.rows: list[tuple[Key, int, Decimal]] = [
            ((kind, source, employee), turn, Decimal(amount))
            for counted in db.session.scalars(query)
            for employee, kind, source, turn, amount in json.loads(counted)
        ]
        self.keys = {key for key, _turn, _amount in self.rows}

    def turns(self, kinds: Collection[str]) -> Iterator[tuple[str, str, int, Decimal]]:
        """(kind, source, turn, amount) of what they count of some kinds."""
        for (kind, source, _employee), turn, amount in self.rows:
            if kind in kinds:
                yield kind, source, turn, amount

    def left(
        self, found: dict[int, list[Found]], source: Callable[[Found], str], *kinds: str
    ) -> dict[int, list[Found]]:
        """What was found, by employee, without what they count already under any of the kinds."""
        if not self.keys:
            return found
        return {
            employee: [
                x for x in rows if not any((k, source(x), employee) in self.keys for k in kinds)
            ]
            for employee, rows in found.items()
        }
