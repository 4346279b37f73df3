"""The filters of a noun's list: each reads its part of the address, narrows the query and says so in words.

An address with a filter that does not exist, or with a value that it can't have, is refused (400): nothing hidden
is searched by trying, and nothing typed is silently ignored.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_
from werkzeug.datastructures import MultiDict

from admin_views.noun.column import words
from rules.period import SHANGHAI

LONGEST_TEXT = 100
LAST_ID = 2**31 - 1
MOST_MONEY = Decimal(10) ** 11

Args = MultiDict[str, str]


def whole(text: str, most: int = LAST_ID) -> int:
    """A whole number from 1 on in an address; 400 for anything else."""
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 10 and 0 < int(text) <= most):
        abort(400)
    return int(text)


def day(text: str) -> date | None:
    """A day in an address; None if empty, 400 if it is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(400)


def money(text: str) -> Decimal | None:
    """An amount in an address; None if empty, 400 if it is none."""
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        abort(400)
    if not amount.is_finite() or abs(amount) > MOST_MONEY or amount != round(amount, 2):
        abort(400)
    return amount


@dataclass(frozen=True)
class Filter(ABC):
    """One condition that a reader can set. `names` are its parameters in the address, all beginning with `key`.

    `rare` ones stand under 条件 until they are set. `verb` is the permission without which it does not exist.
    """

    key: str
    label: Any
    column: Any
    rare: bool = False
    verb: str | None = None

    kind = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key,)

    @abstractmethod
    def read(self, args: Args) -> Any:
        """The value set in an address; None if it is not set."""

    @abstractmethod
    def where(self, value: Any) -> ColumnElement[bool]:
        """The condition on the query."""

    @abstractmethod
    def says(self, value: Any) -> str:
        """The value in words, for the chip."""


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One or several of the codes of an enum."""

    codes: type[StrEnum] | None = None
    kind = "choice"

    def options(self) -> list[tuple[str, str]]:
        return [(code.value, words(code)) for code in self.codes or ()]

    def read(self, args: Args) -> list[StrEnum] | None:
        given = [text for text in args.getlist(self.key) if text]
        known = {code.value: code for code in self.codes or ()}
        if any(text not in known for text in given):
            abort(400)
        return [known[text] for text in dict.fromkeys(given)] or None

    def where(self, value: list[StrEnum]) -> ColumnElement[bool]:
        return self.column.in_(value)

    def says(self, value: list[StrEnum]) -> str:
        return _("、").join(words(code) for code in value[:3]) + ("…" if len(value) > 3 else "")


@dataclass(frozen=True)
class WordFilter(Filter):
    """One or several of the values that have words, where they are no enum's."""

    words: Mapping[str, Any] | None = None
    kind = "choice"

    def options(self) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in (self.words or {}).items()]

    def read(self, args: Args) -> list[str] | None:
        given = [text for text in args.getlist(self.key) if text]
        if any(text not in (self.words or {}) for text in given):
            abort(400)
        return list(dict.fromkeys(given)) or None

    def where(self, value: list[str]) -> ColumnElement[bool]:
        return self.column.in_(value)

    def says(self, value: list[str]) -> str:
        return _("、").join(str((self.words or {})[text]) for text in value[:3])


@dataclass(frozen=True)
class YesNoFilter(Filter):
    """A condition that holds or not; `yes` and `no` are its words."""

    yes: Any = None
    no: Any = None
    kind = "choice"

    def options(self) -> list[tuple[str, str]]:
        return [("yes", str(self.yes or _("是"))), ("no", str(self.no or _("否")))]

    def read(self, args: Args) -> list[str] | None:
        given = [text for text in args.getlist(self.key) if text]
        if any(text not in ("yes", "no") for text in given):
            abort(400)
        return list(dict.fromkeys(given)) or None

    def where(self, value: list[str]) -> ColumnElement[bool]:
        if len(value) == 2:
            return self.column.is_not(None)
        return self.column if value == ["yes"] else ~self.column

    def says(self, value: list[str]) -> str:
        named = dict(self.options())
        return _("、").join(named[text] for text in value)


@dataclass(frozen=True)
class _Range(Filter):
    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def _pair(self, args: Args, parse: Any) -> Any:
        first, last = (parse(args.get(name, "").strip()) for name in self.names)
        return None if first is None and last is None else (first, last)

    def says(self, value: tuple[Any, Any]) -> str:
        first, last = (None if v is None else words(v) for v in value)
        if first is None:
            return _("至 %(last)s", last=last)
        return (
            _("%(first)s 起", first=first)
            if last is None
            else _("%(first)s 至 %(last)s", first=first, last=last)
        )


@dataclass(frozen=True)
class DayFilter(_Range):
    """Days from … to, both included; of an instant (`moment`) those of Shanghai."""

    moment: bool = False
    kind = "days"

    def read(self, args: Args) -> tuple[date | None, date | None] | None:
        return self._pair(args, day)

    def where(self, value: tuple[date | None, date | None]) -> ColumnElement[bool]:
        first, last = value
        if not self.moment:
            bounds = [first and self.column >= first, last and self.column <= last]
            return and_(*(b for b in bounds if b is not None))
        start = first and datetime.combine(first, time(), SHANGHAI)
        end = last and datetime.combine(
            min(last, date.max - timedelta(2)) + timedelta(1), time(), SHANGHAI
        )
        bounds = [start and self.column >= start, end and self.column < end]
        return and_(*(b for b in bounds if b is not None))


@dataclass(frozen=True)
class AmountFilter(_Range):
    """Amounts from … to, both included."""

    kind = "amounts"

    def read(self, args: Args) -> tuple[Decimal | None, Decimal | None] | None:
        return self._pair(args, money)

    def where(self, value: tuple[Decimal | None, Decimal | None]) -> ColumnElement[bool]:
        first, last = value
        conditions = []
        if first is not None:
            conditions.append(self.column >= first)
        if last is not None:
            conditions.append(self.column <= last)
        return and_(*conditions)


@dataclass(frozen=True)
class PickFilter(Filter):
    """A record of another noun, picked by typing; `noun` names whose look-up answers."""

    noun: str = ""
    kind = "pick"

    def read(self, args: Args) -> int | None:
        text = args.get(self.key, "").strip()
        return whole(text) if text else None

    def where(self, value: int) -> ColumnElement[bool]:
        return self.column == value

    def says(self, value: int) -> str:
        return f"#{value}"


@dataclass(frozen=True)
class AmongFilter(PickFilter):
    """A record of another noun of which each row may have several; `rows(value)` selects what `column` may be."""

    rows: Callable[[int], Select[Any]] | None = None

    def where(self, value: int) -> ColumnElement[bool]:
        assert self.rows is not None  # noqa: S101 (a declaration without it is a slip)
        return self.column.in_(self.rows(value))


def narrowed(filters: Sequence[Filter], args: Args) -> dict[str, Any]:
    """The values of all filters that an address sets, by key."""
    values = {one.key: one.read(args) for one in filters}
    return {key: value for key, value in values.items() if value is not None}
