"""The parts that a noun's declaration is made of: tabs, steps, bulk actions, related records, figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from admin_views.noun.form import NounForm


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the list that everyone has: its words, and what it asks for as a query string's pairs.

    `params` may be a function of the acting account, where the view depends on who looks or on today.
    """

    key: str
    label: Any
    params: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A button of a record: one workflow, asked for in a dialog that says what it will cause.

    `run(id, values, version=…, actor=…)` is the workflow; `open(row)` whether the state lets it (the state table
    decides); `question(row)` and `causes(row)` are the dialog's words; `form` what must be filled in, beginning
    with what `given(row)` knows; `version(row)` betrays that someone was faster. The first
    open step with `primary` is the filled button; `danger` ones are red and stand under the rest.
    """

    verb: str
    label: Any
    permission: str
    run: Callable[..., Any]
    question: Callable[[Any], str]
    causes: Callable[[Any], Sequence[str]] = lambda row: ()
    open: Callable[[Any], bool] = lambda row: True
    form: type[NounForm] | None = None
    icon: str = "check"
    primary: bool = False
    danger: bool = False
    done: Callable[[Any], str] | None = None
    given: Callable[[Any], dict[str, Any]] = lambda row: {}
    version: Callable[[Any], int] = lambda row: row.row_version


@dataclass(frozen=True, slots=True)
class Way:
    """A button that leads to where the next thing is done: the page of another record, or of one of its steps."""

    label: Any
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """One workflow for several records, all or none: `run(ids, values, actor=…)`.

    `open(row)` is whether a record's state lets it: those that it does not let are not asked about.
    """

    verb: str
    label: Any
    permission: str
    run: Callable[..., Any]
    question: Callable[[int], str]
    causes: Callable[[Sequence[Any]], Sequence[str]] = lambda rows: ()
    open: Callable[[Any], bool] = lambda row: True
    form: type[NounForm] | None = None
    icon: str = "check"
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """A tab of a record with records of another noun: its list, narrowed by that noun's filter.

    `by` is the other noun's PickFilter that names this record, or the one that `of` names by the record's attribute.
    `columns` are keys of its list.
    """

    noun: str
    by: str
    label: Any
    columns: Sequence[str] = ()
    sort: str = ""
    of: str = "id"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact under a record's title; `ref` is the noun and id of the record that it names, `url` a page that is none."""

    text: Any
    icon: str = ""
    family: str = ""
    ref: tuple[str, int] | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the strip: what it counts, the number, what is beside and below it.

    `load` is an address from which the page fetches the figure by itself, for one that takes long.
    """

    label: Any
    value: Any
    beside: Any = ""
    below: Any = ""
    family: str = ""
    url: str | None = None
    load: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a record's page."""

    title: str
    badge: Any = None
    facts: Sequence[Fact] = ()
    figures: Sequence[Figure] = ()
