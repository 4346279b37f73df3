"""A second opinion on the month, from the workbook's own words: naive, slow, written from the regulation alone.

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
Key = tuple[str, str, str]

DEFAULTS = {
    "allowance_onsite": "30", "allowance_phone": "30", "allowance_online": "30",
    "onsite_labour_rate": "80", "no_complaint_bonus": "300", "complaint_penalty": "50",
    "complaint_limit": "3", "parts_commission_rate": "0.30", "software_commission_rate": "0.40",
    "overdue_kinds": "配件销售", "overdue_months": "12", "private_charge_penalty": "200",
    "deduction_cap_rate": "0.20", "minimum_wage": "2000",
    "deduction_rate_min": "0.80", "deduction_rate_max": "1.00",
}  # fmt: skip
ORDER = (
    "base_pay", "service_allowance", "onsite_labour", "no_complaint_bonus", "parts_commission",
    "software_commission", "expense_reimbursement", "overdue_refund", "private_charge_deduction",
    "overdue_deduction",
)  # fmt: skip
SUMS = (
    "wage", "reimbursements", "refunds", "deductions", "net", "carried_forward", "base_paid", "payable", "overpaid",
)  # fmt: skip
MODES = {"现场": "allowance_onsite", "电话": "allowance_phone", "在线": "allowance_online"}
ARISES = {"配件销售": "发货日期", "软件服务": "完成日期", "返厂维修": "返还客户日期"}


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
class Draft:
    """A month as it was computed: what is shown, the sources it counted, what each case moved."""

    month: str
    employees: list[dict]
    used: set[Key]
    moved: dict[tuple[str, str], int]
    approved: bool = field(default=False, compare=False)

    @property
    def totals(self) -> dict[str, str]:
        return {name: shown(sum(fen(e[name]) for e in self.employees)) for name in SUMS}

    def overpaid(self, number: str) -> int:
        return sum(fen(e["overpaid"]) for e in self.employees if e["employee"] == number)


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


def documents_of(paper: Paper) -> dict[str, Document]:
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
    for cells in paper["收款"]:
        payment = (date.fromisoformat(cells["日期"]), fen(cells["金额"]))
        found[cells["单据编号"]].paid.append(payment)
    return found


class Company:
    """What is known, and the settings: the first month settled here, and whether base pay goes out ahead."""

    def __init__(self, paper: Paper, go_live: str, *, ahead: bool, cleared: dict[str, date]):
        self.paper = defaultdict(list, paper)
        self.go_live, self.ahead, self.cleared = go_live, ahead, cleared
        self.people = {c["工号"]: c for c in self.paper["员工"] if c["类别"] != "其他"}
        self.documents = documents_of(self.paper)

    def parameter(self, name: str, month: str) -> str:
        """R7: the latest version that holds from the month or earlier."""
        versions = [(c["生效月份"], c["值"]) for c in self.paper["制度参数"] if c["参数"] == name]
        held = [version for version in versions if version[0] <= month]
        return max(held)[1] if held else DEFAULTS[name]

    def settle(self, month: str, earlier: list[Draft]) -> Draft:
        return _Month(self, month, earlier).draft()


class _Month:
    """One month of a company, after the months drafted before it."""

    def __init__(self, company: Company, month: str, earlier: list[Draft]):
        self.company, self.paper, self.month, self.earlier = company, company.paper, month, earlier
        self.taken_up = {key for draft in earlier if draft.approved for key in draft.used}
        self.first_open = all(draft.approved for draft in earlier)
        self.used: set[Key] = set()
        self.moved: dict[tuple[str, str], int] = {}
        self.lines: dict[str, list[tuple[str, str, int]]] = defaultdict(list)

    def money(self, name: str, month: str | None = None) -> int:
        return fen(self.company.parameter(name, month or self.month))

    def rate(self, name: str) -> Fraction:
        return Fraction(self.company.parameter(name, self.month))

    def counts(self, key: Key, day: date | None) -> bool:
        """R9.3, R9.4: in its month, or in the first month still open after it; once; not from before go-live."""
        if day is None or month_of(day) < self.company.go_live or key in self.taken_up:
            return False
        here = month_of(day) == self.month or (month_of(day) < self.month and self.first_open)
        if here:
            self.used.add(key)
        return here

    def add(self, number: str, kind: str, source: str, amount: int) -> None:
        if amount:
            self.lines[number].append((kind, source, amount))

    def event(self, number: str, kind: str, source: str, day: date | None, amount: int) -> None:
        """A source that brings an employee an amount in the month of a day."""
        if number in self.company.people and self.counts((kind, source, number), day):
            self.add(number, kind, source, amount)

    def draft(self) -> Draft:
        self.visits()
        self.commissions()
        for claim in self.paper["费用报销"]:
            approved = day_of(claim.get("报销批准日期"))
            self.event(claim["工号"], "expense_reimbursement", claim["报销编号"], approved, fen(claim["金额"]))  # fmt: skip
        for number in self.company.people:
            self.base_pay(number)
            self.bonus(number)
        statements = [self.statement(number) for number in sorted(self.company.people)]
        return Draft(self.month, [s for s in statements if s], self.used, self.moved)

    def visits(self) -> None:
        """R7.2, R7.3, R4.4."""
        tickets = {c["服务单号"]: c for c in self.paper["服务记录"]}
        calls = [c for c in self.paper["回访记录"] if c["结果"] == "已接通" and c.get("满意度")]
        for form in self.paper["反馈单"]:
            number, accepted = form["服务单号"], day_of(form.get("审核日期"))
            doubtful = form.get("满意度") and any(
                abs(int(call["满意度"]) - int(form["满意度"])) >= 2 for call in calls if call["服务单号"] == number
            )  # fmt: skip
            if doubtful and accepted:
                cleared = self.company.cleared.get(number)
                accepted = cleared and max(accepted, cleared)
            mode = tickets[number]["服务方式"]
            for person in tickets[number]["技术员"].split("、"):
                if self.company.people.get(person, {}).get("类别") == "专职":
                    self.event(person, "service_allowance", number, accepted, self.money(MODES[mode]))  # fmt: skip
                elif mode == "现场":
                    self.event(person, "onsite_labour", number, accepted, self.money("onsite_labour_rate"))  # fmt: skip

    def commissions(self) -> None:
        """R7.5, R7.6."""
        kinds = {"配件销售": "parts_commission", "软件服务": "software_commission"}
        for document in self.company.documents.values():
            kind = kinds.get(document.kind)
            if kind and document.profit > 0:
                amount = half_up(self.rate(f"{kind}_rate") * document.profit)
                self.event(document.handler, kind, document.number, document.earned_on(), amount)

    def employed(self, number: str) -> list[date]:
        person = self.company.people[number]
        hired, left = day_of(person["入职日期"]), day_of(person.get("离职日期"))
        return [d for d in days_in(self.month) if hired <= d and (left is None or d <= left)]

    def base_pay(self, number: str) -> None:
        """R7.1."""
        for entry in self.paper["底薪核定"]:
            if (entry["工号"], entry["月份"]) == (number, self.month):
                self.add(number, "base_pay", number, fen(entry["应发底薪"]))
                return
        rate = fen(self.company.people[number]["底薪"])
        share = Fraction(len(self.employed(number)), len(days_in(self.month)))
        self.add(number, "base_pay", number, half_up(rate * share))

    def bonus(self, number: str) -> None:
        """R7.4; a complaint is used up by its month whether or not a bonus was due."""
        upheld = 0
        for complaint in self.paper["投诉"]:
            if (complaint.get("被投诉人"), complaint["核实结果"]) != (number, "属实"):
                continue
            key = ("complaint", complaint["投诉编号"], number)
            if complaint.get("投诉渠道") != "内部" and self.counts(
                key, day_of(complaint["受理日期"])
            ):
                upheld += 1
        person, days = self.company.people[number], days_in(self.month)
        probation = day_of(person.get("试用期至"))
        whole = self.employed(number) == days and (probation is None or probation < days[0])
        if person["类别"] != "专职" or not whole:
            return
        if upheld >= int(self.company.parameter("complaint_limit", self.month)):
            return
        bonus = self.money("no_complaint_bonus") - upheld * self.money("complaint_penalty")
        self.add(number, "no_complaint_bonus", self.month, max(bonus, 0))

    def cases(self, number: str) -> list[tuple[int, date, str, str, int]]:
        """R8.1–R8.4: (turn, opened, document, kind, target), in the order in which they are served."""
        found = []
        for complaint in self.paper["投诉"]:
            mine = (complaint.get("被投诉人"), complaint["类型"]) == (number, "私自收费")
            if mine and complaint["核实结果"] == "属实" and complaint.get("投诉渠道") != "内部":
                upheld = date.fromisoformat(complaint["核实日期"])
                penalty = self.money("private_charge_penalty", month_of(upheld))
                target = fen(complaint["私自收费金额"]) + penalty
                if self.company.go_live <= month_of(upheld) <= self.month:
                    found.append((0, upheld, complaint["投诉编号"], "private_charge_deduction", target))  # fmt: skip
        for decision in self.paper["逾期扣款"]:
            document = self.company.documents[decision["单据编号"]]
            decided = date.fromisoformat(decision["批准日期"])
            if document.handler == number and self.company.go_live <= month_of(decided) <= self.month:  # fmt: skip
                arose = month_of(document.arose_on)
                months = int(self.company.parameter("overdue_months", arose))
                opened = months_later(document.arose_on, months) + timedelta(1)
                owing = document.outstanding(days_in(self.month)[-1])
                target = half_up(Fraction(decision["承担比例"]) * owing)
                found.append((1, opened, document.number, "overdue_deduction", target))
        return sorted(found)

    def deduct(self, number: str, wage: int) -> int:
        """R8.4, R8.5: put the deductions and refunds among the lines; what is carried forward."""
        cap = floor(self.rate("deduction_cap_rate") * wage)
        room, carried = max(0, min(cap, wage - self.money("minimum_wage"))), 0
        for _turn, _opened, source, kind, target in self.cases(number):
            before = sum(draft.moved.get((kind, source), 0) for draft in self.earlier)
            owed = target - before
            taken = min(owed, room) if owed > 0 else owed
            if taken > 0:
                room -= taken
                self.add(number, kind, source, -taken)
            else:
                self.add(number, "overdue_refund", source, -taken)
            carried += owed - taken
            self.moved[kind, source] = taken
        return carried

    def statement(self, number: str) -> dict | None:
        """R8.6, R7.9."""
        wage = sum(amount for kind, _, amount in self.lines[number] if kind != "expense_reimbursement")  # fmt: skip
        carried = self.deduct(number, wage)
        lines = sorted(self.lines[number], key=lambda line: (ORDER.index(line[0]), line[1]))
        of = {kind: sum(x for k, _, x in lines if k == kind) for kind in ORDER}
        net = sum(amount for *_, amount in lines)
        before = self.earlier[-1].overpaid(number) if self.earlier else 0
        base_paid = max(0, of["base_pay"] - before) if self.company.ahead else 0
        balance = before + base_paid - net
        sums = {
            "wage": wage, "reimbursements": of["expense_reimbursement"], "refunds": of["overdue_refund"],
            "deductions": -of["private_charge_deduction"] - of["overdue_deduction"], "net": net,
            "carried_forward": carried, "base_paid": base_paid, "payable": max(0, -balance), "overpaid": max(0, balance),
        }  # fmt: skip
        if not lines and not carried and not sums["overpaid"]:
            return None
        return {
            "employee": number, "name": self.company.people[number]["姓名"],
            "lines": [{"kind": k, "source": s, "amount": shown(x)} for k, s, x in lines],
            **{name: shown(sums[name]) for name in SUMS},
        }  # fmt: skip
