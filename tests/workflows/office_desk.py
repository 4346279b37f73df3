"""What the office does on screen beside the register: payments, reversals, cases, write-offs, corrections, doubts."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from models import db
from models.account import Account
from models.employee import Employee
from models.feedback_form import FeedbackForm
from models.overdue_case import OverdueCase
from models.receivable import Receivable
from models.ticket import Ticket, Visit
from rules.overdue_case import CaseState, LeaverClaimVerb
from rules.period import Month
from rules.settlement import LineKind
from tests.workflows.company_life import CompanyLife
from tests.workflows.plain_company import Company, shown
from tests.workflows.plain_model import Draft
from workflows.call_back import settle_dispute
from workflows.correction import (
    CorrectionRequest,
    approve_correction,
    prepare_correction,
    review_correction,
)
from workflows.overdue_case import Proposal, approve_case, log_collection, propose, waive_case
from workflows.overdue_claim import decide_claim
from workflows.receivable import PaymentReceived, record_payment, reverse_payment
from workflows.refusal import Refused
from workflows.write_off import approve_write_off, propose_write_off

CORRECTABLE = {
    "base_pay", "service_allowance", "onsite_labour", "no_complaint_bonus", "parts_commission", "software_commission",
    "expense_reimbursement",
}  # fmt: skip


class OfficeDesk:
    """Acts on what was handed in; `approved` are the months that may need a correction."""

    def __init__(self, life: CompanyLife, cast: dict[str, Account]) -> None:
        self.life, self.cast, self.screen = life, cast, life.screen
        self.random = Random(0)
        self.approved: list[Draft] = []

    def work(self, what: str, seed: int, approved: list[Draft]) -> None:
        """Do one thing, as the seed decides."""
        self.random, self.approved = Random(seed), approved
        DESK[what](self)

    def _company(self) -> Company:
        return Company(self.life.paper.known, self.screen, effective=self.life.effective)

    def a_payment_is_recorded(self) -> None:
        documents = self._company().documents.values()
        fees = {row["单号"] for row in self.life.paper.of("软件服务")}
        owing = [
            d for d in documents if d.outstanding(self.life.today) > 0 and d.number not in fees
        ]
        if not owing:
            return
        document = self.random.choice(owing)
        left = document.outstanding(self.life.today)
        amount = self.random.choice([left, self.random.randint(1, left)])
        day = self.life.today - timedelta(self.random.choice([0, 3, 30, 60]))
        number = self.life.number("SK")
        received = PaymentReceived(number, day, Decimal(shown(amount)))
        record_payment(document.number, received, actor=self.cast["finance"])
        self.screen.payments.append({"收款编号": number, "日期": str(day), "单据编号": document.number, "金额": shown(amount)})  # fmt: skip

    def a_payment_is_reversed(self) -> None:
        rows = [*self.life.paper.known["收款"], *self.screen.payments]
        numbers = [r["收款编号"] for r in rows if r["收款编号"] not in self.screen.reversed]
        if numbers:
            number = self.random.choice(numbers)
            reverse_payment(number, actor=self.cast["finance"], reason="记错单据")
            self.screen.reversed.add(number)

    def an_overdue_case_is_decided(self) -> None:
        if not (cases := self._company().undecided(self.life.today)):
            return
        number = self.random.choice(cases)[0].number
        case = db.session.scalar(
            select(OverdueCase.id).join(Receivable).where(Receivable.number == number)
        )
        if case is None:  # it opened today, and nothing has swept since
            return
        if self.random.randrange(4) == 0:
            waive_case(case, actor=self.cast["leader"], reason="客户破产")
            self.screen.waived.add(number)
            return
        log_collection(case, actor=self.cast["manager"], asked_on=self.life.today, manner="电话", answer="下月付")  # fmt: skip
        rate = self.random.choice(["0.8000", "0.9500", "1.0000"])
        proposal = Proposal(
            Decimal(rate), "未催收", finding="未催收", basis="制度", notified_on=self.life.today, agrees=True, statement="同意",
        )  # fmt: skip
        propose(case, proposal, actor=self.cast["manager"])
        approve_case(case, actor=self.cast["leader"])
        self.screen.decisions.append({"单据编号": number, "承担比例": rate, "批准日期": str(self.life.today)})  # fmt: skip

    def a_claim_against_a_leaver_is_waived(self) -> None:
        """Where there is one; once it is waived, nothing more is taken (R8.7)."""
        cases = db.session.execute(
            select(OverdueCase.id, Receivable.number).join(Receivable).join(Receivable.handler)
            .where(OverdueCase.state == CaseState.DECIDED, Employee.left_on < self.life.today).order_by(Receivable.number)
        ).all()  # fmt: skip
        if not cases:
            return
        case, number = self.random.choice(cases)
        try:
            decide_claim(
                case, LeaverClaimVerb.WAIVE_CLAIM, actor=self.cast["leader"], reason="无法联系"
            )
        except Refused:  # nothing is open any more
            return
        self.screen.claims_waived[number] = self.life.today

    def a_receivable_is_written_off(self) -> None:
        """The employee's liability stays as it was (R6.6)."""
        cases = self._company().undecided(self.life.today)
        owing = {d.number for d, _ in cases if d.outstanding(self.life.today) > 0}
        numbers = sorted(owing - self.screen.written_off)
        if numbers:
            number = self.random.choice(numbers)
            row = db.session.scalar(select(Receivable.id).where(Receivable.number == number))
            propose_write_off(row, {"reason": "客户破产"}, version=None, actor=self.cast["manager"])
            approve_write_off(row, {}, version=None, actor=self.cast["leader"])
            self.screen.written_off.add(number)

    def an_approved_month_is_corrected(self) -> None:
        lines = [
            (draft.month, employee["employee"], line)
            for draft in self.approved for employee in draft.employees for line in employee["lines"]
            if line["kind"] in CORRECTABLE and line["amount"][0] != "-" and not line["source"].startswith("GZ")
        ]  # fmt: skip
        if not lines:
            return
        month, number, line = self.random.choice(lines)
        corrected = {(c["月份"], c["工号"], c["来源"]) for c in self.screen.corrections}
        if (month, number, line["source"]) in corrected:
            return
        amount = self.random.choice([f"-{line['amount']}", line["amount"], "-0.01", "12.34"])
        asked = CorrectionRequest(
            Month.parse(month), number, LineKind(line["kind"]), line["source"], Decimal(amount), "漏记"
        )  # fmt: skip
        correction = prepare_correction(asked, actor=self.cast["clerk"]).number
        review_correction(correction, actor=self.cast["manager"])
        approve_correction(correction, actor=self.cast["leader"])
        self.screen.corrections.append(
            {"更正单号": correction, "工号": number, "月份": month, "来源": line["source"], "项目": line["kind"], "金额": amount,
             "批准日期": str(self.life.today)}
        )  # fmt: skip

    def a_doubt_is_settled(self) -> None:
        query = (
            select(Ticket.number, FeedbackForm.id).join(Visit, Visit.ticket_id == Ticket.id)
            .join(FeedbackForm, FeedbackForm.visit_id == Visit.id).order_by(Ticket.number)
            .where(FeedbackForm.disputed_on.is_not(None), FeedbackForm.cleared_on.is_(None), FeedbackForm.voided_on.is_(None))
        )  # fmt: skip
        if not (doubts := db.session.execute(query).all()):
            return
        number, form = self.random.choice(doubts)
        counts = self.random.randrange(4) > 0
        settle_dispute(form, actor=self.cast["manager"], counts=counts, finding="已核实")
        if counts:
            self.screen.cleared[number] = self.life.today


DESK: dict[str, Callable[[OfficeDesk], None]] = {
    name: action
    for name, action in vars(OfficeDesk).items()
    if not name.startswith("_") and action.__annotations__ == {"return": None}
}
