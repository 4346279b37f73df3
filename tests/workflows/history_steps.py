"""A company's months as a machine lives them: registers handed in, drafts, signatures, in and out of order."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
)
from sqlalchemy import select

from models import db
from models.engine import prepare
from models.overdue_case import OverdueCase
from models.receivable import Receivable
from models.settlement import Settlement, SettlementLine
from rules.overdue_case import OPEN
from rules.period import SHANGHAI, Month
from rules.permissions import Role
from tests.cast import account
from tests.workflows.company_life import WEIGHTED, CompanyLife
from tests.workflows.office_desk import DESK, OfficeDesk
from tests.workflows.paper_register import register_of
from tests.workflows.plain_company import Company, days_in, month_of
from tests.workflows.plain_model import Draft, settle
from workflows import settlement as steps
from workflows.parameter import save_setting
from workflows.refusal import Refused
from workflows.register_import import import_register
from workflows.settlement_report import settlement_report
from workflows.transaction import WRITE, living_at, writing

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


class HistorySteps(RuleBasedStateMachine):
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

    def shown(self, month: str) -> str:
        report = settlement_report(Month.parse(month))
        return json.dumps({k: v for k, v in report.items() if k != "status"}, sort_keys=True)
