"""The search over everything that the reader may see: numbers, names, pinyin initials, phones, serials."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import literal, select

from admin_views.base_view import ProjectView
from admin_views.noun.asked import clean_search
from admin_views.noun.base import NounBase
from models import db
from models.search_entry import SEARCHED
from workflows.search import common_in, fold, matches

MOST_OF_A_NOUN = 6
EXACT, BEGINS, HOLDS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found; `rank` is how well."""

    label: str
    sub: str
    url: str
    rank: int


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits of one noun."""

    view: NounBase
    hits: list[Hit]
    more: bool

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
        rows = db.session.execute(
            view.scoped(view.joined(select(view.model.id, cls.label, sub)))
            .where(hit)
            .order_by(view.model.id.desc())
            .limit(MOST_OF_A_NOUN + 1)
        ).all()
        hits = [
            Hit(
                str(label),
                str(more or ""),
                f"{view.url}/{n}/",
                rank(query, str(label), str(more or "")),
            )
            for n, label, more in rows[:MOST_OF_A_NOUN]
        ]
        hits.sort(key=lambda one: one.rank)

        return Found(view, hits, len(rows) > MOST_OF_A_NOUN) if hits else None

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
