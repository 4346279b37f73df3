"""Laying a register over what is already known: which rows are new, completed, unchanged, or contradict."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from flask_babel import gettext as _

from rules.complaint import Verdict
from rules.period import SHANGHAI
from workflows.register import Count, Fault, Outcome, Record, Register, Row
from workflows.register_nouns import LINE_KEYS, NOUNS, Noun
from workflows.register_store import Store
from workflows.words import word


class Status(Enum):
    """What a row is to the database."""

    NEW = "new"
    COMPLETED = "completed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Entry:
    """A row laid over its record: the merged record, and what changed (key → (before, after))."""

    row: Row
    record: Record
    status: Status
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    more_rows: list[Row] = field(default_factory=list)


def _may_follow(noun: Noun, key: str, before: Any) -> bool:
    """Whether a cell that had a value may take another: contact data, and a complaint's verdict."""
    return key in noun.contact or (noun.sheet == "complaints" and before is Verdict.OPEN)


def _shown(value: Any) -> str:
    if isinstance(value, enum.StrEnum):
        return word(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if hasattr(value, "astimezone"):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return "、".join(value) if isinstance(value, tuple) else str(value)


class Merge:
    """All rows of a register by sheet, merged into the picture of what will be known."""

    def __init__(self, register: Register, store: Store, outcome: Outcome) -> None:
        self.store = store
        self.outcome = outcome
        self.entries: dict[str, list[Entry]] = {sheet: [] for sheet in NOUNS}
        self.picture: dict[str, dict[Any, Record]] = {
            s: dict(known) for s, known in store.known.items()
        }
        for sheet, noun in NOUNS.items():
            rows = register.of(sheet)
            self._merge_sheet(
                noun,
                _grouped(rows) if sheet == "parts_sales" else ((r, []) for r in rows),
            )
            counts = Count()
            for entry in self.entries[sheet]:
                setattr(counts, entry.status.value, getattr(counts, entry.status.value) + 1)
            if rows:
                outcome.counts[sheet] = counts

    def fault(self, sheet: str, row: Row, key: str, sentence: str) -> None:
        """Report what is wrong in a cell, unless the cell could not be read in the first place."""
        if key not in row.bad:
            self.outcome.faults.append(Fault(sheet, row.at, key, sentence))

    def warn(self, sheet: str, row: Row, key: str, sentence: str) -> None:
        """Report what is odd but goes in."""
        self.outcome.warnings.append(Fault(sheet, row.at, key, sentence))

    def _merge_sheet(self, noun: Noun, rows: Any) -> None:
        seen: dict[Any, int] = {}
        for row, more in rows:
            record = {key: row.values.get(key) for key in noun.keys}
            if noun.sheet == "parts_sales":
                self._check_agreement(row, more)
                record = _sale_record(noun, row, more)
            if row.bad & set(noun.key):
                self.entries[noun.sheet].append(Entry(row, record, Status.NEW, {}, more))
                continue
            key = noun.key_of(record)
            if key in seen:
                self._duplicate(noun, row, seen[key])
                continue
            seen[key] = row.at
            entry = self._lay_over(noun, row, record, more)
            self.picture[noun.sheet][key] = entry.record
            self.entries[noun.sheet].append(entry)

    def _duplicate(self, noun: Noun, row: Row, first: int) -> None:
        if noun.sheet != "call_backs":  # the same call noted twice is one call
            at = "document" if noun.sheet == "decisions" else noun.key[-1]
            key = noun.key[0] if len(noun.key) == 1 else at
            sentence = _("与第 %(first)s 行重复，每项只能有一行", first=first)
            self.fault(noun.sheet, row, key, sentence)

    def _lay_over(self, noun: Noun, row: Row, record: Record, more: list[Row]) -> Entry:
        known = self.store.known[noun.sheet].get(noun.key_of(record))
        if known is None:
            return Entry(row, record, Status.NEW, {}, more)
        changes = {}
        for key, value in record.items():
            before = known.get(key)
            if key == "lines":
                self._compare_lines(row, more, known["lines"])
            elif value in (None, Verdict.OPEN, before) or (
                key == "hours" and noun.sheet == "service_promises"
            ):
                continue
            elif before is None or _may_follow(noun, key, before):
                changes[key] = (before, value)
            else:
                self._differs(noun.sheet, row, key, before)
        merged = known | {key: after for key, (_, after) in changes.items()}
        return Entry(
            row,
            merged,
            Status.COMPLETED if changes else Status.UNCHANGED,
            changes,
            more,
        )

    def _differs(self, sheet: str, row: Row, key: str, before: Any) -> None:
        sentence = _(
            "已登记过，且与原来不同：原为“%(before)s”。已登记的不能覆盖，请改回或走更正",
            before=_shown(before),
        )
        self.fault(sheet, row, key, sentence)

    def _compare_lines(self, row: Row, more: list[Row], lines: list[Record]) -> None:
        for index, line in enumerate([row, *more]):
            if index >= len(lines):
                self.fault("parts_sales", line, "number", _("该销售单已登记，不能再加商品行"))
                continue
            for key in LINE_KEYS:
                value, before = line.values[key], lines[index][key]
                if value is not None and before is not None and value != before:
                    self._differs("parts_sales", line, key, before)

    def _check_agreement(self, row: Row, more: list[Row]) -> None:
        for line in more:
            for key, value in line.values.items():
                first = row.values[key]
                if key not in LINE_KEYS and None not in (value, first) and value != first:
                    sentence = _(
                        "与同一销售单第 %(at)s 行不一致：那里是“%(first)s”",
                        at=row.at,
                        first=_shown(first),
                    )
                    self.fault("parts_sales", line, key, sentence)


def _grouped(rows: list[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """The rows of each sale together, first rows in the order of the sheet."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.values["number"] or row.at, []).append(row)
    for first, *more in groups.values():
        yield first, more


def _sale_record(noun: Noun, row: Row, more: list[Row]) -> Record:
    record: Record = {}
    for key in noun.keys:
        if key != "lines":
            record[key] = next(
                (r.values[key] for r in [row, *more] if r.values[key] is not None), None
            )
    record["lines"] = [{key: line.values[key] for key in LINE_KEYS} for line in [row, *more]]
    return record
