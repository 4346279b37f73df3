"""Random histories of a company: the product settles every month as the plain model does (I1–I8, I10, I11)."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from itertools import zip_longest
from math import floor

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from models import db
from models.audit import AuditRecord
from models.engine import prepare
from models.overdue_case import OverdueCase
from models.receivable import Receivable
from models.settlement import SettledSource, Settlement, SettlementLine
from rules.overdue_case import OPEN
from rules.period import SHANGHAI, Month
from rules.permissions import Role
from tests.cast import account
from tests.conftest import KIND
from tests.workflows.company_life import WEIGHTED, CompanyLife
from tests.workflows.office_desk import DESK, OfficeDesk
from tests.workflows.paper_register import register_of, shuffled
from tests.workflows.plain_company import Company, Screen, days_in, fen, month_of
from tests.workflows.plain_model import Draft, settle
from workflows import settlement as steps
from workflows.parameter import save_setting
from workflows.refusal import Forbidden, Refused
from workflows.register_import import import_register
from workflows.settlement_report import settlement_report
from workflows.transaction import WRITE, living_at, writing
from workflows.verify import find_breaches

LONG = int(os.environ.get("AFTERCARE_HISTORIES", "0"))  # so many, other ones each time
ROLES = {
    "draft": "clerk", "submit": "clerk", "review": "manager", "approve": "leader", "pay": "finance", "return": "manager",
}  # fmt: skip
FROM = {
    "draft": {"draft", "returned"}, "submit": {"draft"}, "review": {"submitted"}, "approve": {"reviewed"},
    "pay": {"approved"}, "return": {"submitted", "reviewed"},
}  # fmt: skip
LEADS_TO = {
    "draft": "draft", "submit": "submitted", "review": "reviewed", "approve": "approved", "pay": "paid", "return": "returned",
}  # fmt: skip
MORE = {"submit": {"explain": "已核对"}, "return": {"reason": "再看看"}}
SIGNING = ("submit", "review", "approve")
FINAL = {"approved", "paid"}
FROZEN = FINAL | {"submitted", "reviewed"}
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
HAPPENING = st.tuples(st.sampled_from(WEIGHTED), st.integers(0, 2**16))


@dataclass
class Settled:
    """A month as the machine remembers it: what was known when it was drafted, on which month before it rests."""

    state: str
    draft: Draft
    knowledge: int
    base: Draft | None
    signed: dict[str, str] = field(default_factory=dict)
    frozen: str | None = None


@contextmanager
def company_apart(databases, name: str) -> Iterator[None]:
    """An application on an empty database of its own."""
    uri = databases.copy("template_aftercare", name)
    try:
        app = Flask(__name__)  # no screens: only what the workflows need
        app.config["SQLALCHEMY_DATABASE_URI"] = uri
        db.init_app(app)
        Babel(app, default_locale="zh")
        with app.app_context():
            prepare(db.engine, WRITE)
            yield
            db.session.remove()
            db.engine.dispose()
    finally:
        databases.drop(name)


def without_lapsed_decisions(paper):
    """Without decisions on what later proved to be paid in time: taken in together, they would be faults (R8.2)."""
    company = Company(paper, Screen())
    lapsed = {
        number for number, document in company.documents.items()
        if document.arose_on and document.outstanding(company.last_day_to_pay(document)) <= 0
    }  # fmt: skip
    return paper | {"逾期扣款": [row for row in paper["逾期扣款"] if row["单据编号"] not in lapsed]}


class History(RuleBasedStateMachine):
    """Registers handed in, months drafted and signed, in and out of order, by right and wrong people."""

    def __init__(self, databases) -> None:
        super().__init__()
        self.databases, self.exits = databases, ExitStack()
        self.exits.enter_context(company_apart(databases, "test_history"))
        names = ("clerk", "manager", "leader", "finance", "auditor")
        self.cast = {name: account(name, Role(name)) for name in names}
        self.cast["twin"] = account("twin", Role.CLERK, Role.MANAGER, Role.LEADER)
        self.months: dict[str, Settled] = {}
        self.knowledge = 0
        self.older: list = []

    def teardown(self) -> None:
        self.exits.close()

    @contextmanager
    def living(self) -> Iterator[None]:
        moment = datetime.combine(self.life.today, time(23, 0), SHANGHAI)
        with living_at(moment.astimezone(UTC)):
            yield

    def one_of(self, data, rows: list):
        return rows[data.draw(st.integers(0, len(rows) - 1))]

    # What the plain model says.

    def last_frozen(self) -> str:
        return max((m for m, settled in self.months.items() if settled.state in FROZEN), default="")

    def before(self, month: str) -> list[Draft]:
        return [self.months[m].draft for m in sorted(self.months) if m < month]

    def company(self, go_live: str) -> Company:
        life = self.life
        return Company(life.paper.known, life.screen, go_live, ahead=self.ahead, effective=life.effective)  # fmt: skip

    def model(self, month: str) -> Draft:
        return settle(self.company(self.go_live or month), month, self.before(month))

    # Life goes on, and the register is handed in.

    @initialize(
        seed=st.integers(0, 2**16), go_live=st.sampled_from(["", "2026-01", "2026-02"]), ahead=st.integers(0, 3),
        effective=st.sampled_from(["", "", "2025-12-15"]),
        compared=st.sampled_from([False, True, True]),
        happenings=st.lists(HAPPENING, min_size=20, max_size=40),
    )  # fmt: skip
    def set_up(self, seed, go_live, ahead, effective, compared, happenings) -> None:
        self.compared = compared
        self.life = CompanyLife(seed, effective)
        self.desk = OfficeDesk(self.life, self.cast)
        self.go_live, self.ahead = go_live, ahead > 0
        self.keep_settings()
        self.things_happen(happenings)

    def keep_settings(self) -> None:
        """Keep the settings in the database at hand."""
        ahead = "yes" if self.ahead else "no"
        with writing():
            save_setting("first_settlement_month", self.go_live)
            save_setting("base_pay_ahead", ahead)
            save_setting("effective_date", self.life.effective)

    def things_happen(self, happenings) -> None:
        self.life.frozen = self.last_frozen()
        for what, seed in happenings:
            decided = len(self.life.paper.of("逾期扣款"))
            self.life.happen(what, seed)
            if len(self.life.paper.of("逾期扣款")) > decided:
                self.hand_in()  # before a payment that comes to light could make it a fault

    def time_passes(self, data) -> None:
        """Some days, or to the last day of the month, or to the first of the next; meanwhile things happen."""
        last = days_in(month_of(self.life.today))[-1]
        days = data.draw(st.sampled_from([3, 7, 12, 20, 31]) | st.just("the month ends"))
        if days == "the month ends":
            days = (last - self.life.today).days or 1
        self.life.today += timedelta(days)
        self.things_happen(data.draw(st.lists(HAPPENING, min_size=12, max_size=30)))

    def take_in(self, paper):
        with self.living():
            return import_register(register_of(paper), actor=self.cast["clerk"], file_digest="0" * 64)  # fmt: skip

    def hand_in(self, whole: bool = False) -> None:
        paper = self.life.paper
        if self.last_frozen():
            paper.forget_closed(self.last_frozen())
        outcome = self.take_in(paper.sheets if whole else paper.news())
        assert not outcome.faults
        if outcome.changed:
            self.knowledge += 1
            self.older.append(deepcopy(paper.known))
            paper.handed_in()
            self.cases_are_open_as_they_must_be()

    def cases_are_open_as_they_must_be(self) -> None:
        """R8.2, right after a sweep."""
        query = select(Receivable.number).join(OverdueCase).where(OverdueCase.state.in_(OPEN))
        expected = {document.number for document, _ in self.company("").undecided(self.life.today)}
        assert set(db.session.scalars(query)) == expected

    def the_register_is_handed_in(self, data) -> None:
        self.hand_in(whole=data.draw(st.booleans()))

    def someone_works_on_screen(self, data) -> None:
        what, seed = data.draw(st.sampled_from(sorted(DESK))), data.draw(st.integers(0, 2**16))
        self.hand_in()
        with self.living():
            self.desk.work(what, seed, [self.months[m].draft for m in self.in_state(FINAL)])
        self.knowledge += 1

    # The months.

    def candidates(self) -> list[str]:
        """The months someone might draft, the one before go-live and the one to come included."""
        month = Month.parse(min(self.months, default=self.go_live or "2026-01")).plus(-1)
        found = [str(month)]
        while found[-1] <= month_of(self.life.today):
            month = month.plus(1)
            found.append(str(month))
        return found

    def act(self, verb: str, month: str, who: str, **extra) -> None:
        with self.living():
            action = steps.give_back if verb == "return" else getattr(steps, verb)
            action(Month.parse(month), actor=self.cast[who], **extra)

    def draft(self, month: str) -> None:
        self.act("draft", month, "clerk")
        self.cases_are_open_as_they_must_be()
        self.go_live = self.go_live or month
        expected, before, again = self.model(month), self.before(month), self.months.get(month)
        base = before[-1] if before else None
        if again and (again.knowledge, again.base, again.draft) == (self.knowledge, base, expected):
            expected = again.draft
        self.months[month] = Settled("draft", expected, self.knowledge, base)

    def may_draft(self, month: str) -> bool:
        start = self.go_live or month
        gap = any(m not in self.months for m in self.candidates() if start <= m < month)
        frozen = month in self.months and self.months[month].state in FROZEN
        return start <= month <= month_of(self.life.today) and not gap and not frozen

    def a_month_is_drafted(self, data) -> None:
        month = data.draw(st.sampled_from(self.candidates()))
        if self.may_draft(month):
            self.draft(month)
            return
        with pytest.raises(Refused):
            self.act("draft", month, "clerk")

    def all_months_are_drafted(self, data) -> None:
        """So that several months are open at a time."""
        for month in self.candidates():
            if self.may_draft(month) and self.go_live:
                self.draft(month)

    def in_state(self, states: set[str]) -> list[str]:
        return sorted(m for m, settled in self.months.items() if settled.state in states)

    def a_draft_computed_again_gives_the_same_bytes(self, data) -> None:
        if not (drafts := self.in_state({"draft"})):
            return
        month = self.one_of(data, drafts)
        self.draft(month)
        first = self.bytes_of(month)
        self.draft(month)
        assert self.bytes_of(month) == first

    def bytes_of(self, month: str):
        settlement = db.session.scalar(select(Settlement).where(Settlement.month == Month.parse(month)))  # fmt: skip
        lines = select(SettlementLine.__table__).order_by(SettlementLine.position)
        rows = db.session.execute(lines.where(SettlementLine.settlement_id == settlement.id)).all()
        return settlement.digest, settlement.counted, settlement.parameters, rows

    def someone_takes_a_step(self, data) -> None:
        if not self.months:
            return
        going = self.in_state({"draft", "submitted", "reviewed"})
        month = self.one_of(data, [*going, *going, *going, *sorted(self.months)])
        fitting = [v for v in (*SIGNING, "pay", "return") if self.months[month].state in FROM[v]]
        verb = data.draw(st.sampled_from([*SIGNING, *(fitting or SIGNING) * 3]))
        twin = data.draw(st.integers(0, 3)) == 0
        self.take_step(verb, month, "twin" if twin else ROLES[verb])

    def take_step(self, verb: str, month: str, who: str) -> None:
        settled, must = self.months[month], self.must(verb, month, who)
        try:
            self.act(verb, month, who, **MORE.get(verb, {}))
        except Refused:
            assert must is not True, f"{verb} {month} by {who} was refused"
            return
        assert must is not False, f"{verb} {month} by {who} was not refused"
        settled.state = LEADS_TO[verb]
        settled.signed[verb] = who
        settled.draft.approved = settled.state in FINAL
        settled.frozen = self.shown(month) if settled.state in FROZEN else None

    def must(self, verb: str, month: str, who: str) -> bool | None:
        """Whether a step must be done, or refused; None where only the paper behind the same figures changed."""
        settled = self.months[month]
        if settled.state not in FROM[verb] or (who == "twin" and verb == "pay"):
            return False
        if verb in SIGNING and who in settled.signed.values():
            return False
        base = (self.before(month) or [None])[-1]
        if verb == "approve":
            if base is not None and not base.approved:
                return False
            return base == settled.base and (base is settled.base or None)
        if verb == "submit":
            same = self.knowledge == settled.knowledge and base is settled.base
            return self.model(month) == settled.draft and (same or None)
        return True

    def the_next_months_are_carried_through(self, data) -> None:
        count = data.draw(st.integers(1, 2))
        self.hand_in()
        start = self.go_live or self.candidates()[1]
        for month in self.candidates():
            done = month in self.months and self.months[month].state in FINAL
            if month < start or month > month_of(self.life.today) or done or count == 0:
                continue
            count -= 1
            if month in self.months and self.months[month].state in FROZEN:
                self.take_step("return", month, "manager")
            self.draft(month)
            for verb in SIGNING:
                self.take_step(verb, month, ROLES[verb])
            assert self.months[month].state == "approved"

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

    def shown(self, month: str) -> str:
        report = settlement_report(Month.parse(month))
        return json.dumps({k: v for k, v in report.items() if k != "status"}, sort_keys=True)

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
