"""Parts sales: entered with their articles, approved on credit, delivered when paid (R6.1, R6.2)."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from admin_views.documents import (
    CUSTOMER,
    DOCUMENT_FILTERS,
    DOCUMENT_JOINS,
    HANDLER,
    MONEY_TABS,
    NUMBER,
    OUTSTANDING,
    TOTAL,
    ReasonForm,
    amount_of,
    document_eager,
    document_facts,
    found_as_document,
    handled_by,
    open_for,
)
from admin_views.noun.column import Column, badge, money, words
from admin_views.noun.field import Choice, Day, Line, Pick
from admin_views.noun.filter import ChoiceFilter, DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Head, Step, Tab
from admin_views.noun.view import NounView
from admin_views.sale_lines import KEYS, SaleLines
from models.account import Account
from models.parts_sale import PartsSale
from models.receivable import Receivable
from rules.parts_sale import PaymentTerms
from rules.parts_sale_steps import SALE_STEPS, SaleState, SaleVerb
from workflows import parts_sale as sales
from workflows.approval import high_enough
from workflows.desk import Work


class PartsSaleForm(NounForm):
    """A sale as commerce enters it."""

    customer_id = Pick(_l("客户"), noun="customer", required=True)
    device_id = Pick(
        _l("设备"),
        noun="device",
        within="customer",
        hint=_l("在保设备免费更换，不能销售（R1.2）。"),
    )
    damage_reason = Line(_l("人为损坏的原因"), most=200, hint=_l("在保设备人为损坏才填。"))
    handler_id = Pick(_l("经手人"), noun="employee", required=True, hint=_l("负责收回货款的人。"))
    sold_on = Day(_l("销售日期"), required=True)
    terms = Choice(_l("结算方式"), codes=PaymentTerms, required=True)
    circumstance = Line(_l("特殊情况"), most=200, hint=_l("赊销必填。"))
    agreed_payment_on = Day(_l("约定付款日"), hint=_l("赊销必填。"))
    lines = SaleLines(_l("商品"), required=True, wide=True)
    sections = (
        Section(_l("卖给谁"), ("customer_id", "device_id", "damage_reason"), _l("设备在保时配件免费更换，不走销售。")),
        Section(_l("谁经手"), ("handler_id", "sold_on"), _l("奖金和逾期责任都跟着经手人（R7.5、R8.3）。")),
        Section(_l("怎么结算"), ("terms", "circumstance", "agreed_payment_on"), _l("先款后货；赊销须先批准（R6.2）。")),
        Section(_l("商品"), ("lines",), _l("净利润 = 销售 − 进货 − 其他费用；进货价由财务确认后才计奖金（R6.1）。")),
    )  # fmt: skip


def _apart(values: dict[str, Any]) -> tuple[dict[str, Any], list[sales.SaleLine]]:
    given = dict(values)
    return given, given.pop("lines")


def create(values: dict[str, Any], *, actor: Account) -> PartsSale:
    """Enter a sale from its form."""
    given, lines = _apart(values)
    return sales.create_parts_sale(given, lines, actor=actor)


def update(sale_id: int, values: dict[str, Any], *, version: int | None, actor: Account) -> Any:
    """Change a sale from its form."""
    given, lines = _apart(values)
    return sales.update_parts_sale(sale_id, given, lines, version=version, actor=actor)


class DeliveryForm(NounForm):
    """When it was delivered."""

    delivered_on = Day(_l("发货日期"), hint=_l("留空为今天。"))
    sections = (Section("", ("delivered_on",)),)


def _open(verb: SaleVerb) -> Any:
    also = {
        SaleVerb.REQUEST: lambda row: row.terms is PaymentTerms.CREDIT,
        SaleVerb.CONFIRM_PURCHASE: lambda row: not row.purchase_confirmed,
        SaleVerb.DELIVER: lambda row: row.terms is not PaymentTerms.CREDIT or row.approved_on,
    }.get(verb, lambda row: True)
    return lambda row: open_for(SALE_STEPS, verb)(row) and bool(also(row))


STEPS = (
    Step(
        "request", _l("申请赊销"), "parts_sale.request", sales.request_credit,
        lambda r: _("为 %(number)s 申请赊销？", number=r.receivable.number),
        lambda r: (_("金额 %(amount)s，到限额须公司领导审批（R6.2）。", amount=amount_of(r)),),
        _open(SaleVerb.REQUEST), icon="send", primary=True,
    ),
    Step(
        "approve", _l("批准赊销"), "parts_sale.approve", sales.approve_credit,
        lambda r: _("批准 %(number)s 赊销 %(amount)s？", number=r.receivable.number, amount=amount_of(r)),
        lambda r: (
            _("特殊情况：%(text)s", text=r.circumstance),
            _("约定付款日 %(day)s；批准后即可发货，逾期由经手人承担（R8.2）。", day=r.agreed_payment_on),
        ),
        _open(SaleVerb.APPROVE), primary=True,
    ),
    Step(
        "refuse", _l("退回"), "parts_sale.approve", sales.refuse_credit,
        lambda r: _("退回 %(number)s 的赊销申请？", number=r.receivable.number),
        lambda r: (_("退回后可改后再申请。"),), _open(SaleVerb.REFUSE), ReasonForm, "arrow-back-up", danger=True,
    ),
    Step(
        "confirm_purchase", _l("确认进货价"), "parts_sale.confirm_purchase", sales.confirm_purchase,
        lambda r: _("确认 %(number)s 的进货价？", number=r.receivable.number),
        lambda r: (
            _(
                "销售 %(total)s − 进货 %(purchase)s − 其他费用 %(other)s = 净利润 %(profit)s。", total=amount_of(r),
                purchase=money(r.receivable.total - r.other_costs - r.net_profit), other=money(r.other_costs),
                profit=money(r.net_profit),
            ),
            _("确认后净利润按比例计奖金（R6.1、R7.5）。"),
        ),
        _open(SaleVerb.CONFIRM_PURCHASE), primary=True,
    ),
    Step(
        "deliver", _l("发货"), "parts_sale.deliver", sales.deliver,
        lambda r: _("%(number)s 发货？", number=r.receivable.number),
        lambda r: (_("发货之日起产生应收款 %(amount)s（R6.4）。", amount=amount_of(r)),),
        _open(SaleVerb.DELIVER), DeliveryForm, "truck-delivery", primary=True,
    ),
    Step(
        "cancel", _l("取消"), "parts_sale.cancel", sales.cancel_parts_sale,
        lambda r: _("取消 %(number)s？", number=r.receivable.number),
        lambda r: (_("单号保留，不能恢复。"),), _open(SaleVerb.CANCEL), ReasonForm, "x", danger=True,
    ),
)  # fmt: skip


class PartsSaleView(NounView):
    """配件销售."""

    works = (Work.CONFIRM_PURCHASE, Work.DELIVER)
    noun = "parts_sale"
    title = _p("list", "配件销售")
    unit = _p("parts_sale", "单")
    group = "income"
    icon = "shopping-cart"
    clauses = ("R6.1", "R6.2", "R7.5")
    model = PartsSale
    label = Receivable.number
    sub = Receivable.number
    joins = ((Receivable, Receivable.id == PartsSale.receivable_id), *DOCUMENT_JOINS)
    eager = (
        *document_eager(PartsSale.receivable),
        joinedload(PartsSale.device),
        joinedload(PartsSale.lines),
    )
    default_order = (PartsSale.id.desc(),)
    search_hint = _l("单号")
    empty = (_l("还没有配件销售"), _l("商务登记销售后列在这里；款到才发货，赊销先批准。"))
    columns = (
        NUMBER,
        Column("state", _l("状态"), PartsSale.state, kind="badge", show=badge, card="badge"),
        CUSTOMER,
        HANDLER,
        Column("sold_on", _l("销售日期"), PartsSale.sold_on, kind="day"),
        Column("terms", _p("sale", "结算"), PartsSale.terms, kind="tag", show=words),
        TOTAL,
        OUTSTANDING,
        Column("net_profit", _l("净利润"), PartsSale.net_profit, kind="money", card=""),
    )
    filters = (
        ChoiceFilter("state", _l("状态"), PartsSale.state, codes=SaleState),
        ChoiceFilter("terms", _p("sale", "结算"), PartsSale.terms, codes=PaymentTerms),
        DayFilter("sold_on", _l("销售日期"), PartsSale.sold_on),
        YesNoFilter(
            "confirmed",
            _l("进货价"),
            PartsSale.purchase_confirmed,
            yes=_l("已确认"),
            no=_l("待确认"),
        ),
        *DOCUMENT_FILTERS,
        PickFilter("device", _l("设备"), PartsSale.device_id, noun="device", rare=True),
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("waiting", _l("待审批"), {"state": "waiting"}),
        Tab("to_deliver", _l("待发货"), {"state": ["registered", "approved"]}),
        Tab("to_confirm", _l("进货价待确认"), {"confirmed": "no"}),
    )
    form_class = PartsSaleForm
    create_with = staticmethod(create)
    update_with = staticmethod(update)
    create_label = _l("登记销售")
    steps = STEPS
    related = MONEY_TABS
    course = (
        ("requested_on", _l("申请赊销")), ("approved_on", _l("批准日期")), ("receivable.arose_on", _l("发货日期")),
        ("cancelled_on", _l("取消日期")),
    )  # fmt: skip
    details_template = "noun/parts_sale.html"
    extra_css = [*NounView.extra_css, "/static/sale.css"]
    extra_js = [*NounView.extra_js, "/static/sale.js"]

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return found_as_document(PartsSale.receivable_id)

    def own(self, actor: Account) -> ColumnElement[bool]:
        return handled_by(actor)

    def name_of(self, row: Any) -> str:
        return str(row.receivable.number)

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("parts_sale", row.receivable.number), ("parts_sales", row.receivable.number)]

    def values_of(self, row: Any) -> dict[str, Any]:
        values = super().values_of(row)
        values |= {
            "customer_id": row.receivable.customer_id,
            "handler_id": row.receivable.handler_id,
        }
        values["lines"] = [{key: getattr(line, key) for key in KEYS} for line in row.lines]
        return values

    def open_steps(self, row: Any) -> list[Step]:
        """From the limit on the manager is not offered what only the leader approves (R6.2)."""
        high = high_enough(self.actor, row.receivable.total)
        return [step for step in super().open_steps(row) if step.verb != "approve" or high]

    def head(self, row: Any) -> Head:
        return Head(row.receivable.number, badge(row.state), document_facts(row.receivable), ())
