"""The list as a file: streamed, within the reader's scope, harmless in a spreadsheet, and on record."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from urllib.parse import quote

import xlsxwriter
from flask import Response, abort, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from admin_views.noun.asked import Asked, ask
from admin_views.noun.base import NounBase
from admin_views.noun.column import Badge, Column, Ref, words
from admin_views.noun.listing import cells, ids_of, selected
from models import db
from rules.period import SHANGHAI
from workflows.export import put_export_on_record
from workflows.refusal import Refused
from workflows.transaction import today

MOST_ROWS = 200_000
BATCH = 1000
BOM = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, also in full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def harmless(text: str) -> str:
    """A text that no spreadsheet computes."""
    return f"'{text}" if text.startswith(FORMULA) else text


def plain(value: Any) -> Any:
    """A cell's value for a file: numbers and days as such, all else as words."""
    if value is None or type(value) in (str, date, Decimal):
        return value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    if isinstance(value, Badge):
        return value.label
    if isinstance(value, Ref):
        return f"{value.label} · {value.sub}" if value.sub else value.label
    if isinstance(value, (list, tuple)):
        return _("、").join(str(plain(one)) for one in value if one not in (None, ""))
    return words(getattr(value, "text", value))


class ExportPages(NounBase):
    """The list as CSV or Excel."""

    def _query(self, asked: Asked, columns: list[Column]) -> Select[Any]:
        """What selects every row's values, kept to what the reader may see."""
        query = self.joined(select(self.model.id, *selected(columns)))
        return ids_of(self, asked).with_only_columns(
            *query.selected_columns, maintain_column_froms=True
        )

    @expose("/export/<kind>/", methods=("POST",))
    def export(self, kind: str) -> ResponseReturnValue:
        """All rows that the list shows now, with the columns named, or, asked for `every` or for none, all he may see."""
        if kind not in KINDS:
            abort(404)
        columns, named = self.columns_for(), request.form.getlist("column")
        if "every" in request.form:
            named = []
        asked = ask(request.args, columns, self.filters_for())
        if not set(named) <= {column.key for column in columns}:
            abort(400)
        columns = [column for column in columns if not named or column.key in named]
        counted = ids_of(self, asked).order_by(None).limit(MOST_ROWS + 1).subquery()
        rows = db.session.scalar(select(func.count()).select_from(counted)) or 0
        if rows > MOST_ROWS:
            sentence = _("超过 %(most)s 行，没有导出。请先筛选。", most=MOST_ROWS)
            raise Refused(sentence, status=400)
        put_export_on_record(
            self.noun,
            self.verb_of("export"),
            kind=kind,
            query=asked.filter_query,
            rows=rows,
            actor=self.actor,
        )
        write, heads = csv_of if kind == "csv" else xlsx_of, [str(c.label) for c in columns]
        name = f"{self.title}-{today().isoformat()}.{kind}"
        # Written out after the session of this request has ended: who reads is asked before, in the query.
        lines = batches(self._query(asked, columns), columns)
        answer = Response(stream_with_context(write(heads, lines)), mimetype=KINDS[kind])
        answer.headers["Content-Disposition"] = (
            f"attachment; filename={self.noun}.{kind}; filename*=UTF-8''{quote(name)}"
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer


def batches(query: Select[Any], columns: list[Column]) -> Iterator[list[Any]]:
    """Every row's values, in batches; the database hands them over as they are written out."""
    rows = iter(db.session.execute(query.execution_options(yield_per=BATCH)))
    while batch := list(islice(rows, BATCH)):
        for _id, values in cells(columns, batch):
            yield [plain(value) for value in values]


def csv_of(heads: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    """Heads and plain rows as CSV, in pieces; Excel knows the letters by the mark at its beginning."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow(heads)
    for number, row in enumerate(rows, 1):
        writer.writerow([harmless(v) if isinstance(v, str) else v for v in row])
        if number % BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def xlsx_of(heads: list[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """Heads and plain rows as a workbook without a formula."""
    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(file, options)
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            Decimal: book.add_format({"num_format": "#,##0.00"}),
        }
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                if value is not None and value != "":
                    sheet.write(number, at, value, formats.get(type(value)))
        book.close()
        file.seek(0)
        while chunk := file.read(65536):
            yield chunk
