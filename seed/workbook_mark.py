"""Writes a copy of a faulty workbook with the faulty cells marked and commented."""

from pathlib import Path

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from seed.sheets import SHEETS
from seed.workbook_reader import Layout, letter
from workflows.register import Fault

FILL = PatternFill("solid", fgColor="FDEBE9")


def mark_faults(source: Path, target: Path, faults: list[Fault], layout: Layout) -> None:
    """Copy `source` to `target`, each faulty cell red and its fault as a comment."""
    book = load_workbook(source)
    names = {sheet.key: sheet.name for sheet in SHEETS}
    titles = {title.strip(): title for title in book.sheetnames}
    for fault in faults:
        page = book[titles[names[fault.sheet]]]
        cell = page[f"{letter(layout.columns[fault.sheet, fault.key])}{fault.at}"]
        cell.fill = FILL
        before = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment(before + fault.sentence, "Aftercare")
    book.save(target)
