"""What an address asks of a noun's list, made safe."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import abort, url_for

from admin_views.noun.column import Column
from admin_views.noun.filter import LAST_ID, Args, Filter, narrowed

PAGE_SIZES = (20, 50, 100)
LAST_PAGE = 50_000
LONGEST_SEARCH = 100
PLACE = ("page", "after", "before")
OWN_NAMES = ("q", "sort", "size", "view", *PLACE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a list, each part within its bounds.

    `after` and `before` are the record beside which the page begins or ends, where its reader came from a page that
    showed it; 0 for none.
    """

    search: str = ""
    sort: str = ""
    page: int = 1
    after: int = 0
    before: int = 0
    size: int = PAGE_SIZES[0]
    filters: dict[str, Any] = field(default_factory=dict)
    params: tuple[tuple[str, str], ...] = ()

    def query(self, *, without: Sequence[str] = (), **changes: str | int) -> str:
        """The address's query string with some parts changed or left out; the page starts anew."""
        left = {*without, *changes, *PLACE}
        pairs = [(name, value) for name, value in self.params if name not in left]
        pairs += [(name, str(value)) for name, value in changes.items() if value not in ("", None)]
        return urlencode(pairs)

    def next_query(self, ids: Sequence[int]) -> str:
        """The query string of the page after one that shows these records."""
        return self.query(page=self.page + 1, after=ids[-1])

    def previous_query(self, ids: Sequence[int]) -> str:
        """The query string of the page before one that shows these records; the first one always begins the list."""
        if self.page <= 2:
            return self.query(page=1)
        return self.query(page=self.page - 1, before=ids[0])

    @property
    def filter_query(self) -> str:
        """What of it a saved view keeps: search, filters and order."""
        return self.query(without=("size", "view"))

    @property
    def is_first(self) -> bool:
        """Whether the page begins the list."""
        return self.page == 1 and not self.is_turned

    @property
    def is_turned(self) -> bool:
        """Whether the page is told by a record beside it, not by its number alone."""
        return bool(self.after or self.before)

    @property
    def narrowing(self) -> tuple[tuple[str, str], ...]:
        """The parts of the address that are filters."""
        return tuple(pair for pair in self.params if pair[0] not in OWN_NAMES)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filters or self.search)


def clean_search(text: str) -> str:
    """A search text without control characters, and not endless."""
    return "".join(c if c.isprintable() else " " for c in text)[:LONGEST_SEARCH].strip()


def _bounded(text: str, least: int, most: int) -> int:
    """A number in an address, moved into its bounds; the least where it is none."""
    if not (text.isascii() and text.isdigit()):
        return least
    return min(max(int(text[:10]), least), most)


def list_url(query: str, endpoint: str = ".index_view") -> str:
    """The address of a noun's list, or of what is done from it, that asks for the same as a query string."""
    return url_for(endpoint) + (f"?{query}" if query else "")


def ask(args: Args, columns: Sequence[Column], filters: Sequence[Filter]) -> Asked:
    """Read an address. Names that are no filter of this reader's, and orders not offered, are refused (400)."""
    known = {*OWN_NAMES, *(name for one in filters for name in one.names)}
    sorts = {column.key for column in columns if column.sort}
    sort = args.get("sort", "")
    if set(args) - known or (sort and sort.removeprefix("-") not in sorts):
        abort(400)
    size = _bounded(args.get("size", ""), PAGE_SIZES[0], PAGE_SIZES[-1])
    return Asked(
        search=clean_search(args.get("q", "")),
        sort=sort,
        page=_bounded(args.get("page", ""), 1, LAST_PAGE),
        after=_bounded(args.get("after", ""), 0, LAST_ID),
        before=_bounded(args.get("before", ""), 0, LAST_ID),
        size=next(one for one in PAGE_SIZES if one >= size),
        filters=narrowed(filters, args),
        params=tuple((k, v) for k, v in args.items(multi=True) if v),
    )
