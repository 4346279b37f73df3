"""The columns of a noun's list: what is asked of the database, how it is drawn, who may see it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from admin_views.families import family_of
from admin_views.page import Family
from rules.period import SHANGHAI
from workflows.transaction import today
from workflows.words import word


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `value` is what is selected; with `load` it comes instead from one more statement for the whole page, given
    the ids. `show` turns the value into what `kind` draws (a macro of noun/cells.html). `sort` names what orders
    the list where that is allowed: it must be indexed. `verb` is the permission without which the column does not
    exist for the reader. `usual` columns are shown until he chooses. `card` is the place on the phone's card:
    top, badge, title, sub, meta, right; empty leaves the column out there. `private` ones are masked for auditors.
    """

    key: str
    label: Any
    value: ColumnElement[Any] | Any = None
    kind: str = "text"
    show: Callable[[Any], Any] | None = None
    load: Callable[[Sequence[int]], Mapping[int, Any]] | None = None
    sort: bool = False
    verb: str | None = None
    usual: bool = True
    card: str = "meta"
    private: bool = False
    unit: Any = ""

    @property
    def is_number(self) -> bool:
        """Whether its cells stand at the right."""
        return self.kind in ("money", "count", "quantity", "rate")

    @property
    def card_label(self) -> str:
        """What a bare number or date is called on the phone's card, where there is no head above it."""
        bare = self.kind in ("count", "warning", "day", "moment") and self.card == "meta"
        return str(self.label) if bare else ""

    @property
    def classes(self) -> str:
        """How its cells are laid out: place on the phone's card, side, kind."""
        return (
            f"ac-slot-{self.card or 'none'} {'ac-num ' if self.is_number else ''}ac-k-{self.kind}"
        )


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: words on the wash of its family."""

    family: Family
    label: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Words that lead to a record of another noun, if the reader may see it."""

    label: str
    noun: str
    id: int | None
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that a step of a record will bring: the cell leads there whoever may take it. A file shows nothing."""

    label: Any
    noun: str
    id: int
    verb: str
    text: str = ""


def ref_column(
    key: str, label: Any, noun: str, record: Any, name: Any, sub: Any = None, **look: Any
) -> Column:
    """A column of links to another noun's records: their ids, names, and what tells namesakes apart."""
    value = (name, record) if sub is None else (name, sub, record)
    return Column(
        key, label, value, kind="ref",
        show=lambda v: Ref(v[0], noun, v[-1], "" if sub is None else v[1]), **look,
    )  # fmt: skip


def words(value: Any) -> str:
    """A value as text for people: codes by the regulation's words, days and moments of Shanghai."""
    if value is None or value == "":
        return ""
    if isinstance(value, StrEnum):
        return _(word(value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,.2f}".replace("-", "−")
    return str(value)


def money(amount: Decimal) -> str:
    """An amount that stands alone: with ¥, thousands, and U+2212 for minus."""
    return f"{'−' if amount < 0 else ''}¥{abs(amount):,.2f}"


def short(value: date | None) -> str:
    """A day or a moment as lists have it: without the year where it is this one."""
    return words(value).removeprefix(f"{today().year}-")


def badge(code: StrEnum | None) -> Badge | None:
    """A state's badge, in the colour of its meaning."""
    return None if code is None else Badge(family_of(code), _(word(code)))
