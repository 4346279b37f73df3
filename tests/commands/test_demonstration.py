"""`demonstration create`: on an empty database only, with its progress, and the log-ins at the end."""

import pytest
from sqlalchemy import func, select

from models import db
from models.account import Account
from rules.permissions import Role
from workflows.account import create_account
from workflows.demonstration import PASSWORD, begin_demonstration, is_complete

SMALL = ("--months", "2", "--tickets", "40")


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["demonstration", "create", *args])


def test_it_tells_its_progress_and_ends_with_the_log_ins(run):
    done = run(*SMALL)
    assert done.exit_code == 0, done.output
    assert "[ 1/2]" in done.stdout
    assert done.stdout.rstrip().endswith(PASSWORD)
    assert "zhoumin" in done.stdout
    assert is_complete()


def test_on_data_it_says_why_not_and_changes_nothing(run):
    create_account("lin", [Role.CLERK], employee_number=None, password=None, actor=None)
    refused = run(*SMALL)
    assert refused.exit_code == 1
    assert "已经有数据" in refused.stderr
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_at_a_start_data_are_left_alone_without_a_word(run):
    create_account("lin", [Role.CLERK], employee_number=None, password=None, actor=None)
    left = run(*SMALL, "--if-empty")
    assert (left.exit_code, left.stdout, left.stderr) == (0, "", "")


def test_a_company_half_built_is_not_served_as_if_it_were_whole(run):
    begin_demonstration({})
    refused = run(*SMALL, "--if-empty")
    assert refused.exit_code == 1
    assert "没有建完" in refused.stderr
