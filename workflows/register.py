"""The register as plain rows: what the workbook reader hands over, and the faults handed back."""

from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(slots=True)
class Row:
    """One row: its number on the sheet and its values by key; unreadable cells are listed in `bad`."""

    at: int
    values: Record
    bad: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell and what would be right; `sheet` and `key` are codes."""

    sheet: str
    at: int
    key: str
    sentence: str


@dataclass(slots=True)
class Register:
    """All rows by the code of their sheet, with what was already wrong in reading."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def of(self, sheet: str) -> list[Row]:
        """The rows of one sheet."""
        return self.rows.get(sheet, [])


@dataclass(slots=True)
class Count:
    """How many rows of a sheet were new, completed or unchanged."""

    new: int = 0
    completed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Outcome:
    """What an import came to; written only if there are no faults."""

    counts: dict[str, Count] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(count.new or count.completed for count in self.counts.values())
