"""Money: exact decimals in yuan with two places, rounded by one function (R0, Money)."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


def round_fen(amount: Decimal) -> Decimal:
    """Round half-up (away from zero) to the fen, as each amount is on its own line."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def floor_fen(amount: Decimal) -> Decimal:
    """Round down to the fen; only the room of R8.5 is rounded this way."""
    return amount.quantize(FEN, rounding=ROUND_FLOOR)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of lines, 0.00 for none; sums are sums of rounded lines, never rounded again."""
    return sum(amounts, ZERO)
