"""What must be right in a register before any of it goes in: masters, tickets and service."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from rules.complaint import ComplaintKind, Verdict
from rules.feedback_form import contradicts, missing_parts, signed_too_early
from rules.parameter import named
from rules.period import SHANGHAI, Month
from rules.service_plan import PRESETS, parse_hours
from workflows.register import Record, Row
from workflows.register_merge import Entry, Merge

HAPPENED = {
    "projects": ("accepted_on",),
    "tickets": (
        "reported_at",
        "responded_at",
        "arrived_at",
        "proposed_at",
        "completed_at",
    ),
    "waits": ("started_at", "ended_at"),
    "forms": ("signed_at", "accepted_on"),
    "call_backs": ("called_on",),
    "complaints": ("received_on", "decided_on"),
    "parts_sales": ("sold_on", "approved_on", "delivered_on"),
    "software_services": ("reported_on", "approved_on", "completed_on"),
    "repairs": ("requested_on", "confirmed_on", "sent_on", "returned_on"),
    "payments": ("paid_on",),
    "expenses": ("spent_on", "reported_on", "approved_on"),
    "decisions": ("decided_on", "notified_on"),
}
REFERENCES = {
    "base_pay_entries": {"employee": "employees"},
    "projects": {"customer": "customers"},
    "devices": {"maker": "makers", "project": "projects"},
    "tickets": {"customer": "customers", "serial": "devices"},
    "waits": {"ticket": "tickets"},
    "forms": {"ticket": "tickets"},
    "call_backs": {"ticket": "tickets", "caller": "employees"},
    "complaints": {
        "customer": "customers",
        "ticket": "tickets",
        "employee": "employees",
    },
    "parts_sales": {
        "handler": "employees",
        "customer": "customers",
        "serial": "devices",
    },
    "software_services": {"handler": "employees", "customer": "customers"},
    "repairs": {"handler": "employees", "serial": "devices"},
    "expenses": {"employee": "employees", "ticket": "tickets"},
}


class Checks:
    """The checks of one import. `frozen` are the months already submitted."""

    def __init__(self, merge: Merge, moment: datetime, frozen: frozenset[Month]) -> None:
        self.merge = merge
        self.picture = merge.picture
        self.now = moment
        self.today = moment.astimezone(SHANGHAI).date()
        self.last_frozen = max(frozen, default=None)
        self.plans = set(merge.store.plan_names) | {
            entry.record["plan"] for entry in merge.entries["service_promises"]
        }
        self.plan_hours: dict[str, str] = dict(merge.store.plan_hours)

    def run(self, sheet: str) -> None:
        """Check every new or completed row of a sheet."""
        own = getattr(self, sheet, None)
        for entry in self.merge.entries[sheet]:
            if entry.status.value == "unchanged":
                continue
            self.references(sheet, entry)
            self.not_in_the_future(sheet, entry)
            if own is not None:
                own(entry.row, entry.record, entry)

    def _known(self, sheet: str, key: Any) -> Record | None:
        return self.picture[sheet].get(key)

    def references(self, sheet: str, entry: Entry) -> None:
        """Every number named must be somewhere."""
        for key, target in REFERENCES.get(sheet, {}).items():
            value = entry.record[key]
            if value is not None and value not in self.picture[target]:
                sentence = _("没有“%(value)s”，请先登记或改正编号", value=value)
                self.merge.fault(sheet, entry.row, key, sentence)

    def not_in_the_future(self, sheet: str, entry: Entry) -> None:
        """What has already happened can't have happened after today."""
        for key in HAPPENED.get(sheet, ()):
            value = entry.row.values.get(key)
            if isinstance(value, datetime):
                late = value > self.now
            else:
                late = isinstance(value, date) and value > self.today
            if late:
                self.merge.fault(sheet, entry.row, key, _("在今天之后，还没有发生，请改正日期"))

    def parameters(self, row: Row, record: Record, entry: Entry) -> None:
        """A known name, a value in its range, and no month already submitted."""
        name = named(record["name"] or "")
        if name is None:
            self.merge.fault("parameters", row, "name", _("没有这个参数，请用制度中的名称"))
            return
        self._not_frozen("parameters", row, record)

    def _not_frozen(self, sheet: str, row: Row, record: Record) -> None:
        month = record["month"]
        if self.last_frozen is not None and month is not None and month <= self.last_frozen:
            sentence = _(
                "%(month)s 已提交结算，不能再改。请先退回该月，或在下月更正",
                month=self.last_frozen,
            )
            self.merge.fault(sheet, row, "month", sentence)

    def base_pay_entries(self, row: Row, record: Record, entry: Entry) -> None:
        """Not for a month already submitted."""
        self._not_frozen("base_pay_entries", row, record)

    def service_promises(self, row: Row, record: Record, entry: Entry) -> None:
        """Hours that can be read and agree; durations that can be read; no preset redefined."""
        plan, hours = row.values["plan"], row.values["hours"]
        if plan in PRESETS:
            self.merge.fault("service_promises", row, "plan", _("预置的服务级别不能改，请另取名称"))
            return
        if hours is not None:
            self._hours(row, plan, hours)

    def _hours(self, row: Row, plan: str, hours: str) -> None:
        try:
            parsed = parse_hours(hours)
        except ValueError:
            sentence = _(
                "看不懂“%(hours)s”，应写成 7×24、5×8 或 周一至周五 08:30-12:00",
                hours=hours,
            )
            self.merge.fault("service_promises", row, "hours", sentence)
            return
        if parse_hours(self.plan_hours.setdefault(plan, hours)) != parsed:
            sentence = _("与该级别其他行不一致：那里是“%(hours)s”", hours=self.plan_hours[plan])
            self.merge.fault("service_promises", row, "hours", sentence)

    def projects(self, row: Row, record: Record, entry: Entry) -> None:
        """A plan that is known."""
        if record["plan"] is not None and record["plan"] not in self.plans:
            sentence = _("没有服务级别“%(plan)s”，请先在“服务级别”中登记", plan=record["plan"])
            self.merge.fault("projects", row, "plan", sentence)

    def tickets(self, row: Row, record: Record, entry: Entry) -> None:
        """People that are known and times in order."""
        for number in record["technicians"] or ():
            if number not in self.picture["employees"]:
                self.merge.fault(
                    "tickets",
                    row,
                    "technicians",
                    _("没有工号“%(number)s”", number=number),
                )
                break
        for key, word in (
            ("responded_at", _("响应")),
            ("arrived_at", _("到场")),
            ("proposed_at", _("方案")),
        ):
            if _before(record[key], record["reported_at"]):
                self.merge.fault("tickets", row, key, _("%(word)s早于报修，请核对时间", word=word))
        done = record["completed_at"]
        if any(_before(done, record[k]) for k in ("reported_at", "responded_at", "arrived_at")):
            self.merge.fault(
                "tickets",
                row,
                "completed_at",
                _("完成早于报修、响应或到场，请核对时间"),
            )

    def waits(self, row: Row, record: Record, entry: Entry) -> None:
        """A wait ends after it starts."""
        if _before(record["ended_at"], record["started_at"]):
            self.merge.fault("waits", row, "ended_at", _("结束早于开始，请核对时间"))

    def forms(self, row: Row, record: Record, entry: Entry) -> None:
        """Signed after the visit; accepted only if complete (R4.2)."""
        ticket = self._known("tickets", record["ticket"])
        if ticket is None:
            return
        if signed_too_early(record["signed_at"], ticket["completed_at"]) and ticket["reported_at"]:
            self.merge.fault(
                "forms",
                row,
                "signed_at",
                _("签字早于服务完成，或服务还没有完成（R4.2）"),
            )
        if record["accepted_on"] is not None:
            for part in missing_parts(*(record[key] for key in FORM_PARTS)):
                self.merge.fault("forms", row, part, _("反馈单不完整，不能审核：缺这一项（R4.2）"))
        low = record["satisfaction"] is not None and record["satisfaction"] <= 2
        if low and not any(
            c["ticket"] == record["ticket"] for c in self.picture["complaints"].values()
        ):
            self.merge.warn("forms", row, "satisfaction", _("满意度不高于 2，却没有投诉记录"))

    def call_backs(self, row: Row, record: Record, entry: Entry) -> None:
        """Nobody calls back on his own visit (R4.4)."""
        ticket, form = (
            self._known("tickets", record["ticket"]),
            self._known("forms", record["ticket"]),
        )
        if ticket and record["caller"] in (ticket["technicians"] or ()):
            self.merge.fault(
                "call_backs",
                row,
                "caller",
                _("回访人参加了这次服务，须换人回访（R4.4）"),
            )
        if form and record["reached"] and contradicts(form["satisfaction"], record["satisfaction"]):
            self.merge.warn(
                "call_backs",
                row,
                "satisfaction",
                _("与反馈单满意度相差 2 以上，该次服务记为有疑问（R4.4）"),
            )

    def complaints(self, row: Row, record: Record, entry: Entry) -> None:
        """A verdict has its date, a private charge its amount (R4.5)."""
        if record["verdict"] not in (None, Verdict.OPEN) and record["decided_on"] is None:
            self.merge.fault("complaints", row, "decided_on", _("有了核实结果，缺核实日期"))
        upheld_charge = (
            record["kind"] is ComplaintKind.PRIVATE_CHARGE and record["verdict"] is Verdict.UPHELD
        )
        if upheld_charge and record["charged"] is None:
            self.merge.fault("complaints", row, "charged", _("私自收费属实，缺收取的金额（R8.1）"))


FORM_PARTS = ("fault", "inspection", "result", "satisfaction", "signed_by", "signed_at")


def _before(later: datetime | None, earlier: datetime | None) -> bool:
    return later is not None and earlier is not None and later < earlier
