"""What the screens of sales, software services, repairs and receivables share: columns, filters, facts (R6)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from admin_views.noun.column import Column, ref_column
from admin_views.noun.field import File, Text
from admin_views.noun.filter import AmountFilter, PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Related, Step
from models.account import Account
from models.customer import Customer
from models.employee import Employee
from models.receivable import Payment, Receivable
from rules.money import ZERO

PAID = (
    select(func.coalesce(func.sum(Payment.amount), 0))
    .where(Payment.receivable_id == Receivable.id)
    .correlate(Receivable)
    .scalar_subquery()
)
DOCUMENT_JOINS = (
    (Customer, Customer.id == Receivable.customer_id),
    (Employee, Employee.id == Receivable.handler_id),
)


def yuan(value: Any) -> Decimal:
    """A sum of money as the database gives it: typed on most, whole fen where the type was lost."""
    return Decimal(value).scaleb(-2) if isinstance(value, int) else Decimal(value or 0)


def still_owed(value: Any) -> Decimal | None:
    """What is still open of what has arisen; of what has not, nothing is owed yet."""
    arose_on, total, paid = value
    return None if arose_on is None else total - yuan(paid)


NUMBER = Column("number", _l("单号"), Receivable.number, kind="id", card="top")
CUSTOMER = ref_column("customer", _l("客户"), "customer", Receivable.customer_id, Customer.name, card="title")  # fmt: skip
HANDLER = ref_column("handler", _l("经手人"), "employee", Receivable.handler_id, Employee.name, Employee.number, card="sub")  # fmt: skip
TOTAL = Column("total", _l("金额"), Receivable.total, kind="money", unit=_l("元"), card="right")
OUTSTANDING = Column(
    "outstanding", _l("未收"), (Receivable.arose_on, Receivable.total, PAID), kind="money", unit=_l("元"),
    show=still_owed, card="",
)  # fmt: skip
DOCUMENT_FILTERS = (
    PickFilter("customer", _l("客户"), Receivable.customer_id, noun="customer"),
    PickFilter("handler", _l("经手人"), Receivable.handler_id, noun="employee"),
    AmountFilter("total", _l("金额"), Receivable.total, rare=True),
)


# How the page of one document is read: with its customer, handler and payments.
DOCUMENT_EAGER = (
    joinedload(Receivable.customer),
    joinedload(Receivable.handler),
    joinedload(Receivable.payments),
)


def document_eager(receivable: Any) -> tuple[Any, ...]:
    """The same for what hangs on a receivable."""
    return (joinedload(receivable).options(*DOCUMENT_EAGER),)


def amount_of(row: Any) -> str:
    """The whole price of what hangs on a receivable, in words."""
    return f"¥{row.receivable.total:,.2f}"


class ReasonForm(NounForm):
    """Why."""

    reason = Text(_l("理由"), required=True, most=500, wide=True)
    sections = (Section("", ("reason",)),)


class AttachForm(NounForm):
    """A picture or a paper."""

    file = File(
        _l("文件"),
        accept="image/png,image/jpeg,application/pdf",
        required=True,
        hint=_l("图片（PNG、JPG）或 PDF，最大 10 MB。"),
    )
    sections = (Section("", ("file",)),)


def attach_step(verb: str, run: Any) -> Step:
    """The button that keeps a file with a record."""
    return Step(
        "attach", _l("上传附件"), verb, run,
        lambda r: _("给 %(number)s 上传附件", number=r.number), lambda r: (), form=AttachForm, icon="paperclip",
    )  # fmt: skip


MONEY_TABS = (
    Related("payment", "receivable", _p("list", "收款"), of="receivable_id"),
    Related("invoice", "receivable", _p("list", "发票"), of="receivable_id"),
)


def found_as_document(receivable_id: Any) -> list[tuple[str, Any]]:
    """By whose words a document is found: its own number, and its customer's."""
    return [("receivable", receivable_id), ("customer", Receivable.customer_id)]


def handled_by(actor: Account) -> ColumnElement[bool]:
    """The condition that a document is an actor's own: he is its handler."""
    return Receivable.handler_id == (actor.employee_id or 0)


def open_for(steps: Mapping[tuple[Any, Any], Any], verb: Any) -> Callable[[Any], bool]:
    """Whether a record's state lets a verb, by its state table."""
    return lambda row: (row.state, verb) in steps


def document_facts(receivable: Receivable, *, itself: bool = False) -> tuple[Fact, ...]:
    """What is said under a document's number: for whom, by whom, how much, what is still open; the sum leads to the receivable
    on which it is paid, unless the page is that `itself`."""
    paid = sum((payment.amount for payment in receivable.payments), ZERO)
    left = receivable.total - paid
    owed = ""
    if receivable.arose_on is not None and receivable.total:
        owed = _("未收 ¥%(left)s", left=f"{left:,.2f}") if left else _("已收清")
    elif paid:
        owed = _("已收 ¥%(paid)s", paid=f"{paid:,.2f}")
    handler = _("经手人 %(name)s", name=receivable.handler.name)
    return (
        Fact(receivable.customer.name, "building", ref=("customer", receivable.customer_id)),
        Fact(handler, "user", ref=("employee", receivable.handler_id)),
        Fact(
            f"¥{receivable.total:,.2f}" if receivable.total else "",
            "cash",
            ref=None if itself else ("receivable", receivable.id),
        ),
        Fact(owed, family="amber" if left and receivable.arose_on else ""),
    )
