"""What is odd in a register, but happens: it goes in, with a warning."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from rules.employee import EmployeeKind, employed_on
from rules.feedback_form import contradicts
from rules.period import business_day
from rules.phone import usual_phone
from rules.warranty import in_warranty, warranty_end
from workflows.register import Record, Row
from workflows.register_merge import Entry, Merge, Status
from workflows.register_nouns import ARISES

# Who stands on a row, and on which of its days.
PEOPLE = {
    "tickets": ("technicians", ("completed_at", "reported_at")),
    "call_backs": ("caller", ("called_on",)),
    "complaints": ("employee", ("received_on",)),
    "parts_sales": ("handler", ("sold_on",)),
    "software_services": ("handler", ("reported_on",)),
    "repairs": ("handler", ("requested_on",)),
    "expenses": ("employee", ("spent_on",)),
}
PHONES = ("employees", "customers", "makers", "tickets")
LOW = 2


class Warnings:
    """Names what is odd in new and completed rows."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge
        self.picture = merge.picture
        low = [e.record["ticket"] for e in merge.entries["forms"] if _unhappy(e.record)]
        self.complained = merge.store.complained(low) | {
            entry.record["ticket"] for entry in merge.entries["complaints"]
        }

    def run(self, sheet: str) -> None:
        """Look at every new or completed row of a sheet."""
        own = getattr(self, sheet, None)
        for entry in self.merge.entries[sheet]:
            if entry.status is Status.UNCHANGED:
                continue
            if sheet in PHONES:
                self.phone(sheet, entry.row)
            if sheet in PEOPLE:
                self.people(sheet, entry)
            if own is not None:
                own(entry.row, entry.record)

    def phone(self, sheet: str, row: Row) -> None:
        """A phone number of unusual form."""
        number = row.values["phone"]
        if number and not usual_phone(number):
            self.merge.warn(sheet, row, "phone", _("电话号码的样子不常见，请核对"))

    def people(self, sheet: str, entry: Entry) -> None:
        """Someone outside his employment, or of kind 其他 as handler."""
        key, days = PEOPLE[sheet]
        row = entry.row_with(key)
        day = next((entry.record[d] for d in days if entry.record[d] is not None), None)
        for number in _several(row.values[key]):
            person = self.picture["employees"].get(number)
            if person is None:
                continue
            if day is not None and not employed_on(
                person["hired_on"], person["left_on"], _day(day)
            ):
                sentence = _("%(number)s 那天不在职", number=number)
                self.merge.warn(sheet, row, key, sentence)
            if sheet in ARISES and person["kind"] is EmployeeKind.OTHER:
                sentence = _("经手人 %(number)s 的类别是“其他”，不参加结算", number=number)
                self.merge.warn(sheet, row, key, sentence)

    def tickets(self, row: Row, record: Record) -> None:
        """是否过保 other than computed: taken as the clerk's override (R1.4)."""
        said, reported = row.values["out_of_warranty"], record["reported_at"]
        device = self.picture["devices"].get(record["serial"])
        project = device and self.picture["projects"].get(device["project"])
        if said is None or reported is None or not device or not project:
            return
        end = warranty_end(
            project["accepted_on"],
            project["warranty_months"],
            device["warranty_months"],
            self.merge.store.extended.get(record["serial"], 0),
        )
        if said is in_warranty(project["accepted_on"], end, business_day(reported)):
            sentence = _("与按设备算出的不同，按填写的算（R1.4）")
            self.merge.warn("tickets", row, "out_of_warranty", sentence)

    def forms(self, row: Row, record: Record) -> None:
        """An unhappy customer without a complaint."""
        if _unhappy(record) and record["ticket"] not in self.complained:
            self.merge.warn("forms", row, "satisfaction", _("满意度不高于 2，却没有投诉记录"))

    def call_backs(self, row: Row, record: Record) -> None:
        """A call that contradicts the form (R4.4)."""
        form = self.picture["forms"].get(record["ticket"])
        if form and record["reached"] and contradicts(form["satisfaction"], record["satisfaction"]):
            sentence = _("与反馈单满意度相差 2 以上，该次服务记为有疑问（R4.4）")
            self.merge.warn("call_backs", row, "satisfaction", sentence)


def _unhappy(form: Record) -> bool:
    return form["satisfaction"] is not None and form["satisfaction"] <= LOW


def _several(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _day(value: date | datetime) -> date:
    return business_day(value) if isinstance(value, datetime) else value
