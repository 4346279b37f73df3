"""Repairs by the maker: asked for by a technician, handled by commerce (R5)."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from models import db
from models.account import Account
from models.device import Device
from models.receivable import Receivable
from models.repair import Repair
from rules.money import ZERO
from rules.receivable import ReceivableKind
from rules.repair import comes_in, sent_unconfirmed
from rules.repair_steps import REPAIR_STEPS, RepairVerb
from rules.warranty import chargeable, in_warranty
from workflows.audit import record
from workflows.change import Values, only
from workflows.document import begin, check_handler
from workflows.numbering import next_number
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.ticket import device_end
from workflows.transaction import today, writing


def request_repair(values: Values, *, actor: Account) -> Repair:
    """A technician asks commerce to see to a device; he is the handler of what it may bring in (R5.1, R5.4)."""
    with writing():
        given = only(values, ("device_id", "handler_id", "ticket_id"))
        own = actor.employee_id is not None and actor.employee_id == given["handler_id"]
        authorise(actor, "repair.create", own=own)
        check_handler(given["handler_id"])
        device = db.session.get(Device, given["device_id"])
        if device is None:
            raise Refused(_("没有这台设备。请从列表中选。"), status=400, field="device_id")
        receivable = Receivable(
            number=next_number("WX", Receivable.number), kind=ReceivableKind.REPAIR, total=ZERO,
            customer_id=device.project.customer_id, handler_id=given["handler_id"],
        )  # fmt: skip
        repair = Repair(
            receivable=receivable, device_id=device.id, ticket_id=given.get("ticket_id"),
            requested_on=today(), made_by_id=actor.id,
        )  # fmt: skip
        db.session.add(repair)
        record(actor, "create", "repair", receivable.number, given, origin="web")
    return repair


def covered(repair: Repair, day: date) -> bool:
    """Whether our warranty covers the device on a day (R1.1)."""
    device = repair.device
    return in_warranty(device.project.accepted_on, device_end(device), day)


def _step(repair_id: int, verb: RepairVerb, actor: Account, version: int | None) -> Repair:
    repair, _found = begin(Repair, repair_id, REPAIR_STEPS, verb, actor, version)
    return repair


def _put_on_record(repair: Repair, verb: RepairVerb, actor: Account, **details: Any) -> None:
    record(actor, verb.value, "repair", repair.receivable.number, details, origin="web")


def check_warranties(
    repair_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """Commerce looks at both warranties and asks the maker; human-made damage is chargeable (R1.8, R5.1, R5.2)."""
    with writing():
        repair = _step(repair_id, RepairVerb.CHECK, actor, version)
        damage = str(values.get("damage_reason") or "").strip()
        contact = str(values.get("maker_contact") or "").strip()
        if not contact:
            sentence = _("请写明与厂商的联系：找谁、何时、怎么答复。")
            raise Refused(sentence, clause="R5.1", status=400, field="maker_contact")
        repair.checked_on, repair.maker_contact = today(), contact
        repair.maker_visits = _maker_visits(repair.device, values.get("maker_visits"))
        repair.damage_reason = damage or None
        repair.chargeable = chargeable(covered(repair, today()), bool(damage))
        details = {
            "chargeable": repair.chargeable,
            "maker": contact,
            "visits": repair.maker_visits,
            "damage": damage,
        }
        _put_on_record(repair, RepairVerb.CHECK, actor, **details)


def _maker_visits(device: Device, answered: bool | None) -> bool:
    """Whether the maker comes on site: as he answered, else as he is known to do."""
    known = device.maker is not None and bool(device.maker.onsite_service)
    return known if answered is None else answered


def quote(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Quote repair fee and freight for a chargeable repair (R5.2)."""
    with writing():
        repair = _step(repair_id, RepairVerb.QUOTE, actor, version)
        if not repair.chargeable:
            raise Refused(_("保修期内免费维修，不用报价，可以直接送修。"), clause="R5.2")
        fee, freight = values.get("fee") or ZERO, values.get("freight") or ZERO
        if fee < 0 or freight < 0 or fee + freight <= 0:
            raise Refused(_("维修费与运费合计须大于 0。"), clause="R5.2", status=400, field="fee")
        repair.fee, repair.freight, repair.quoted_on = fee, freight, today()
        repair.receivable.total = fee + freight
        _put_on_record(repair, RepairVerb.QUOTE, actor, fee=fee, freight=freight)


def confirm_quote(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """The customer agrees to the quotation: who, when, how (R5.2)."""
    with writing():
        repair = _step(repair_id, RepairVerb.CONFIRM, actor, version)
        who, how = (str(values.get(k) or "").strip() for k in ("confirmed_by", "confirmed_how"))
        if not who or not how:
            field = "confirmed_how" if who else "confirmed_by"
            sentence = _("请写明客户谁确认的、怎么确认的。")
            raise Refused(sentence, clause="R5.2", status=400, field=field)
        repair.confirmed_on, repair.confirmed_by, repair.confirmed_how = today(), who, how
        _put_on_record(repair, RepairVerb.CONFIRM, actor, by=who, how=how)


def decline_quote(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """The customer declines the quotation; nothing is owed."""
    with writing():
        repair = _step(repair_id, RepairVerb.DECLINE, actor, version)
        repair.declined_on, repair.receivable.total = today(), ZERO
        repair.fee = repair.freight = None
        _put_on_record(repair, RepairVerb.DECLINE, actor)


def _confirmed(repair: Repair) -> None:
    if sent_unconfirmed(bool(repair.chargeable), repair.confirmed_on, today()):
        raise Refused(_("收费维修须先报价并经客户确认。"), clause="R5.2")


def maker_comes(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """The maker comes on site; a paid visit only after the customer's confirmation (R5.1, R5.2)."""
    with writing():
        repair = _step(repair_id, RepairVerb.MAKER_COMES, actor, version)
        _confirmed(repair)
        repair.maker_comes_on = values.get("maker_comes_on") or today()
        _put_on_record(repair, RepairVerb.MAKER_COMES, actor, on=repair.maker_comes_on)


def send(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Send the device to its maker: out of warranty, or where he does not come; a chargeable one only after the
    customer's confirmation (R5.2, R5.3)."""
    with writing():
        repair = _step(repair_id, RepairVerb.SEND, actor, version)
        _confirmed(repair)
        if not comes_in(covered(repair, repair.checked_on or today()), bool(repair.maker_visits)):
            raise Refused(_("保修期内、厂商能上门的设备不送修。请登记厂商上门。"), clause="R5.2")
        repair.sent_on = today()
        _put_on_record(repair, RepairVerb.SEND, actor)


def note_repaired(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """The maker has repaired it."""
    with writing():
        repair = _step(repair_id, RepairVerb.REPAIR, actor, version)
        repair.repaired_on = today()
        _put_on_record(repair, RepairVerb.REPAIR, actor)


def give_up(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """The maker can't repair it; what the customer then owes is entered anew (0 for nothing)."""
    with writing():
        repair = _step(repair_id, RepairVerb.GIVE_UP, actor, version)
        repair.given_up_on = today()
        repair.fee = values.get("fee") or ZERO
        repair.receivable.total = repair.fee + (repair.freight or ZERO)
        _put_on_record(repair, RepairVerb.GIVE_UP, actor, fee=repair.fee)


def give_back(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """The device is back with the customer: what he owes arises now (R5.4, R6.4)."""
    with writing():
        repair = _step(repair_id, RepairVerb.GIVE_BACK, actor, version)
        day = values.get("returned_on") or today()
        if day > today() or day < (repair.sent_on or repair.requested_on):
            raise Refused(_("返还日期须在送修日期和今天之间。"), status=400, field="returned_on")
        repair.receivable.arose_on = day
        _put_on_record(repair, RepairVerb.GIVE_BACK, actor, on=day)


def close_repair(repair_id: int, values: Values, *, version: int | None, actor: Account) -> None:
    """Nothing more is to be done."""
    with writing():
        repair = _step(repair_id, RepairVerb.CLOSE, actor, version)
        repair.closed_on = today()
        _put_on_record(repair, RepairVerb.CLOSE, actor)
