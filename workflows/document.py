"""What sales, software services and repairs have in common: beginning a step, parties, reasons (R6)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _

from models import db
from models.account import Account
from models.customer import Customer
from models.employee import Employee
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.repair import Repair
from models.software_service import SoftwareService
from rules.employee import EmployeeKind
from rules.step import Step
from workflows.change import Values, found
from workflows.permission import authorise
from workflows.receivable import paid_so_far
from workflows.refusal import Refused, Stale
from workflows.words import word

Document = TypeVar("Document", PartsSale, SoftwareService, Repair)
Steps = Mapping[tuple[Any, Any], Step[Any]]


def is_own(actor: Account, receivable: Receivable) -> bool:
    """Whether a document is the actor's own: he is its handler."""
    return actor.employee_id is not None and receivable.handler_id == actor.employee_id


def begin(
    model: type[Document],
    number: int,
    steps: Steps,
    verb: StrEnum,
    actor: Account,
    version: int | None,
) -> tuple[Document, Step[Any]]:
    """The document and the step, if the actor may take it now and it is still what he saw."""
    row = found(model, number)
    permission = next(step.permission for (_state, known), step in steps.items() if known is verb)
    authorise(actor, permission, own=is_own(actor, row.receivable))
    if version is not None and row.row_version != version:
        raise Stale(_("别人先保存了这条记录。请对照两份内容后再保存。"))
    step = steps.get((row.state, verb))
    if step is None:
        raise Refused(_("现在是“%(state)s”，不能做这一步。", state=word(row.state)))
    return row, step


def check_party(customer_id: int) -> None:
    """The customer must be in the file."""
    if db.session.get(Customer, customer_id) is None:
        raise Refused(_("没有这个客户。请从列表中选。"), status=400, field="customer_id")


def check_handler(employee_id: int) -> None:
    """The handler must be an employee on whom a settlement can rest (R7.8)."""
    handler = db.session.get(Employee, employee_id)
    if handler is None or handler.kind is EmployeeKind.OTHER:
        raise Refused(
            _("经手人须是专职或非专职员工。请从列表中选。"), status=400, field="handler_id"
        )


def may_not_be_paid(receivable: Receivable) -> None:
    """Refuse while the document holds money: reverse the payments first (R6.4)."""
    if paid_so_far(receivable):
        raise Refused(_("这张单据已有收款，请先由财务冲销收款。"), clause="R6.4")


def reason_of(values: Values) -> str:
    """The reason that a step asks for."""
    reason = str(values.get("reason") or "").strip()
    if not reason:
        raise Refused(_("请写明理由。"), status=400, field="reason")
    return reason[:500]
