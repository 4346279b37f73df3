"""What is still open against someone who left: a claim, pursued or waived by the leader (R8.7)."""

from datetime import date
from decimal import Decimal as D

import pytest

from models import db
from rules.overdue_case import CaseState, LeaverClaimState, LeaverClaimVerb
from rules.period import Month
from rules.permissions import Role
from tests.cast import account, carry_through, people
from tests.overdue_world import go_live, make_case, make_employee, make_receivable, on, pay
from workflows.overdue_claim import decide_claim
from workflows.overdue_record import seen_digest
from workflows.overdue_report import months_taken, sums_of
from workflows.refusal import Forbidden, Refused, Stale
from workflows.settlement import draft
from workflows.settlement_report import settlement_report
from workflows.verify import find_breaches

OCTOBER, NOVEMBER, DECEMBER, JANUARY = (
    Month(2026, 10),
    Month(2026, 11),
    Month(2026, 12),
    Month(2027, 1),
)
DECEMBER_3 = date(2026, 12, 3)


@pytest.fixture
def cast(app):
    return people()


@pytest.fixture
def case(cast):
    """Left on 15 November: 831.20 of 5,831.00 were taken from his last wage, 4,999.80 are open."""
    handler = make_employee(left_on=date(2026, 11, 15))
    case = make_case(
        make_receivable(handler), cast["finance"], state=CaseState.DECIDED,
        decided_on=date(2026, 11, 3), decided_by_id=cast["leader"].id,
    )  # fmt: skip
    go_live("2026-11")
    return case


@pytest.fixture
def claim(case, cast):
    with on(DECEMBER_3):
        carry_through(NOVEMBER, cast)
        yield case


def sums(case):
    db.session.refresh(case)
    number = case.receivable.number
    return sums_of(case, months_taken()[number])


def decide(case, verb, actor, **overrides):
    decide_claim(case.id, verb, actor=actor, **{"reason": "本人已无联系"} | overrides)


def totals(month, cast):
    """What a draft of the month takes, gives back and carries on."""
    draft(month, actor=cast["clerk"])
    found = settlement_report(month)["totals"]
    return found["deductions"], found["refunds"], found["carried_forward"]


NOTHING = ("0.00", "0.00", "0.00")


def test_a_claim_begins_with_the_approved_settlement_that_could_not_take_everything(case, cast):
    with on(DECEMBER_3):
        draft(NOVEMBER, actor=cast["clerk"])
        assert sums(case).claim is LeaverClaimState.NONE
        carry_through(NOVEMBER, cast)
        found = sums(case)
    assert (found.claim, found.net, found.still_open) == (
        LeaverClaimState.OPEN, D("831.20"), D("4999.80"),
    )  # fmt: skip


def test_who_is_still_there_owes_no_claim(cast):
    """He leaves on 31 December: until then it is a deduction like any other."""
    handler = make_employee(left_on=date(2026, 12, 31))
    case = make_case(
        make_receivable(handler), cast["finance"], state=CaseState.DECIDED,
        decided_on=date(2026, 11, 3),
    )  # fmt: skip
    go_live("2026-11")
    with on(DECEMBER_3):
        carry_through(NOVEMBER, cast)
        assert sums(case).claim is LeaverClaimState.NONE


def test_pursued_it_goes_on_being_collected_from_what_falls_due(claim, cast):
    decide(claim, LeaverClaimVerb.PURSUE, cast["leader"], reason="发律师函")
    assert sums(claim).claim is LeaverClaimState.PURSUED
    assert totals(DECEMBER, cast) == ("0.00", "0.00", "4999.80")


def test_waived_nothing_further_is_taken_or_carried_from_that_month_on(claim, cast):
    decide(claim, LeaverClaimVerb.WAIVE_CLAIM, cast["leader"])
    assert (sums(claim).claim, sums(claim).still_open) == (LeaverClaimState.WAIVED, D("0.00"))
    assert totals(DECEMBER, cast) == NOTHING
    assert settlement_report(NOVEMBER)["totals"]["carried_forward"] == "4999.80"
    assert list(find_breaches()) == []


def test_waived_in_december_november_is_still_reckoned_as_it_was(case, cast):
    """From that day's month on: a month before it is not changed by drafting it late."""
    with on(DECEMBER_3):
        carry_through(NOVEMBER, cast)
        assert totals(DECEMBER, cast) == ("0.00", "0.00", "4999.80")
    with on(date(2027, 1, 4)):
        decide(case, LeaverClaimVerb.WAIVE_CLAIM, cast["leader"])
        assert totals(DECEMBER, cast) == ("0.00", "0.00", "4999.80")
        assert totals(JANUARY, cast) == NOTHING


def test_after_the_waiver_a_paying_customer_still_gives_him_back_what_was_too_much(claim, cast):
    """R8.4: 6,000.00 paid, 860.00 outstanding, 85 % are 731.00; 831.20 − 731.00 = 100.20 come back."""
    decide(claim, LeaverClaimVerb.WAIVE_CLAIM, cast["leader"])
    pay(claim.receivable, D("6000.00"), DECEMBER_3)
    assert totals(DECEMBER, cast) == ("0.00", "100.20", "0.00")


def test_a_payment_that_leaves_more_than_was_deducted_refunds_nothing(claim, cast):
    """860.00 paid, 6,000.00 outstanding: 5,100.00 would be borne, 831.20 were; nothing moves."""
    decide(claim, LeaverClaimVerb.WAIVE_CLAIM, cast["leader"])
    pay(claim.receivable, D("860.00"), DECEMBER_3)
    assert totals(DECEMBER, cast) == NOTHING


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEADER])
@pytest.mark.parametrize("verb", LeaverClaimVerb)
def test_only_the_leader_decides_a_claim(verb, role, claim):
    with pytest.raises(Forbidden):
        decide(claim, verb, account("x", role))
    assert sums(claim).claim is LeaverClaimState.OPEN


def test_nobody_decides_the_claim_against_himself(claim):
    with pytest.raises(Forbidden, match="涉及您本人"):
        decide(claim, LeaverClaimVerb.WAIVE_CLAIM, account("self", Role.LEADER, employee="T01"))


@pytest.mark.parametrize("verb", LeaverClaimVerb)
def test_a_claim_is_decided_with_a_reason(verb, claim, cast):
    with pytest.raises(Refused) as refused:
        decide(claim, verb, cast["leader"], reason=" ")
    assert set(refused.value.errors) == {"reason"}
    assert sums(claim).claim is LeaverClaimState.OPEN


def test_pursued_may_be_waived_later_and_waived_is_the_end(claim, cast):
    decide(claim, LeaverClaimVerb.PURSUE, cast["leader"])
    with pytest.raises(Refused, match="追偿中"):
        decide(claim, LeaverClaimVerb.PURSUE, cast["leader"])
    decide(claim, LeaverClaimVerb.WAIVE_CLAIM, cast["leader"])
    for verb in LeaverClaimVerb:
        with pytest.raises(Refused, match="已免追偿"):
            decide(claim, verb, cast["leader"])


@pytest.mark.parametrize("verb", LeaverClaimVerb)
def test_without_a_claim_there_is_nothing_to_decide(verb, case, cast):
    with on(date(2026, 11, 20)), pytest.raises(Refused, match="没有可决定的追偿"):
        decide(case, verb, cast["leader"])


def test_the_leader_decides_on_what_he_saw(claim, cast):
    """I12."""
    seen = seen_digest(claim)
    pay(claim.receivable, D("100.00"), DECEMBER_3)
    with pytest.raises(Stale):
        decide(claim, LeaverClaimVerb.WAIVE_CLAIM, cast["leader"], seen=seen)


def test_a_claim_ends_by_itself_when_the_customer_pays(claim):
    pay(claim.receivable, D("6860.00"), DECEMBER_3)
    found = sums(claim)
    assert (found.claim, found.still_open) == (LeaverClaimState.NONE, D("-831.20"))
