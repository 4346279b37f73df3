"""Reads an Excel register into plain rows, finding headings where people put them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from rules.parameter import named
from seed.cells import BadCell, parameter_value, plain, shown
from seed.sheets import SHEETS, Sheet
from seed.workbook_file import Blind, inspect, unreadable
from seed.workbook_headings import Layout, find_columns, find_headings
from workflows.refusal import Refused
from workflows.register import Fault, Record, Register, Row

Progress = Callable[[str, int], None]
Cells = list[Any]
EMPTY = (None, "", ())


def read_workbook(path: Path, progress: Progress | None = None) -> tuple[Register, Layout]:
    """All sheets of a register; refused when the file is no workbook, or one made to do harm."""
    blind = inspect(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable(path) from error
    register, layout = Register(), Layout()
    _find_sheets(workbook, layout)
    for sheet in SHEETS:
        title = layout.titles.get(sheet.key)
        if title is None:
            continue
        try:
            page = Page(workbook.get_sheet_by_name(title), blind.get(title, {}))
        except (CalamineError, ValueError) as error:
            raise unreadable(path) from error
        rows = list(_SheetReader(sheet, page, layout, register).rows())
        register.rows[sheet.key] = rows
        if progress:
            progress(sheet.name, len(rows))
    return register, layout


def _find_sheets(workbook: CalamineWorkbook, layout: Layout) -> None:
    keys = {sheet.name: sheet.key for sheet in SHEETS}
    for title in sorted(workbook.sheet_names, key=lambda title: title not in keys):
        key = keys.get(plain(title).replace(" ", ""))
        if key is None or key in layout.titles:
            sentence = _("不认识的工作表“%(name)s”，未读入", name=shown(title))
            layout.unknown.append(sentence)
        else:
            layout.titles[key] = title
    if not layout.titles:
        raise Refused(
            _("这个文件里没有登记簿的工作表。请用 workbook template 生成空表。"),
            status=400,
        )


class Page:
    """The cells of one sheet as they stand: numbered rows, merged cells filled downwards."""

    def __init__(self, sheet: CalamineSheet, blind: Blind) -> None:
        self.sheet = sheet
        self.blind = blind
        self.blind_rows = {row for row, _column in blind}
        self.first_column = (sheet.start or (0, 0))[
            1
        ]  # the reader leaves out empty columns before it
        # A cell merged over several columns is a caption, one merged over several rows stands for each of them.
        merged = sheet.merged_cell_ranges or []
        self.captions = {(r0, c0) for (r0, c0), (_r1, c1) in merged if c1 > c0}
        self.tall = {(r0, c0): r1 for (r0, c0), (r1, c1) in merged if r1 > r0 and c1 == c0}

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """(row number from 1, cells from column A)."""
        before = [None] * self.first_column
        filled: dict[int, tuple[int, Any]] = {}
        for row, cells in enumerate(self.sheet.iter_rows()):
            if before:
                cells = before + cells
            if self.tall:
                self._fill_down(row, cells, filled)
            yield row + 1, cells

    def _fill_down(self, row: int, cells: Cells, filled: dict[int, tuple[int, Any]]) -> None:
        written = any(cell not in (None, "") for cell in cells)
        for column, cell in enumerate(cells):
            if (row, column) in self.tall:
                filled[column] = (self.tall[row, column], cell)
            elif written and column in filled and row <= filled[column][0]:
                cells[column] = filled[column][1]

    def written(self, cells: Cells) -> Iterator[int]:
        """The columns of a row in which something stands."""
        for index, cell in enumerate(cells):
            if cell != "" and cell is not None and not (isinstance(cell, str) and cell.isspace()):
                yield index

    def is_empty(self, at: int, cells: Cells) -> bool:
        """Whether a row has nothing to read: blank, or a caption over several columns alone."""
        written = self.written(cells)
        first = next(written, None)
        if first is None:
            return at not in self.blind_rows
        return (at - 1, first) in self.captions and next(written, None) is None


class _SheetReader:
    """Turns one sheet's cells into values, and what can't be read into faults."""

    def __init__(self, sheet: Sheet, page: Page, layout: Layout, register: Register) -> None:
        self.sheet = sheet
        self.page = page
        self.register = register
        self.head, cells = find_headings(sheet, page.rows())
        self.columns = find_columns(sheet, cells, layout)
        present = {column.key for _index, column in self.columns}
        self.absent = [c for c in sheet.columns if c.required and c.key not in present]
        self.parsers = [(i, column.key, column.parse) for i, column in self.columns]
        self.required = [column for column in sheet.columns if column.required]

    def rows(self) -> Iterator[Row]:
        """The rows below the headings."""
        absent = frozenset(column.key for column in self.absent)
        for at, cells in self.page.rows():
            if at <= self.head or self.page.is_empty(at, cells):
                continue
            if not self.columns and len(list(self.page.written(cells))) < 2:
                continue  # a title or a note on a sheet without headings
            if self.absent:
                self._name_absent()
            if not self.columns:
                return
            yield self._read(at, cells, absent)

    def _name_absent(self) -> None:
        for column in self.absent:
            sentence = _("没有“%(heading)s”这一列，请补上", heading=column.heading)
            self._fault(max(self.head, 1), column.key, sentence)
        self.absent = []

    def _fault(self, at: int, key: str, sentence: str) -> None:
        self.register.faults.append(Fault(self.sheet.key, at, key, sentence))

    def _read(self, at: int, cells: Cells, absent: frozenset[str]) -> Row:
        values, width, bad = self.sheet.record(), len(cells), absent
        for index, key, parse in self.parsers:
            cell = cells[index] if index < width else None
            if cell is None or cell == "" or (isinstance(cell, str) and cell.isspace()):
                continue
            try:
                values[key] = parse(cell)
            except BadCell as error:
                bad |= {key}
                sentence = _("“%(value)s”%(why)s", value=shown(cell), why=str(error))
                self._fault(at, key, sentence)
        if at in self.page.blind_rows:
            bad |= self._blind(at)
        if self.sheet.key == "parameters":
            bad |= self._parameter(at, values)
        for column in self.required:
            if not values[column.key] and values[column.key] in EMPTY and column.key not in bad:
                bad |= {column.key}
                self._fault(at, column.key, _("缺%(heading)s，请填写", heading=column.heading))
        return Row(at, values, bad)

    def _blind(self, at: int) -> frozenset[str]:
        """The columns of a row whose cells have no value to read."""
        found = {c.key: self.page.blind.get((at, index + 1)) for index, c in self.columns}
        for key, why in found.items():
            if why:
                self._fault(at, key, why)
        return frozenset(key for key, why in found.items() if why)

    def _parameter(self, at: int, values: Record) -> frozenset[str]:
        """Read a parameter's value as its name asks; an unknown name is left for the checks."""
        name = named(values["name"] or "")
        if name is None:
            return frozenset()
        values["name"] = name
        try:
            if values["value"] is not None and plain(values["value"]):
                values["value"] = parameter_value(name, values["value"])
        except BadCell as error:
            sentence = _("“%(value)s”%(why)s", value=shown(values["value"]), why=str(error))
            self._fault(at, "value", sentence)
            return frozenset({"value"})
        return frozenset()
