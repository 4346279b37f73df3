"""A company as its workbook tells it, in plain words and whole fen: people, documents, payments, parameters.

It knows nothing of the product. Amounts are whole fen, rates are fractions, months are texts such as ``2026-06``.
"""

import calendar
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor

Cells = dict[str, str]
Paper = dict[str, list[Cells]]

DEFAULTS = {
    "allowance_onsite": "30", "allowance_phone": "30", "allowance_online": "30",
    "onsite_labour_rate": "80", "no_complaint_bonus": "300", "complaint_penalty": "50",
    "complaint_limit": "3", "parts_commission_rate": "0.30", "software_commission_rate": "0.40",
    "overdue_kinds": "配件销售", "overdue_months": "12", "private_charge_penalty": "200",
    "deduction_cap_rate": "0.20", "minimum_wage": "2000",
    "deduction_rate_min": "0.80", "deduction_rate_max": "1.00",
}  # fmt: skip


def fen(text: str) -> int:
    return int(Fraction(text) * 100)


def half_up(amount: Fraction) -> int:
    """To the whole fen, half away from zero."""
    rounded = floor(abs(amount) + Fraction(1, 2))
    return rounded if amount >= 0 else -rounded


def shown(amount: int) -> str:
    yuan, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{yuan}.{rest:02}"


def day_of(cell: str | None) -> date | None:
    return date.fromisoformat(cell[:10]) if cell else None


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def days_in(month: str) -> list[date]:
    year, number = map(int, month.split("-"))
    return [date(year, number, day + 1) for day in range(calendar.monthrange(year, number)[1])]


def months_later(day: date, months: int) -> date:
    """The same day months later, clamped to the month's end."""
    year, number = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, number + 1, min(day.day, calendar.monthrange(year, number + 1)[1]))


@dataclass
class Screen:
    """What was done on screen and stands in no workbook."""

    cleared: dict[str, date] = field(default_factory=dict)
    payments: list[Cells] = field(default_factory=list)
    reversed: set[str] = field(default_factory=set)
    decisions: list[Cells] = field(default_factory=list)
    waived: set[str] = field(default_factory=set)
    written_off: set[str] = field(default_factory=set)
    claims_waived: dict[str, date] = field(default_factory=dict)
    corrections: list[Cells] = field(default_factory=list)


@dataclass
class Document:
    """A sale, software service or repair with the money that came in for it."""

    kind: str
    number: str
    handler: str
    total: int
    profit: int
    arose_on: date | None
    paid: list[tuple[date, int]] = field(default_factory=list)

    def outstanding(self, day: date) -> int:
        return self.total - sum(amount for paid_on, amount in self.paid if paid_on <= day)

    def fully_paid_on(self) -> date | None:
        return min((d for d, _ in self.paid if self.outstanding(d) <= 0), default=None)

    def earned_on(self) -> date | None:
        """R7.5, R7.6: once both delivered (completed) and fully paid."""
        paid = self.fully_paid_on()
        return max(self.arose_on, paid) if self.arose_on and paid else None


def documents_of(paper: Paper, screen: Screen) -> dict[str, Document]:
    """Every document with its payments; one that was reversed was none (R6.4)."""
    found = {}
    sales = defaultdict(list)
    for cells in paper["配件销售"]:
        sales[cells["销售单号"]].append(cells)
    for number, lines in sales.items():
        total = sum(half_up(Fraction(c["数量"]) * fen(c["销售单价"])) for c in lines)
        bought = sum(half_up(Fraction(c["数量"]) * fen(c["进货单价"])) for c in lines)
        costs = sum(fen(c.get("其他费用") or "0") for c in lines)
        found[number] = Document(
            "配件销售", number, lines[0]["经手人"], total, total - bought - costs, day_of(lines[0].get("发货日期")),
        )  # fmt: skip
    for cells in paper["软件服务"]:
        fee, number = fen(cells["收费金额"]), cells["单号"]
        found[number] = Document(
            "软件服务", number, cells["经手人"], fee, fee, day_of(cells.get("完成日期"))
        )
    for cells in paper["返厂维修"]:
        number = cells["维修单号"]
        total = fen(cells.get("维修费") or "0") + fen(cells.get("运费") or "0")
        arose = day_of(cells.get("返还客户日期"))
        found[number] = Document("返厂维修", number, cells["经手人"], total, 0, arose)
    for cells in [*paper["收款"], *screen.payments]:
        if cells["收款编号"] not in screen.reversed:
            payment = (date.fromisoformat(cells["日期"]), fen(cells["金额"]))
            found[cells["单据编号"]].paid.append(payment)
    return found


class Company:
    """What is known, and the settings: the first month settled here, base pay ahead or not, the effective date."""

    def __init__(
        self, paper: Paper, screen: Screen, go_live: str = "", *, ahead: bool = True, effective: str = ""
    ):  # fmt: skip
        self.paper, self.screen = defaultdict(list, paper), screen
        self.go_live, self.ahead, self.effective = go_live, ahead, effective
        self.people = {c["工号"]: c for c in self.paper["员工"] if c["类别"] != "其他"}
        self.documents = documents_of(self.paper, screen)
        self.decisions = [*self.paper["逾期扣款"], *screen.decisions]

    def parameter(self, name: str, month: str) -> str:
        """R7: the latest version that holds from the month or earlier."""
        versions = [(c["生效月份"], c["值"]) for c in self.paper["制度参数"] if c["参数"] == name]
        held = [version for version in versions if version[0] <= month]
        return max(held)[1] if held else DEFAULTS[name]

    def last_day_to_pay(self, document: Document) -> date:
        months = int(self.parameter("overdue_months", month_of(document.arose_on)))
        return months_later(document.arose_on, months)

    def undecided(self, today: date) -> list[tuple[Document, date]]:
        """R8.2, R8.7: the cases that are open and not decided, with the day on which each opened."""
        done = {row["单据编号"] for row in self.decisions} | self.screen.waived
        found = []
        for document in self.documents.values():
            if document.arose_on is None or document.total == 0 or document.number in done:
                continue
            if str(document.arose_on) < self.effective:
                continue
            kinds = self.parameter("overdue_kinds", month_of(document.arose_on))
            last = self.last_day_to_pay(document)
            if document.kind in kinds and last < today and document.outstanding(last) > 0:
                found.append((document, last + timedelta(1)))
        return found
