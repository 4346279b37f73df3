"""What must be right in a register before any of it goes in: sales, services, repairs, money and decisions."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from rules.expense import ExpenseReason, Refusal, refusal
from rules.money import ZERO
from rules.overdue_case import opening_day, paid_in_time, rate_allowed
from rules.parameter import ParameterHistory, Parameters
from rules.parts_sale import (
    ApprovalLevel,
    DeliveryRefusal,
    delivery_refusals,
    level_suffices,
    net_profit,
    sale_total,
)
from rules.period import Month
from rules.receivable import fully_paid_on, outstanding
from rules.repair import sent_unconfirmed
from rules.software_service import charged_too_early
from rules.ticket import ServiceMode
from workflows.parameter import setting
from workflows.register import Record, Row
from workflows.register_checks import Checks
from workflows.register_documents import articles, document_total
from workflows.register_merge import Entry, Status
from workflows.register_nouns import ARISES, DOCUMENT_SHEETS

REFUSALS = {
    Refusal.NO_REASON: "reason",
    Refusal.NOT_REPORTED: "reported_on",
    Refusal.REPORTED_LATE: "reported_on",
}
DELIVERY_CELLS = {
    DeliveryRefusal.NOT_PAID: "delivered_on",
    DeliveryRefusal.NO_LEVEL: "approval_level",
    DeliveryRefusal.NO_APPROVAL_DATE: "approved_on",
    DeliveryRefusal.APPROVED_LATE: "approved_on",
}
SUM_CELLS = ("quantity", "sale_price", "fee", "freight")
MOST = Decimal(10**12)


class MoneyChecks(Checks):
    """The checks on documents, with all payments at hand."""

    history: ParameterHistory

    def prepare(self, history: ParameterHistory) -> None:
        """Take the parameters, and put known and new payments together by document."""
        self.history = history
        self._versions: dict[Month, Parameters] = {}
        self.effective = setting("effective_date")
        self.documents: dict[str, tuple[str, Record]] = {}
        for number, kind in self.merge.store.document_kinds.items():
            sheet = DOCUMENT_SHEETS[kind]
            self.documents[number] = (sheet, self.picture[sheet][number])
        for sheet in DOCUMENT_SHEETS.values():
            for number, record in self.picture[sheet].items():
                self.documents.setdefault(number, (sheet, record))
        self._gather_payments()
        self.checked_services = {
            entry.record["number"]
            for entry in self.merge.entries["software_services"]
            if entry.status is not Status.UNCHANGED
        }

    def _gather_payments(self) -> None:
        known = self.merge.store.payments
        self.paid = defaultdict(list, {number: list(paid) for number, paid in known.items()})
        self.running = {n: sum((amount for _d, amount in paid), ZERO) for n, paid in known.items()}
        self.unsure: set[str] = set()  # documents of which a payment could not be read
        for entry in self.merge.entries["payments"]:
            if entry.status is not Status.NEW:
                continue
            number, day, amount = (entry.record[k] for k in ("document", "paid_on", "amount"))
            if amount is None or day is None:
                self.unsure.add(number)
            else:
                self.paid[number].append((day, amount))

    def _rates(self, day: date) -> Parameters:
        month = Month.of(day)
        if month not in self._versions:
            self._versions[month] = self.history.of(month)
        return self._versions[month]

    def _unique_document(self, sheet: str, entry: Entry) -> None:
        number = entry.record["number"]
        if number is not None and self.documents[number][0] != sheet:
            sentence = _("这个单号已用于另一种单据，请换一个")
            self.merge.fault(sheet, entry.row, "number", sentence)

    def _level(self, sheet: str, entry: Entry, amount: Decimal, day: date | None) -> None:
        """The level given is high enough, by the threshold of the month of the approval."""
        level: ApprovalLevel | None = entry.record["approval_level"]
        if level is None or day is None:
            return
        threshold = self._rates(day).amount("credit_threshold")
        if not level_suffices(level, amount, threshold):
            sentence = _(
                "金额 %(amount)s 达到限额 %(threshold)s，须公司领导审批（R6.2）",
                amount=amount,
                threshold=threshold,
            )
            row = entry.row_with("approval_level")
            self.merge.fault(sheet, row, "approval_level", sentence)

    def parts_sales(self, row: Row, record: Record, entry: Entry) -> None:
        """Delivery waits for full payment or an approved credit (R6.2)."""
        self._unique_document("parts_sales", entry)
        self._not_too_much(entry)
        number = record["number"]
        if number is None or not self.merge.readable("parts_sales", number, *SUM_CELLS):
            return
        total = document_total("parts_sales", record)
        self._level("parts_sales", entry, total, record["approved_on"] or record["sold_on"])
        sure = number not in self.unsure and self.merge.readable("parts_sales", number, "terms")
        if record["delivered_on"] is not None and sure:
            self._delivery(entry, total)

    def _not_too_much(self, entry: Entry) -> None:
        """Amounts that can be kept: a line stays below 10^12 yuan."""
        lines = articles(entry.record["lines"])
        for row, line in zip((entry.row, *entry.more_rows), lines, strict=False):
            if sale_total([line]) >= MOST or abs(net_profit([line])) >= MOST:
                sentence = _("数量乘单价太大，请核对")
                self.merge.fault("parts_sales", row, "quantity", sentence)

    def _delivery(self, entry: Entry, total: Decimal) -> None:
        record = entry.record
        level, approved, day = (
            record[key] for key in ("approval_level", "approved_on", "delivered_on")
        )
        owed = outstanding(total, self.paid[record["number"]], day)
        on_credit = _("赊销发货前须有审批级别和审批日期（R6.2）")
        said = {
            DeliveryRefusal.NOT_PAID: _("货款未付清就发货，又没有赊销审批（R6.2）"),
            DeliveryRefusal.NO_LEVEL: on_credit,
            DeliveryRefusal.NO_APPROVAL_DATE: on_credit,
            DeliveryRefusal.APPROVED_LATE: _("审批晚于发货，须先批后发（R6.2）"),
        }
        for why in delivery_refusals(owed, record["terms"], level, approved, day):
            key = DELIVERY_CELLS[why]
            self.merge.fault("parts_sales", entry.row_with(key), key, said[why])

    def software_services(self, row: Row, record: Record, entry: Entry) -> None:
        """Approved high enough, and before the customer pays (R6.3)."""
        self._unique_document("software_services", entry)
        approved = record["approved_on"]
        if record["fee"] is not None:
            day = approved or record["reported_on"]
            self._level("software_services", entry, record["fee"], day)
        first = min((day for day, _amount in self.paid[record["number"]]), default=None)
        if charged_too_early(approved, first):
            sentence = _("%(day)s 已收款，须先批准后收费（R6.3）", day=first)
            self.merge.fault("software_services", row, "approved_on", sentence)

    def repairs(self, row: Row, record: Record, entry: Entry) -> None:
        """A chargeable repair is sent only after the customer confirmed (R5.2)."""
        self._unique_document("repairs", entry)
        charged = document_total("repairs", record) > 0
        if sent_unconfirmed(charged, record["confirmed_on"], record["sent_on"]):
            sentence = _("收费维修须客户确认后才送修（R5.2）")
            self.merge.fault("repairs", row, "confirmed_on", sentence)

    def payments(self, row: Row, record: Record, entry: Entry) -> None:
        """On a document that is known, and never above its total (R6.4)."""
        number, amount = record["document"], record["amount"]
        if number is None or entry.status is not Status.NEW:
            return
        if number not in self.documents:
            sentence = _("没有单据“%(value)s”，请先登记或改正编号", value=number)
            self.merge.fault("payments", row, "document", sentence)
            return
        sheet, document = self.documents[number]
        if amount is not None and self.merge.readable(sheet, number, *SUM_CELLS):
            self._not_above(row, number, amount, document_total(sheet, document))
        if (
            sheet == "software_services"
            and number not in self.checked_services  # there it is named already
            and charged_too_early(document["approved_on"], record["paid_on"])
        ):
            self.merge.fault("payments", row, "paid_on", _("软件服务批准前不能收费（R6.3）"))

    def _not_above(self, row: Row, number: str, amount: Decimal, total: Decimal) -> None:
        self.running[number] = self.running.get(number, ZERO) + amount
        if self.running[number] > total:
            sentence = _(
                "收款合计 %(paid)s 超过应收 %(total)s（R6.4）",
                paid=self.running[number],
                total=total,
            )
            self.merge.fault("payments", row, "amount", sentence)

    def expenses(self, row: Row, record: Record, entry: Entry) -> None:
        """Only for the claimant's own on-site ticket; taxi and freight by R7.7."""
        number, employee = record["ticket"], record["employee"]
        ticket = self.picture["tickets"].get(number)
        if (
            ticket is not None
            and employee is not None
            and self.merge.readable("tickets", number, "mode", "technicians")
            and not _served_on_site(ticket, employee)
        ):
            sentence = _("不是该员工的现场服务单，不能报销（R7.7）")
            self.merge.fault("expenses", row, "ticket", sentence)
        if record["approved_on"] is None or not (record["category"] and record["spent_on"]):
            return
        sentence = _("出租车和货运须紧急或大宗物品，且事前申报，才能报销（R7.7）")
        # A claim without a good reason may be unreported besides.
        for reason in dict.fromkeys((record["reason"], ExpenseReason.URGENT)):
            why = refusal(record["category"], reason, record["reported_on"], record["spent_on"])
            if why is not None:
                self.merge.fault("expenses", row, REFUSALS[why], sentence)

    def decisions(self, row: Row, record: Record, entry: Entry) -> None:
        """On an open case of a kind that is deducted, with a rate in range (R8.2, R8.3)."""
        number, decided, rate = record["document"], record["decided_on"], record["rate"]
        if decided is not None and rate is not None:
            rates = self._rates(decided)
            least, most = rates.amount("deduction_rate_min"), rates.amount("deduction_rate_max")
            if not rate_allowed(rate, least, most):
                sentence = _(
                    "承担比例须在 %(least)s 到 %(most)s 之间（R8.3）", least=least, most=most
                )
                self.merge.fault("decisions", row, "rate", sentence)
        if number is None:
            return
        if number not in self.documents:
            sentence = _("没有单据“%(value)s”，请先登记或改正编号", value=number)
            self.merge.fault("decisions", row, "document", sentence)
            return
        self._case_is_open(row, number, decided)

    def _case_is_open(self, row: Row, number: str, decided: date | None) -> None:
        sheet, document = self.documents[number]
        arose = document[ARISES[sheet]]
        if not self.merge.readable(sheet, number, ARISES[sheet], *SUM_CELLS):
            return
        if arose is None or not document_total(sheet, document):
            sentence = _("这张单据还没有产生应收款（R6.4）")
            self.merge.fault("decisions", row, "document", sentence)
            return
        rates = self._rates(arose)
        months = rates.count("overdue_months")
        opened = opening_day(arose, months)
        paid_on = fully_paid_on(document_total(sheet, document), self.paid[number])
        if not any(DOCUMENT_SHEETS[kind] == sheet for kind in rates.overdue_kinds):
            sentence = _("这类单据不在逾期扣款范围内（R8.2）")
            self.merge.fault("decisions", row, "document", sentence)
        elif arose.isoformat() < self.effective:
            sentence = _("应收款产生于试行日期之前，不立案（R8.7）")
            self.merge.fault("decisions", row, "document", sentence)
        elif paid_in_time(paid_on, arose, months):
            sentence = _("已按期付清，没有逾期案件（R8.2）")
            self.merge.fault("decisions", row, "document", sentence)
        elif decided is not None and decided < opened:
            sentence = _("早于立案日 %(day)s（R8.2）", day=opened)
            self.merge.fault("decisions", row, "decided_on", sentence)


def _served_on_site(ticket: Record, employee: str) -> bool:
    return ticket["mode"] is ServiceMode.ONSITE and employee in (ticket["technicians"] or ())
