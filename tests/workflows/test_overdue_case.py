"""Deciding an overdue case: every verb by role, state, evidence, version; and what the audit chain keeps (R8.2, R8.3)."""

import json
from datetime import date
from decimal import Decimal as D
from itertools import product

import pytest
from sqlalchemy import func, select, text

from models import db
from models.audit import AuditRecord
from models.overdue_case import CollectionEntry, OverdueCase
from models.parameter import ParameterValue
from rules.overdue_case import STEPS, CaseState, CaseVerb
from rules.period import Month
from rules.permissions import Role, allowed
from tests.cast import account
from tests.overdue_world import (
    make_case,
    make_employee,
    make_receivable,
    on,
    pay,
    proposal,
)
from workflows import overdue_case as steps
from workflows.overdue_record import missing_evidence, proposal_digest, seen_digest
from workflows.parameter import save_setting
from workflows.refusal import Forbidden, Refused, Stale
from workflows.transaction import now, today, writing

TODAY = date(2026, 11, 3)
SWEPT = (CaseVerb.WITHDRAW, CaseVerb.REOPEN)
VERBS = [verb for verb in CaseVerb if verb not in SWEPT]


@pytest.fixture(autouse=True)
def third_of_november(app):
    with on(TODAY):
        yield


@pytest.fixture
def cast(app):
    roles = ("clerk", "manager", "leader", "finance", "commerce", "auditor")
    return {name: account(name, Role(name)) for name in roles}


@pytest.fixture
def handler(app):
    return make_employee("T01")


@pytest.fixture
def row(handler):
    return make_receivable(handler)


@pytest.fixture
def case(row, cast):
    return make_case(row, cast["finance"])


def take(verb, case, actor, seen=None, **overrides):
    """Take one verb with everything that it asks for."""
    reason = overrides.get("reason", "客户破产重整")
    match verb:
        case CaseVerb.COLLECT:
            steps.log_collection(
                case.id, actor=actor, asked_on=TODAY, manner="visit", answer="答应十二月付"
            )
        case CaseVerb.STATE:
            steps.state_case(case.id, actor=actor, agrees=True, statement="我认", seen=seen)
        case CaseVerb.SAVE:
            steps.save_case(case.id, proposal(**overrides), actor=actor, seen=seen)
        case CaseVerb.PROPOSE:
            steps.propose(case.id, proposal(**overrides), actor=actor, seen=seen)
        case CaseVerb.PROPOSE_WAIVER:
            steps.propose(case.id, proposal(waive=True, reason=reason), actor=actor, seen=seen)
        case CaseVerb.APPROVE:
            steps.approve_case(case.id, actor=actor, seen=seen)
        case CaseVerb.WAIVE:
            steps.waive_case(case.id, actor=actor, reason=reason, seen=seen)
        case CaseVerb.SEND_BACK:
            steps.send_back(case.id, actor=actor, reason=reason, seen=seen)


def state(case):
    db.session.refresh(case)
    return case.state


def records():
    return db.session.scalar(select(func.count()).select_from(AuditRecord))


def last_record():
    return db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1)).one()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_from_every_state_goes_where_the_table_says_or_nowhere(verb, row, cast):
    """R8.3: the illegal cells too; what is refused leaves no trace."""
    case = make_case(row, cast["finance"], proposed_by_id=cast["manager"].id)
    actor = account("both", Role.MANAGER, Role.LEADER)
    for start in CaseState:
        with writing():
            fresh = make_state(case, start)
        before = records()
        step = STEPS.get((start, verb))
        if step is None:
            with pytest.raises(Refused, match="不能做这一步") as refused:
                take(verb, fresh, actor)
            assert refused.value.status == 409
            assert (state(case), records()) == (start, before)
        else:
            take(verb, fresh, actor)
            assert (state(case), records()) == (step.next, before + 1)
            assert last_record().verb == verb


def make_state(case, start):
    case.state, case.waiver_proposed = start, False
    db.session.flush()
    case.proposal_hash = proposal_digest(case)
    return case


@pytest.mark.parametrize(("verb", "role"), list(product(VERBS, Role)))
def test_only_the_roles_of_the_table_of_permissions_take_a_verb(verb, role, row, cast):
    """R10: another's case; a technician has nothing to do with it."""
    start = next(s for s, v in STEPS if v is verb)
    case = make_case(row, cast["finance"], state=start, proposed_by_id=cast["manager"].id)
    actor = account("x", role, employee=make_employee("T02").number)
    if allowed(STEPS[start, verb].permission, frozenset({role})):
        take(verb, case, actor)
        assert state(case) is STEPS[start, verb].next
    else:
        with pytest.raises(Forbidden):
            take(verb, case, actor)
        assert state(case) is start


def test_the_table_of_permissions_leaves_a_technician_log_and_statement_of_his_own_case(case, cast):
    """R10."""
    his = account("his", Role.TECHNICIAN, employee="T01")
    take(CaseVerb.COLLECT, case, his)
    take(CaseVerb.STATE, case, his)
    db.session.refresh(case)
    assert (case.agrees, case.statement, case.stated_by_id) == (True, "我认", his.id)
    assert [entry.asked_by_id for entry in case.collections] == [cast["finance"].id, his.id]


@pytest.mark.parametrize("verb", [v for v in VERBS if v not in (CaseVerb.COLLECT, CaseVerb.STATE)])
def test_nobody_decides_his_own_case_whatever_his_roles(verb, row, cast):
    """R10."""
    start = next(s for s, v in STEPS if v is verb)
    case = make_case(row, cast["finance"], state=start, proposed_by_id=cast["manager"].id)
    mighty = account("mighty", Role.MANAGER, Role.LEADER, Role.CLERK, employee="T01")
    with pytest.raises(Forbidden, match="涉及您本人"):
        take(verb, case, mighty)
    assert state(case) is start


@pytest.mark.parametrize("verb", [CaseVerb.APPROVE, CaseVerb.WAIVE, CaseVerb.SEND_BACK])
def test_who_proposed_does_not_decide_also_under_another_account(verb, case):
    """R8.3, R10: two accounts of one employee are one person."""
    number = make_employee("T02").number
    maker = account("maker", Role.MANAGER, Role.LEADER, employee=number)
    twin = account("twin", Role.LEADER, employee=number)
    take(CaseVerb.PROPOSE, case, maker)
    for same in (maker, twin):
        with pytest.raises(Forbidden, match="另一个人"):
            take(verb, case, same)
    assert state(case) is CaseState.PROPOSED


def test_a_disabled_account_decides_nothing(case, cast):
    cast["manager"].disabled_at = now()
    db.session.commit()
    with pytest.raises(Forbidden):
        take(CaseVerb.PROPOSE, case, cast["manager"])


def test_a_case_is_proposed_and_approved_by_two_people(case, cast):
    """R8.3."""
    take(CaseVerb.PROPOSE, case, cast["manager"], rate=D("0.90"))
    with on(date(2026, 11, 5)):
        take(CaseVerb.APPROVE, case, cast["leader"])
    db.session.refresh(case)
    assert (case.rate, case.decided_on, case.decided_by_id) == (
        D("0.90"), date(2026, 11, 5), cast["leader"].id,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "overrides"),
    [
        ("finding", {"finding": "  "}),
        ("basis", {"basis": ""}),
        ("notified_on", {"notified_on": None}),
        ("statement", {"agrees": None}),
        ("statement", {"statement": ""}),
        ("reason", {"reason": " \n"}),
    ],
)
def test_the_leader_gets_nothing_while_a_piece_is_missing(missing, overrides, case, cast):
    """R8.3: each piece refused at its own field, and nothing is saved."""
    with pytest.raises(Refused) as refused:
        take(CaseVerb.PROPOSE, case, cast["manager"], **overrides)
    assert (set(refused.value.errors), refused.value.status) == ({missing}, 400)
    assert state(case) is CaseState.UNDECIDED
    assert case.finding == "未按 6.1(1)B 报批即赊销交货"


def test_all_that_is_missing_is_said_at_once(row, cast):
    """R8.3, collection log included."""
    empty = dict.fromkeys(("reason", "finding", "basis", "statement"), "")
    case = make_case(
        row, cast["finance"], collected=False, finding=None, basis=None, notified_on=None,
        agrees=None, statement=None, rate=None, reason=None,
    )  # fmt: skip
    with pytest.raises(Refused, match="还缺 7 处") as refused:
        take(CaseVerb.PROPOSE, case, cast["manager"], rate=D("0.5"), agrees=None,
             notified_on=None, **empty)  # fmt: skip
    assert set(refused.value.errors) == {
        "rate", "reason", "collections", "finding", "basis", "notified_on", "statement",
    }  # fmt: skip


def test_a_draft_keeps_gaps_and_goes_to_nobody(case, cast):
    """R8.3: what was saved stays the manager's until he proposes."""
    take(CaseVerb.SAVE, case, cast["manager"], basis="", reason="", rate=D("0.92"))
    db.session.refresh(case)
    assert (case.state, case.rate, case.basis) == (CaseState.UNDECIDED, D("0.92"), None)
    assert missing_evidence(case) == ("basis",)


RATES = [
    ("0.7999", False), ("0.8", True), ("0.85", True), ("1", True), ("1.0001", False),
    ("0.85005", False), ("NaN", False), ("-0", False), ("1e30", False),
]  # fmt: skip


@pytest.mark.parametrize(("rate", "fits"), RATES)
@pytest.mark.parametrize("verb", [CaseVerb.SAVE, CaseVerb.PROPOSE])
def test_a_rate_lies_between_the_bounds(rate, fits, verb, case, cast):
    """R8.3: 80 % to 100 %, kept to the hundredth of a per cent."""
    if fits:
        take(verb, case, cast["manager"], rate=D(rate))
        assert case.rate == D(rate)
        return
    with pytest.raises(Refused) as refused:
        take(verb, case, cast["manager"], rate=D(rate))
    assert refused.value.errors["rate"] == "承担比例须在 80% 到 100% 之间。"


def set_parameter(name, month, value):
    db.session.add(
        ParameterValue(name=name, month=month, value=value, prepared_at=now(), approved_at=now())
    )
    db.session.commit()


def test_the_bounds_are_those_of_the_month_of_the_decision(case, cast):
    """R8.3: 90 % from November on; 85 % was right in October only."""
    set_parameter("deduction_rate_min", Month(2026, 11), "0.9000")
    with pytest.raises(Refused, match="还缺 1 处"):
        take(CaseVerb.PROPOSE, case, cast["manager"])
    with on(date(2026, 10, 31)):
        take(CaseVerb.PROPOSE, case, cast["manager"])
    with pytest.raises(Refused, match="不在本月允许的范围"):
        take(CaseVerb.APPROVE, case, cast["leader"])
    take(CaseVerb.SEND_BACK, case, cast["leader"])
    take(CaseVerb.PROPOSE, case, cast["manager"], rate=D("0.9"))
    take(CaseVerb.APPROVE, case, cast["leader"])


TAMPERING = [
    "rate = 9900", "reason = 'x'", "finding = 'x'", "basis = 'x'", "agrees = 1",
    "statement = 'x'", "notified_on = '2026-10-27'",
]  # fmt: skip


@pytest.mark.parametrize("assignment", TAMPERING)
def test_what_changes_after_the_proposal_voids_it(assignment, case, cast):
    """I10: also past the workflows, by SQL; the leader can only send it back."""
    take(CaseVerb.PROPOSE, case, cast["manager"])
    if db.engine.dialect.name == "postgresql":
        assignment = assignment.replace("agrees = 1", "agrees = true")
    db.session.execute(text(f"UPDATE overdue_cases SET {assignment}"))
    db.session.commit()
    with pytest.raises(Refused, match="提议作废"):
        take(CaseVerb.APPROVE, case, cast["leader"])
    take(CaseVerb.SEND_BACK, case, cast["leader"])
    assert state(case) is CaseState.UNDECIDED


def test_a_proposed_waiver_is_waived_or_sent_back_never_approved(case, cast):
    """R8.3."""
    take(CaseVerb.PROPOSE_WAIVER, case, cast["manager"])
    with pytest.raises(Refused, match="提议的是免除"):
        take(CaseVerb.APPROVE, case, cast["leader"])
    take(CaseVerb.WAIVE, case, cast["leader"], reason="同意：客户已注销")
    db.session.refresh(case)
    assert (case.state, case.waived_reason) == (CaseState.WAIVED, "同意：客户已注销")


def test_a_proposed_waiver_leaves_the_evidence_as_it_was(case, cast):
    take(CaseVerb.PROPOSE_WAIVER, case, cast["manager"])
    db.session.refresh(case)
    assert missing_evidence(case) == ()
    assert case.rate == D("0.85")


@pytest.mark.parametrize("verb", [CaseVerb.PROPOSE_WAIVER, CaseVerb.WAIVE, CaseVerb.SEND_BACK])
@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501, "a\x00b", "\ud800", "\u202eabc"])
def test_a_decision_without_a_readable_reason_is_refused(verb, reason, row, cast):
    """R8.3: empty, too long, or with signs that no one sees."""
    start = CaseState.PROPOSED if verb is CaseVerb.SEND_BACK else CaseState.UNDECIDED
    case = make_case(row, cast["finance"], state=start, proposed_by_id=cast["manager"].id)
    actor = cast["manager"] if verb is CaseVerb.PROPOSE_WAIVER else cast["leader"]
    with pytest.raises(Refused) as refused:
        take(verb, case, actor, reason=reason)
    assert set(refused.value.errors) == {"reason"}
    assert state(case) is start


def test_sent_back_it_carries_the_reason_until_proposed_again(case, cast):
    """R8.3."""
    take(CaseVerb.PROPOSE, case, cast["manager"])
    take(CaseVerb.SEND_BACK, case, cast["leader"], reason="过错写得不清楚")
    db.session.refresh(case)
    assert (case.state, case.sent_back_reason) == (CaseState.UNDECIDED, "过错写得不清楚")
    take(CaseVerb.PROPOSE, case, cast["manager"])
    db.session.refresh(case)
    assert case.sent_back_reason is None


@pytest.mark.parametrize(
    ("verb", "actor"),
    [("state", "manager"), ("save", "manager"), ("propose", "manager"),
     ("propose_waiver", "manager"), ("waive", "leader")],
)  # fmt: skip
def test_who_looked_before_a_colleague_changed_it_is_told_who_was_faster(verb, actor, case, cast):
    """I12."""
    seen = seen_digest(case)
    take(CaseVerb.SAVE, case, account("faster", Role.MANAGER), reason="另一个理由")
    with pytest.raises(Stale, match="faster 比您快一步"):
        take(CaseVerb(verb), case, cast[actor], seen=seen)
    assert case.reason == "另一个理由"


@pytest.mark.parametrize("verb", [CaseVerb.APPROVE, CaseVerb.WAIVE, CaseVerb.SEND_BACK])
def test_the_leader_decides_on_the_money_and_the_log_that_he_saw(verb, case, row, cast):
    """I10: a payment or an entry of the log since then is shown before anything is decided."""
    take(CaseVerb.PROPOSE, case, cast["manager"])
    seen = seen_digest(case)
    pay(row, D("100.00"), TODAY)
    with pytest.raises(Stale, match="收款或催收记录有变化"):
        take(verb, case, cast["leader"], seen=seen)
    seen = seen_digest(case)
    take(CaseVerb.COLLECT, case, cast["clerk"])
    with pytest.raises(Stale, match="收款或催收记录有变化"):
        take(verb, case, cast["leader"], seen=seen)
    take(verb, case, cast["leader"], seen=seen_digest(case))


@pytest.mark.parametrize(
    ("field", "overrides"),
    [
        ("asked_on", {"asked_on": date(2026, 11, 4)}),
        ("asked_on", {"asked_on": date(2025, 10, 20)}),
        ("asked_on", {"asked_on": None}),
        ("manner", {"manner": "托梦"}),
        ("answer", {"answer": " "}),
        ("answer", {"answer": "x" * 501}),
    ],
)
def test_an_entry_of_the_log_says_when_how_and_what_was_answered(field, overrides, case, cast):
    """R8.3: from the day on which the receivable arose until today."""
    values = {"asked_on": TODAY, "manner": "phone", "answer": "好"} | overrides
    with pytest.raises(Refused) as refused:
        steps.log_collection(case.id, actor=cast["clerk"], **values)
    assert set(refused.value.errors) == {field}
    assert db.session.scalar(select(func.count()).select_from(CollectionEntry)) == 1


def test_the_log_takes_the_words_of_the_screen_and_its_codes(case, cast):
    for manner in ("电话", "visit"):
        steps.log_collection(
            case.id, actor=cast["clerk"], asked_on=date(2025, 10, 21), manner=manner, answer="好"
        )
    assert {entry.manner for entry in case.collections} == {"phone", "visit"}


def test_nobody_else_writes_over_what_the_employee_stated_himself(case, cast):
    """R8.3: his own words."""
    his = account("his", Role.TECHNICIAN, employee="T01")
    steps.state_case(case.id, actor=his, agrees=False, statement="我报告过主任")
    with pytest.raises(Forbidden, match="亲自"):
        steps.state_case(case.id, actor=cast["manager"], agrees=True, statement="同意")
    take(CaseVerb.PROPOSE, case, cast["manager"], agrees=True, statement="他同意")
    db.session.refresh(case)
    assert (case.agrees, case.statement, case.stated_by_id) == (False, "我报告过主任", his.id)


def test_what_the_manager_took_down_for_him_the_employee_may_still_change(case):
    his = account("his", Role.TECHNICIAN, employee="T01")
    steps.state_case(case.id, actor=his, agrees=True, statement="我同意")
    db.session.refresh(case)
    assert (case.agrees, case.statement) == (True, "我同意")


def test_each_step_is_on_record_with_what_was_before(case, cast):
    """R10: who, what before, what after, in one transaction with the change."""
    take(CaseVerb.SAVE, case, cast["manager"], rate=D("0.95"))
    entry = last_record()
    assert (entry.verb, entry.subject, entry.actor_id) == (
        "save",
        "XS-2025-0112",
        cast["manager"].id,
    )
    assert json.loads(entry.details)["rate"] == ["0.8500", "0.95"]


@pytest.mark.parametrize(
    ("label", "day", "opened"),
    [
        ("on the last day to pay", date(2026, 10, 21), 0),
        ("the day after", date(2026, 10, 22), 1),
    ],
)
def test_a_case_opens_the_day_after_the_last_day_to_pay(label, day, opened, row):
    """R8.2: arisen on 2025-10-21, in time until 2026-10-21."""
    with on(day), writing():
        assert steps.open_due_cases() == opened
        assert steps.open_due_cases() == 0
    found = db.session.scalars(select(OverdueCase)).all()
    assert [case.opened_on for case in found] == [date(2026, 10, 22)] * opened
    assert all(case.rate is None for case in found)


def test_the_nightly_job_opens_what_is_due_and_says_how_many(app, row):
    """R8.2."""
    run = app.test_cli_runner().invoke
    assert "新立案 1 件" in run(args=["overdue", "open"]).output
    assert "新立案 0 件" in run(args=["overdue", "open"]).output
    assert last_record().verb == "open"


def test_what_arose_before_the_effective_date_opens_no_case(row):
    """R8.7."""
    for day, opened in (("2025-10-22", 0), ("2025-10-21", 1)):
        with writing():
            save_setting("effective_date", day)
            assert steps.open_due_cases() == opened


@pytest.mark.parametrize("start", [CaseState.UNDECIDED, CaseState.PROPOSED])
def test_a_case_paid_in_time_after_all_is_withdrawn_and_opens_again_with_the_reversal(
    start, row, cast
):
    """R8.2: the payment of the last day was booked late, and then turned out wrong."""
    case = make_case(row, cast["finance"], state=start)
    late = pay(row, D("6860.00"), date(2026, 10, 21))
    with writing():
        steps.open_due_cases()
    assert state(case) is CaseState.WITHDRAWN
    pay(row, D("-6860.00"), today(), reverses=late)
    with writing():
        steps.open_due_cases()
    assert state(case) is CaseState.UNDECIDED


def test_paid_a_day_late_the_case_stays(row, cast):
    """R8.2: one day after the last day to pay."""
    case = make_case(row, cast["finance"])
    pay(row, D("6860.00"), date(2026, 10, 22))
    with writing():
        steps.open_due_cases()
    assert state(case) is CaseState.UNDECIDED


def test_an_unknown_case_is_not_there(cast):
    with pytest.raises(Refused) as refused:
        steps.approve_case(999, actor=cast["leader"])
    assert refused.value.status == 404
