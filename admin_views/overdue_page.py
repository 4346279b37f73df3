"""What the overdue page shows: view models filled by the screen and read by overdue.html (R8.2–R8.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from admin_views.page import Action, Clause, Link, Tab
from rules.overdue_case import LeaverClaimState
from rules.period import Month
from workflows.overdue_standing import Standing


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case in the list. While it is open `days_late` and what is `missing` of the five are said, afterwards
    `rate` in %, `deducted` and `carried` (where the reader may see pay), or the `note` on how it ended. `open`: not at
    its end, what is outstanding still counts."""

    number: str
    url: str
    employee: str
    customer: str
    outstanding: Decimal
    standing: Standing
    left: bool = False
    days_late: int | None = None
    missing: tuple[str, ...] = ()
    rate: str | None = None
    deducted: Decimal | None = None
    carried: Decimal | None = None
    note: str | None = None
    open: bool = True
    selected: bool = False


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """Cases under one heading: undecided, proposed, deducting, claims or ended; `more` of them are not shown."""

    key: str
    items: tuple[CaseItem, ...]
    more: int = 0


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
    `others` is what his other debts take before it. `more` counts months beyond those shown; `stuck` says that no
    room will come any more; `bound` which limit made the room. Screen and `effect_url` fill the same object.
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
    others: Decimal = Decimal("0.00")
    stuck: bool = False
    bound: Literal["cap", "minimum_wage"] = "cap"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided and by whom now: `mode` is propose (the manager's form), approve (the leader's), or read.

    `effect_url` answers ``?rate=85`` with overdue_answer.html; `minimum`, `maximum`, `rate` are %.
    `digest` goes back with every step, so that one decides on what one saw.
    """

    mode: Literal["propose", "approve", "read"]
    rate: str | None
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
    approved_on: str | None = None
    from_workbook: bool = False
    sent_back: str | None = None
    waived_reason: str | None = None

    @property
    def step(self) -> str:
        """By how much the slider moves: whole per cents, unless a bound is none."""
        return "0.01" if "." in self.minimum + self.maximum else "1"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A field in which someone was faster: what stands there now, and what the reader typed."""

    field: str
    theirs: str
    yours: str
    value: str


@dataclass(frozen=True, slots=True)
class Retry:
    """A step that was refused: what was typed into its form, and what is wrong with it."""

    verb: str
    form: Mapping[str, str]
    sentence: str
    clause: str | None
    errors: Mapping[str, str]
    stale: bool = False
    disputes: tuple[Dispute, ...] = ()

    @property
    def in_page(self) -> bool:
        """Whether it was typed into the page itself, not into a dialog."""
        return self.verb in ("collect", "state", "save", "propose")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is still open against someone who left, and what the leader did with it (R8.7)."""

    state: LeaverClaimState
    still_open: Decimal
    left_on: str
    decided_by: str | None = None
    decided_on: str | None = None
    reason: str | None = None


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
    missing. `form` holds what the fields of the forms show: what is kept, or what was typed before a refusal.
    `collect_url` takes a new entry of the collection log, `state_url` the employee's own statement.
    `actions`: propose, save, propose_waiver, approve, waive, send_back, pursue, waive_claim.
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
    form: Mapping[str, str]
    missing: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    collections: tuple[Collection, ...] = ()
    collect_url: str | None = None
    state_url: str | None = None
    finding: str | None = None
    finding_by: str | None = None
    basis: str | None = None
    notified_on: str | None = None
    agrees: bool | None = None
    statement: str | None = None
    stated_by: str | None = None
    stated_himself: bool = False
    evidence_editable: bool = False
    claim: Claim | None = None
    months: tuple[CaseMonth, ...] = ()
    retry: Retry | None = None
    today: str = ""

    @property
    def urls(self) -> dict[str, str]:
        """Where each step that the reader may take is posted to, by verb."""
        return {action.verb: action.url for action in self.actions}

    def error(self, field: str) -> str:
        """What is wrong with a field of the page's own forms, if a step was refused for it."""
        return self.retry.errors.get(field, "") if self.retry and self.retry.in_page else ""


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

    `carried` is what the latest month carries on, `carried_claims` the part of it that those who left owe.
    `chosen` says that the reader picked the case himself: a phone then shows it, else the list.
    """

    view: Literal["case", "employee", "month"]
    views: tuple[Tab, ...]
    outstanding: Decimal
    undecided: int
    deducting: int
    carried: Decimal
    carried_claims: Decimal
    clauses: tuple[Clause, ...] = ()
    groups: tuple[CaseGroup, ...] = ()
    case: SelectedCase | None = None
    chosen: bool = False
    list_url: str = ""
    rows: tuple[LedgerRow, ...] = ()
    total: LedgerRow | None = None
    sees_pay: bool = True
    exports: tuple[tuple[str, str], ...] = ()
