"""Where the headings of a workbook stand, and what of it is not read."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from seed.cells import plain, shown
from seed.sheets import HEADING_ALIASES, SHEETS, Column, Sheet
from workflows.register import Fault

HEADING_ROWS = 20
POSITIONS = {sheet.key: position for position, sheet in enumerate(SHEETS)}


@dataclass(slots=True)
class Layout:
    """Where things stand: titles of the sheets as written, (sheet, key) → column from 0; and what was not read."""

    titles: dict[str, str] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def cell(self, fault: Fault) -> str:
        """Where a fault stands, e.g. ``服务记录!D2``."""
        return f"{SHEETS[POSITIONS[fault.sheet]].name}!{self.at(fault)}"

    def at(self, fault: Fault) -> str:
        """Where on its sheet a fault stands, e.g. ``D2``."""
        return f"{letter(self.columns.get((fault.sheet, fault.key), 0))}{fault.at}"

    def in_order(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults by sheet, row and column."""
        return sorted(
            faults, key=lambda f: (POSITIONS[f.sheet], f.at, self.columns.get((f.sheet, f.key), 0))
        )


def letter(index: int) -> str:
    """A column's letters from its index: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def heading(cell: Any) -> str:
    """A heading without its unit, star and blanks."""
    word = unicodedata.normalize("NFKC", plain(cell))
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】|[\s*:]", "", word)


def find_headings(sheet: Sheet, rows: Iterable[tuple[int, list[Any]]]) -> tuple[int, list[Any]]:
    """The number and cells of the row that has most of a sheet's headings; (0, []) when none has any."""
    best: tuple[int, int, list[Any]] = (0, 0, [])
    for at, cells in rows:
        if at > HEADING_ROWS:
            break
        words = {HEADING_ALIASES.get(word, word) for word in map(heading, cells)}
        known = len(words & sheet.by_heading.keys())
        if known > best[0]:
            best = (known, at, cells)
        if known == len(sheet.columns):
            break
    return best[1], best[2]


def find_columns(sheet: Sheet, cells: list[Any], layout: Layout) -> list[tuple[int, Column]]:
    """The sheet's columns where their headings stand; what is no column of it, or one a second time, is noted."""
    words = [heading(cell) for cell in cells]
    found: dict[str, tuple[int, Column]] = {}
    for index in sorted(range(len(words)), key=lambda i: words[i] not in sheet.by_heading):
        # Exact headings first: beside one, its alias is another column.
        column = sheet.by_heading.get(HEADING_ALIASES.get(words[index], words[index]))
        if column is not None and column.key not in found:
            found[column.key] = (index, column)
        elif words[index]:
            layout.unknown.append(
                _("%(sheet)s：不认识或重复的列“%(word)s”（%(letter)s 列），未读入",
                  sheet=sheet.name, word=shown(cells[index]), letter=letter(index))
            )  # fmt: skip
    after = len(words)
    absent = [column for column in sheet.columns if column.key not in found]
    absent.sort(key=lambda column: not column.required)
    for column in sheet.columns:
        if column.key in found:
            layout.columns[sheet.key, column.key] = found[column.key][0]
    for index, column in enumerate(absent, after):
        layout.columns[sheet.key, column.key] = index
    return list(found.values())
