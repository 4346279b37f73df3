"""Receivables with their ageing, payments with their reversal, invoices (R6.4–R6.6)."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, Select, bindparam, select

from admin_views.documents import (
    CUSTOMER,
    DOCUMENT_EAGER,
    DOCUMENT_FILTERS,
    DOCUMENT_JOINS,
    HANDLER,
    NUMBER,
    OUTSTANDING,
    PAID,
    TOTAL,
    ReasonForm,
    document_eager,
    document_facts,
    found_as_document,
    handled_by,
    yuan,
)
from admin_views.noun.column import Badge, Column, ref_column, words
from admin_views.noun.field import Amount, Day, Line, Pick
from admin_views.noun.filter import AmountFilter, ChoiceFilter, DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Related, Step, Tab
from admin_views.noun.view import NounView
from models import db
from models.account import Account
from models.overdue_case import OverdueCase
from models.parts_sale import PartsSale
from models.receivable import Invoice, Payment, Receivable
from models.repair import Repair
from models.software_service import SoftwareService
from rules.money import ZERO
from rules.permissions import allowed
from rules.receivable import AGEING_LIMITS, ReceivableKind, ageing_bucket
from workflows import invoice as invoices
from workflows import write_off
from workflows.receivable import PaymentReceived, record_payment, reverse_payment
from workflows.transaction import today

BUCKETS = (_l("0–30 天"), _l("31–90 天"), _l("91–180 天"), _l("181–365 天"), _l("365 天以上"))


def _behind(model: Any) -> Select[Any]:
    """The document of a receivable, and its overdue case with its state."""
    return (
        select(model.id, OverdueCase.id, OverdueCase.state)
        .select_from(Receivable)
        .outerjoin(model, model.receivable_id == Receivable.id)
        .outerjoin(OverdueCase, OverdueCase.receivable_id == Receivable.id)
        .where(Receivable.id == bindparam("receivable"))
    )


BEHIND = {
    ReceivableKind.PARTS_SALE: _behind(PartsSale),
    ReceivableKind.SOFTWARE_SERVICE: _behind(SoftwareService),
    ReceivableKind.REPAIR: _behind(Repair),
}


def age(value: Any) -> Badge | None:
    """The ageing bucket of what is still open (R6.5)."""
    arose_on, total, paid = value
    if arose_on is None:
        return Badge("grey", _("未产生"))
    if not total:
        return Badge("grey", _("免费"))
    left = total - yuan(paid)
    if left <= 0:
        return Badge("green", _("已收清"))
    bucket = ageing_bucket(arose_on, today())
    return Badge(("grey", "grey", "amber", "amber", "red")[bucket], str(BUCKETS[bucket]))


class PaymentForm(NounForm):
    """Money that came in."""

    amount = Amount(_l("金额"), required=True)
    paid_on = Day(_l("到账日期"), hint=_l("留空为今天。"))
    method = Line(_p("payment", "方式"), most=40, example=_l("银行转账"))
    remark = Line(_l("备注"), most=200, hint=_l("银行流水号。"))
    sections = (Section("", ("amount", "paid_on", "method", "remark")),)


def take_payment(
    number: int, values: dict[str, Any], *, version: int | None, actor: Account
) -> None:
    """Record a payment on the receivable whose page asks for it."""
    receivable = db.session.get(Receivable, number)
    received = PaymentReceived(
        "", values.get("paid_on") or today(), values["amount"], values.get("method") or "", values.get("remark") or ""
    )  # fmt: skip
    record_payment(receivable.number, received, actor=actor, origin="web")


class InvoiceForm(NounForm):
    """An invoice that was issued."""

    receivable_id = Pick(_l("单据"), noun="receivable", required=True)
    number = Line(_l("发票号码"), required=True, most=40)
    issued_on = Day(_l("开票日期"), required=True)
    title = Line(_l("抬头"), required=True, most=120)
    amount = Amount(_l("金额"), required=True, hint=_l("含税。"))
    sections = (Section(_l("发票"), ("receivable_id", "number", "issued_on", "title", "amount")),)


def _left(row: Receivable) -> Decimal:
    return row.total - sum((payment.amount for payment in row.payments), ZERO)


def _write_off_open(state: str) -> Any:
    def is_open(row: Receivable) -> bool:
        found = write_off.write_off_of(row.id)
        if state == "propose":
            return found is None and row.arose_on is not None and _left(row) > 0
        return found is not None and found.approved_on is None

    return is_open


RECEIVABLE_STEPS = (
    Step(
        "pay", _l("登记收款"), "payment.record", take_payment,
        lambda r: _("登记 %(number)s 的收款", number=r.number),
        lambda r: (_("未收 ¥%(left)s；登记后不能修改，错了只能冲销（R6.4）。", left=f"{_left(r):,.2f}"),),
        lambda r: _left(r) > 0, PaymentForm, "cash", primary=True,
    ),
    Step(
        "write_off", _l("提出核销"), "write_off.propose", write_off.propose_write_off,
        lambda r: _("提出核销 %(number)s 未收的 ¥%(left)s？", number=r.number, left=f"{_left(r):,.2f}"),
        lambda r: (_("公司领导批准后生效；经手人的责任不变（R6.6）。"),),
        _write_off_open("propose"), ReasonForm, "eraser", danger=True,
    ),
    Step(
        "approve_write_off", _l("批准核销"), "write_off.approve", write_off.approve_write_off,
        lambda r: _("批准核销 %(number)s 的 ¥%(left)s？", number=r.number, left=f"{_left(r):,.2f}"),
        lambda r: (_("经手人的责任按已作决定不变（R6.6）。"),), _write_off_open("approve"), primary=True,
    ),
    Step(
        "refuse_write_off", _l("退回核销"), "write_off.approve", write_off.refuse_write_off,
        lambda r: _("退回 %(number)s 的核销？", number=r.number), lambda r: (_("应收款继续催收。"),),
        _write_off_open("approve"), ReasonForm, "arrow-back-up", danger=True,
    ),
)  # fmt: skip


class ReceivableView(NounView):
    """应收款."""

    noun = "receivable"
    title = _p("list", "应收款")
    one = _l("应收款")
    unit = _p("receivable", "笔")
    group = "income"
    icon = "cash"
    clauses = ("R6.4", "R6.5", "R6.6")
    model = Receivable
    label = Receivable.number
    joins = DOCUMENT_JOINS
    eager = DOCUMENT_EAGER
    default_order = (Receivable.id.desc(),)
    search_hint = _l("单号")
    empty = (_l("还没有应收款"), _l("发货、服务完成或返还之日产生应收款。"))
    columns = (
        NUMBER,
        Column(
            "age",
            _l("账龄"),
            (Receivable.arose_on, Receivable.total, PAID),
            kind="badge",
            show=age,
            card="badge",
        ),
        CUSTOMER,
        HANDLER,
        Column("kind", _l("类别"), Receivable.kind, kind="tag", show=words),
        Column("arose_on", _l("产生日期"), Receivable.arose_on, kind="day", sort=True),
        TOTAL,
        OUTSTANDING,
    )
    filters = (
        ChoiceFilter("kind", _l("类别"), Receivable.kind, codes=ReceivableKind),
        YesNoFilter("open", _l("收款"), Receivable.total > PAID, yes=_l("未收清"), no=_l("已收清")),
        DayFilter("arose_on", _l("产生日期"), Receivable.arose_on),
        *DOCUMENT_FILTERS,
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("open", _l("未收清"), {"open": "yes"}),
        Tab(
            "old", _l("超过 180 天"),
            lambda actor: {"open": "yes", "arose_on_to": (today() - timedelta(days=AGEING_LIMITS[2] + 1)).isoformat()},
        ),
    )  # fmt: skip
    steps = RECEIVABLE_STEPS
    related = (
        Related("payment", "receivable", _p("list", "收款")),
        Related("invoice", "receivable", _p("list", "发票")),
    )
    verbs = {"change": "payment.record", "create": "payment.record"}

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return found_as_document(Receivable.id)

    def own(self, actor: Account) -> ColumnElement[bool]:
        return handled_by(actor)

    def head(self, row: Any) -> Head:
        paid = row.total - _left(row)
        document, case, state = db.session.execute(BEHIND[row.kind], {"receivable": row.id}).one()
        own = row.handler_id == self.actor.employee_id
        seen = case is not None and allowed("overdue.read", self.actor.roles, own=own)
        facts = (
            *document_facts(row, itself=True),
            Fact(words(row.kind), ref=(row.kind.value, document)),
            Fact(_("产生 %(day)s", day=words(row.arose_on)) if row.arose_on else "", "calendar"),
            Fact(
                _("逾期扣款：%(state)s", state=words(state)) if seen else "",
                "hourglass",
                url=url_for("overdue.case", pk=case) if seen else "",
            ),
        )
        return Head(row.number, age((row.arose_on, row.total, paid)), facts)


class PaymentReading(NounForm):
    """A payment as it is read."""

    receivable_id = Pick(_l("单据"), noun="receivable")
    paid_on = Day(_l("到账日期"))
    amount = Amount(_l("金额"))
    method = Line(_p("payment", "方式"))
    remark = Line(_l("备注"))
    sections = (Section(_l("收款"), ("receivable_id", "paid_on", "amount", "method", "remark")),)


class PaymentView(NounView):
    """收款."""

    noun = "payment"
    title = _p("list", "收款")
    unit = _p("payment", "笔")
    group = "income"
    icon = "coins"
    clauses = ("R6.4",)
    model = Payment
    form_class = PaymentReading
    label = Payment.number
    joins = ((Receivable, Receivable.id == Payment.receivable_id), *DOCUMENT_JOINS)
    default_order = (Payment.id.desc(),)
    search_hint = _l("收款编号")
    empty = (_l("还没有收款"), _l("财务在应收款上登记收款后列在这里。"))
    columns = (
        Column("number", _l("编号"), Payment.number, kind="id", card="top"),
        Column("paid_on", _l("到账日期"), Payment.paid_on, kind="day", sort=True),
        ref_column("document", _l("单据"), "receivable", Payment.receivable_id, Receivable.number, card="sub"),
        CUSTOMER,
        Column("method", _p("payment", "方式"), Payment.method),
        Column("remark", _l("备注"), Payment.remark, card=""),
        Column("amount", _l("金额"), Payment.amount, kind="money", unit=_l("元"), card="right"),
    )  # fmt: skip
    filters = (
        DayFilter("paid_on", _l("到账日期"), Payment.paid_on),
        PickFilter("receivable", _l("单据"), Payment.receivable_id, noun="receivable"),
        PickFilter("customer", _l("客户"), Receivable.customer_id, noun="customer"),
        AmountFilter("amount", _l("金额"), Payment.amount, rare=True),
    )
    tabs = (Tab("all", _l("全部")),)
    steps = (
        Step(
            "reverse", _l("冲销"), "payment.reverse",
            lambda number, values, *, version, actor: reverse_payment(
                db.session.get(Payment, number).number, actor=actor, reason=values["reason"], origin="web"
            ),
            lambda r: _("冲销 %(number)s 的 ¥%(amount)s？", number=r.number, amount=f"{r.amount:,.2f}"),
            lambda r: (_("原收款保留，另记一笔负数；已发奖金会在下月冲回（R6.4）。"),),
            lambda r: r.reverses_id is None, ReasonForm, "arrow-back-up", danger=True,
        ),
    )  # fmt: skip

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return found_as_document(Payment.receivable_id)

    def head(self, row: Any) -> Head:
        facts = (
            Fact(words(row.paid_on), "calendar"),
            Fact(f"¥{row.amount:,.2f}", "cash"),
            Fact(row.method),
            Fact(row.remark),
        )
        return Head(row.number, facts=facts)


class InvoiceView(NounView):
    """发票."""

    noun = "invoice"
    title = _p("list", "发票")
    unit = _p("invoice", "张")
    group = "income"
    icon = "file-invoice"
    clauses = ("R6.3",)
    model = Invoice
    label = Invoice.number
    joins = ((Receivable, Receivable.id == Invoice.receivable_id), *DOCUMENT_JOINS)
    eager = document_eager(Invoice.receivable)
    default_order = (Invoice.id.desc(),)
    search_hint = _l("发票号码")
    empty = (_l("还没有发票"), _l("客户要票时由财务登记。"))
    columns = (
        Column("number", _l("发票号码"), Invoice.number, kind="id", card="top"),
        Column(
            "voided", _l("状态"), Invoice.voided_on, kind="badge", card="badge",
            show=lambda day: Badge("grey", _("已作废")) if day else Badge("green", _("有效")),
        ),
        ref_column("document", _l("单据"), "receivable", Invoice.receivable_id, Receivable.number, card="sub"),
        Column("title", _l("抬头"), Invoice.title, card="title"),
        Column("issued_on", _l("开票日期"), Invoice.issued_on, kind="day"),
        Column("amount", _l("金额"), Invoice.amount, kind="money", unit=_l("元"), card="right"),
    )  # fmt: skip
    filters = (
        DayFilter("issued_on", _l("开票日期"), Invoice.issued_on),
        PickFilter("receivable", _l("单据"), Invoice.receivable_id, noun="receivable"),
        PickFilter("customer", _l("客户"), Receivable.customer_id, noun="customer"),
    )
    tabs = (Tab("all", _l("全部")),)
    form_class = InvoiceForm
    create_with = staticmethod(invoices.create_invoice)
    create_label = _l("登记发票")
    verbs = {"change": "invoice.void"}
    steps = (
        Step(
            "void", _l("作废"), "invoice.void", invoices.void_invoice,
            lambda r: _("作废发票 %(number)s？", number=r.number), lambda r: (_("发票保留，标为已作废。"),),
            lambda r: r.voided_on is None, ReasonForm, "x", danger=True,
        ),
    )  # fmt: skip

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return found_as_document(Invoice.receivable_id)

    def own(self, actor: Account) -> ColumnElement[bool]:
        return handled_by(actor)

    def head(self, row: Any) -> Head:
        state = Badge("grey", _("已作废")) if row.voided_on else Badge("green", _("有效"))
        facts = (
            Fact(row.title),
            Fact(f"¥{row.amount:,.2f}", "cash"),
            Fact(row.void_reason, family="red"),
        )
        return Head(row.number, state, facts)
