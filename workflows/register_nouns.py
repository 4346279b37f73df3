"""How the rows of each sheet are kept: their key, their table, and what refers to what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models import db
from models.complaint import Complaint
from models.customer import Customer
from models.device import Device, Maker
from models.employee import BasePayEntry, Employee
from models.expense import Expense
from models.feedback_form import CallBack, FeedbackForm
from models.overdue_case import OverdueCase
from models.parameter import ParameterValue
from models.parts_sale import PartsSale
from models.project import Project
from models.receivable import Payment
from models.repair import Repair
from models.service_plan import CalendarDay, ServicePromise
from models.software_service import SoftwareService
from models.ticket import Ticket, TicketWait
from rules.receivable import ReceivableKind
from workflows.register import Record, record_type


@dataclass(frozen=True, slots=True)
class Noun:
    """One sheet's rows in the database.

    `refs`: key → (column, sheet whose row it names). `elsewhere`: keys that are not columns of the table itself.
    `contact`: keys that follow the workbook when they differ.
    """

    sheet: str
    model: type[db.Model]  # type: ignore[name-defined]
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    refs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    contact: frozenset[str] = frozenset()

    def key_of(self, record: Record) -> Any:
        """What a row is known by: one value, or several together."""
        if len(self.key) == 1:
            return record[self.key[0]]
        return tuple(record[name] for name in self.key)

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.columns, *self.refs, *self.elsewhere)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_CONTACT = frozenset({"address", "contact", "phone"})
_HANDLED = ("number", "handler", "customer")
NOUNS: dict[str, Noun] = {
    noun.sheet: noun
    for noun in (
        Noun("parameters", ParameterValue, ("name", "month"), _words("name month value")),
        Noun(
            "employees", Employee, ("number",),
            _words("number name kind department hired_on probation_until left_on base_pay phone"),
            contact=frozenset({"name", "department", "phone"}),
        ),
        Noun("base_pay_entries", BasePayEntry, ("employee", "month"), _words("month amount reason"), {"employee": ("employee_id", "employees")}),
        Noun(
            "service_promises", ServicePromise, ("plan", "severity"), ("severity",), {"plan": ("plan_id", "plans")},
            _words("hours respond onsite_in_town onsite_out_of_town propose restore"),
        ),
        Noun("calendar_days", CalendarDay, ("day",), _words("day working note")),
        Noun("customers", Customer, ("number",), _words("number name address in_town contact phone"), contact=_CONTACT),
        Noun(
            "projects", Project, ("number",), _words("number name accepted_on warranty_months"),
            {"customer": ("customer_id", "customers")}, ("plan",),
        ),
        Noun("makers", Maker, ("name",), _words("name onsite_service contact phone"), contact=_CONTACT),
        Noun(
            "devices", Device, ("serial",), _words("serial name model warranty_months maker_warranty_until"),
            {"maker": ("maker_id", "makers"), "project": ("project_id", "projects")},
        ),
        Noun(
            "tickets", Ticket, ("number",),
            _words(
                "number reported_at source reporter phone place fault severity urgency service_type out_of_warranty"
                " chargeable mode onsite_reason responded_at arrived_at proposed_at completed_at"
            ),
            {"customer": ("customer_id", "customers"), "serial": ("device_id", "devices")}, ("technicians",),
        ),
        Noun("waits", TicketWait, ("ticket", "started_at"), _words("started_at ended_at reason"), {"ticket": ("ticket_id", "tickets")}),
        Noun(
            "forms", FeedbackForm, ("ticket",), _words("fault inspection result satisfaction signed_by signed_at accepted_on"),
            {"ticket": ("visit_id", "visits")},
        ),
        Noun(
            "call_backs", CallBack, ("ticket", "called_on", "caller", "reached"), _words("called_on reached satisfaction remarks"),
            {"ticket": ("ticket_id", "tickets"), "caller": ("caller_id", "employees")},
        ),
        Noun(
            "complaints", Complaint, ("number",), _words("number received_on origin kind content verdict decided_on charged"),
            {"customer": ("customer_id", "customers"), "ticket": ("ticket_id", "tickets"), "employee": ("employee_id", "employees")},
        ),
        Noun(
            "parts_sales", PartsSale, ("number",),
            _words("sold_on terms circumstance agreed_payment_on approval_level approved_on"),
            {"serial": ("device_id", "devices")}, (*_HANDLED, "delivered_on", "lines"),
        ),
        Noun(
            "software_services", SoftwareService, ("number",), _words("reported_on content approval_level approved_on"),
            {}, (*_HANDLED, "fee", "completed_on"),
        ),
        Noun(
            "repairs", Repair, ("number",), _words("requested_on fee freight confirmed_on sent_on"),
            {"serial": ("device_id", "devices")}, ("number", "handler", "returned_on"),
        ),
        Noun("payments", Payment, ("number",), _words("number paid_on amount method remark"), {"document": ("receivable_id", "receivables")}),
        Noun(
            "expenses", Expense, ("number",),
            _words("number spent_on category amount reason reported_on invoice_number approved_on"),
            {"employee": ("employee_id", "employees"), "ticket": ("ticket_id", "tickets")},
        ),
        Noun(
            "decisions", OverdueCase, ("document",), _words("rate reason decided_on finding basis notified_on statement"),
            {"document": ("receivable_id", "receivables")},
        ),
    )
}  # fmt: skip

LINE_KEYS = _words("article specification unit quantity sale_price purchase_price other_costs")
LINES = record_type("lines", LINE_KEYS)
RECORDS = {sheet: record_type(sheet, noun.keys) for sheet, noun in NOUNS.items()}
# Which cells of a row name a row of another sheet.
REFERENCES: dict[str, dict[str, str]] = {
    "base_pay_entries": {"employee": "employees"},
    "projects": {"customer": "customers"},
    "devices": {"maker": "makers", "project": "projects"},
    "tickets": {"customer": "customers", "serial": "devices"},
    "waits": {"ticket": "tickets"},
    "forms": {"ticket": "tickets"},
    "call_backs": {"ticket": "tickets", "caller": "employees"},
    "complaints": {"customer": "customers", "ticket": "tickets", "employee": "employees"},
    "parts_sales": {"handler": "employees", "customer": "customers", "serial": "devices"},
    "software_services": {"handler": "employees", "customer": "customers"},
    "repairs": {"handler": "employees", "serial": "devices"},
    "expenses": {"employee": "employees", "ticket": "tickets"},
}
ARISES = {
    "parts_sales": "delivered_on",
    "software_services": "completed_on",
    "repairs": "returned_on",
}
DOCUMENT_SHEETS = {
    ReceivableKind.PARTS_SALE: "parts_sales",
    ReceivableKind.SOFTWARE_SERVICE: "software_services",
    ReceivableKind.REPAIR: "repairs",
}
