"""Two of the same at one moment have one effect, on both databases (I9)."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app import create_app
from models import db
from models.account import Account
from models.audit import AuditRecord
from models.settlement import SettledSource, Settlement, SettlementStep
from models.ticket import Ticket
from tests.cast import JUNE, people, take_in
from workflows import settlement as steps
from workflows.account import account_named
from workflows.refusal import Refused
from workflows.verify import find_breaches


def at_once(uri, action, times=4):
    """Run an action in several threads behind a barrier, each with an application of its own; what each answered.

    The applications are made before: two made at one moment meet in what they share, and one thread that never
    comes to the barrier would keep the others there for ever. What an action raises is raised here.
    """
    apps = [create_app({"SQLALCHEMY_DATABASE_URI": uri, "TESTING": True}) for _ in range(times)]
    barrier = threading.Barrier(times)

    def run(app):
        with app.app_context():
            barrier.wait(timeout=60)
            try:
                return action()
            except Refused as refused:
                return refused
            finally:
                db.session.remove()
                db.engine.dispose()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, apps))


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    return cast


def test_approvals_at_one_moment_have_one_effect(cast, database_uri):
    steps.draft(JUNE, actor=cast["clerk"])
    steps.submit(JUNE, actor=cast["clerk"], explain="已核对")
    steps.review(JUNE, actor=cast["manager"])
    taken, records = count(SettlementStep), count(AuditRecord)
    db.session.commit()
    answers = at_once(database_uri, lambda: steps.approve(JUNE, actor=account_named("leader")))
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert (count(SettlementStep), count(AuditRecord)) == (taken + 1, records + 1)
    assert count(SettledSource) > 0
    assert list(find_breaches()) == []


def test_drafts_at_one_moment_leave_one_draft(cast, database_uri):
    db.session.commit()
    at_once(database_uri, lambda: steps.draft(JUNE, actor=account_named("clerk")).id)
    assert count(Settlement) == 1
    assert list(find_breaches()) == []


def test_imports_at_one_moment_take_the_register_in_once(app, database_uri):
    people()
    db.session.commit()
    answers = at_once(
        database_uri, lambda: take_in("register.xlsx", account_named("clerk")).changed
    )
    assert sorted(answers) == [False, False, False, True]
    assert count(Ticket) == 90
    assert list(find_breaches()) == []


WRITER = """
import sys, time
from app import create_app
from workflows.account import create_account
from rules.permissions import Role
with create_app({"SQLALCHEMY_DATABASE_URI": sys.argv[1], "TESTING": True}).app_context():
    for turn in range(20):
        create_account(f"{sys.argv[2]}-{turn}", [Role.AUDITOR], employee_number=None, password=None, actor=None)
"""


def test_writers_of_several_processes_all_get_their_turn(app, database_uri):
    db.session.commit()
    command = [sys.executable, "-c", WRITER, database_uri]
    writers = [subprocess.Popen([*command, str(n)]) for n in range(6)]
    assert [writer.wait(120) for writer in writers] == [0] * 6
    assert count(Account) == count(AuditRecord) == 120
    assert list(find_breaches()) == []
