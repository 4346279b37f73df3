"""Laying a register over what is already known: which rows are new, completed, unchanged, or contradict."""

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask_babel import gettext as _

from rules.complaint import Verdict
from rules.period import SHANGHAI
from rules.service_plan import PRESETS, same_hours
from workflows.register import Count, Fault, Outcome, Record, Register, Row
from workflows.register_nouns import LINE_KEYS, LINES, NOUNS, RECORDS, Noun
from workflows.register_store import Store
from workflows.words import word

Changes = dict[str, tuple[Any, Any]]


class Status(Enum):
    """What a row is to the database."""

    NEW = "new"
    COMPLETED = "completed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Entry:
    """A row laid over its record: the merged record, and what changed (key → (before, after)).

    A sale of several articles has `more_rows`.
    """

    row: Row
    record: Record
    status: Status
    changes: Changes | None = None
    more_rows: Sequence[Row] = ()

    def row_with(self, key: str) -> Row:
        """The first row in which a cell is filled in, else the first: there its faults are named."""
        return next((r for r in (self.row, *self.more_rows) if r.values[key] is not None), self.row)


def _shown(value: Any) -> str:
    if isinstance(value, enum.StrEnum):
        return word(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if hasattr(value, "astimezone"):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    text = "、".join(value) if isinstance(value, tuple) else str(value)
    return " ".join(text[:40].split())


def _same(noun: Noun, key: str, value: Any, before: Any) -> bool:
    """Whether a cell says what is known; the order of technicians and the spelling of hours say nothing."""
    if value == before:
        return True
    if key == "technicians":
        return set(value) == set(before or ())
    return key == "hours" and noun.sheet == "service_promises" and same_hours(value, before)


class Merge:
    """All rows of a register by sheet, merged into the picture of what will be known.

    With `older`, the workbook was taken in before: its contact data are not followed again.
    """

    def __init__(
        self, register: Register, store: Store, outcome: Outcome, *, older: bool = False
    ) -> None:
        self.store = store
        self.outcome = outcome
        self.older = older
        self.entries: dict[str, list[Entry]] = {sheet: [] for sheet in NOUNS}
        self.picture: dict[str, dict[Any, Record]] = {
            sheet: dict(known) for sheet, known in store.known.items()
        }
        self.unread: dict[tuple[str, Any], frozenset[str]] = {}
        for sheet, noun in NOUNS.items():
            rows = register.of(sheet)
            self._merge_sheet(noun, rows)
            if rows:
                outcome.counts[sheet] = self._counted(sheet)

    def _counted(self, sheet: str) -> Count:
        counts = Count()
        for entry in self.entries[sheet]:
            name = entry.status.value
            setattr(counts, name, getattr(counts, name) + 1 + len(entry.more_rows))
        return counts

    def fault(self, sheet: str, row: Row, key: str, sentence: str) -> None:
        """Report what is wrong in a cell, unless the cell could not be read in the first place."""
        if key not in row.bad:
            self.outcome.faults.append(Fault(sheet, row.at, key, sentence))

    def warn(self, sheet: str, row: Row, key: str, sentence: str) -> None:
        """Report what is odd but goes in."""
        self.outcome.warnings.append(Fault(sheet, row.at, key, sentence))

    def readable(self, sheet: str, key: Any, *names: str) -> bool:
        """Whether these cells of a row could be read; what rests on one that couldn't is not judged."""
        return self.unread.get((sheet, key), frozenset()).isdisjoint(names)

    def _merge_sheet(self, noun: Noun, rows: list[Row]) -> None:
        grouped = _grouped(rows) if noun.sheet == "parts_sales" else ((row, ()) for row in rows)
        seen: dict[Any, Entry] = {}
        for row, more in grouped:
            record = row.values
            if noun.sheet == "parts_sales":
                self._check_agreement(row, more)
                record = _sale_record(row, more)
            if not row.bad.isdisjoint(noun.key):
                self.entries[noun.sheet].append(Entry(row, record, Status.NEW, None, more))
                continue
            key = noun.key_of(record)
            bad = row.bad.union(*(line.bad for line in more))
            if bad:
                self.unread[noun.sheet, key] = bad | self.unread.get((noun.sheet, key), bad)
            if key in seen:
                self._duplicate(noun, row, seen[key])
                continue
            seen[key] = entry = self._lay_over(
                noun, key, Entry(row, record, Status.NEW, None, more)
            )
            self.picture[noun.sheet][key] = entry.record
            self.entries[noun.sheet].append(entry)

    def _duplicate(self, noun: Noun, row: Row, first: Entry) -> None:
        if noun.sheet != "call_backs":
            sentence = _("与第 %(first)s 行重复，每项只能有一行", first=first.row.at)
            self.fault(noun.sheet, row, noun.key[-1], sentence)
            return
        for key in row.values:  # the same call noted twice is one call
            value, before = row.values[key], first.row.values[key]
            if value is not None and value != before:
                sentence = _("与第 %(first)s 行是同一次回访，却不一致", first=first.row.at)
                self.fault(noun.sheet, row, key, sentence)

    def _lay_over(self, noun: Noun, key: Any, entry: Entry) -> Entry:
        known = self.store.known[noun.sheet].get(key)
        if known is None:
            return entry
        if noun.sheet == "service_promises" and entry.record["plan"] in PRESETS:
            entry.record, entry.status = known, Status.UNCHANGED
            self._keep_preset(noun, entry.row, known)
            return entry
        changes = self._changes(noun, entry, known)
        if changes:
            known = known.copy()
            for name, (_before, after) in changes.items():
                known[name] = after
        entry.record, entry.changes = known, changes
        entry.status = Status.COMPLETED if changes else Status.UNCHANGED
        return entry

    def _changes(self, noun: Noun, entry: Entry, known: Record) -> Changes:
        changes: Changes = {}
        for name in noun.keys:
            value, before = entry.record[name], known[name]
            if name == "lines":
                lines = self._lines(entry, before)
                if lines is not None:
                    changes[name] = (before, lines)
            elif value is None or value is Verdict.OPEN or _same(noun, name, value, before):
                continue
            elif before is None or before is Verdict.OPEN:
                changes[name] = (before, value)
            elif name in noun.contact:
                if not self.older:
                    changes[name] = (before, value)
            else:
                self._differs(noun.sheet, entry.row_with(name), name, before)
        return changes

    def _keep_preset(self, noun: Noun, row: Row, known: Record) -> None:
        """A preset plan may be written down again, not redefined."""
        for name in noun.keys:
            value = row.values[name]
            if value is not None and not _same(noun, name, value, known[name]):
                sentence = _("预置的服务级别不能改，请另取名称")
                self.fault(noun.sheet, row, "plan", sentence)
                return

    def _differs(self, sheet: str, row: Row, key: str, before: Any) -> None:
        sentence = _(
            "已登记过，且与原来不同：原为“%(before)s”。已登记的不能覆盖，请改回或走更正",
            before=_shown(before),
        )
        self.fault(sheet, row, key, sentence)

    def _lines(self, entry: Entry, known: list[Record]) -> list[Record] | None:
        """The lines of a known sale with the cells filled in since; None when there are none."""
        merged, filled = [line.copy() for line in known], False
        for index, row in enumerate((entry.row, *entry.more_rows)):
            if index >= len(known):
                sentence = _("该销售单已登记，不能再加商品行")
                self.fault("parts_sales", row, "number", sentence)
                continue
            for key in LINE_KEYS:
                value, before = row.values[key], known[index][key]
                if value is None or value == before:
                    continue
                # Other costs are kept as 0 where the cell was empty.
                if before is None or (key == "other_costs" and not before):
                    merged[index][key], filled = value, True
                else:
                    self._differs("parts_sales", row, key, before)
        return merged if filled else None

    def _check_agreement(self, row: Row, more: Sequence[Row]) -> None:
        first: dict[str, Row] = {}
        for line in (row, *more):
            for key in line.values:
                if key in LINE_KEYS or line.values[key] is None:
                    continue
                other = first.setdefault(key, line)
                if line.values[key] != other.values[key]:
                    sentence = _(
                        "与同一销售单第 %(at)s 行不一致：那里是“%(first)s”",
                        at=other.at,
                        first=_shown(other.values[key]),
                    )
                    self.fault("parts_sales", line, key, sentence)


def _grouped(rows: Iterable[Row]) -> Iterator[tuple[Row, Sequence[Row]]]:
    """The rows of each sale together, first rows in the order of the sheet."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.values["number"] or row.at, []).append(row)
    for first, *more in groups.values():
        yield first, more


def _sale_record(row: Row, more: Sequence[Row]) -> Record:
    record, rows = RECORDS["parts_sales"](), (row, *more)
    for key in record:
        if key != "lines":
            record[key] = next((r.values[key] for r in rows if r.values[key] is not None), None)
    record["lines"] = [LINES({key: line.values[key] for key in LINE_KEYS}) for line in rows]
    return record
