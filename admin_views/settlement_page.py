"""What the settlement page shows: view models filled by the screen and read by settlement.html (R9)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from admin_views.page import Action, Clause, Family, Link, Tab
from rules.period import Month
from rules.settlement import Sums
from rules.settlement_steps import SettlementState


@dataclass(frozen=True, slots=True)
class MonthTile:
    """One of the twelve months of the year shown; before go-live `live` is false and there is no address."""

    month: Month
    state: SettlementState | None
    net: Decimal | None
    url: str | None = None
    selected: bool = False
    live: bool = True
    running: bool = False


@dataclass(frozen=True, slots=True)
class LineRow:
    """One kind of line of an employee: its quantity × standard, amount, version, clauses and sources (R9.2).

    `note` is a correction's reason (R9.5). `kind` is a code of `rules.settlement.LineKind`; `mode` of `rules.ticket.ServiceMode` tells allowances apart.
    `correct_url` is where the reader may correct it, once the month is approved. More than three sources fold under `sources_label`, e.g. 反馈单 11 份.
    """

    kind: str
    formula: str
    amount: Decimal
    version: Link | None = None
    clauses: tuple[Clause, ...] = ()
    sources: tuple[Link, ...] = ()
    sources_label: str = ""
    mode: str | None = None
    note: str = ""
    correct_url: str | None = None


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """One employee's month: the nine sums (R8.6, R7.9) and the lines that make them.

    `note` is what tells him apart (group, 试用期, 非专职, 已离职). `owed` and `room` are what the cases asked for
    and what the cap let through (R8.5); both only where something was carried on. `lines` are filled where
    `opened`; `url` is where they are fetched when somebody opens them.
    """

    number: str
    name: str
    note: str
    visits: int
    sums: Sums
    overpaid_before: Decimal
    lines: tuple[LineRow, ...]
    owed: Decimal | None = None
    room: Decimal | None = None
    opened: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """One of the four steps of the chain (R9.1): submit, review, approve, pay.

    `standing` is done, now (waits for it) or later; `role` a code of `rules.permissions.Role`; `name` is None
    while nobody is known; `when` is the printed moment, of a coming payment the planned day; `waits` how long
    it has waited (已等 18 小时).
    """

    verb: Literal["submit", "review", "approve", "pay"]
    standing: Literal["done", "now", "later"]
    role: str
    name: str | None = None
    mine: bool = False
    when: str | None = None
    waits: str | None = None


@dataclass(frozen=True, slots=True)
class MismatchItem:
    """One thing that does not add up: its source, whom it concerns, and the word that explains it (R9.7).

    `field` is the name of its input in the form that submits the month.
    """

    source: Link
    field: str
    about: str = ""
    amount: Decimal | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class MismatchGroup:
    """All mismatches of one kind; `kind` is a code that `mismatch_title` in macros.html knows.

    `family` is red for what must not wait (undecided cases, disputed visits), amber else, green when resolved.
    """

    kind: str
    family: Family
    items: tuple[MismatchItem, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.items)

    @property
    def unexplained(self) -> int:
        """How many have no word yet."""
        return sum(not item.explanation for item in self.items)

    @property
    def words(self) -> str:
        """The different explanations, each once, in order."""
        return "；".join(dict.fromkeys(i.explanation for i in self.items if i.explanation))


@dataclass(frozen=True, slots=True)
class Returned:
    """Who sent the month back, when and why."""

    name: str
    when: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not done and why, and the reason that was typed with it (its explanations are in the mismatches)."""

    sentence: str
    clause: Clause | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A clock's count: how many were met of how many due (R9.6)."""

    met: int
    due: int


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One technician's month in the statistics (R9.6); the total is a row with an empty `number`."""

    number: str
    name: str
    onsite: int
    phone: int
    online: int
    forms: int
    without_form: int
    satisfaction: Decimal | None
    reached: int
    not_reached: int
    corrected: int
    disputed: int
    share: str
    complaints: int
    repeat_faults: int
    respond: Kept
    arrive: Kept
    propose: Kept
    restore: Kept
    sales: Decimal
    net_profit: Decimal
    software_fees: Decimal


@dataclass(frozen=True, slots=True)
class Kpi:
    """A department's figure: `key` is response, resolution, satisfaction or callbacks; `value` is printed."""

    key: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """月度售后服务统计表: a row per technician, their total, and the department's figures; one's own row has neither."""

    rows: tuple[StatisticsRow, ...]
    total: StatisticsRow | None
    kpis: tuple[Kpi, ...] = ()


@dataclass(frozen=True, slots=True)
class CompareRow:
    """Net of an employee last month and this; `share` is the bar, −100 … 100 of the greatest difference."""

    name: str
    before: Decimal | None
    now: Decimal | None
    difference: Decimal
    share: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """This month beside the one before, per employee and in total."""

    before: Month
    rows: tuple[CompareRow, ...]
    total: CompareRow


@dataclass(frozen=True, slots=True)
class TrialField:
    """A parameter to try: its name, clause, unit, what holds, what was typed instead, and why that can't be."""

    code: str
    name: str
    clause: Clause
    unit: str
    real: str
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class TrialGroup:
    """The parameters of one chapter."""

    chapter: str
    fields: tuple[TrialField, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The month under other parameters (R9.8): the fields, and once tried, each net beside the real one.

    In `rows`, `before` is the real net and `now` the tried one. `drifted` says that the real net is not what was
    signed, because the data went on; it is then compared with the data as they are.
    """

    groups: tuple[TrialGroup, ...]
    rows: tuple[CompareRow, ...] = ()
    total: CompareRow | None = None
    drifted: bool = False
    changed: int = 0


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step that was taken: `verb` of `rules.settlement_steps.SettlementVerb`, and the digest it was about."""

    verb: str
    name: str
    role: str
    when: str
    reason: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class SettlementPage:
    """The settlement of one month as the reader may see it.

    `state` is None where nothing has been drafted. `tab` is employees, statistics, mismatches, compare, what_if
    or history; of these only the one selected need be filled, except `mismatches`, which stand beside every tab.
    `own` is the page of somebody who sees only himself; `years` lead to the year before and after. `open_dialog`
    is the verb whose confirmation was refused: it opens again with what was typed. `actions` are what the reader may do now, the next step last; `digest` goes back with each of them, so that
    a step binds the figures that were seen (R9.2). `sums` are the totals over `employees`.
    """

    month: Month
    state: SettlementState | None
    months: tuple[MonthTile, ...]
    tab: str
    tabs: tuple[Tab, ...]
    actions: tuple[Action, ...]
    own: bool = False
    years: tuple[Link | None, Link | None] = (None, None)
    open_dialog: str = ""
    refusal: Refusal | None = None
    digest: str = ""
    revision: int = 0
    drafted_at: str = ""
    parameters: Link | None = None
    visits: int = 0
    frozen: bool = False
    next_name: str | None = None
    returned: Returned | None = None
    sums: Sums | None = None
    employees: tuple[EmployeeRow, ...] = ()
    signatures: tuple[Signature, ...] = ()
    mismatches: tuple[MismatchGroup, ...] = ()
    mismatches_url: str = ""
    statistics: Statistics | None = None
    comparison: Comparison | None = None
    trial: Trial | None = None
    history: tuple[HistoryStep, ...] = ()
