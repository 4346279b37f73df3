"""Versions of the parameters: prepared by one person, approved by the leader, never under a month that used them (R7)."""

import pytest

from rules.period import Month
from rules.permissions import Role
from tests.cast import JULY, JUNE, account, carry_through, people, take_in
from workflows.parameter import parameter_history
from workflows.parameter_draft import approve_parameters, prepare_parameters, return_parameters
from workflows.refusal import Forbidden, Refused

OCTOBER = Month(2026, 10)


@pytest.fixture
def cast(app):
    return people()


def prepare(cast, month=OCTOBER, values=None, **options):
    values = {"现场服务补贴": "50"} if values is None else values
    return prepare_parameters(month, values, reason="行情", actor=cast["clerk"], **options)


def held(month):
    return parameter_history().of(month).values["allowance_onsite"]


def test_a_draft_holds_only_once_the_leader_approved_it_and_from_its_month_on(cast):
    draft = prepare(cast)
    assert held(OCTOBER) == "30.00"
    approve_parameters(draft.id, actor=cast["leader"], digest=draft.digest)
    assert held(OCTOBER.plus(-1)) == "30.00"
    assert held(OCTOBER) == held(OCTOBER.plus(5)) == "50.00"


def test_a_returned_draft_never_holds(cast):
    draft = prepare(cast)
    return_parameters(draft.id, actor=cast["leader"], reason="太高")
    assert held(OCTOBER) == "30.00"
    with pytest.raises(Refused, match="已经决定"):
        approve_parameters(draft.id, actor=cast["leader"])


def test_preparer_and_approver_are_two_people(cast):
    both = account("both", Role.CLERK, Role.LEADER)
    draft = prepare_parameters(OCTOBER, {"complaint_limit": 4}, reason="试行", actor=both)
    with pytest.raises(Forbidden, match="另一个人"):
        approve_parameters(draft.id, actor=both)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
def test_only_the_leader_approves(cast, role):
    draft = prepare(cast)
    with pytest.raises(Forbidden):
        approve_parameters(draft.id, actor=account("x", role))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"没有的参数": "1"}, "没有参数"),
        ({"complaint_limit": "0"}, "不在允许的范围"),
        ({"parts_commission_rate": "130%"}, "不在允许的范围"),
        ({"allowance_onsite": "30.00"}, "没有一项与现行的不同"),
        ({"minimum_wage": "NaN"}, "不在允许的范围"),
    ],
)
def test_values_out_of_range_are_refused_in_words(cast, values, why):
    with pytest.raises(Refused, match=why):
        prepare(cast, values=values)


def test_an_approval_binds_what_was_seen(cast):
    draft = prepare(cast)
    with pytest.raises(Refused, match="作废"):
        approve_parameters(draft.id, actor=cast["leader"], digest="0" * 64)


def test_a_version_used_by_a_settled_month_cannot_be_changed(cast):
    take_in("register.xlsx", cast["clerk"])
    waiting = prepare(cast, JULY)
    carry_through(JUNE, cast)
    carry_through(JULY, cast)
    for month in (JUNE, JULY):
        with pytest.raises(Refused, match="2026-08"):
            prepare(cast, month)
    with pytest.raises(Refused, match="2026-08"):
        approve_parameters(waiting.id, actor=cast["leader"])
