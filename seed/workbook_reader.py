"""Reads an Excel register into plain rows, finding headings where people put them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from rules.parameter import named
from seed.cells import BadCell, parameter_value, plain
from seed.sheets import HEADING_ALIASES, SHEETS, Column, Sheet
from workflows.refusal import Refused
from workflows.register import Fault, Register, Row

HEADING_ROWS = 20
Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Layout:
    """Where the headings of a workbook stand: (sheet, key) → column index from 0, and heading rows."""

    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def cell(self, fault: Fault) -> str:
        """Where a fault stands, e.g. ``服务记录!D2``."""
        name = next(sheet.name for sheet in SHEETS if sheet.key == fault.sheet)
        return f"{name}!{letter(self.columns.get((fault.sheet, fault.key), 0))}{fault.at}"


def letter(index: int) -> str:
    """A column's letters from its index: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def heading(cell: Any) -> str:
    """A heading without its unit, star and blanks, in the word the contract uses."""
    word = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", plain(cell))
    word = re.sub(r"[\s*:]", "", word)
    return HEADING_ALIASES.get(word, word)


def _find_headings(sheet: Sheet, rows: Iterator[list[Any]]) -> tuple[int, list[str]]:
    """The row number and words of the headings: the row of the first twenty that has most of them."""
    best: tuple[int, int, list[str]] = (0, 1, [])
    for at, cells in enumerate(rows, 1):
        words = [heading(cell) for cell in cells]
        known = len({word for word in words if word in sheet.by_heading})
        if known > best[0]:
            best = (known, at, words)
        if at >= HEADING_ROWS or known == len(sheet.columns):
            break
    return best[1], best[2]


def _read_row(
    at: int,
    cells: list[Any],
    columns: list[tuple[int, Column]],
    sheet: Sheet,
    register: Register,
) -> Row:
    values: dict[str, Any] = {column.key: None for column in sheet.columns}
    bad = set()
    for index, column in columns:
        cell = cells[index] if index < len(cells) else None
        if cell is None or cell == "" or (isinstance(cell, str) and not plain(cell)):
            continue
        try:
            values[column.key] = column.parse(cell)
        except BadCell as error:
            bad.add(column.key)
            sentence = _("“%(value)s”%(why)s", value=plain(cell)[:40], why=str(error))
            register.faults.append(Fault(sheet.key, at, column.key, sentence))
    for column in sheet.columns:
        if column.required and column.key not in bad and values[column.key] in (None, "", ()):
            bad.add(column.key)
            register.faults.append(
                Fault(
                    sheet.key,
                    at,
                    column.key,
                    _("缺%(heading)s，请填写", heading=column.heading),
                )
            )
    return Row(at, values, frozenset(bad))


def _columns(
    sheet: Sheet, head: int, words: list[str], layout: Layout, register: Register
) -> list[tuple[int, Column]]:
    found: dict[str, tuple[int, Column]] = {}
    for index, word in enumerate(words):
        column = sheet.by_heading.get(word)
        if column is not None:
            found.setdefault(column.key, (index, column))
        elif word:
            layout.unknown.append(
                _(
                    "%(sheet)s：不认识的列“%(word)s”，未读入",
                    sheet=sheet.name,
                    word=word,
                )
            )
    after = len(words)
    for column in sheet.columns:
        layout.columns[sheet.key, column.key] = (
            found[column.key][0] if column.key in found else after
        )
        if column.required and column.key not in found:
            sentence = _("没有“%(heading)s”这一列，请补上", heading=column.heading)
            register.faults.append(Fault(sheet.key, head, column.key, sentence))
    return list(found.values())


def read_sheet(
    sheet: Sheet,
    rows: Iterable[list[Any]],
    again: Iterator[list[Any]],
    layout: Layout,
    register: Register,
) -> Iterator[Row]:
    """The rows of one sheet below its headings, blank ones skipped; `again` reads the sheet's start for them."""
    head, words = _find_headings(sheet, again)
    layout.heads[sheet.key] = head
    columns = _columns(sheet, head, words, layout, register)
    if not words or any(f.sheet == sheet.key and f.at == head for f in register.faults):
        return
    for at, cells in enumerate(rows, 1):
        if at > head and any(cell not in (None, "") and plain(cell) for cell in cells):
            yield _read_row(at, cells, columns, sheet, register)


def read_workbook(path: Path, progress: Progress | None = None) -> tuple[Register, Layout]:
    """All sheets of a register; refused when the file is no workbook."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(
            _("打不开“%(name)s”。请另存为 .xlsx 再导入。", name=path.name), status=400
        ) from error
    register, layout = Register(), Layout()
    names = {plain(name).replace(" ", ""): name for name in workbook.sheet_names}
    known = {sheet.name for sheet in SHEETS}
    layout.unknown.extend(
        _("不认识的工作表“%(name)s”，未读入", name=name)
        for short, name in names.items()
        if short not in known
    )
    if not known & names.keys():
        raise Refused(
            _("这个文件里没有登记簿的工作表。请用 workbook template 生成空表。"),
            status=400,
        )
    for sheet in SHEETS:
        if sheet.name not in names:
            continue
        source = workbook.get_sheet_by_name(names[sheet.name])
        rows = source.to_python(skip_empty_area=False)
        register.rows[sheet.key] = list(read_sheet(sheet, rows, iter(rows), layout, register))
        if progress:
            progress(sheet.name, len(register.rows[sheet.key]))
    _read_parameters(register)
    return register, layout


def _read_parameters(register: Register) -> None:
    """Read each parameter's value as its name asks; an unknown name is left for the checks."""
    for row in register.of("parameters"):
        name = named(row.values["name"] or "")
        if name is None or row.values["value"] is None:
            continue
        row.values["name"] = name
        try:
            row.values["value"] = parameter_value(name, row.values["value"])
        except BadCell as error:
            row.bad |= {"value"}
            sentence = _("“%(value)s”%(why)s", value=row.values["value"], why=str(error))
            register.faults.append(Fault("parameters", row.at, "value", sentence))
