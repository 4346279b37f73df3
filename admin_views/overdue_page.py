"""What the overdue page shows: view models filled by the screen and read by overdue.html (R8.2–R8.7)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from admin_views.page import Action, Clause, Link, Tab
from rules.period import Month


class Standing(StrEnum):
    """Where a case stands for the reader: its state, with what holds it up or how it ended."""

    RATE_TO_SET = "rate_to_set"
    EVIDENCE_MISSING = "evidence_missing"
    TO_APPROVE = "to_approve"
    DEDUCTING = "deducting"
    CLAIMED = "claimed"
    REFUNDED = "refunded"
    DEDUCTED = "deducted"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case in the list. While it is open `days_late` and `present` (of five) are said, afterwards `rate` in %,
    `deducted` and `carried`, or the `note` on how it ended."""

    number: str
    url: str
    employee: str
    customer: str
    outstanding: Decimal
    standing: Standing
    left: bool = False
    days_late: int | None = None
    present: int = 0
    rate: str | None = None
    deducted: Decimal | None = None
    carried: Decimal | None = None
    note: str | None = None
    selected: bool = False


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """Cases under one heading: undecided, proposed, deducting or ended."""

    key: str
    items: tuple[CaseItem, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """One time the customer was asked for the money; `manner` is a code: phone, visit, letter, message."""

    on: str
    by: str
    manner: str
    answer: str


@dataclass(frozen=True, slots=True)
class EffectMonth:
    """A month to come under a rate: what would be taken and carried; `share` is the bar, 0 … 100."""

    month: Month
    taken: Decimal
    carried: Decimal
    share: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rate does to the next pay and the months after it (R8.4, R8.5), by the workflow's own arithmetic.

    `rate` and `cap` are in %; `wage` is the estimate on which `room` rests, `taken` is this case's part of it,
    `taken_share` the same as 0 … 100 of the wage, `rest` what remains, `minimum_wage` what must remain.
    `more` counts months beyond those shown, `bound` says which limit made the room. Screen and `effect_url` fill
    the same object.
    """

    rate: str
    outstanding: Decimal
    liability: Decimal
    deducted_before: Decimal
    month: Month
    wage: Decimal
    cap: str
    room: Decimal
    taken: Decimal
    taken_share: int
    rest: Decimal
    minimum_wage: Decimal
    months: tuple[EffectMonth, ...]
    more: int = 0
    bound: Literal["cap", "minimum_wage"] = "cap"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided and by whom now: `mode` is propose (the manager's form), approve (the leader's), or read.

    `effect_url` answers ``?rate=85`` with overdue_answer.html; `minimum`, `maximum`, `rate` are whole %.
    `digest` goes back with every step, so that the leader approves what he saw.
    """

    mode: Literal["propose", "approve", "read"]
    rate: str
    minimum: str
    maximum: str
    reason: str
    effect: Effect | None
    effect_url: str = ""
    digest: str = ""
    proposed_by: str | None = None
    proposed_at: str | None = None
    waiver_proposed: bool = False
    approved_by: str | None = None
    approved_at: str | None = None
    sent_back: str | None = None
    errors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseMonth:
    """A case in one settled month: target, what was taken or refunded, what was carried (R8.4)."""

    month: Link
    target: Decimal
    deducted: Decimal
    refunded: Decimal
    carried: Decimal


@dataclass(frozen=True, slots=True)
class SelectedCase:
    """The case that is open: money, days, evidence, decision and what became of it month by month.

    The five pieces of evidence of R8.3 are collections, finding, basis, notified_on and statement; empty means
    missing. `evidence_editable` shows their inputs, `collect_url` takes a new entry of the collection log.
    `actions`: propose, save, propose_waiver, approve, waive, send_back.
    """

    number: str
    url: str
    standing: Standing
    employee: Link
    left: bool
    customer: Link
    document: Link
    total: Decimal
    paid: Decimal
    outstanding: Decimal
    arose_on: str
    last_day: str
    opened_on: str
    decision: Decision
    actions: tuple[Action, ...] = ()
    collections: tuple[Collection, ...] = ()
    collect_url: str | None = None
    finding: str | None = None
    finding_by: str | None = None
    basis: str | None = None
    notified_on: str | None = None
    agrees: bool | None = None
    statement: str | None = None
    evidence_editable: bool = False
    months: tuple[CaseMonth, ...] = ()
    today: str = ""


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """A part of a ledger row: a month of an employee, or a case of a month."""

    label: Link
    note: str
    deducted: Decimal
    refunded: Decimal
    carried: Decimal


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """Deducted, refunded and carried of one employee or one month, with the parts that make it."""

    key: str
    label: Link
    note: str
    cases: int
    deducted: Decimal
    refunded: Decimal
    carried: Decimal
    outstanding: Decimal | None = None
    parts: tuple[LedgerPart, ...] = ()


@dataclass(frozen=True, slots=True)
class OverduePage:
    """Overdue cases by case, by employee or by month.

    `chosen` says that the reader picked the case himself: a phone then shows it, else the list.
    """

    view: Literal["case", "employee", "month"]
    views: tuple[Tab, ...]
    outstanding: Decimal
    undecided: int
    deducting: int
    carried: Decimal
    clauses: tuple[Clause, ...] = ()
    groups: tuple[CaseGroup, ...] = ()
    case: SelectedCase | None = None
    chosen: bool = False
    list_url: str = ""
    rows: tuple[LedgerRow, ...] = ()
    total: LedgerRow | None = None
    export_url: str | None = None
