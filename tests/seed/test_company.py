"""The demonstration company, small: whole, believable, the same every time, and built by the workflows alone."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import create_app
from models import db
from models.account import Account
from models.audit import AuditRecord
from models.overdue_case import OverdueCase
from models.settlement import Settlement, SettlementMismatch, SettlementStep
from models.ticket import Ticket
from rules.overdue_case import CaseState
from rules.period import SHANGHAI, Month
from rules.permissions import Role
from rules.settlement_steps import SettlementState
from rules.ticket import TicketState
from seed.company.facts import Fact, learned
from seed.company.founding import found_company
from seed.company.people import ACCOUNTS
from seed.company.story import story_of
from seed.company.timeline import Timeline, at
from workflows.account import log_in
from workflows.demonstration import PASSWORD, is_complete, logins
from workflows.refusal import Refused
from workflows.settlement_report import statistics_report
from workflows.verify import find_breaches

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=SHANGHAI)
SECRETS = {"password_hash"}


@pytest.fixture(scope="module")
def small(standing):
    """The company of three months, once for all tests that leave it as it is."""
    found_company(NOW, months=3, tickets=200)
    return standing


def digest():
    """The hash of every row, but for what is random in a password's hash."""
    hasher = hashlib.sha256()
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.c if column.name not in SECRETS]
        rows = db.session.execute(select(*columns)).all()
        hasher.update(f"{table.name}\n".encode())
        for row in sorted(map(repr, rows)):
            hasher.update(row.encode())
    return hasher.hexdigest()


def states(column):
    return set(db.session.scalars(select(column).distinct()))


def test_nothing_is_broken_and_every_state_is_there(small):
    assert list(find_breaches()) == []
    assert is_complete()
    assert states(OverdueCase.state) == set(CaseState)
    assert states(Settlement.state) == {SettlementState.PAID, SettlementState.SUBMITTED}
    assert states(Ticket.status) == set(TicketState)


def test_the_last_month_waits_for_the_manager_and_the_current_one_is_open(small):
    rows = db.session.execute(select(Settlement.month, Settlement.state).order_by(Settlement.month))
    assert [tuple(row) for row in rows] == [
        (Month(2026, 9), SettlementState.PAID),
        (Month(2026, 10), SettlementState.SUBMITTED),
    ]


def test_what_does_not_add_up_is_explained(small):
    words = db.session.scalars(select(SettlementMismatch.explanation)).all()
    assert words
    assert all(words)


def test_three_people_signed_on_days_of_the_month_after(small):
    steps = db.session.scalars(
        select(SettlementStep).join(Settlement).where(Settlement.month == Month(2026, 9))
    ).all()
    taken = [(s.verb.value, s.actor.username, s.at.astimezone(SHANGHAI).day) for s in steps]
    assert taken == [
        ("draft", "linxiaoyan", 9), ("submit", "linxiaoyan", 9), ("review", "zhoumin", 10),
        ("approve", "gaojianguo", 12), ("pay", "hejing", 13),
    ]  # fmt: skip


def test_the_audit_trail_goes_forward_in_time_and_never_past_now(small):
    moments = db.session.scalars(select(AuditRecord.at).order_by(AuditRecord.id)).all()
    assert moments == sorted(moments)
    assert moments[0].astimezone(SHANGHAI).date().isoformat() == "2026-09-01"
    assert moments[-1] <= NOW


def test_the_same_moment_gives_the_same_company(databases):
    digests = []
    for name in ("first_company", "second_company"):
        uri = databases.copy("template_aftercare", name)
        with create_app({"SQLALCHEMY_DATABASE_URI": uri, "TESTING": True}).app_context():
            found_company(NOW, months=2, tickets=60)
            digests.append(digest())
            db.session.remove()
            db.engine.dispose()
        databases.drop(name)
    assert digests[0] == digests[1]


def test_every_role_can_log_in_and_the_log_in_page_says_how(small):
    assert {login.role for login in ACCOUNTS} == set(Role)
    shown = small.test_client().get("/login").text
    assert PASSWORD in shown
    for login in logins():
        assert login.username in shown
    assert {login.username for login in logins()} >= {
        "linxiaoyan",
        "zhoumin",
        "gaojianguo",
        "qinyue",
    }
    assert log_in("zhoumin", PASSWORD) is not None


def test_the_go_live_account_is_closed_and_not_shown(small):
    account = db.session.scalar(select(Account).where(Account.username == "shangxian"))
    assert not account.is_active
    assert "shangxian" not in {login.username for login in logins()}


def test_any_other_company_shows_no_log_ins(app):
    assert logins() == []
    assert PASSWORD not in app.test_client().get("/login").text


def test_a_database_with_data_is_refused_in_a_sentence(small):
    before = digest()
    with pytest.raises(Refused, match="已经有数据"):
        found_company(NOW, months=3, tickets=200)
    assert digest() == before


def test_clocks_are_mostly_kept_and_some_are_missed(small):
    sla = statistics_report(Month(2026, 10))["department"]["sla"].values()
    due, met = sum(c["due"] for c in sla), sum(c["met"] for c in sla)
    assert due > 50
    assert 0.85 < met / due < 0.98


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 1, 0, 0, tzinfo=SHANGHAI),
        datetime(2026, 10, 4, 23, 59, tzinfo=SHANGHAI),
        datetime(2026, 3, 1, 8, 59, tzinfo=SHANGHAI),
        datetime(2028, 2, 29, 12, 0, tzinfo=SHANGHAI),
        datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI),
    ],
    ids=["first minute of a month", "in the holidays", "after February", "leap day", "last minute"],
)
def test_it_can_be_founded_at_any_moment(app, now):
    found_company(now, months=2, tickets=50)
    assert list(find_breaches()) == []
    assert db.session.scalar(select(func.max(AuditRecord.at))) <= now.astimezone(UTC)
    last = db.session.execute(
        select(Settlement.month, Settlement.state).order_by(Settlement.month.desc()).limit(1)
    ).one()
    assert last == (Month.of(now.date()).plus(-1), SettlementState.SUBMITTED)


def test_numbers_have_no_gap_in_any_month():
    facts = story_of(Timeline(NOW, 24), 3000).facts
    numbers = {}
    for fact in facts:
        number = fact.values.get("number", "")
        if re.fullmatch(r"[A-Z]{2}\d{4}-\d{2,3}", str(number)):
            prefix, turn = number.split("-")
            numbers.setdefault(prefix, set()).add(int(turn))
    assert len(numbers) > 24 * 6
    for prefix, turns in numbers.items():
        assert turns == set(range(1, len(turns) + 1)), prefix


def test_the_whole_company_has_the_size_that_was_asked_for():
    sheets = {}
    for fact in story_of(Timeline(NOW, 24), 3000).facts:
        sheets.setdefault(fact.sheet, []).append(fact)
    people, customers, projects, devices, tickets = (
        len(sheets[name]) for name in ("employees", "customers", "projects", "devices", "tickets")
    )
    assert (people, customers, projects) == (32, 40, 60)
    assert 380 <= devices <= 450
    assert 2900 <= tickets <= 3150


def test_a_fact_is_cut_back_to_what_was_known():
    signed = at(NOW.date(), 17)
    values = {
        "ticket": "FW2611-001",
        "signed_by": "李",
        "signed_at": signed,
        "accepted_on": NOW.date(),
    }
    form = Fact("forms", at(NOW.date(), 9), values)
    assert learned([form], None, at(NOW.date(), 8)).rows == {}
    early = learned([form], None, at(NOW.date(), 12)).rows["forms"][0].values
    assert (early["signed_by"], early["signed_at"]) == (None, None)
    assert learned([form], at(NOW.date(), 9), at(NOW.date(), 12)).rows == {}
    late = learned([form], at(NOW.date(), 9), signed + timedelta(minutes=1)).rows["forms"]
    assert late[0].values["signed_by"] == "李"


def test_the_readme_names_every_account_and_the_password():
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert PASSWORD in text
    assert all(login.username in text for login in ACCOUNTS)
