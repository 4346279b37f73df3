"""The payments on all documents, numbered by the day on which they came in (R6.4)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from rules.period import Month
from seed.company.facts import Fact
from seed.company.requests import number_of
from seed.company.sales import METHODS
from seed.company.timeline import at, chance

Payments = tuple[tuple[date, Decimal], ...]


def payment_facts(
    documents: Iterable[tuple[str, Payments]], registered: Mapping[str, date]
) -> list[Fact]:
    """The rows of the payments; known on their day, or on the later one on which they were registered."""
    rows = sorted((day, number, amount) for number, paid in documents for day, amount in paid)
    facts, turns = [], {}
    for day, document, amount in rows:
        month = Month.of(day)
        turns[month] = turns.get(month, 0) + 1
        number = number_of("SK", month, turns[month])
        method = chance("method", number).choice(METHODS)
        values = {
            "number": number,
            "paid_on": day,
            "document": document,
            "amount": amount,
            "method": method,
        }
        facts.append(Fact("payments", at(registered.get(document, day), 0), values))
    return facts
