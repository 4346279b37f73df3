"""What every page is given: the words, links and marks that the shared templates know how to draw."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workflows.desk import ENOUGH

Family = Literal["grey", "blue", "amber", "green", "red"]
"""What a colour means: not begun or over, moving, waits for somebody, achieved, broken or overdue."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; without an address they are only words (the reader may not go there)."""

    label: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the regulation, e.g. ``R8.5``, with its heading and where its text is."""

    code: str
    title: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a page's views; `key` is the code by which the template names it."""

    key: str
    url: str
    count: int | None = None
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Something the reader may do now: `verb` names it in the template, `url` takes the POST (exports: GET)."""

    verb: str
    url: str


@dataclass(frozen=True, slots=True)
class Count:
    """The number at the right of a menu entry, beyond 99 no longer exact; `urgent` draws it red."""

    number: int
    urgent: bool = False

    def __str__(self) -> str:
        return str(self.number) if self.number < ENOUGH else f"{ENOUGH - 1}+"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: `endpoint` tells whether the page at hand is its."""

    name: str
    url: str
    icon: str
    endpoint: str
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame around a page, given to all templates as ``shell``; an address of None hides what it serves.

    `roles` are codes of `rules.permissions.Role`; `menu` has the entries that the reader may see, by group;
    menus with the same `menu_key` are the same. `waiting` is the number of all that waits for him.
    """

    name: str
    roles: tuple[str, ...]
    logout_url: str
    account_url: str | None = None
    search_url: str | None = None
    menu: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    menu_key: Hashable = None
    waiting: Count = Count(0)


@dataclass(frozen=True, slots=True)
class Trial:
    """An account of the demonstration company that anyone may try; `role` is a code of `rules.permissions.Role`."""

    username: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The log-in form after a try: what was typed, and the sentence that says what happens next.

    `trials` and their one `trial_password` are there in the demonstration company alone.
    """

    username: str = ""
    error: str | None = None
    next_url: str = ""
    sso_url: str | None = None
    forgot_url: str | None = None
    service_phone: str | None = None
    complaint_phone: str | None = None
    trials: tuple[Trial, ...] = ()
    trial_password: str = ""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A refusal as a page of its own: `sentence` and `clause` come from the workflow that refused, if one did."""

    status: int
    sentence: str | None = None
    clause: Clause | None = None
    home_url: str = "/"
    back_url: str | None = None
