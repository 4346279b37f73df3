"""Writes an empty workbook: every sheet with its headings, drop-downs and notes."""

from pathlib import Path

import xlsxwriter
from flask_babel import gettext as _
from xlsxwriter.exceptions import FileCreateError

from seed.sheets import SHEETS
from workflows.refusal import Refused

ROWS = 10_000


def write_template(path: Path) -> None:
    """Write the template; required headings carry a star."""
    try:
        _write(path)
    except FileCreateError as error:
        sentence = _("写不了“%(name)s”。请换一个位置或文件名。", name=path.name[:80])
        raise Refused(sentence) from error


def _write(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        head = book.add_format(
            {
                "bold": True,
                "bg_color": "#EEF2FD",
                "border": 1,
                "border_color": "#D4D5DA",
            }
        )
        day, moment = (
            book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")
        )
        text = book.add_format({"num_format": "@"})
        for sheet in SHEETS:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            for index, column in enumerate(sheet.columns):
                formats = {"day": day, "moment": moment, "month": text, "parse": text}
                page.set_column(index, index, 16, formats.get(column.parse.__name__))
                page.write_string(0, index, column.heading + ("*" if column.required else ""), head)
                if column.note:
                    page.write_comment(0, index, column.note)
                if column.words:
                    rule = {
                        "validate": "list",
                        "source": list(column.words),
                        "ignore_blank": True,
                    }
                    page.data_validation(1, index, ROWS, index, rule)
