"""What the documents of a register come to: the lines of a sale, and the total of any document (R6.1, R6.4)."""

from collections.abc import Iterable
from decimal import Decimal

from rules.parts_sale import Article, sale_total
from workflows.register import Record

NOTHING = Decimal(0)


def articles(lines: Iterable[Record]) -> list[Article]:
    """The lines of a sale as the rules want them; unreadable numbers count as nothing."""
    return [
        Article(
            line["quantity"] or NOTHING,
            line["sale_price"] or NOTHING,
            line["purchase_price"] or NOTHING,
            line["other_costs"] or NOTHING,
        )
        for line in lines
    ]


def document_total(sheet: str, record: Record) -> Decimal:
    """What the customer owes for a document."""
    if sheet == "parts_sales":
        return sale_total(articles(record["lines"]))
    if sheet == "software_services":
        return record["fee"] or NOTHING
    return (record["fee"] or NOTHING) + (record["freight"] or NOTHING)
