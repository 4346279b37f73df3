"""Devices and their makers: taking them into the file and keeping it right (R1.1, R1.8, R5.1)."""

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.device import Device, Maker
from models.project import Project
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import writing

FIELDS = ("name", "model", "maker_id", "project_id", "warranty_months", "maker_warranty_until")
MAKER_FIELDS = ("name", "onsite_service", "contact", "phone")


def create_device(values: Values, *, actor: Account) -> Device:
    """Take a device into the file; its serial number is one device (I14)."""
    with writing():
        authorise(actor, "device.create")
        given = only(values, ("serial", *FIELDS))
        if db.session.scalar(select(Device.id).where(Device.serial == given["serial"])):
            raise Refused(
                _("序列号 %(serial)s 已经登记过。", serial=given["serial"]), field="serial"
            )
        found(Project, given["project_id"])
        row = Device(**given)
        db.session.add(row)
        record(actor, "create", "device", row.serial, as_created(given))
    return row


def update_device(device_id: int, values: Values, *, version: int | None, actor: Account) -> Device:
    """Change a device's file."""
    with writing():
        authorise(actor, "device.change")
        row = found(Device, device_id)
        changes = apply_changes(row, only(values, FIELDS), version)
        if changes:
            record(actor, "change", "device", row.serial, changes)
    return row


def create_maker(values: Values, *, actor: Account) -> Maker:
    """Take a maker into the file."""
    with writing():
        authorise(actor, "maker.create")
        given = only(values, MAKER_FIELDS)
        _refuse_namesake(given["name"], 0)
        row = Maker(**given)
        db.session.add(row)
        record(actor, "create", "maker", row.name, as_created(given))
    return row


def update_maker(maker_id: int, values: Values, *, version: int | None, actor: Account) -> Maker:
    """Change what is known of a maker."""
    with writing():
        authorise(actor, "maker.change")
        row = found(Maker, maker_id)
        given = only(values, MAKER_FIELDS)
        _refuse_namesake(given.get("name", row.name), row.id)
        changes = apply_changes(row, given, version)
        if changes:
            record(actor, "change", "maker", row.name, changes)
    return row


def _refuse_namesake(name: str, but: int) -> None:
    if db.session.scalar(select(Maker.id).where(Maker.name == name, Maker.id != but)):
        raise Refused(_("厂商 %(name)s 已经有了。", name=name), field="name")
