"""How a line of the settlement came about: the product that a reader can compute again (R9.2)."""

from decimal import Decimal as D
from fractions import Fraction

import pytest

from rules.settlement import LineKind
from rules.settlement_lines import CLAUSES, Working, clauses_of, working_of


@pytest.mark.parametrize(
    ("label", "kind", "base", "rate", "amount", "working"),
    [
        ("a visit", LineKind.SERVICE_ALLOWANCE, "onsite", "30.00", "30.00", ("1", "30.00")),
        ("a whole month", LineKind.BASE_PAY, "1", "4000.00", "4000.00", ("1", "4000.00")),
        ("29 of 30 days", LineKind.BASE_PAY, "29/30", "4000.00", "3866.67", ("29/30", "4000.00")),
        ("the full bonus", LineKind.NO_COMPLAINT_BONUS, "300.00", "", "300.00", ("1", "300.00")),
        ("a penalised bonus", LineKind.NO_COMPLAINT_BONUS, "300.00", "1 × 50.00", "250.00", None),
        ("a commission", LineKind.PARTS_COMMISSION, "65.35", "0.30", "19.61", ("65.35", "0.30")),
        ("a commission taken back", LineKind.PARTS_COMMISSION, "0.00", "0.30", "-19.61", None),
        ("a whole deduction", LineKind.OVERDUE_DEDUCTION, "1000.00", "0.80", "-800.00", ("1000", "-0.80")),
        ("what the cap left over", LineKind.OVERDUE_DEDUCTION, "1000.00", "0.80", "-500.00", None),
        ("a claim", LineKind.EXPENSE_REIMBURSEMENT, "1", "", "12.00", None),
    ],
)  # fmt: skip
def test_a_line_is_shown_as_a_product_only_where_it_is_one(
    label: str, kind: LineKind, base: str, rate: str, amount: str, working: tuple[str, str] | None
) -> None:
    """R9.2: 4000 × 29 / 30 = 3866.666…; 65.35 × 0.30 = 19.605, half up."""
    found = working_of(kind, base, rate, D(amount))
    assert found == (working and Working(Fraction(working[0]), D(working[1])))


def test_a_correction_is_no_product_and_names_its_clause_besides() -> None:
    """R9.5."""
    kind = LineKind.SERVICE_ALLOWANCE
    assert working_of(kind, "2026-06", "30.00", D("30.00"), correction=True) is None
    assert clauses_of(kind, correction=True) == ("R7.2", "R9.5")


def test_every_kind_of_line_names_its_clause() -> None:
    """R9.2."""
    assert set(CLAUSES) == set(LineKind)
