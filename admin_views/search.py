"""The search over everything that the reader may see: numbers, names, pinyin initials, phones, serials."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, literal, select

from admin_views.base_view import ProjectView
from admin_views.noun.asked import clean_search
from admin_views.noun.base import NounBase
from admin_views.noun.column import Badge, badge, words
from models import db
from models.customer import Customer
from models.employee import Employee
from models.receivable import Receivable
from models.search_entry import SEARCHED
from models.ticket import Ticket
from rules.ticket import TicketState
from workflows.search import common_in, fold, matches

MOST_OF_A_NOUN = 6
# What is told of a record besides its name, so that one sees what was found.
TOLD: dict[str, tuple[Any, ...]] = {
    "ticket": (Customer.name, Ticket.fault, Ticket.status),
    "receivable": (Customer.name, Receivable.kind),
    "device": (Customer.name,),
    "project": (Customer.name,),
    "account": (Employee.name,),
}
EXACT, BEGINS, HOLDS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found; `rank` is how well."""

    label: str
    sub: str
    url: str
    rank: int
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits of one noun, and how many there are in all; None where counting them would take too long."""

    view: NounBase
    hits: list[Hit]
    more: bool
    count: int | None

    @property
    def rank(self) -> int:
        return min(hit.rank for hit in self.hits)


def rank(query: str, *texts: str) -> int:
    """How well texts fit a query: as they are, by their beginning, or somewhere."""
    wanted = "".join(fold(query).split())
    folded = ["".join(fold(text).split()) for text in texts if text]
    if wanted in folded:
        return EXACT
    return BEGINS if any(text.startswith(wanted) for text in folded) else HOLDS


def _hit(view: NounBase, query: str, number: int, label: Any, sub: Any, _n: int, *told: Any) -> Hit:
    """A record found. It is ranked by what names it, not by all that is told of it."""
    state = next((one for one in told if isinstance(one, TicketState)), None)
    said = [words(one) for one in (sub, *told) if one and one is not state]
    fits = rank(query, str(label), str(sub or ""))
    return Hit(str(label), " · ".join(said), f"{view.url}/{number}/", fits, badge(state))


class SearchView(ProjectView):
    """搜索."""

    icon = "search"
    permissions = {"index": "search.use"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name=_l("搜索"), **kwargs)

    def is_visible(self) -> bool:
        return False  # it is in the top bar of every page

    def _of(self, view: NounBase, query: str, common: bool) -> Found | None:
        hit = matches(view.noun, view.model.id, query, common=common)
        if hit is None:
            return None
        cls = type(view)
        sub = literal("") if cls.sub is None else cls.sub
        number = literal(0) if common else func.count().over()
        told = TOLD.get(view.noun, ())
        rows = db.session.execute(
            view.scoped(view.joined(select(view.model.id, cls.label, sub, number, *told)))
            .where(hit)
            .order_by(view.model.id.desc())
            .limit(MOST_OF_A_NOUN + 1)
        ).all()
        hits = [_hit(view, query, *row) for row in rows[:MOST_OF_A_NOUN]]
        hits.sort(key=lambda one: one.rank)
        count = None if common or not rows else rows[0][3]
        return Found(view, hits, len(rows) > MOST_OF_A_NOUN, count) if hits else None

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The best hits first; a single one that fits as it is opens at once."""
        query = clean_search(request.args.get("q", ""))
        views = [
            v
            for v in (self.admin._views if self.admin and query else [])
            if isinstance(v, NounBase) and v.noun in SEARCHED and v.may(v.verb_of("read"))
        ]
        many = common_in([view.noun for view in views], query)
        each = (self._of(view, query, view.noun in many) for view in views)
        found = [one for one in each if one is not None]
        found.sort(key=lambda one: one.rank)
        exact = [hit for one in found for hit in one.hits if hit.rank == EXACT]
        if len(exact) == 1 and "stay" not in request.args:
            return redirect(exact[0].url)
        return self.render("admin/search.html", query=query, found=found)
