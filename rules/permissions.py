"""Who may do what (R10): one table, verb × role, deny by default; everything else reads it."""

from enum import StrEnum
from functools import cache


class Role(StrEnum):
    """The roles of R10."""

    CLERK = "clerk"
    TECHNICIAN = "technician"
    COMMERCE = "commerce"
    FINANCE = "finance"
    MANAGER = "manager"
    LEADER = "leader"
    AUDITOR = "auditor"
    PROJECT_MANAGER = "project_manager"
    ADMIN = "admin"


class Reach(StrEnum):
    """How far a permission reaches: nothing, one's own records, or all."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


_COLUMNS = (
    Role.CLERK, Role.TECHNICIAN, Role.COMMERCE, Role.FINANCE, Role.MANAGER,
    Role.LEADER, Role.AUDITOR, Role.PROJECT_MANAGER, Role.ADMIN,
)  # fmt: skip
_LETTERS = {"-": Reach.NONE, "o": Reach.OWN, "a": Reach.ALL}

# fmt: off
_TABLE = """
                          clerk techn comme finan manag leade audit proje admin
settlement.read             a     o     -     a     a     a     a     -     -
settlement.draft            a     -     -     -     -     -     -     -     -
settlement.submit           a     -     -     -     -     -     -     -     -
settlement.review           -     -     -     -     a     -     -     -     -
settlement.approve          -     -     -     -     -     a     -     -     -
settlement.return           -     -     -     -     a     a     -     -     -
settlement.pay              -     -     -     a     -     -     -     -     -
settlement.export           a     -     -     a     a     a     a     -     -
settlement.what_if          a     -     -     a     a     a     a     -     -
home.read                   a     a     a     a     a     a     a     a     a
approval.read               -     -     -     -     a     a     -     -     -
correction.read             a     o     -     a     a     a     a     -     -
correction.prepare          a     -     -     -     -     -     -     -     -
correction.review           -     -     -     -     a     -     -     -     -
correction.approve          -     -     -     -     -     a     -     -     -
correction.return           -     -     -     -     a     a     -     -     -
statistics.read             a     o     -     a     a     a     a     -     -
overdue.read                a     o     a     a     a     a     a     -     -
overdue.collect             a     o     a     a     a     -     -     -     -
overdue.state               -     o     -     -     a     -     -     -     -
overdue.propose             -     -     -     -     a     -     -     -     -
overdue.approve             -     -     -     -     -     a     -     -     -
overdue.waive               -     -     -     -     -     a     -     -     -
overdue.claim               -     -     -     -     -     a     -     -     -
overdue.export              a     -     -     a     a     a     a     -     -
private_charge.read         a     o     -     a     a     a     a     -     -
private_charge.propose      -     -     -     -     a     -     -     -     -
private_charge.approve      -     -     -     -     -     a     -     -     -
private_charge.send_back    -     -     -     -     -     a     -     -     -
workbook.import             a     -     -     -     -     -     -     -     -
ticket.read                 a     o     a     a     a     a     a     a     -
ticket.export               a     -     -     -     a     a     a     -     -
ticket.register             a     o     -     -     a     -     -     -     -
ticket.verify               a     -     -     -     -     -     -     -     -
ticket.escalate             a     -     -     -     -     -     -     -     -
ticket.dispatch             a     -     -     -     a     -     -     -     -
ticket.assign_anyone        -     -     -     -     a     -     -     -     -
ticket.accept               -     o     -     -     -     -     -     -     -
ticket.refuse               -     o     -     -     -     -     -     -     -
ticket.reassign             a     -     -     -     a     -     -     -     -
ticket.start                -     o     -     -     -     -     -     -     -
ticket.leave                a     o     -     -     a     -     -     -     -
ticket.serve                -     o     -     -     -     -     -     -     -
ticket.wait                 a     o     -     -     a     -     -     -     -
ticket.resume               a     o     -     -     a     -     -     -     -
ticket.propose              -     o     -     -     -     -     -     -     -
ticket.confirm_proposal     a     o     -     -     a     -     -     -     -
ticket.ask_support          -     o     -     -     -     -     -     -     -
ticket.submit_form          -     o     -     -     -     -     -     -     -
ticket.return_form          a     -     -     -     -     -     -     -     -
ticket.receive_form         a     -     -     -     -     -     -     -     -
ticket.call_back            -     -     -     -     a     -     -     -     -
ticket.settle_dispute       -     -     -     -     a     -     -     -     -
ticket.close                a     -     -     -     a     -     -     -     -
ticket.cancel               a     -     -     -     a     -     -     -     -
ticket.reopen               a     -     -     -     a     -     -     -     -
ticket.edit                 a     -     -     -     -     -     -     -     -
ticket.set_severity         a     -     -     -     a     -     -     -     -
ticket.judge_warranty       a     -     -     -     -     -     -     -     -
ticket.charge_damage        a     -     -     -     a     -     -     -     -
ticket.replace              a     -     a     -     -     -     -     -     -
ticket.note                 a     o     a     -     a     a     -     -     -
form.read                   a     o     -     -     a     a     a     -     -
visit.read                  a     o     -     -     a     a     a     -     -
visit.export                a     -     -     -     a     a     a     -     -
form.export                 a     -     -     -     a     a     a     -     -
call_back.read              a     o     -     -     a     a     a     -     -
call_back.export            a     -     -     -     a     a     a     -     -
complaint.export            a     -     -     -     a     a     a     -     -
complaint.read              a     -     -     -     a     a     a     -     -
complaint.register          a     -     -     -     a     a     -     -     -
complaint.assign            a     -     -     -     a     a     -     -     -
complaint.decide            -     -     -     -     a     a     -     -     -
complaint.answer            a     -     -     -     a     -     -     -     -
device.read                 a     a     a     a     a     a     a     a     -
device.create               a     -     a     -     a     -     -     -     -
device.change               a     -     a     -     a     -     -     -     -
device.export               a     -     a     a     a     a     a     -     -
maker.read                  a     a     a     a     a     a     a     a     -
maker.create                a     -     a     -     a     -     -     -     -
maker.change                a     -     a     -     a     -     -     -     -
maker.export                a     -     a     a     a     a     a     -     -
service_plan.read           a     a     a     a     a     a     a     a     a
service_plan.export         a     -     a     a     a     a     a     -     -
receivable.read             a     o     a     a     a     a     a     -     -
parts_sale.read             a     o     a     a     a     a     a     -     -
parts_sale.create           -     o     a     -     -     -     -     -     -
parts_sale.change           -     o     a     -     -     -     -     -     -
parts_sale.request          -     o     a     -     -     -     -     -     -
parts_sale.approve          -     -     -     -     a     a     -     -     -
parts_sale.confirm_purchase -     -     -     a     -     -     -     -     -
parts_sale.deliver          -     -     a     -     -     -     -     -     -
parts_sale.cancel           -     -     a     -     a     -     -     -     -
parts_sale.export           a     -     a     a     a     a     a     -     -
software_service.read       a     o     a     a     a     a     a     -     -
software_service.create     -     o     a     -     -     -     -     -     -
software_service.change     -     o     a     -     -     -     -     -     -
software_service.approve    -     -     -     -     a     a     -     -     -
software_service.complete   -     o     a     -     -     -     -     -     -
software_service.cancel     -     -     a     -     a     -     -     -     -
software_service.export     a     -     a     a     a     a     a     -     -
repair.read                 a     o     a     a     a     a     a     -     -
repair.create               a     o     a     -     -     -     -     -     -
repair.handle               -     -     a     -     -     -     -     -     -
repair.export               a     -     a     a     a     a     a     -     -
expense.read                a     o     -     a     a     a     a     -     -
expense.create              a     o     -     -     -     -     -     -     -
expense.change              a     o     -     -     -     -     -     -     -
expense.approve             -     -     -     -     a     -     -     -     -
expense.export              a     -     -     a     a     a     a     -     -
receivable.export           a     -     a     a     a     a     a     -     -
payment.read                a     -     a     a     a     a     a     -     -
payment.export              -     -     -     a     a     a     a     -     -
payment.record              -     -     -     a     -     -     -     -     -
payment.reverse             -     -     -     a     -     -     -     -     -
write_off.read              a     -     a     a     a     a     a     -     -
write_off.propose           -     -     -     -     a     -     -     -     -
write_off.approve           -     -     -     -     -     a     -     -     -
invoice.read                a     o     a     a     a     a     a     -     -
invoice.create              -     -     -     a     -     -     -     -     -
invoice.void                -     -     -     a     -     -     -     -     -
invoice.export              -     -     -     a     a     a     a     -     -
parameter.read              a     a     a     a     a     a     a     a     a
parameter.prepare           a     -     -     -     a     -     -     -     -
parameter.approve           -     -     -     -     -     a     -     -     -
account.read                -     -     -     -     -     -     a     -     a
account.create              -     -     -     -     -     -     -     -     a
account.change              -     -     -     -     -     -     -     -     a
account.disable             -     -     -     -     -     -     -     -     a
customer.read               a     a     a     a     a     a     a     a     -
customer.create             a     -     a     -     a     -     -     -     -
customer.change             a     -     a     -     a     -     -     -     -
customer.export             a     -     a     a     a     a     a     -     -
site.read                   a     a     a     a     a     a     a     a     -
site.create                 a     -     a     -     a     -     -     -     -
site.change                 a     -     a     -     a     -     -     -     -
site.export                 a     -     a     a     a     a     a     -     -
contact.read                a     a     a     a     a     a     a     a     -
contact.create              a     -     a     -     a     -     -     -     -
contact.change              a     -     a     -     a     -     -     -     -
contact.export              a     -     a     a     a     a     a     -     -
project.read                a     a     a     a     a     a     a     a     -
project.create              a     -     -     -     a     -     -     -     -
project.change              a     -     -     -     a     -     -     -     -
project.export              a     -     a     a     a     a     a     -     -
employee.read               a     a     a     a     a     a     a     a     a
employee.create             a     -     -     -     a     -     -     -     -
employee.change             a     -     -     -     a     -     -     -     -
employee.export             a     -     -     a     a     a     a     -     -
base_pay.read               a     o     -     a     a     a     a     -     -
base_pay.create             a     -     -     -     a     -     -     -     -
base_pay.change             a     -     -     -     a     -     -     -     -
base_pay.export             a     -     -     a     a     a     a     -     -
calendar_day.read           a     a     a     a     a     a     a     a     a
calendar_day.create         a     -     -     -     a     -     -     -     -
calendar_day.change         a     -     -     -     a     -     -     -     -
calendar_day.export         a     -     -     -     a     a     a     -     -
employee.pay                a     o     -     a     a     a     a     -     -
attachment.read             a     o     -     -     a     a     a     -     -
attachment.export           -     -     -     -     -     -     -     -     -
ticket.attach               a     o     -     -     a     -     -     -     -
expense.attach              a     o     -     a     a     -     -     -     -
profile.use                 a     a     a     a     a     a     a     a     a
search.use                  a     a     a     a     a     a     a     a     a
private.see                 a     a     a     a     a     a     -     a     a
private.reveal              -     -     -     -     -     -     a     -     -
setting.change              -     -     -     -     -     -     -     -     a
audit.export                -     -     -     -     -     a     a     -     a
audit.read                  -     -     -     -     -     a     a     -     a
"""
# fmt: on


def _parse(table: str) -> dict[str, dict[Role, Reach]]:
    rows = [line.split() for line in table.strip().splitlines()[1:]]
    return {
        name: dict(zip(_COLUMNS, (_LETTERS[letter] for letter in letters), strict=True))
        for name, *letters in rows
    }


PERMISSIONS: dict[str, dict[Role, Reach]] = _parse(_TABLE)


@cache  # asked for every entry of every menu
def reach(verb: str, roles: frozenset[Role]) -> Reach:
    """The widest reach that any of the roles gives for a verb; none for an unknown verb (R10)."""
    reaches = {PERMISSIONS.get(verb, {}).get(role, Reach.NONE) for role in roles}
    return next((r for r in (Reach.ALL, Reach.OWN) if r in reaches), Reach.NONE)


def allowed(verb: str, roles: frozenset[Role], *, own: bool = False) -> bool:
    """Whether the roles may do a verb to a record that is or is not their own (R10)."""
    far = reach(verb, roles)
    return far is Reach.ALL or (far is Reach.OWN and own)
