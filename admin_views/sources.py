"""Where the source of a line or of a mismatch has its page: one place that every screen asks (R9.2)."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from admin_views.base_view import ProjectView
from admin_views.noun.base import NounBase
from admin_views.page import Link
from models import db

# Kind of line (rules.settlement.LineKind) or of mismatch (workflows.mismatch) → the nouns that may have its page.
NOUNS: dict[str, tuple[str, ...]] = {
    "base_pay": ("employee",),
    "bonus_without_visit": ("employee",),
    **dict.fromkeys(
        ("service_allowance", "onsite_labour", "visit_without_form", "form_not_called_back", "visit_disputed"),
        ("ticket",),
    ),
    **dict.fromkeys(("parts_commission", "purchase_price_unconfirmed"), ("parts_sale",)),
    "software_commission": ("software_service",),
    **dict.fromkeys(("expense_reimbursement", "claim_without_visit", "invoice_twice"), ("expense",)),
    **dict.fromkeys(
        ("overdue_deduction", "overdue_refund", "receivable_without_case", "case_undecided", "carried_too_long"),
        ("receivable", "complaint"),
    ),
    **dict.fromkeys(("complaint", "complaint_open", "private_charge_deduction"), ("complaint",)),
    "correction": ("correction",),
}  # fmt: skip


def _view_of(noun: str) -> NounBase | None:
    views = current_app.extensions["admin"][0]._views
    return next((view for view in views if isinstance(view, NounBase) and view.noun == noun), None)


def source_url(kind: str, source: str) -> str | None:
    """The address of a source's page; None where it has none, or none for this reader."""
    for noun in NOUNS.get(kind, ()):
        view = _view_of(noun)
        if view is not None and view.may(view.verb_of("read")):
            return url_for("source.open", kind=kind, number=source)
    return None


def record_link(noun: str, pk: int | None, label: str) -> Link:
    """Words that lead to a record's page, if the reader may see such pages."""
    view = _view_of(noun)
    shown = pk is not None and view is not None and view.may(view.verb_of("read"))
    return Link(label, url_for(f"{noun}.details_view", pk=pk) if shown else None)


class SourceView(ProjectView):
    """Leads from a document's number to its page, which then asks whether the reader may see it."""

    permissions = {"index": "parameter.read", "open": "parameter.read"}

    def __init__(self) -> None:
        super().__init__(endpoint="source", url="/admin/source")

    def is_visible(self) -> bool:
        """It is no entry of the menu."""
        return False

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Without a number there is nothing here."""
        return abort(404)

    @expose("/<kind>/<path:number>")
    def open(self, kind: str, number: str) -> ResponseReturnValue:
        """The page of the document; a ticket's later visits, FW-1-2, are on the ticket's."""
        page = next(_pages(NOUNS.get(kind, ()), number), None)
        return redirect(page) if page else abort(404)


def _pages(nouns: Iterable[str], number: str) -> Iterator[str]:
    for noun in nouns:
        view = _view_of(noun)
        for name in (number, re.sub(r"-\d+$", "", number)):
            found = None if view is None else _id_of(view, name)
            if found is not None:
                yield url_for(f"{noun}.details_view", pk=found)


def _id_of(view: NounBase, number: str) -> int | None:
    """The id of a record within the reader's scope, by its number."""
    column: Any = getattr(view.model, "number", None)
    if column is None:
        column = type(view).label
    query = view.scoped(view.joined(select(view.model.id))).where(column == number)
    return db.session.scalar(query.limit(1))
