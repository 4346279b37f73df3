"""The articles of a parts sale as rows of a form: each is read whole, and what was typed stays (R6.1)."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from admin_views.marks import quantity
from admin_views.noun.field import NounField
from admin_views.noun.number import MOST_MONEY, read_number
from workflows.parts_sale import SaleLine

TEXTS = ("article", "specification", "unit")
NUMBERS = {"quantity": 3, "sale_price": 2, "purchase_price": 2, "other_costs": 2}
KEYS = (*TEXTS, *NUMBERS)
MOST_ROWS = 50


class SaleLines(NounField):
    """Rows of articles; an empty row is left out."""

    kind = "sale_lines"
    unit = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the columns, which arrive as one list each (`lines-article`, …)."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.rows = [{**row, "quantity": quantity(row["quantity"])} for row in data or ()]
        self.process_errors, self.errors = [], []
        self.data = list(data or ())
        if formdata is None or not any(f"{self.name}-{key}" in formdata for key in KEYS):
            return
        columns = {key: formdata.getlist(f"{self.name}-{key}") for key in KEYS}
        count = min(max(map(len, columns.values()), default=0), MOST_ROWS)
        typed = [
            {key: (columns[key][i] if i < len(columns[key]) else "").strip() for key in KEYS}
            for i in range(count)
        ]
        self.rows = [row for row in typed if any(row.values())]
        self.data = []
        for at, row in enumerate(self.rows, 1):
            self._read(at, row)

    def _read(self, at: int, row: dict[str, str]) -> None:
        values: dict[str, Any] = {key: row[key][:120] or None for key in TEXTS}
        for key, places in NUMBERS.items():
            try:
                values[key] = read_number(row[key], places, 0, MOST_MONEY) if row[key] else None
            except ValueError as error:
                self.process_errors.append(_("第 %(at)s 行：%(why)s", at=at, why=error))
                values[key] = None
        if values["article"] is None or values["quantity"] is None or values["sale_price"] is None:
            self.process_errors.append(_("第 %(at)s 行：品名、数量、销售单价都要填。", at=at))
            return
        zero = Decimal(0)
        self.data.append(
            SaleLine(
                **{**values, "purchase_price": values["purchase_price"] or zero,
                   "other_costs": values["other_costs"] or zero}
            )
        )  # fmt: skip

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise ValidationError("")

    def words(self, value: Any) -> str:
        """The rows as one text, for the file and the history."""
        rows = (one if isinstance(one, Mapping) else asdict(one) for one in value or ())
        return _("；").join(f"{x['article']} × {quantity(x['quantity'])}" for x in rows)

    @property
    def blank(self) -> list[dict[str, Any]]:
        """The rows to draw: those there are, and one to fill in."""
        return [*self.rows, dict.fromkeys(KEYS, "")]
