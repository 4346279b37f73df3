"""A second opinion on the month: naive, slow, written from the regulation alone; it knows nothing of the product."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from tests.workflows.plain_company import (
    Company,
    Document,
    day_of,
    days_in,
    fen,
    half_up,
    month_of,
    shown,
)

Key = tuple[str, str, str]
ORDER = (
    "base_pay", "service_allowance", "onsite_labour", "no_complaint_bonus", "parts_commission",
    "software_commission", "expense_reimbursement", "overdue_refund", "private_charge_deduction",
    "overdue_deduction",
)  # fmt: skip
SUMS = (
    "wage", "reimbursements", "refunds", "deductions", "net", "carried_forward", "base_paid", "payable", "overpaid",
)  # fmt: skip
MODES = {"现场": "allowance_onsite", "电话": "allowance_phone", "在线": "allowance_online"}


@dataclass
class Draft:
    """A month as it was computed: what is shown, the sources it counted, what each case and commission moved."""

    month: str
    employees: list[dict]
    used: set[Key]
    moved: dict[tuple[str, str], int]
    base: dict[str, int]
    approved: bool = field(default=False, compare=False)

    @property
    def totals(self) -> dict[str, str]:
        return {name: shown(sum(fen(e[name]) for e in self.employees)) for name in SUMS}

    def overpaid(self, number: str) -> int:
        return sum(fen(e["overpaid"]) for e in self.employees if e["employee"] == number)


def settle(company: Company, month: str, earlier: list[Draft]) -> Draft:
    """A month of a company, after the months drafted before it, in order."""
    return _Month(company, month, earlier).draft()


class _Month:
    """One month of a company, after the months drafted before it."""

    def __init__(self, company: Company, month: str, earlier: list[Draft]):
        self.company, self.paper, self.month, self.earlier = company, company.paper, month, earlier
        self.taken_up = {key for draft in earlier for key in draft.used}
        self.first_open = all(draft.approved for draft in earlier)
        self.used: set[Key] = set()
        self.moved: dict[tuple[str, str], int] = {}
        self.base: dict[str, int] = {}
        self.lines: dict[str, list[tuple[str, str, int]]] = defaultdict(list)

    def money(self, name: str, month: str | None = None) -> int:
        return fen(self.company.parameter(name, month or self.month))

    def rate(self, name: str) -> Fraction:
        return Fraction(self.company.parameter(name, self.month))

    def falls_here(self, day: date | None) -> bool:
        """R9.3, R9.4: in its month, or in the first month still open after it; not from before go-live."""
        if day is None or month_of(day) < self.company.go_live:
            return False
        return month_of(day) == self.month or (month_of(day) < self.month and self.first_open)

    def counts(self, key: Key, day: date | None) -> bool:
        """R9.3: once."""
        here = self.falls_here(day) and key not in self.taken_up
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
            self.take_back(number)
            self.correct(number)
        statements = [self.statement(number) for number in sorted(self.company.people)]
        return Draft(self.month, [s for s in statements if s], self.used, self.moved, self.base)

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
                cleared = self.company.screen.cleared.get(number)
                accepted = cleared and max(accepted, cleared)
            mode = tickets[number]["服务方式"]
            for person in tickets[number]["技术员"].split("、"):
                if self.company.people.get(person, {}).get("类别") == "专职":
                    self.event(person, "service_allowance", number, accepted, self.money(MODES[mode]))  # fmt: skip
                elif mode == "现场":
                    self.event(person, "onsite_labour", number, accepted, self.money("onsite_labour_rate"))  # fmt: skip

    def commissions(self) -> None:
        """R7.5, R7.6."""
        for document, key in self.commissionable():
            if self.held(key) or not self.falls_here(document.earned_on()):
                continue
            amount = half_up(self.rate(f"{key[0]}_rate") * max(document.profit, 0))
            self.used.add(key)
            self.moved[key[:2]] = amount
            self.add(document.handler, *key[:2], amount)

    def commissionable(self) -> list[tuple[Document, Key]]:
        kinds = {"配件销售": "parts_commission", "软件服务": "software_commission"}
        return [
            (document, (kinds[document.kind], document.number, document.handler))
            for document in self.company.documents.values()
            if document.kind in kinds and document.handler in self.company.people
        ]

    def held(self, key: Key) -> bool:
        """Whether a commission was settled, and not taken back since."""
        return sum(key in draft.used for draft in self.earlier) % 2 == 1

    def wage(self, number: str) -> int:
        return sum(x for kind, _, x in self.lines[number] if kind != "expense_reimbursement")

    def take_back(self, number: str) -> None:
        """I4: what was paid for a sale whose payment was reversed; it waits where it would leave less than nothing."""
        for document, key in sorted(self.commissionable(), key=lambda pair: pair[1]):
            earned = document.earned_on()
            undone = earned is None or earned > days_in(self.month)[-1]
            if document.handler != number or not self.held(key) or not undone:
                continue
            paid = sum(draft.moved.get(key[:2], 0) for draft in self.earlier)
            if self.wage(number) - paid >= 0:
                self.used.add(key)
                self.moved[key[:2]] = -paid
                self.add(number, *key[:2], -paid)

    def correct(self, number: str) -> None:
        """R9.5: in order of kind and number; what would leave less than nothing waits."""
        mine = [c for c in self.company.screen.corrections if c["工号"] == number]
        for cells in sorted(mine, key=lambda c: (ORDER.index(c["项目"]), c["更正单号"])):
            kind, amount = cells["项目"], fen(cells["金额"])
            claims = sum(x for k, _, x in self.lines[number] if k == "expense_reimbursement")
            rest = claims if kind == "expense_reimbursement" else self.wage(number)
            key = ("correction", cells["更正单号"], number)
            if rest + amount >= 0 and self.counts(key, date.fromisoformat(cells["批准日期"])):
                self.add(number, kind, cells["更正单号"], amount)

    def employed(self, number: str) -> list[date]:
        person = self.company.people[number]
        hired, left = day_of(person["入职日期"]), day_of(person.get("离职日期"))
        return [d for d in days_in(self.month) if hired <= d and (left is None or d <= left)]

    def base_pay(self, number: str) -> None:
        """R7.1."""
        rate = fen(self.company.people[number]["底薪"])
        share = Fraction(len(self.employed(number)), len(days_in(self.month)))
        self.base[number] = half_up(rate * share)
        for entry in self.paper["底薪核定"]:
            if (entry["工号"], entry["月份"]) == (number, self.month):
                self.base[number] = fen(entry["应发底薪"])
        self.add(number, "base_pay", number, self.base[number])

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
        for decision in self.company.decisions:
            document = self.company.documents[decision["单据编号"]]
            decided = month_of(date.fromisoformat(decision["批准日期"]))
            if document.handler == number and self.company.go_live <= decided <= self.month:
                opened = self.company.last_day_to_pay(document) + timedelta(1)
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
            waived = self.company.screen.claims_waived.get(source)
            if (
                waived and waived <= days_in(self.month)[-1]
            ):  # R8.7: nothing more, yet refunds go on
                target = min(target, before)
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
        wage = self.wage(number)
        carried = self.deduct(number, wage)
        lines = sorted(self.lines[number], key=lambda line: (ORDER.index(line[0]), line[1]))
        of = {kind: sum(x for k, _, x in lines if k == kind) for kind in ORDER}
        net = sum(amount for *_, amount in lines)
        before = self.earlier[-1].overpaid(number) if self.earlier else 0
        base_paid = max(0, self.base[number] - before) if self.company.ahead else 0
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
