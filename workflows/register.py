"""The register as plain rows: what the workbook reader hands over, and the faults handed back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class Record:
    """The values of one row by key, in slots: a register of a year has a hundred thousand rows."""

    __slots__: tuple[str, ...] = ()

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        for key in self.__slots__:
            setattr(self, key, values.get(key) if values else None)

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self, key, value)

    def __iter__(self) -> Iterator[str]:
        """The keys, which are those of every record of the kind."""
        return iter(self.__slots__)

    def copy(self) -> "Record":
        """The same values, to be changed apart."""
        other = type(self)()
        for key in self.__slots__:
            setattr(other, key, getattr(self, key))
        return other


def record_type(name: str, keys: Iterable[str]) -> type[Record]:
    """The records of one kind, with just these keys."""
    # The two C functions stand for the methods above, three times faster.
    fast = {"__getitem__": object.__getattribute__, "__setitem__": object.__setattr__}
    return type(name, (Record,), {"__slots__": tuple(keys), **fast})


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
