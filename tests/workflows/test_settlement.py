"""The month's steps: who may take them, what they freeze, and that nothing is settled twice."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from models import db
from models.settlement import SettledSource, Settlement
from rules.permissions import Role
from tests.cast import JULY, JUNE, account, carry_through, people, take_in
from workflows import settlement as steps
from workflows.refusal import Forbidden, Refused
from workflows.settlement_report import settlement_report
from workflows.verify import find_breaches
from workflows.what_if import what_if


@pytest.fixture
def cast(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    return cast


def digest():
    return db.session.scalar(select(Settlement.digest))


def test_recomputing_a_draft_gives_the_same_figures(cast):
    """R9.2."""
    steps.draft(JUNE, actor=cast["clerk"])
    first, report = digest(), settlement_report(JUNE)
    steps.draft(JUNE, actor=cast["clerk"])
    assert (digest(), settlement_report(JUNE)) == (first, report)


def test_a_month_without_any_register_can_be_signed(app):
    carry_through(JUNE, people())  # no service plans in yet, not even the presets
    assert settlement_report(JUNE)["status"] == "approved"


def test_submitting_asks_for_a_word_on_what_does_not_add_up(cast):
    """R9.7."""
    steps.draft(JUNE, actor=cast["clerk"])
    with pytest.raises(Refused, match="不一致"):
        steps.submit(JUNE, actor=cast["clerk"])
    assert settlement_report(JUNE)["status"] == "draft"


@pytest.mark.parametrize("verb", ["submit", "review", "approve", "pay"])
@pytest.mark.parametrize("role", list(Role))
def test_each_step_is_for_its_role_only(cast, verb, role):
    """R9.1, R10."""
    steps.draft(JUNE, actor=cast["clerk"])
    right = {
        "submit": Role.CLERK,
        "review": Role.MANAGER,
        "approve": Role.LEADER,
        "pay": Role.FINANCE,
    }
    if role is right[verb]:
        return
    with pytest.raises(Forbidden):
        getattr(steps, verb)(JUNE, actor=account("x", role))


def test_the_three_signers_are_three_people_also_under_two_accounts(cast):
    """R9.1."""
    both = account("both", Role.CLERK, Role.MANAGER, Role.LEADER, employee="T012")
    twin = account("twin", Role.MANAGER, Role.LEADER, employee="T012")
    steps.draft(JUNE, actor=both)
    steps.submit(JUNE, actor=both, explain="已核对")
    for same in (both, twin):
        with pytest.raises(Forbidden, match="三个不同的人"):
            steps.review(JUNE, actor=same)
    steps.review(JUNE, actor=cast["manager"])
    for same in (both, twin):
        with pytest.raises(Forbidden, match="三个不同的人"):
            steps.approve(JUNE, actor=same)


def test_no_step_can_be_skipped(cast):
    """R9.1."""
    steps.draft(JUNE, actor=cast["clerk"])
    for verb, actor in (("review", "manager"), ("approve", "leader"), ("pay", "finance")):
        with pytest.raises(Refused, match="现在是“草稿”"):
            getattr(steps, verb)(JUNE, actor=cast[actor])


def test_a_signature_binds_what_was_seen(cast):
    """R9.2, I10."""
    steps.draft(JUNE, actor=cast["clerk"])
    with pytest.raises(Refused, match="重新起草"):
        steps.submit(JUNE, actor=cast["clerk"], explain="已核对", digest="0" * 64)


def test_months_are_approved_in_order(cast):
    """R9.4."""
    steps.draft(JUNE, actor=cast["clerk"])
    steps.draft(JULY, actor=cast["clerk"])
    steps.submit(JULY, actor=cast["clerk"], explain="已核对")
    steps.review(JULY, actor=cast["manager"])
    with pytest.raises(Refused, match="2026-06"):
        steps.approve(JULY, actor=cast["leader"])


def test_a_month_can_be_returned_with_a_reason_and_drafted_again(cast):
    """R9.1."""
    steps.draft(JUNE, actor=cast["clerk"])
    steps.submit(JUNE, actor=cast["clerk"], explain="已核对")
    with pytest.raises(Refused, match="理由"):
        steps.give_back(JUNE, actor=cast["manager"], reason=" ")
    steps.give_back(JUNE, actor=cast["manager"], reason="少一份反馈单")
    carry_through(JUNE, cast)
    assert settlement_report(JUNE)["status"] == "approved"


FORGERIES = [
    "UPDATE settlement_lines SET amount = amount + 1",
    "DELETE FROM settlement_lines",
    "INSERT INTO settlement_lines SELECT settlement_id, position + 100000, employee_id, kind, source,"
    " source_id, amount, base, rate, parameter_month, note FROM settlement_lines",
    "UPDATE settlement_sums SET net = net + 1",
    "UPDATE settlement_debts SET taken = 0, carried = 0",
    "UPDATE settlements SET digest = 'x'",
    "UPDATE settlements SET state = 'draft'",
    "DELETE FROM settlements",
    "UPDATE settled_sources SET turn = 9",
    "DELETE FROM settled_sources",
    "INSERT INTO settled_sources (settlement_id, employee_id, kind, source, turn, amount)"
    " SELECT settlement_id, employee_id, kind, source, 9, amount FROM settled_sources",
    "UPDATE settlement_steps SET reason = 'x'",
    "DELETE FROM settlement_steps",
    "UPDATE audit_records SET details = 'x'",
    "DELETE FROM audit_records",
    "UPDATE payments SET amount = 1",
    "DELETE FROM payments",
]


@pytest.mark.parametrize("forgery", FORGERIES, ids=[f[:40] for f in FORGERIES])
def test_an_approved_month_cannot_be_changed_by_sql(cast, forgery):
    """R9.2, R9.5, I10."""
    carry_through(JUNE, cast)
    carry_through(JULY, cast)  # the first month with debts
    with pytest.raises(DBAPIError, match="frozen"):
        db.session.execute(text(forgery))
    db.session.rollback()
    assert list(find_breaches()) == []


def test_approving_twice_has_one_effect(cast):
    """R9.3, I8."""
    carry_through(JUNE, cast)
    used = db.session.scalar(select(func.count()).select_from(SettledSource))
    with pytest.raises(Refused, match="已审批"):
        steps.approve(JUNE, actor=cast["leader"])
    assert db.session.scalar(select(func.count()).select_from(SettledSource)) == used


def test_what_if_shows_both_and_changes_nothing(cast):
    """R9.8."""
    carry_through(JUNE, cast)
    before = settlement_report(JUNE)
    same = what_if(JUNE, {})
    assert same["totals"]["real"] == before["totals"]["net"]
    assert same["totals"]["difference"] == "0.00"
    higher = what_if(JUNE, {"no_complaint_bonus": "310"})
    assert higher["totals"]["difference"] == "20.00"  # T001 and T003 get the bonus
    assert settlement_report(JUNE) == before


def test_verify_finds_a_forged_audit_record(cast):
    """R10, I15."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE audit_records DISABLE TRIGGER ALL"))
    else:
        db.session.execute(text("DROP TRIGGER keep_audit_records_update"))
    db.session.execute(text("UPDATE audit_records SET details = '{}' WHERE id = 2"))
    db.session.commit()
    assert "audit record 2 was changed" in list(find_breaches())
