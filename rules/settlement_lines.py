"""How a settlement line came about: its clauses, and the product or difference that gives its amount (R9.2)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rules.clause import implements
from rules.money import round_fen
from rules.settlement import LineKind

CLAUSES: dict[LineKind, tuple[str, ...]] = {
    LineKind.BASE_PAY: ("R7.1",),
    LineKind.SERVICE_ALLOWANCE: ("R7.2",),
    LineKind.ONSITE_LABOUR: ("R7.3",),
    LineKind.NO_COMPLAINT_BONUS: ("R7.4",),
    LineKind.PARTS_COMMISSION: ("R7.5",),
    LineKind.SOFTWARE_COMMISSION: ("R7.6",),
    LineKind.EXPENSE_REIMBURSEMENT: ("R7.7",),
    LineKind.OVERDUE_REFUND: ("R8.4",),
    LineKind.PRIVATE_CHARGE_DEDUCTION: ("R8.1", "R8.5"),
    LineKind.OVERDUE_DEDUCTION: ("R8.3", "R8.5"),
}
VISITS = frozenset({LineKind.SERVICE_ALLOWANCE, LineKind.ONSITE_LABOUR})
COMMISSIONS = frozenset({LineKind.PARTS_COMMISSION, LineKind.SOFTWARE_COMMISSION})


@dataclass(frozen=True, slots=True)
class Working:
    """Quantity × standard, e.g. 1 visit × 30.00, 12/30 of a month × 6,200.00, 4,800.00 × 0.40; lost when negative."""

    quantity: Fraction
    standard: Decimal

    @property
    def amount(self) -> Decimal:
        """The product in whole fen, rounded half-up."""
        product = self.quantity.numerator * self.standard / Decimal(self.quantity.denominator)
        return round_fen(product)


def clauses_of(kind: LineKind, *, correction: bool = False) -> tuple[str, ...]:
    """The clauses that a line carries out; a correction's is R9.5 besides."""
    return (*CLAUSES[kind], "R9.5") if correction else CLAUSES[kind]


@implements("R9.2")
def working_of(
    kind: LineKind, base: str, rate: str, amount: Decimal, *, correction: bool = False
) -> Working | None:
    """The product that an amount is; None where it is none: a claim, a penalised bonus, what the cap left over."""
    if correction:
        return None
    if kind in VISITS:
        found = Working(Fraction(1), Decimal(rate or "0"))
    elif kind is LineKind.NO_COMPLAINT_BONUS and not rate:
        found = Working(Fraction(1), Decimal(base))
    elif kind is LineKind.BASE_PAY or (kind in COMMISSIONS and rate):
        found = Working(Fraction(base), Decimal(rate or "0"))
    elif kind is LineKind.OVERDUE_DEDUCTION and rate:
        found = Working(Fraction(base), -Decimal(rate))
    else:
        return None
    return found if found.amount == amount else None
