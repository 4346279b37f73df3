"""A company with one overdue receivable, on 3 November 2026: built with plain values, for the tests of R8."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal as D

from models import db
from models.account import Account
from models.customer import Customer
from models.employee import Employee
from models.overdue_case import CollectionEntry, OverdueCase
from models.receivable import Payment, Receivable
from rules.employee import EmployeeKind
from rules.overdue_case import CaseState
from rules.period import SHANGHAI
from rules.receivable import ReceivableKind
from workflows.overdue_proposal import Proposal
from workflows.overdue_record import proposal_digest
from workflows.parameter import save_setting
from workflows.service_plan import ensure_presets
from workflows.transaction import living_at

COMPLETE = {
    "rate": D("0.85"),
    "reason": "口头同意无记录，未走赊销审批",
    "finding": "未按 6.1(1)B 报批即赊销交货",
    "basis": "制度 六.1(1)C；劳动合同附件三第 4 条",
    "notified_on": date(2026, 10, 26),
    "agrees": False,
    "statement": "交货是主任口头同意的，请分月扣。",
}


@contextmanager
def on(day: date) -> Iterator[None]:
    """Let everything happen at ten in the morning of a day."""
    with living_at(datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)):
        yield


def make_employee(number: str = "T01", **overrides: object) -> Employee:
    values = {
        "name": f"员工{number}", "kind": EmployeeKind.DEDICATED, "hired_on": date(2020, 1, 1),
        "base_pay": D("8312.00"),
    }  # fmt: skip
    employee = Employee(number=number, **values | overrides)
    db.session.add(employee)
    db.session.commit()
    return employee


def make_receivable(
    handler: Employee, number: str = "XS-2025-0112", **overrides: object
) -> Receivable:
    """9,860.00 from 21 October 2025, of which 3,000.00 were paid: 6,860.00 are outstanding."""
    values = {
        "kind": ReceivableKind.PARTS_SALE, "total": D("9860.00"), "arose_on": date(2025, 10, 21),
        "paid": D("3000.00"),
    } | overrides  # fmt: skip
    paid = values.pop("paid")
    customer = Customer(number=f"C-{number}", name="东湖新区政务服务中心", in_town=True)
    row = Receivable(number=number, customer=customer, handler=handler, **values)
    db.session.add(row)
    db.session.commit()
    if paid:
        pay(row, paid, date(2026, 1, 5))
    return row


def pay(row: Receivable, amount: D, day: date, *, reverses: Payment | None = None) -> Payment:
    count = len(row.payments) + 1
    payment = Payment(
        number=f"SK-{row.number}-{count}", paid_on=day, receivable_id=row.id, amount=amount,
        reverses_id=reverses.id if reverses else None,
    )  # fmt: skip
    db.session.add(payment)
    db.session.commit()
    return payment


def make_case(row: Receivable, asker: Account, **overrides: object) -> OverdueCase:
    """A case with all its evidence; `collected=False` leaves out the collection log."""
    values = {
        "opened_on": date(2026, 10, 22),
        "state": CaseState.UNDECIDED,
        **COMPLETE,
        **overrides,
    }
    collected = values.pop("collected", True)
    case = OverdueCase(receivable=row, **values)
    if collected:
        case.collections.append(
            CollectionEntry(
                asked_on=date(2026, 10, 20), asked_by_id=asker.id, manner="phone", answer="年底付款"
            )
        )
    db.session.add(case)
    db.session.flush()
    if case.state is CaseState.PROPOSED:
        case.proposal_hash = proposal_digest(case)
    db.session.commit()
    return case


def proposal(**overrides: object) -> Proposal:
    return Proposal(**COMPLETE | overrides)


def go_live(month: str) -> None:
    """Settle here from a month on."""
    ensure_presets()
    save_setting("first_settlement_month", month)
    db.session.commit()
