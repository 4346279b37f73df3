"""What must be right in a register before any of it goes in: masters, tickets and service."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from rules.complaint import ComplaintKind, Verdict
from rules.feedback_form import missing_parts, signed_too_early
from rules.parameter import named
from rules.period import SHANGHAI, Month
from rules.service_plan import PRESETS, parse_hours
from workflows.register import Record, Row
from workflows.register_merge import Entry, Merge, Status
from workflows.register_nouns import REFERENCES

HAPPENED = {
    "projects": ("accepted_on",),
    "tickets": ("reported_at", "responded_at", "arrived_at", "proposed_at", "completed_at"),
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
EARLY = {
    "responded_at": _l("响应早于报修，请核对时间"),
    "arrived_at": _l("到场早于报修，请核对时间"),
    "proposed_at": _l("方案早于报修，请核对时间"),
}
FORM_PARTS = ("fault", "inspection", "result", "satisfaction", "signed_by", "signed_at")


class Checks:
    """The checks of one import. `frozen` are the months already submitted."""

    def __init__(self, merge: Merge, moment: datetime, frozen: frozenset[Month]) -> None:
        self.merge = merge
        self.picture = merge.picture
        self.today = moment.astimezone(SHANGHAI).date()
        self.frozen = frozen
        self.plans = set(merge.store.ids["plans"]) | set(PRESETS)
        self.plans |= {entry.record["plan"] for entry in merge.entries["service_promises"]}
        self.plan_hours: dict[str, str] = dict(merge.store.plan_hours)

    def run(self, sheet: str) -> None:
        """Check every new or completed row of a sheet."""
        own = getattr(self, sheet, None)
        for entry in self.merge.entries[sheet]:
            if entry.status is Status.UNCHANGED:
                continue
            self.references(sheet, entry)
            self.not_in_the_future(sheet, entry)
            if own is not None:
                own(entry.row, entry.record, entry)

    def references(self, sheet: str, entry: Entry) -> None:
        """Every number named must be somewhere."""
        for key, target in REFERENCES.get(sheet, {}).items():
            for row in (entry.row, *entry.more_rows):
                value = row.values[key]
                if value is not None and value not in self.picture[target]:
                    sentence = _("没有“%(value)s”，请先登记或改正编号", value=value)
                    self.merge.fault(sheet, row, key, sentence)

    def not_in_the_future(self, sheet: str, entry: Entry) -> None:
        """What has already happened can't have happened after today."""
        for key in HAPPENED.get(sheet, ()):
            for row in (entry.row, *entry.more_rows):
                if self._to_come(row.values[key]):
                    sentence = _("在今天之后，还没有发生，请改正日期")
                    self.merge.fault(sheet, row, key, sentence)

    def _to_come(self, value: date | datetime | None) -> bool:
        if value is None:
            return False
        return (value.date() if isinstance(value, datetime) else value) > self.today

    def parameters(self, row: Row, record: Record, entry: Entry) -> None:
        """A known name, a value in its range, and no month already submitted, nor one before it."""
        if record["name"] is not None and named(record["name"]) is None:
            sentence = _("没有这个参数，请用制度中的名称")
            self.merge.fault("parameters", row, "name", sentence)
        last = max(self.frozen, default=None)
        if last is not None and record["month"] is not None and record["month"] <= last:
            self._frozen("parameters", row, last)

    def base_pay_entries(self, row: Row, record: Record, entry: Entry) -> None:
        """Not for a month already submitted."""
        if record["month"] in self.frozen:
            self._frozen("base_pay_entries", row, record["month"])

    def _frozen(self, sheet: str, row: Row, month: Month) -> None:
        sentence = _("%(month)s 已提交结算，不能再改。请先退回该月，或在下月更正", month=month)
        self.merge.fault(sheet, row, "month", sentence)

    def service_promises(self, row: Row, record: Record, entry: Entry) -> None:
        """Hours that can be read and agree; no preset redefined."""
        plan, hours = row.values["plan"], row.values["hours"]
        if plan in PRESETS:
            sentence = _("预置的服务级别不能改，请另取名称")
            self.merge.fault("service_promises", row, "plan", sentence)
        elif hours is not None:
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
        people = self.picture["employees"]
        unknown = [n for n in row.values["technicians"] or () if n not in people]
        if unknown:
            sentence = _("没有工号“%(number)s”，请先登记或改正", number=_("、").join(unknown))
            self.merge.fault("tickets", row, "technicians", sentence)
        reported, done = record["reported_at"], record["completed_at"]
        for key, early in EARLY.items():
            if self._before(record[key], reported):
                self.merge.fault("tickets", row, key, str(early))
        earlier = (reported, record["responded_at"], record["arrived_at"])
        if any(self._before(done, moment) for moment in earlier):
            sentence = _("完成早于报修、响应或到场，请核对时间")
            self.merge.fault("tickets", row, "completed_at", sentence)

    def _before(self, later: datetime | None, earlier: datetime | None) -> bool:
        """Whether two times are out of order; one that is still to come is a fault of its own."""
        if later is None or earlier is None or self._to_come(earlier):
            return False
        return later < earlier

    def waits(self, row: Row, record: Record, entry: Entry) -> None:
        """A wait ends after it starts."""
        if self._before(record["ended_at"], record["started_at"]):
            self.merge.fault("waits", row, "ended_at", _("结束早于开始，请核对时间"))

    def forms(self, row: Row, record: Record, entry: Entry) -> None:
        """Signed after the visit; accepted only if complete (R4.2)."""
        number = record["ticket"]
        ticket = self.picture["tickets"].get(number)
        if (
            ticket is not None
            and self.merge.readable("tickets", number, "completed_at")
            and signed_too_early(record["signed_at"], ticket["completed_at"])
        ):
            sentence = _("签字早于服务完成，或服务还没有完成（R4.2）")
            self.merge.fault("forms", row, "signed_at", sentence)
        if record["accepted_on"] is not None:
            for part in missing_parts(*(record[key] for key in FORM_PARTS)):
                sentence = _("反馈单不完整，不能审核：缺这一项（R4.2）")
                self.merge.fault("forms", row, part, sentence)

    def call_backs(self, row: Row, record: Record, entry: Entry) -> None:
        """Nobody calls back on his own visit (R4.4)."""
        ticket = self.picture["tickets"].get(record["ticket"])
        if ticket is not None and record["caller"] in (ticket["technicians"] or ()):
            sentence = _("回访人参加了这次服务，须换人回访（R4.4）")
            self.merge.fault("call_backs", row, "caller", sentence)

    def complaints(self, row: Row, record: Record, entry: Entry) -> None:
        """A verdict has its date, a private charge its amount (R4.5)."""
        verdict: Any = record["verdict"]
        if verdict not in (None, Verdict.OPEN) and record["decided_on"] is None:
            self.merge.fault("complaints", row, "decided_on", _("有了核实结果，缺核实日期"))
        upheld_charge = record["kind"] is ComplaintKind.PRIVATE_CHARGE and verdict is Verdict.UPHELD
        if upheld_charge and record["charged"] is None:
            self.merge.fault("complaints", row, "charged", _("私自收费属实，缺收取的金额（R8.1）"))
