"""How our workbooks look, print and keep texts from becoming formulas."""

from dataclasses import dataclass
from typing import Any

import xlsxwriter

from seed.settlement_files import guarded, text_width

MONEY, SHARE = "#,##0.00;[Red]-#,##0.00", "0.00%"
A4 = 9


@dataclass(frozen=True, slots=True)
class Formats:
    """How the cells look."""

    title: Any
    head: Any
    money: Any
    share: Any
    sum: Any
    label: Any
    wrap: Any


def formats(book: xlsxwriter.Workbook) -> Formats:
    """The few looks of a workbook."""
    fill, line = "#EEF2FD", "#C9D5F8"
    return Formats(
        title=book.add_format({"bold": True, "font_size": 14}),
        head=book.add_format({"bold": True, "bg_color": fill, "bottom": 1, "bottom_color": line, "text_wrap": True, "valign": "vcenter"}),
        money=book.add_format({"num_format": MONEY}),
        share=book.add_format({"num_format": SHARE}),
        sum=book.add_format({"num_format": MONEY, "bold": True, "top": 1}),
        label=book.add_format({"bold": True, "top": 1}),
        wrap=book.add_format({"text_wrap": True, "valign": "top"}),
    )  # fmt: skip


def put(page: Any, row: int, column: int, text: str, look: Any = None) -> None:
    """A text that stays a text in every program."""
    page.write_string(row, column, guarded(text), look)


def printable(page: Any, head: int, title: str) -> None:
    """A4 across, one page wide; the rows down to `head` stay in sight and are repeated on every page."""
    page.freeze_panes(head, 2)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, head - 1)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer(f"&L{guarded(title).replace('&', '&&')}&R&P / &N")


def widths(page: Any, rows: list[list[str]], least: int = 8, most: int = 44) -> None:
    """Columns as wide as what stands in them."""
    for column, cells in enumerate(zip(*rows, strict=True)):
        page.set_column(column, column, min(max(least, *(text_width(c) + 2 for c in cells)), most))
