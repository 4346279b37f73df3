"""Money that customers pay: recorded by finance, a wrong entry reversed, never edited (R6.4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.parts_sale import PartsSale
from models.receivable import Payment, Receivable
from models.software_service import SoftwareService
from rules.clause import implements
from rules.money import ZERO, round_fen
from rules.receivable import ReceivableKind
from workflows.audit import record
from workflows.numbering import next_number
from workflows.overdue_case import open_due_cases
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import today, writing


@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """What came in: its number (empty for the next one), day, amount in yuan, how, and the bank's reference."""

    number: str
    paid_on: date
    amount: Decimal
    method: str = ""
    remark: str = ""


def paid_so_far(receivable: Receivable) -> Decimal:
    """The payments on a receivable, reversals included."""
    amounts = db.session.scalars(
        select(Payment.amount).where(Payment.receivable_id == receivable.id)
    )
    return sum(amounts, ZERO)


@implements("R6.4")
def record_payment(
    document: str, received: PaymentReceived, *, actor: Account, origin: str = "cli"
) -> Payment:
    """Record a payment on a document; the sum never exceeds its total, also when two arrive at once (I3)."""
    with writing():
        authorise(actor, "payment.record")
        receivable = db.session.scalar(select(Receivable).where(Receivable.number == document))
        if receivable is None:
            raise Refused(_("没有单据 %(number)s。请核对单号。", number=document), status=404)
        _check(receivable, received)
        number = received.number or next_number("SK", Payment.number)
        payment = Payment(
            number=number, paid_on=received.paid_on, receivable_id=receivable.id, amount=received.amount,
            method=received.method.strip() or None, remark=received.remark.strip() or None,
        )  # fmt: skip
        db.session.add(payment)
        details = {"document": document, "amount": received.amount, "paid_on": received.paid_on}
        record(actor, "record", "payment", number, details, origin=origin)
        open_due_cases()
    return payment


def _check(receivable: Receivable, received: PaymentReceived) -> None:
    if db.session.scalar(select(Payment.id).where(Payment.number == received.number)):
        raise Refused(_("收款编号 %(number)s 已经有了。请换一个。", number=received.number))
    if received.amount <= 0 or received.amount != round_fen(received.amount):
        raise Refused(_("收款金额须大于 0，最多两位小数。"), clause="R6.4", status=400)
    if received.paid_on > today():
        raise Refused(_("收款日期在今天之后。请填实际到账的日期。"), clause="R6.4", status=400)
    if not _alive(receivable):
        raise Refused(_("%(number)s 已取消，不能收款。", number=receivable.number), clause="R6.4")
    left = receivable.total - paid_so_far(receivable)
    if received.amount > left:
        raise Refused(
            _("只剩 %(left)s 未收，不能收 %(amount)s。", left=left, amount=received.amount),
            clause="R6.4",
        )
    _approved_before(receivable, received.paid_on)


def _alive(receivable: Receivable) -> bool:
    """Whether a document was not cancelled."""
    cancelled = [
        db.session.scalar(select(model.cancelled_on).where(model.receivable_id == receivable.id))
        for model in (PartsSale, SoftwareService)
    ]
    return not any(cancelled)


def _approved_before(receivable: Receivable, day: date) -> None:
    """A software service is approved before the customer is charged (R6.3)."""
    if receivable.kind is not ReceivableKind.SOFTWARE_SERVICE:
        return
    approved = db.session.scalar(
        select(SoftwareService.approved_on).where(SoftwareService.receivable_id == receivable.id)
    )
    if approved is None or day < approved:
        raise Refused(_("软件服务批准前不能收费。请先完成审批。"), clause="R6.3")


@implements("R6.4")
def reverse_payment(number: str, *, actor: Account, reason: str, origin: str = "cli") -> Payment:
    """Reverse a wrong payment by one with the negative amount on the same day; the wrong one stays."""
    with writing():
        authorise(actor, "payment.reverse")
        payment = db.session.scalar(select(Payment).where(Payment.number == number))
        if payment is None:
            raise Refused(_("没有收款 %(number)s。请核对编号。", number=number), status=404)
        if payment.reverses_id is not None:
            raise Refused(_("这一笔本身就是冲销，不能再冲销。请重新登记收款。"), clause="R6.4")
        if db.session.scalar(select(Payment.id).where(Payment.reverses_id == payment.id)):
            raise Refused(_("收款 %(number)s 已经冲销过。", number=number), clause="R6.4")
        if not reason.strip():
            raise Refused(_("请写明为什么冲销。"), clause="R6.4", status=400)
        reversal = Payment(
            number=f"{number}-R", paid_on=payment.paid_on, receivable_id=payment.receivable_id,
            amount=-payment.amount, method=payment.method, remark=reason.strip()[:200], reverses_id=payment.id,
        )  # fmt: skip
        db.session.add(reversal)
        details = {"amount": -payment.amount, "reason": reversal.remark}
        record(actor, "reverse", "payment", number, details, origin=origin)
        open_due_cases()
    return reversal
