"""Lists as CSV and as a plain table, and texts that no spreadsheet takes for a formula."""

import csv
import io
import re
import unicodedata

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
RISKY = "=+-@"


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula, in full-width signs or behind blanks either; numbers stay numbers."""
    begins = unicodedata.normalize("NFKC", text.lstrip()[:1])
    risky = text[:1] in ("\t", "\r", "\n") or (begins != "" and begins in RISKY)
    return f"'{text}" if risky and not NUMBER.fullmatch(text) else text


def write_csv(rows: list[list[str]]) -> str:
    """CSV with a byte-order mark, so that Excel reads the Chinese."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [guarded(str(cell)) for cell in row] for row in rows
    )
    return "\ufeff" + out.getvalue().rstrip("\n")


def text_width(text: str) -> int:
    """How many letters wide a text is; Chinese letters count two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def table(rows: list[list[str]]) -> str:
    """Columns in line, for the eye."""
    widths = [max(text_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - text_width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )
