"""Random histories of a company: the product settles every month as the plain model does (I1–I8, I10, I11)."""

import os
from collections import Counter
from copy import deepcopy
from fractions import Fraction
from itertools import zip_longest
from math import floor

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from models import db
from models.audit import AuditRecord
from models.settlement import SettledSource, Settlement, SettlementLine
from rules.period import Month
from rules.permissions import Role
from tests.cast import account
from tests.conftest import KIND
from tests.workflows.history_steps import FINAL, MORE, ROLES, HistorySteps, company_apart
from tests.workflows.paper_register import register_of, shuffled
from tests.workflows.plain_company import Company, Screen, fen, month_of
from tests.workflows.plain_model import settle
from workflows import settlement as steps
from workflows.refusal import Forbidden
from workflows.register_import import import_register
from workflows.settlement_report import settlement_report
from workflows.verify import find_breaches

LONG = int(os.environ.get("AFTERCARE_HISTORIES", "0"))  # so many, other ones each time
BY_MONTH = {
    "base_pay", "no_complaint_bonus", "overdue_refund", "private_charge_deduction", "overdue_deduction",
}  # fmt: skip
FORGERIES = (
    "UPDATE settlement_lines SET amount = amount + 1 WHERE settlement_id = :id",
    "DELETE FROM settlement_lines WHERE settlement_id = :id",
    "UPDATE settlement_sums SET net = net + 1 WHERE settlement_id = :id",
    "INSERT INTO settlement_mismatches (settlement_id, kind, source) VALUES (:id, 'x', 'x')",
    "UPDATE settlements SET state = 'draft' WHERE id = :id",
    "UPDATE settlements SET digest = 'x' WHERE id = :id",
)
STEPS = [
    *["time_passes"] * 6, "the_register_is_handed_in", "a_month_is_drafted", *["all_months_are_drafted"] * 2,
    "a_draft_computed_again_gives_the_same_bytes", *["someone_takes_a_step"] * 6, *["the_next_months_are_carried_through"] * 2,
    *["someone_works_on_screen"] * 5, "a_trick_changes_nothing",
    "the_same_paper_in_another_order_gives_the_same",
]  # fmt: skip


def without_lapsed_decisions(paper):
    """Without decisions on what later proved to be paid in time: taken in together, they would be faults (R8.2)."""
    company = Company(paper, Screen())
    lapsed = {
        number for number, document in company.documents.items()
        if document.arose_on and document.outstanding(company.last_day_to_pay(document)) <= 0
    }  # fmt: skip
    return paper | {"逾期扣款": [row for row in paper["逾期扣款"] if row["单据编号"] not in lapsed]}


class History(HistorySteps):
    """The steps, with tricks between them, and what must hold after each."""

    # The same company once more.

    def the_same_paper_in_another_order_gives_the_same(self, data) -> None:
        """I11: in two other databases, where everything is known from the start, and nothing was done on screen."""
        paper = without_lapsed_decisions(self.life.paper.known)
        company = Company(paper, Screen(), self.go_live, ahead=self.ahead)
        if self.compared or not self.go_live or not paper["服务记录"]:
            return
        self.compared = True
        random = data.draw(st.randoms(use_true_random=False))
        first, second = self.settled_apart(paper), self.settled_apart(shuffled(paper, random))
        assert first == second
        drafts = []
        for month, (_digest, employees) in first.items():
            drafts.append(settle(company, month, drafts))
            assert employees == drafts[-1].employees

    def settled_apart(self, paper):
        """Months drafted one after the other in a database of their own: digest and figures of each."""
        found = {}
        with company_apart(self.databases, "test_history_apart"), self.living():
            self.keep_settings()
            clerk = account("clerk", Role.CLERK)
            if import_register(register_of(paper), actor=clerk, file_digest="0" * 64).faults:
                return found  # what stands on paper stood on what was done on screen
            for month in [m for m in self.candidates() if m >= self.go_live][:3]:
                if month <= month_of(self.life.today):
                    digest = steps.draft(Month.parse(month), actor=clerk).digest
                    found[month] = digest, settlement_report(Month.parse(month))["employees"]
        return found

    # Tricks.

    def a_trick_changes_nothing(self, data) -> None:
        if not self.older or not self.in_state(FINAL):
            return
        trick = data.draw(st.sampled_from(["older", "faulty", "role", "sql", "orm"]))
        count = select(func.count()).select_from(AuditRecord)
        before = db.session.scalar(count)
        getattr(self, f"trick_{trick}")(data)
        assert db.session.scalar(count) == before

    def trick_older(self, data) -> None:
        assert not self.take_in(self.one_of(data, self.older)).changed

    def trick_faulty(self, data) -> None:
        paper = deepcopy(self.life.paper.sheets)
        payment = {"收款编号": "SK-X", "日期": "2026-02-01", "单据编号": "X-404", "金额": "1"}
        paper["收款"].insert(data.draw(st.integers(0, len(paper["收款"]))), payment)
        assert self.take_in(paper).faults

    def trick_role(self, data) -> None:
        verb, month = data.draw(st.sampled_from(sorted(ROLES))), self.one_of(data, sorted(self.months))  # fmt: skip
        right = {ROLES[verb], "leader"} if verb == "return" else {ROLES[verb]}
        who = data.draw(st.sampled_from(sorted({*ROLES.values(), "auditor"} - right)))
        with pytest.raises(Forbidden):
            self.act(verb, month, who, **MORE.get(verb, {}))

    def approved_settlement(self, data) -> Settlement:
        month = Month.parse(self.one_of(data, self.in_state(FINAL)))
        return db.session.scalar(select(Settlement).where(Settlement.month == month))

    def trick_sql(self, data) -> None:
        settlement, forgery = self.approved_settlement(data).id, data.draw(st.sampled_from(FORGERIES))  # fmt: skip
        lines = select(SettlementLine).where(SettlementLine.settlement_id == settlement)
        if db.session.scalar(lines.limit(1)) is None:
            return
        with pytest.raises(DBAPIError, match="frozen"):
            db.session.execute(text(forgery), {"id": settlement})
        db.session.rollback()

    def trick_orm(self, data) -> None:
        self.approved_settlement(data).digest = "0" * 64
        with pytest.raises(DBAPIError, match="frozen"):
            db.session.commit()
        db.session.rollback()

    # One step after another. A single rule, so that no history goes without any of this.

    @rule(step=st.sampled_from(STEPS), data=st.data())
    def next(self, step, data) -> None:
        getattr(self, step)(data)

    # After every step.

    @invariant()
    def the_product_settles_as_the_model_does(self) -> None:
        for month, settled in self.months.items():
            report = settlement_report(Month.parse(month))
            assert report["status"] == settled.state
            both = zip_longest(report["employees"], settled.draft.employees)
            different = [(product, model) for product, model in both if product != model]
            assert not different, f"{month}: {different[0]}"
            assert report["totals"] == settled.draft.totals
            assert settled.frozen in (None, self.shown(month))

    @invariant()
    def verify_finds_nothing(self) -> None:
        assert list(find_breaches()) == []

    @invariant()
    def sources_are_used_up_once(self) -> None:
        """I8, by the database and by what is shown."""
        query = select(SettledSource.kind, SettledSource.source, SettledSource.employee_id, SettledSource.turn)  # fmt: skip
        rows = db.session.execute(query).all()
        assert len(rows) == len(set(rows))
        turns = Counter()
        for month in self.in_state(FINAL):
            for employee in self.months[month].draft.employees:
                for line in employee["lines"]:
                    source = (line["kind"], line["source"], employee["employee"])
                    turns[source] += -1 if line["amount"][0] == "-" else 1
        for (kind, source, _), count in turns.items():  # a commission taken back may be earned anew
            assert kind in BY_MONTH or source.startswith("GZ") or count in (0, 1)

    @invariant()
    def nobody_loses_more_than_he_may(self) -> None:
        """I2, I7: net is the sum of the lines and never negative, deductions stay within the cap of their month."""
        for month in self.months:
            cap = Fraction(self.company(self.go_live).parameter("deduction_cap_rate", month))
            for employee in self.months[month].draft.employees:
                assert fen(employee["net"]) == sum(fen(line["amount"]) for line in employee["lines"])  # fmt: skip
                assert fen(employee["net"]) >= 0
                assert fen(employee["deductions"]) <= floor(cap * fen(employee["wage"]))


def test_random_histories_settle_as_the_plain_model_says(databases):
    run_state_machine_as_test(
        lambda: History(databases),
        settings=settings(
            max_examples=LONG or (20 if KIND == "sqlite" else 6),
            stateful_step_count=50,
            derandomize=not LONG,
            database=None,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
