"""Invoices on request of the customer (R6.3): issued by finance, a wrong one voided and never edited."""

from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.receivable import Invoice, Receivable
from rules.money import ZERO
from workflows.audit import record
from workflows.change import Values, found, only
from workflows.document import reason_of
from workflows.permission import authorise
from workflows.refusal import Refused, Stale
from workflows.transaction import today, writing

FIELDS = ("receivable_id", "number", "issued_on", "title", "amount")


def invoiced(receivable: Receivable) -> Decimal:
    """What has been invoiced on a document, voided invoices left out."""
    amounts = db.session.scalars(
        select(Invoice.amount).where(
            Invoice.receivable_id == receivable.id, Invoice.voided_on.is_(None)
        )
    )
    return sum(amounts, ZERO)


def create_invoice(values: Values, *, actor: Account) -> Invoice:
    """Enter an invoice that was issued; together they never exceed the document's total."""
    with writing():
        authorise(actor, "invoice.create")
        given = only(values, FIELDS)
        receivable = found(Receivable, given["receivable_id"])
        if db.session.scalar(select(Invoice.id).where(Invoice.number == given["number"])):
            sentence = _("发票号码 %(number)s 已经登记过。", number=given["number"])
            raise Refused(sentence, field="number")
        left = receivable.total - invoiced(receivable)
        if not 0 < given["amount"] <= left:
            raise Refused(
                _("开票金额须大于 0，不超过未开票的 %(left)s。", left=left),
                status=400,
                field="amount",
            )
        if given["issued_on"] > today():
            raise Refused(_("开票日期在今天之后。"), status=400, field="issued_on")
        row = Invoice(**given, made_by_id=actor.id)
        db.session.add(row)
        details = {**given, "document": receivable.number}
        record(actor, "create", "invoice", row.number, details, origin="web")
    return row


def void_invoice(invoice_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Void a wrong invoice; it stays with its reason."""
    with writing():
        authorise(actor, "invoice.void")
        row = found(Invoice, invoice_id)
        if version is not None and row.row_version != version:
            raise Stale(_("别人先保存了这条记录。请对照两份内容后再保存。"))
        if row.voided_on is not None:
            raise Refused(_("这张发票已经作废。"))
        row.voided_on, row.void_reason = today(), reason_of(values)[:200]
        record(actor, "void", "invoice", row.number, {"reason": row.void_reason}, origin="web")
