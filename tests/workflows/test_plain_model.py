"""The plain model itself: it settles the sample registers as they must settle, read from their raw cells."""

import json
from datetime import date, datetime
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook

from tests.cast import SAMPLES
from tests.workflows.plain_company import Company, Paper, Screen, half_up
from tests.workflows.plain_model import settle


def text_of(cell) -> str:
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell)) if whole else str(cell)


def paper_of(name: str) -> Paper:
    book = CalamineWorkbook.from_path(str(SAMPLES / name))
    paper = {}
    for sheet in book.sheet_names:
        heads, *rows = book.get_sheet_by_name(sheet).to_python()
        paper[sheet] = [
            {str(head).rstrip("*"): text_of(cell) for head, cell in zip(heads, row, strict=True) if cell != ""}
            for row in rows
        ]  # fmt: skip
    return paper


def company(name: str) -> Company:
    return Company(paper_of(name), Screen(), "2026-06")


def expected(name: str):
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def settle_in_turn(companies, settlements) -> None:
    """Each month drafted and approved before the next."""
    earlier = []
    for company, settlement in zip(companies, settlements, strict=True):
        draft = settle(company, settlement["month"], earlier)
        assert draft.employees == settlement["employees"]
        assert draft.totals == settlement["totals"]
        draft.approved = True
        earlier.append(draft)


def test_it_settles_the_sample_register():
    settle_in_turn([company("register.xlsx")] * 4, expected("register.settlements.json"))


def test_it_settles_the_register_that_grows():
    names = [f"growing/2026-{month}.xlsx" for month in ("06", "07", "08", "09")]
    settle_in_turn(map(company, names), expected("growing/settlements.json"))


@pytest.mark.parametrize(
    ("thirds", "fen"), [(1, 0), (2, 1), (3, 1), (4, 1), (5, 2), (-1, 0), (-2, -1)]
)
def test_it_rounds_thirds_to_the_nearer(thirds, fen):
    assert half_up(Fraction(thirds, 3)) == fen
    assert half_up(Fraction(1, 2)) == 1  # a half goes up
    assert half_up(Fraction(-1, 2)) == -1  # away from zero
