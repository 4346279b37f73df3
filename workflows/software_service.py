"""Paid software services: reported and approved before the customer is charged (R6.3)."""

from typing import Any

from flask_babel import gettext as _

from models import db
from models.account import Account
from models.receivable import Receivable
from models.software_service import SoftwareService
from rules.receivable import ReceivableKind
from rules.software_service_steps import SERVICE_STEPS, ServiceVerb
from workflows.audit import record
from workflows.change import Values, apply_changes, only
from workflows.document import begin, check_handler, check_party, may_not_be_paid, reason_of
from workflows.numbering import next_number
from workflows.parts_sale import level_of
from workflows.permission import authorise, not_for_oneself, other_person
from workflows.refusal import Refused
from workflows.transaction import today, writing

OWN = ("content", "invoice_wanted")
ON_RECEIVABLE = ("customer_id", "handler_id", "total")


def _check(given: dict[str, Any]) -> None:
    check_party(given["customer_id"])
    check_handler(given["handler_id"])
    if given["total"] is None or given["total"] <= 0:
        raise Refused(_("收费金额须大于 0。"), clause="R6.3", status=400, field="total")


def create_software_service(values: Values, *, actor: Account) -> SoftwareService:
    """Report a service and its fee, VAT included, before the customer is charged."""
    with writing():
        given = only(values, (*OWN, *ON_RECEIVABLE))
        own = actor.employee_id is not None and actor.employee_id == given["handler_id"]
        authorise(actor, "software_service.create", own=own)
        _check(given)
        receivable = Receivable(
            number=next_number("RJ", Receivable.number), kind=ReceivableKind.SOFTWARE_SERVICE,
            **{name: given[name] for name in ON_RECEIVABLE},
        )  # fmt: skip
        service = SoftwareService(
            receivable=receivable, reported_on=today(), made_by_id=actor.id,
            content=given["content"], invoice_wanted=bool(given.get("invoice_wanted")),
        )  # fmt: skip
        db.session.add(service)
        record(actor, "create", "software_service", receivable.number, given, origin="web")
    return service


def update_software_service(
    service_id: int, values: Values, *, version: int | None, actor: Account
) -> SoftwareService:
    """Change a service that is not approved; a refused one is thereby reported anew."""
    with writing():
        verb = ServiceVerb.CHANGE
        service, _step = begin(SoftwareService, service_id, SERVICE_STEPS, verb, actor, version)
        given = only(values, (*OWN, *ON_RECEIVABLE))
        _check(given)
        own = {"content": given["content"], "invoice_wanted": bool(given.get("invoice_wanted"))}
        changes = apply_changes(service, {**own, "refused_on": None}, version)
        changes |= apply_changes(service.receivable, {n: given[n] for n in ON_RECEIVABLE}, None)
        record(
            actor, "change", "software_service", service.receivable.number, changes, origin="web"
        )
    return service


def approve_software_service(
    service_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """Manager or leader approve, by the levels of R6.2; never the handler, nor who reported it."""
    with writing():
        verb = ServiceVerb.APPROVE
        service, step = begin(SoftwareService, service_id, SERVICE_STEPS, verb, actor, version)
        not_for_oneself(actor, service.receivable.handler_id, clause=step.clause)
        other_person(actor, service.made_by_id, clause=step.clause)
        service.approval_level = level_of(actor, service.receivable.total)
        service.approved_on, service.approved_by_id = today(), actor.id
        details = {"level": service.approval_level, "fee": service.receivable.total}
        record(
            actor, "approve", "software_service", service.receivable.number, details, origin="web"
        )


def refuse_software_service(
    service_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """Send a reported service back with a reason."""
    with writing():
        verb = ServiceVerb.REFUSE
        service, step = begin(SoftwareService, service_id, SERVICE_STEPS, verb, actor, version)
        not_for_oneself(actor, service.receivable.handler_id, clause=step.clause)
        service.refused_on, service.refusal = today(), reason_of(values)
        details = {"reason": service.refusal}
        record(
            actor, "refuse", "software_service", service.receivable.number, details, origin="web"
        )


def complete_software_service(
    service_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """The service is done: its receivable arises (R6.4)."""
    with writing():
        verb = ServiceVerb.COMPLETE
        service, _step = begin(SoftwareService, service_id, SERVICE_STEPS, verb, actor, version)
        day = values.get("completed_on") or today()
        if day > today() or (service.approved_on is not None and day < service.approved_on):
            raise Refused(
                _("完成日期须在批准日期和今天之间。"),
                clause="R6.3",
                status=400,
                field="completed_on",
            )
        service.receivable.arose_on = day
        details = {"completed_on": day}
        record(
            actor, "complete", "software_service", service.receivable.number, details, origin="web"
        )


def cancel_software_service(
    service_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """Cancel a service that is not completed and holds no money; it stays with its reason (I13)."""
    with writing():
        verb = ServiceVerb.CANCEL
        service, _step = begin(SoftwareService, service_id, SERVICE_STEPS, verb, actor, version)
        may_not_be_paid(service.receivable)
        service.cancelled_on, service.cancel_reason = today(), reason_of(values)
        details = {"reason": service.cancel_reason}
        record(
            actor, "cancel", "software_service", service.receivable.number, details, origin="web"
        )
