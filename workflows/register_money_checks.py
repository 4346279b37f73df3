"""What must be right in a register before any of it goes in: sales, services, repairs, money and decisions."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from rules.expense import Refusal, refusal
from rules.money import ZERO
from rules.overdue_case import opening_day, paid_in_time
from rules.parameter import ParameterHistory
from rules.parts_sale import ApprovalLevel, DeliveryRefusal, delivery_refusals, level_suffices
from rules.period import Month
from rules.receivable import ReceivableKind, fully_paid_on, outstanding
from rules.repair import sent_unconfirmed
from rules.software_service import charged_too_early
from rules.ticket import ServiceMode
from workflows.register import Record, Row
from workflows.register_checks import Checks
from workflows.register_merge import Entry, Status
from workflows.register_store import ARISES, DOCUMENT_SHEETS, document_total

REFUSALS = {
    Refusal.NO_REASON: "reason",
    Refusal.NOT_REPORTED: "reported_on",
    Refusal.REPORTED_LATE: "reported_on",
}


class MoneyChecks(Checks):
    """The checks on documents, with all payments at hand."""

    history: ParameterHistory

    def prepare(self, history: ParameterHistory) -> None:
        """Take the parameters, and put known and new payments together by document."""
        self.history = history
        self.documents: dict[str, tuple[str, Record]] = {}
        for sheet in DOCUMENT_SHEETS.values():
            for number, record in self.picture[sheet].items():
                self.documents.setdefault(number, (sheet, record))
        self.paid: dict[str, list[tuple[date, Decimal]]] = defaultdict(
            list, self.merge.store.payments()
        )
        for entry in self.merge.entries["payments"]:
            record = entry.record
            if (
                entry.status is Status.NEW
                and record["amount"] is not None
                and record["paid_on"] is not None
            ):
                self.paid[record["document"]].append((record["paid_on"], record["amount"]))
        self.running = dict.fromkeys(self.documents, ZERO)
        for number, payments in self.merge.store.payments().items():
            self.running[number] = sum((amount for _day, amount in payments), ZERO)

    def _unique_document(self, sheet: str, row: Row, record: Record) -> None:
        if record["number"] is not None and self.documents[record["number"]][0] != sheet:
            self.merge.fault(sheet, row, "number", _("这个单号已用于另一种单据，请换一个"))

    def _level(
        self, sheet: str, row: Row, record: Record, amount: Decimal, day: date | None
    ) -> bool:
        """Whether the level given is high enough, by the threshold of the month of the approval."""
        level: ApprovalLevel | None = record["approval_level"]
        if level is None or day is None:
            return level is not None
        threshold = self.history.of(Month.of(day)).amount("credit_threshold")
        if level_suffices(level, amount, threshold):
            return True
        sentence = _(
            "金额 %(amount)s 达到限额 %(threshold)s，须公司领导审批（R6.2）",
            amount=amount,
            threshold=threshold,
        )
        self.merge.fault(sheet, row, "approval_level", sentence)
        return False

    def parts_sales(self, row: Row, record: Record, entry: Entry) -> None:
        """Delivery waits for full payment or an approved credit (R6.2)."""
        self._unique_document("parts_sales", row, record)
        total = document_total("parts_sales", record)
        self._level(
            "parts_sales",
            row,
            record,
            total,
            record["approved_on"] or record["sold_on"],
        )
        if record["delivered_on"] is not None:
            self._delivery(row, record, total)

    def _delivery(self, row: Row, record: Record, total: Decimal) -> None:
        level, approved, day = (
            record[key] for key in ("approval_level", "approved_on", "delivered_on")
        )
        owed = outstanding(total, self.paid[record["number"]], day)
        on_credit = _("赊销发货前须有审批级别和审批日期（R6.2）")
        said = {
            DeliveryRefusal.NOT_PAID: (
                "delivered_on",
                _("货款未付清就发货，又没有赊销审批（R6.2）"),
            ),
            DeliveryRefusal.NO_LEVEL: ("approval_level", on_credit),
            DeliveryRefusal.NO_APPROVAL_DATE: ("approved_on", on_credit),
            DeliveryRefusal.APPROVED_LATE: (
                "approved_on",
                _("审批晚于发货，须先批后发（R6.2）"),
            ),
        }
        for why in delivery_refusals(owed, record["terms"], level, approved, day):
            self.merge.fault("parts_sales", row, *said[why])

    def software_services(self, row: Row, record: Record, entry: Entry) -> None:
        """Approved high enough, and before the customer pays (R6.3)."""
        self._unique_document("software_services", row, record)
        approved = record["approved_on"]
        if record["fee"] is not None:
            self._level(
                "software_services",
                row,
                record,
                record["fee"],
                approved or record["reported_on"],
            )
        first = min((day for day, _amount in self.paid[record["number"]]), default=None)
        if charged_too_early(approved, first):
            self.merge.fault(
                "software_services",
                row,
                "approved_on",
                _("%(day)s 已收款，须先批准后收费（R6.3）", day=first),
            )

    def repairs(self, row: Row, record: Record, entry: Entry) -> None:
        """A chargeable repair is sent only after the customer confirmed (R5.2)."""
        self._unique_document("repairs", row, record)
        charged = document_total("repairs", record) > 0
        if sent_unconfirmed(charged, record["confirmed_on"], record["sent_on"]):
            self.merge.fault(
                "repairs", row, "confirmed_on", _("收费维修须客户确认后才送修（R5.2）")
            )

    def payments(self, row: Row, record: Record, entry: Entry) -> None:
        """On a document that is known, and never above its total (R6.4)."""
        number = record["document"]
        if number is None:
            return
        if number not in self.documents:
            self.merge.fault(
                "payments",
                row,
                "document",
                _("没有单据“%(value)s”，请先登记或改正编号", value=number),
            )
            return
        if record["amount"] is None or entry.status is not Status.NEW:
            return
        sheet, document = self.documents[number]
        total = document_total(sheet, document)
        self.running[number] += record["amount"]
        if self.running[number] > total:
            sentence = _(
                "收款合计 %(paid)s 超过应收 %(total)s（R6.4）",
                paid=self.running[number],
                total=total,
            )
            self.merge.fault("payments", row, "amount", sentence)
        known = self.merge.store.known["software_services"].get(number)
        if known and charged_too_early(document.get("approved_on"), record["paid_on"]):
            self.merge.fault("payments", row, "paid_on", _("软件服务批准前不能收费（R6.3）"))

    def expenses(self, row: Row, record: Record, entry: Entry) -> None:
        """Only for the claimant's own on-site ticket; taxi and freight by R7.7."""
        ticket = self.picture["tickets"].get(record["ticket"])
        if (
            ticket
            and record["employee"] is not None
            and not _served_on_site(ticket, record["employee"])
        ):
            self.merge.fault(
                "expenses", row, "ticket", _("不是该员工的现场服务单，不能报销（R7.7）")
            )
        if (
            record["approved_on"] is None
            or record["category"] is None
            or record["spent_on"] is None
        ):
            return
        why = refusal(
            record["category"],
            record["reason"],
            record["reported_on"],
            record["spent_on"],
        )
        if why is not None:
            sentence = _("出租车和货运须紧急或大宗物品，且事前申报，才能报销（R7.7）")
            self.merge.fault("expenses", row, REFUSALS[why], sentence)

    def decisions(self, row: Row, record: Record, entry: Entry) -> None:
        """On an open case of a kind that is deducted, with a rate in range (R8.2, R8.3)."""
        number, decided, rate = record["document"], record["decided_on"], record["rate"]
        if decided is not None and rate is not None:
            rates = self.history.of(Month.of(decided))
            least, most = (
                rates.amount("deduction_rate_min"),
                rates.amount("deduction_rate_max"),
            )
            if not least <= rate <= most:
                sentence = _(
                    "承担比例须在 %(least)s 到 %(most)s 之间（R8.3）",
                    least=least,
                    most=most,
                )
                self.merge.fault("decisions", row, "rate", sentence)
        if number is None:
            return
        if number not in self.documents:
            self.merge.fault(
                "decisions",
                row,
                "document",
                _("没有单据“%(value)s”，请先登记或改正编号", value=number),
            )
            return
        self._case_is_open(row, number, decided)

    def _case_is_open(self, row: Row, number: str, decided: date | None) -> None:
        sheet, document = self.documents[number]
        arose = document[ARISES[sheet]]
        kind = next(kind for kind, name in DOCUMENT_SHEETS.items() if name == sheet)
        if arose is None:
            self.merge.fault("decisions", row, "document", _("这张单据还没有产生应收款（R6.4）"))
            return
        rates = self.history.of(Month.of(arose))
        months = rates.count("overdue_months")
        paid_on = fully_paid_on(document_total(sheet, document), self.paid[number])
        if ReceivableKind(kind) not in rates.overdue_kinds:
            self.merge.fault("decisions", row, "document", _("这类单据不在逾期扣款范围内（R8.2）"))
        elif paid_in_time(paid_on, arose, months):
            self.merge.fault("decisions", row, "document", _("已按期付清，没有逾期案件（R8.2）"))
        elif decided is not None and decided < opening_day(arose, months):
            opened = opening_day(arose, months)
            self.merge.fault(
                "decisions",
                row,
                "decided_on",
                _("早于立案日 %(day)s（R8.2）", day=opened),
            )


def _served_on_site(ticket: Record, employee: str) -> bool:
    return ticket["mode"] is ServiceMode.ONSITE and employee in (ticket["technicians"] or ())
