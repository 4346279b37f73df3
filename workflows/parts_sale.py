"""Parts sales: entered by commerce, approved on credit, delivered when paid (R6.1, R6.2)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from models import db
from models.account import Account
from models.device import Device
from models.parts_sale import PartsSale, PartsSaleLine
from models.receivable import Receivable
from rules.money import ZERO, total
from rules.parts_sale import (
    ApprovalLevel,
    Article,
    PaymentTerms,
    delivery_refusals,
    level_suffices,
    net_profit,
    required_level,
    sale_total,
)
from rules.parts_sale_steps import SALE_STEPS, SaleVerb
from rules.period import Month
from rules.permissions import Role
from rules.receivable import ReceivableKind
from rules.warranty import in_warranty
from workflows.audit import record
from workflows.change import Values, apply_changes, only
from workflows.document import (
    begin,
    check_handler,
    check_party,
    may_not_be_paid,
    reason_of,
)
from workflows.numbering import next_number
from workflows.parameter import parameter_history
from workflows.permission import authorise, not_for_oneself, other_person
from workflows.receivable import paid_so_far
from workflows.refusal import Refused
from workflows.ticket import device_end
from workflows.transaction import today, writing

OWN = ("sold_on", "terms", "circumstance", "agreed_payment_on", "device_id", "damage_reason")
ON_RECEIVABLE = ("customer_id", "handler_id")


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One article as entered: quantity (> 0, up to 3 decimals), prices per unit and its other costs in yuan."""

    article: str
    quantity: Decimal
    sale_price: Decimal
    purchase_price: Decimal
    other_costs: Decimal = ZERO
    specification: str | None = None
    unit: str | None = None


def _articles(lines: Sequence[SaleLine]) -> list[Article]:
    return [Article(x.quantity, x.sale_price, x.purchase_price, x.other_costs) for x in lines]


def _check_lines(lines: Sequence[SaleLine]) -> None:
    if not lines:
        raise Refused(_("至少要有一行商品。"), clause="R6.1", status=400, field="lines")
    for line in lines:
        if line.quantity <= 0 or line.sale_price < 0 or line.purchase_price < 0:
            raise Refused(
                _("“%(article)s”的数量须大于 0，单价不能小于 0。", article=line.article),
                clause="R6.1", status=400, field="lines",
            )  # fmt: skip


def _check_terms(values: dict[str, Any]) -> None:
    """Credit names its circumstance and the agreed day of payment (R6.2)."""
    if values.get("terms") is not PaymentTerms.CREDIT:
        return
    for field, sentence in (
        ("circumstance", _("赊销须写明特殊情况。")),
        ("agreed_payment_on", _("赊销须约定付款日。")),
    ):
        if not values.get(field):
            raise Refused(sentence, clause="R6.2", status=400, field=field)


def _check_warranty(values: dict[str, Any]) -> None:
    """A part for a device in warranty is replaced free, human-made damage excepted (R1.2, R6.1)."""
    device = db.session.get(Device, values["device_id"]) if values.get("device_id") else None
    if device is None or values.get("damage_reason"):
        return
    if in_warranty(device.project.accepted_on, device_end(device), values["sold_on"]):
        raise Refused(
            _("设备 %(serial)s 在保，应免费更换；人为损坏请写明原因。", serial=device.serial),
            clause="R6.1", status=400, field="damage_reason",
        )  # fmt: skip


def _put_lines(sale: PartsSale, lines: Sequence[SaleLine], actor: Account) -> None:
    for row in list(sale.lines):
        db.session.delete(row)
    db.session.flush()
    sale.lines = [
        PartsSaleLine(position=position, **asdict(line)) for position, line in enumerate(lines, 1)
    ]
    sale.receivable.total = sale_total(_articles(lines))
    sale.other_costs = total(line.other_costs for line in lines)
    sale.net_profit = net_profit(_articles(lines))
    sale.purchase_confirmed, sale.priced_by_id = False, actor.id


def create_parts_sale(values: Values, lines: Sequence[SaleLine], *, actor: Account) -> PartsSale:
    """Enter a sale; its purchase prices wait for finance (R6.1)."""
    with writing():
        given = only(values, (*OWN, *ON_RECEIVABLE))
        authorise(actor, "parts_sale.create", own=actor.employee_id == given["handler_id"])
        check_party(given["customer_id"])
        check_handler(given["handler_id"])
        _check_lines(lines)
        _check_terms(given)
        _check_warranty(given)
        receivable = Receivable(
            number=next_number("XS", Receivable.number), kind=ReceivableKind.PARTS_SALE, total=ZERO,
            **{name: given[name] for name in ON_RECEIVABLE},
        )  # fmt: skip
        sale = PartsSale(
            receivable=receivable, made_by_id=actor.id, **{name: given.get(name) for name in OWN}
        )
        sale.other_costs = sale.net_profit = ZERO
        db.session.add(sale)
        _put_lines(sale, lines, actor)
        details = {"total": receivable.total, "lines": [asdict(line) for line in lines], **given}
        record(actor, "create", "parts_sale", receivable.number, details, origin="web")
    return sale


def update_parts_sale(
    sale_id: int, values: Values, lines: Sequence[SaleLine], *, version: int | None, actor: Account
) -> PartsSale:
    """Change a sale that is neither waiting for approval nor delivered, and not paid in part."""
    with writing():
        sale, _step = begin(PartsSale, sale_id, SALE_STEPS, SaleVerb.CHANGE, actor, version)
        given = only(values, (*OWN, *ON_RECEIVABLE))
        may_not_be_paid(sale.receivable)
        _check_lines(lines)
        _check_terms(given)
        _check_warranty(given)
        before = {"total": sale.receivable.total, "lines": len(sale.lines)}
        changes = apply_changes(sale, {n: given.get(n) for n in OWN}, version)
        changes |= apply_changes(sale.receivable, {n: given[n] for n in ON_RECEIVABLE}, None)
        _put_lines(sale, lines, actor)
        details = {**changes, "lines": [before["lines"], [asdict(line) for line in lines]],
                   "total": [before["total"], sale.receivable.total]}  # fmt: skip
        record(actor, "change", "parts_sale", sale.receivable.number, details, origin="web")
    return sale


def request_credit(sale_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Ask for the approval of a delivery on credit (R6.2)."""
    with writing():
        sale, step = begin(PartsSale, sale_id, SALE_STEPS, SaleVerb.REQUEST, actor, version)
        if sale.terms is not PaymentTerms.CREDIT:
            raise Refused(_("款到发货的销售不用审批：收齐货款即可发货。"), clause=step.clause)
        sale.requested_on, sale.refusal = today(), None
        record(actor, "request", "parts_sale", sale.receivable.number, {}, origin="web")


def needed_level(amount: Decimal, day: date) -> ApprovalLevel:
    """Who must approve an amount on a day, by the version of that month (R6.2, R6.3)."""
    threshold = parameter_history().of(Month.of(day)).amount("credit_threshold")
    return required_level(amount, threshold)


def level_of(actor: Account, amount: Decimal) -> ApprovalLevel:
    """The level at which an actor approves an amount today; refused when his is too low (R6.2, R6.3)."""
    level = ApprovalLevel.LEADER if Role.LEADER in actor.roles else ApprovalLevel.MANAGER
    threshold = parameter_history().of(Month.of(today())).amount("credit_threshold")
    if not level_suffices(level, amount, threshold):
        sentence = _(
            "金额 %(amount)s 达到限额 %(limit)s，须公司领导审批。", amount=amount, limit=threshold
        )
        raise Refused(sentence, clause="R6.2", status=403)
    return level


def approve_credit(sale_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Manager or leader approve a delivery on credit; never the handler, nor who asked (R6.2)."""
    with writing():
        sale, step = begin(PartsSale, sale_id, SALE_STEPS, SaleVerb.APPROVE, actor, version)
        not_for_oneself(actor, sale.receivable.handler_id, clause=step.clause)
        other_person(actor, sale.made_by_id, clause=step.clause)
        sale.approval_level = level_of(actor, sale.receivable.total)
        sale.approved_on, sale.approved_by_id = today(), actor.id
        details = {"level": sale.approval_level, "total": sale.receivable.total}
        record(actor, "approve", "parts_sale", sale.receivable.number, details, origin="web")


def refuse_credit(sale_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Send a request for credit back with a reason."""
    with writing():
        sale, _step = begin(PartsSale, sale_id, SALE_STEPS, SaleVerb.REFUSE, actor, version)
        not_for_oneself(actor, sale.receivable.handler_id, clause="R6.2")
        sale.refusal, sale.requested_on = reason_of(values), None
        details = {"reason": sale.refusal}
        record(actor, "refuse", "parts_sale", sale.receivable.number, details, origin="web")


def confirm_purchase(sale_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Finance confirms the purchase prices; only then is commission paid (R6.1)."""
    with writing():
        verb = SaleVerb.CONFIRM_PURCHASE
        sale, step = begin(PartsSale, sale_id, SALE_STEPS, verb, actor, version)
        if sale.purchase_confirmed:
            raise Refused(_("进货价已经确认过。"), clause=step.clause)
        other_person(actor, sale.priced_by_id, clause=step.clause)
        sale.purchase_confirmed = True
        details = {"net_profit": sale.net_profit}
        record(
            actor, "confirm_purchase", "parts_sale", sale.receivable.number, details, origin="web"
        )


def deliver(sale_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Deliver: when paid in full, or on an approved credit; then the receivable arises (R6.2, R6.4)."""
    with writing():
        sale, step = begin(PartsSale, sale_id, SALE_STEPS, SaleVerb.DELIVER, actor, version)
        day = values.get("delivered_on") or today()
        if day > today() or day < sale.sold_on:
            raise Refused(_("发货日期须在销售日期和今天之间。"), status=400, field="delivered_on")
        owed = sale.receivable.total - paid_so_far(sale.receivable)
        if delivery_refusals(owed, sale.terms, sale.approval_level, sale.approved_on, day):
            raise Refused(
                _("还有 %(owed)s 未收，又没有赊销审批，不能发货。", owed=owed), clause=step.clause
            )
        sale.receivable.arose_on = day
        details = {"delivered_on": day}
        record(actor, "deliver", "parts_sale", sale.receivable.number, details, origin="web")


def cancel_parts_sale(sale_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Cancel a sale that is not delivered and holds no money; it stays with its reason (I13)."""
    with writing():
        sale, _step = begin(PartsSale, sale_id, SALE_STEPS, SaleVerb.CANCEL, actor, version)
        may_not_be_paid(sale.receivable)
        sale.cancelled_on, sale.cancel_reason = today(), reason_of(values)
        details = {"reason": sale.cancel_reason}
        record(actor, "cancel", "parts_sale", sale.receivable.number, details, origin="web")
