"""What a month brings and costs each employee (R7, R8.4–R8.6): the settlement's arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.clause import implements
from rules.correction import finding_room
from rules.employee import EmployeeKind
from rules.money import ZERO, floor_fen, round_fen, total
from rules.parameter import Parameters
from rules.period import Month
from rules.ticket import ServiceMode


class LineKind(StrEnum):
    """The kinds of lines, in the order in which they are shown."""

    BASE_PAY = "base_pay"
    SERVICE_ALLOWANCE = "service_allowance"
    ONSITE_LABOUR = "onsite_labour"
    NO_COMPLAINT_BONUS = "no_complaint_bonus"
    PARTS_COMMISSION = "parts_commission"
    SOFTWARE_COMMISSION = "software_commission"
    EXPENSE_REIMBURSEMENT = "expense_reimbursement"
    OVERDUE_REFUND = "overdue_refund"
    PRIVATE_CHARGE_DEDUCTION = "private_charge_deduction"
    OVERDUE_DEDUCTION = "overdue_deduction"


ORDER = {kind: position for position, kind in enumerate(LineKind)}
WAGE = frozenset(list(LineKind)[:6])
DEDUCTIONS = frozenset({LineKind.PRIVATE_CHARGE_DEDUCTION, LineKind.OVERDUE_DEDUCTION})
COMMISSIONS = {
    LineKind.PARTS_COMMISSION: "parts_commission_rate",
    LineKind.SOFTWARE_COMMISSION: "software_commission_rate",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One signed amount with its source; `base` × `rate` says how it came about.

    A correction has a `note` (its reason), and the month it corrects as `base` (R9.5).
    """

    kind: LineKind
    source: str
    amount: Decimal
    source_id: int | None = None
    base: str = "1"
    rate: str = ""
    note: str | None = None


def shown_order(line: Line) -> tuple[int, str]:
    """The order in which lines are shown and served: by kind, then by source."""
    return ORDER[line.kind], line.source


@dataclass(frozen=True, slots=True)
class Person:
    """What of an employee the month depends on; `base_entry` is the month's base pay as found (R7.1)."""

    number: str
    kind: EmployeeKind
    hired_on: date
    probation_until: date | None
    left_on: date | None
    base_rate: Decimal
    base_entry: Decimal | None = None
    overpaid_before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class VisitDone:
    """A visit whose complete form counts this month."""

    source: str
    mode: ServiceMode
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Earned:
    """A sale (its net profit) or service (its fee) delivered and paid; `settled` is what was paid for it before.

    `base` is zero once the customer's payment was reversed: then what was settled is taken back.
    """

    kind: LineKind
    source: str
    base: Decimal
    source_id: int | None = None
    settled: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Claim:
    """An approved expense claim."""

    source: str
    amount: Decimal
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectionDue:
    """An approved correction of a line of an approved month (R9.5)."""

    kind: LineKind
    source: str
    amount: Decimal
    corrects: Month
    reason: str
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Debt:
    """What a case asks of the employee: its target, and what was deducted (less refunded) so far."""

    kind: LineKind
    source: str
    opened_on: date
    target: Decimal
    deducted: Decimal
    source_id: int | None = None
    base: str = "1"
    rate: str = ""


@dataclass(frozen=True, slots=True)
class DebtAfter:
    """A debt after the month: what was taken (negative: refunded) and what is carried on."""

    debt: Debt
    taken: Decimal
    carried: Decimal


@dataclass(frozen=True, slots=True)
class Events:
    """Everything of one employee that counts in the month; `complaints` is the number that counts in R7.4."""

    visits: tuple[VisitDone, ...] = ()
    earned: tuple[Earned, ...] = ()
    claims: tuple[Claim, ...] = ()
    complaints: int = 0
    debts: tuple[Debt, ...] = ()
    corrections: tuple[CorrectionDue, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """The nine sums of R8.6 and R7.9."""

    wage: Decimal
    reimbursements: Decimal
    refunds: Decimal
    deductions: Decimal
    net: Decimal
    carried_forward: Decimal
    base_paid: Decimal
    payable: Decimal
    overpaid: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """One employee's month; `waiting` are the sources of corrections and taken back commissions without room."""

    lines: tuple[Line, ...]
    debts: tuple[DebtAfter, ...]
    sums: Sums
    waiting: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the employee has nothing to show and is left out."""
        return not (self.lines or self.sums.carried_forward or self.sums.overpaid)


def days_employed(person: Person, month: Month) -> int:
    """Days of the month on which the person was employed; the leaving date is the last of them."""
    first = max(person.hired_on, month.first_day)
    last = month.last_day if person.left_on is None else min(person.left_on, month.last_day)
    return max((last - first).days + 1, 0)


@implements("R7.1")
def base_pay(person: Person, month: Month) -> Line:
    """The month's base pay as entered, else the rate pro rata by days employed."""
    if person.base_entry is not None:
        return Line(
            LineKind.BASE_PAY,
            person.number,
            person.base_entry,
            rate=str(person.base_entry),
        )
    days = days_employed(person, month)
    amount = round_fen(person.base_rate * days / month.days)
    share = "1" if days == month.days else f"{days}/{month.days}"
    return Line(LineKind.BASE_PAY, person.number, amount, base=share, rate=str(person.base_rate))


@implements("R7.2", "R7.3")
def visit_lines(person: Person, visits: Iterable[VisitDone], rates: Parameters) -> list[Line]:
    """An allowance for each visit of dedicated staff; labour for on-site visits of the others."""
    if person.kind is EmployeeKind.DEDICATED:
        allowance = {mode: rates.amount(f"allowance_{mode}") for mode in ServiceMode}
        return [
            Line(LineKind.SERVICE_ALLOWANCE, v.source, allowance[v.mode], v.source_id, v.mode, str(allowance[v.mode]))
            for v in visits
        ]  # fmt: skip
    labour = rates.amount("onsite_labour_rate")
    return [
        Line(LineKind.ONSITE_LABOUR, v.source, labour, v.source_id, v.mode, str(labour))
        for v in visits
        if v.mode is ServiceMode.ONSITE
    ]


@implements("R7.4")
def bonus_due(person: Person, month: Month) -> bool:
    """Dedicated, employed on every day of the month, on probation on none."""
    on_probation = person.probation_until is not None and person.probation_until >= month.first_day
    return (
        person.kind is EmployeeKind.DEDICATED
        and days_employed(person, month) == month.days
        and not on_probation
    )


@implements("R7.4")
def no_complaint_bonus(complaints: int, rates: Parameters) -> Decimal:
    """The bonus less a penalty per upheld complaint; nothing from the limit on."""
    if complaints >= rates.count("complaint_limit"):
        return ZERO
    return max(
        rates.amount("no_complaint_bonus") - complaints * rates.amount("complaint_penalty"),
        ZERO,
    )


def _bonus_line(person: Person, month: Month, complaints: int, rates: Parameters) -> list[Line]:
    if not bonus_due(person, month):
        return []
    amount = no_complaint_bonus(complaints, rates)
    base = rates.values["no_complaint_bonus"]
    penalty = f"{complaints} × {rates.values['complaint_penalty']}" if complaints else ""
    return [Line(LineKind.NO_COMPLAINT_BONUS, str(month), amount, None, base, penalty)]


@implements("R7.5", "R7.6")
def commission(earned: Earned, rates: Parameters) -> Line:
    """The rate of the month × net profit or fee, if that is positive; or what was paid, taken back."""
    rate = rates.amount(COMMISSIONS[earned.kind])
    due = round_fen(rate * max(earned.base, ZERO)) - earned.settled
    return Line(earned.kind, earned.source, due, earned.source_id, str(earned.base), str(rate))


def wage_lines(person: Person, month: Month, events: Events, rates: Parameters) -> list[Line]:
    """The lines of the wage (R8.5): base pay, allowance, labour, bonus, commissions."""
    return [
        base_pay(person, month),
        *visit_lines(person, events.visits, rates),
        *_bonus_line(person, month, events.complaints, rates),
        *(commission(earned, rates) for earned in events.earned),
    ]


@implements("R9.5", "R8.6")
def corrected(
    lines: list[Line], corrections: Iterable[CorrectionDue] = ()
) -> tuple[list[Line], tuple[str, ...]]:
    """Lines with the corrections, and the sources that wait: what would take their sum below zero goes in later.

    Commissions taken back are served before corrections; lines that give are never held back.
    """
    given = [line for line in lines if line.amount >= 0]
    dues = [
        Line(due.kind, due.source, due.amount, due.source_id, str(due.corrects), "", due.reason)
        for due in corrections
    ]
    back = [line for line in lines if line.amount < 0]
    asked = [*sorted(back, key=shown_order), *sorted(dues, key=shown_order)]
    fits = finding_room((line.amount for line in asked), total(line.amount for line in given))
    kept = [line for line, fit in zip(asked, fits, strict=True) if fit]
    waiting = tuple(line.source for line, fit in zip(asked, fits, strict=True) if not fit)
    return [*given, *kept], waiting


@implements("R8.5")
def room(wage: Decimal, rates: Parameters) -> Decimal:
    """What may be deducted this month: the cap on the wage, and never below the minimum wage."""
    cap = rates.amount("deduction_cap_rate") * wage
    return floor_fen(max(ZERO, min(cap, wage - rates.amount("minimum_wage"))))


@implements("R8.4", "R8.5")
def serve(debts: Iterable[Debt], left: Decimal) -> list[DebtAfter]:
    """Take what finds room, private charges first, then by opening date and number; refund what was too much."""
    served = []
    for debt in sorted(debts, key=lambda d: (ORDER[d.kind], d.opened_on, d.source)):
        owed = debt.target - debt.deducted
        taken = min(owed, left) if owed > 0 else owed
        left -= max(taken, ZERO)
        served.append(DebtAfter(debt, taken, owed - taken))
    return served


def _debt_line(after: DebtAfter) -> Line:
    debt = after.debt
    kind = debt.kind if after.taken > 0 else LineKind.OVERDUE_REFUND
    return Line(kind, debt.source, -after.taken, debt.source_id, debt.base, debt.rate)


@implements("R7.9")
def paid_ahead(
    base: Decimal, overpaid_before: Decimal, net: Decimal, ahead: bool
) -> tuple[Decimal, Decimal, Decimal]:
    """(base_paid, payable, overpaid): base pay goes out at the month's beginning, less what was overpaid before."""
    base_paid = max(ZERO, base - overpaid_before) if ahead else ZERO
    balance = overpaid_before + base_paid - net
    return base_paid, max(ZERO, -balance), max(ZERO, balance)


@implements("R8.6")
def summed(lines: Iterable[Line], kinds: frozenset[LineKind]) -> Decimal:
    """The sum of the lines of some kinds, signed."""
    return total(line.amount for line in lines if line.kind in kinds)


@implements("R7", "R8.6", "R7.8")
def settle(
    person: Person,
    month: Month,
    events: Events,
    rates: Parameters,
    *,
    base_pay_ahead: bool = True,
) -> Statement:
    """One employee's month: lines, debts and sums; net = wage + reimbursements + refunds − deductions."""
    own = wage_lines(person, month, events, rates)
    base = own[0].amount
    earned, no_room = corrected(own, (c for c in events.corrections if c.kind in WAGE))
    wage = total(line.amount for line in earned)
    debts = serve(events.debts, room(wage, rates))
    claims, waiting = corrected(
        [
            Line(LineKind.EXPENSE_REIMBURSEMENT, c.source, c.amount, c.source_id)
            for c in events.claims
        ],
        (c for c in events.corrections if c.kind not in WAGE),
    )
    everything = [*earned, *claims, *(_debt_line(after) for after in debts)]
    lines = tuple(sorted((line for line in everything if line.amount), key=shown_order))
    net = total(line.amount for line in lines)
    base_paid, payable, overpaid = paid_ahead(base, person.overpaid_before, net, base_pay_ahead)
    sums = Sums(
        wage=wage,
        reimbursements=summed(lines, frozenset({LineKind.EXPENSE_REIMBURSEMENT})),
        refunds=summed(lines, frozenset({LineKind.OVERDUE_REFUND})),
        deductions=-summed(lines, DEDUCTIONS),
        net=net,
        carried_forward=total(after.carried for after in debts),
        base_paid=base_paid,
        payable=payable,
        overpaid=overpaid,
    )
    return Statement(lines, tuple(debts), sums, (*no_room, *waiting))
