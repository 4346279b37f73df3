"""What the office knew when: the finished story cut back to any moment, in the shape of a register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rules.complaint import Verdict
from rules.period import SHANGHAI
from seed.sheets import SHEETS
from workflows.register import Record, Register, Row

# Cells that are filled in later, each with those that come along with it.
LATER: dict[str, dict[str, tuple[str, ...]]] = {
    "employees": {"left_on": ()},
    "tickets": {"responded_at": (), "arrived_at": (), "proposed_at": (), "completed_at": ()},
    "waits": {"ended_at": ()},
    "forms": {"signed_at": ("signed_by",), "accepted_on": ()},
    "complaints": {"decided_on": ("verdict", "charged")},
    "parts_sales": {"approved_on": ("approval_level",), "delivered_on": ()},
    "software_services": {"approved_on": ("approval_level",), "completed_on": ()},
    "repairs": {"confirmed_on": (), "sent_on": (), "returned_on": ()},
    "expenses": {"approved_on": ()},
}
EMPTY: Record = {"verdict": Verdict.OPEN}
COLUMNS = {sheet.key: [column.key for column in sheet.columns] for sheet in SHEETS}


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the register as it will stand in the end, and the moment since which there is a row at all."""

    sheet: str
    since: datetime
    values: Record

    def known_at(self, moment: datetime) -> Record | None:
        """The row as it stood at a moment; None before it was there."""
        if self.since > moment:
            return None
        known = dict(self.values)
        for key, companions in LATER.get(self.sheet, {}).items():
            if not _happened(known.get(key), moment):
                for late in (key, *companions):
                    known[late] = EMPTY.get(late)
        return known


def _happened(value: date | datetime | None, moment: datetime) -> bool:
    if value is None:
        return False
    if isinstance(value, datetime):
        return value <= moment
    return value <= moment.astimezone(SHANGHAI).date()


def learned(facts: Iterable[Fact], before: datetime | None, moment: datetime) -> Register:
    """The rows that are new or have changed since `before`, as they stand at a moment."""
    register = Register()
    for fact in facts:
        known = fact.known_at(moment)
        if known is None or (before is not None and known == fact.known_at(before)):
            continue
        rows = register.rows.setdefault(fact.sheet, [])
        rows.append(Row(len(rows) + 2, dict.fromkeys(COLUMNS[fact.sheet]) | known))
    return register
