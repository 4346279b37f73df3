"""Writes a copy of a faulty workbook with the faulty cells marked and commented."""

from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from seed.workbook_headings import Layout
from workflows.refusal import Refused
from workflows.register import Fault

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

RED = "FDEBE9"


def mark_faults(source: Path, target: Path, faults: list[Fault], layout: Layout) -> None:
    """Copy `source` to `target`, each faulty cell red and its fault as a comment."""
    from openpyxl import load_workbook  # 22 MB that only this needs

    try:
        book = load_workbook(source)
    except Exception as error:  # openpyxl gives up on foreign files in many ways
        raise Refused(
            _("标不了“%(name)s”。请按列出的单元格改正。", name=source.name[:80])
        ) from error
    for fault in faults:
        _mark(book[layout.titles[fault.sheet]], layout.at(fault), fault.sentence)
    try:
        book.save(target)
    except OSError as error:
        sentence = _("写不了“%(name)s”。请换一个位置或文件名。", name=target.name[:80])
        raise Refused(sentence) from error


def _mark(page: "Worksheet", at: str, sentence: str) -> None:
    from openpyxl.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = page[at]
    if isinstance(cell, MergedCell):  # only the first cell of a merged area can carry a comment
        area = next(area for area in page.merged_cells.ranges if at in area)
        cell = page.cell(area.min_row, area.min_col)
    cell.fill = PatternFill("solid", fgColor=RED)
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(before + sentence, _("售后服务管理系统"))
