"""The table of a ticket's steps, over its full product, and what hinders a step (R2.4)."""

from dataclasses import replace
from itertools import product

import pytest

from rules.permissions import PERMISSIONS, Role
from rules.ticket import ServiceMode, Severity, TicketSource, TicketState
from rules.ticket_steps import (
    HINDRANCES,
    STEPS,
    Hindrance,
    TicketFacts,
    TicketVerb,
    after_refusal,
    after_wait,
    hindrance,
    steps_from,
)

S, V, H = TicketState, TicketVerb, Hindrance
SHORT = dict(zip("RVDAIWSFCXK", (
    S.REGISTERED, S.VERIFIED, S.DISPATCHED, S.ACCEPTED, S.IN_SERVICE, S.WAITING, S.SERVED,
    S.FORM_RECEIVED, S.CALLED_BACK, S.CLOSED, S.CANCELLED,
), strict=True))  # fmt: skip
# Where each verb leads from each state, worked out by hand from R2.4; "." is impossible, "=" stays.
EXPECTED = """
                  R   V   D   A   I   W   S   F   C   X   K
verify            V   .   .   .   .   .   .   .   .   .   .
escalate          =   =   .   .   .   .   .   .   .   .   .
dispatch          D   D   .   .   .   .   .   .   .   .   .
accept            .   .   A   .   .   .   .   .   .   .   .
refuse            .   .   DRV .   .   .   .   .   .   .   .
reassign          .   .   D   D   D   =   .   .   .   .   .
start             .   .   .   I   I   .   .   .   .   .   .
leave             .   .   .   .   =   .   .   .   .   .   .
serve             .   .   .   .   S   .   .   .   .   .   .
wait              .   .   W   W   W   .   .   .   .   .   .
resume            .   .   .   .   .   DAI .   .   .   .   .
propose           .   .   .   =   =   =   .   .   .   .   .
confirm_proposal  .   .   .   =   =   =   .   .   .   .   .
ask_support       .   .   .   =   =   =   .   .   .   .   .
submit_form       =   =   =   =   =   =   =   =   =   =   .
return_form       =   =   =   =   =   =   =   =   =   =   .
receive_form      =   =   =   =   =   =   FS  =   =   =   .
call_back         .   .   .   .   .   .   .   FCX .   .   .
settle_dispute    =   =   =   =   =   =   =   =   =   =   .
close             .   .   .   .   .   .   .   X   X   .   .
cancel            K   K   K   K   .   K   .   .   .   .   .
reopen            .   .   .   .   .   .   RV  RV  RV  RV  .
edit              =   =   =   =   =   =   .   .   .   .   .
set_severity      =   =   =   =   =   =   .   .   .   .   .
judge_warranty    =   =   =   =   =   =   =   =   =   .   .
charge_damage     =   =   =   =   =   =   =   =   =   .   .
replace           .   .   .   .   .   .   =   =   =   =   .
note              =   =   =   =   =   =   =   =   =   =   =
"""


def expected_cells():
    header, *rows = EXPECTED.strip("\n").splitlines()
    for row in rows:
        verb, *cells = row.split()
        for letter, cell in zip(header.split(), cells, strict=True):
            nexts = {SHORT[c] for c in cell.replace("=", letter) if c != "."}
            yield pytest.param(SHORT[letter], V(verb), nexts, id=f"{SHORT[letter]} {verb}")


@pytest.mark.parametrize(("state", "verb", "nexts"), list(expected_cells()))
def test_a_verb_leads_where_the_regulation_says_and_nowhere_else(state, verb, nexts):
    """R2.4: no other jump is possible."""
    step = STEPS.get((state, verb))
    assert set(step.next if step else ()) == nexts


def test_the_hand_made_table_covers_every_state_and_verb():
    cells = {(case.values[0], case.values[1]) for case in expected_cells()}
    assert cells == set(product(S, set(V) - {V.REGISTER}))
    assert set(STEPS) - cells == {(None, V.REGISTER)}


def test_every_state_can_be_left_but_the_cancelled_one():
    """R2.4: a cancelled document stays."""
    for state in S:
        leads_on = {n for step in steps_from(state) for n in step.next} - {state}
        assert bool(leads_on) == (state is not S.CANCELLED), state


WHO = {
    V.REGISTER: "clerk technician manager", V.VERIFY: "clerk", V.ESCALATE: "clerk",
    V.DISPATCH: "clerk manager", V.ACCEPT: "technician", V.REFUSE: "technician",
    V.REASSIGN: "clerk manager", V.START: "technician", V.LEAVE: "clerk technician manager",
    V.SERVE: "technician", V.WAIT: "clerk technician manager", V.RESUME: "clerk technician manager",
    V.PROPOSE: "technician", V.CONFIRM_PROPOSAL: "clerk technician manager",
    V.ASK_SUPPORT: "technician", V.SUBMIT_FORM: "technician", V.RETURN_FORM: "clerk",
    V.RECEIVE_FORM: "clerk", V.CALL_BACK: "manager", V.SETTLE_DISPUTE: "manager",
    V.CLOSE: "clerk manager", V.CANCEL: "clerk manager", V.REOPEN: "clerk manager",
    V.EDIT: "clerk", V.SET_SEVERITY: "clerk manager", V.JUDGE_WARRANTY: "clerk",
    V.CHARGE_DAMAGE: "clerk manager", V.REPLACE: "clerk commerce",
    V.NOTE: "clerk technician commerce manager leader",
}  # fmt: skip


@pytest.mark.parametrize("verb", V)
def test_a_verb_is_for_its_roles_only(verb):
    """R10: the table of permissions has a line for each verb; a technician acts on his own tickets."""
    row = PERMISSIONS[f"ticket.{verb}"]
    steps = [step for step in STEPS.values() if step.verb is verb]
    assert {role.value for step in steps for role in step.roles} == set(WHO[verb].split())
    assert row[Role.TECHNICIAN] != "all"
    assert row[Role.AUDITOR] == row[Role.ADMIN] == "none"


def make_facts(**overrides):
    """An on-site ticket of the service line with nothing in the way."""
    facts = TicketFacts(
        TicketSource.SERVICE_LINE, ServiceMode.ONSITE, Severity.B,
        taken_by_clerk=True, onsite_reason=True, visit_open=False, proposed=True, form_due=True, form_waiting=True,
    )  # fmt: skip
    return replace(facts, **overrides)


@pytest.mark.parametrize(
    ("state", "verb", "overrides", "hindered"),
    [
        pytest.param(S.REGISTERED, V.VERIFY, {}, None, id="R2.1 another's request is verified"),
        pytest.param(S.REGISTERED, V.VERIFY, {"brought_by_actor": True}, H.OWN_REQUEST,
                     id="R2.1 nobody verifies what he brought in"),
        pytest.param(S.REGISTERED, V.DISPATCH, {}, None, id="R2.1 a clerk took the call"),
        pytest.param(S.REGISTERED, V.DISPATCH, {"source": TicketSource.TECHNICIAN}, H.UNVERIFIED,
                     id="R2.1 a technician's request waits for verification"),
        pytest.param(S.REGISTERED, V.DISPATCH, {"source": TicketSource.TECHNICIAN, "mode": ServiceMode.PHONE},
                     H.UNVERIFIED, id="R2.1 by phone too"),
        pytest.param(S.VERIFIED, V.DISPATCH, {"source": TicketSource.TECHNICIAN, "verified": True}, None,
                     id="R2.1 verified, it goes out"),
        pytest.param(S.REGISTERED, V.DISPATCH, {"source": TicketSource.WEB, "taken_by_clerk": False},
                     H.NOT_TAKEN, id="R2.1 on-site without a clerk's word"),
        pytest.param(S.REGISTERED, V.DISPATCH,
                     {"source": TicketSource.WEB, "taken_by_clerk": False, "mode": ServiceMode.ONLINE},
                     None, id="R2.1 remote service needs none"),
        pytest.param(S.REGISTERED, V.DISPATCH, {"onsite_reason": False}, H.NO_ONSITE_REASON,
                     id="R2.2 on-site asks for why not remote"),
        pytest.param(S.REGISTERED, V.DISPATCH, {"onsite_reason": False, "mode": ServiceMode.PHONE}, None,
                     id="R2.2 by phone asks for nothing"),
        pytest.param(S.VERIFIED, V.DISPATCH, {"severity": Severity.C}, H.NO_AGREED_DATE,
                     id="R3.5 C carries an agreed date"),
        pytest.param(S.VERIFIED, V.DISPATCH, {"severity": Severity.D}, H.NO_AGREED_DATE,
                     id="R3.5 D carries an agreed date"),
        pytest.param(S.VERIFIED, V.DISPATCH, {"severity": Severity.D, "agreed_date": True}, None,
                     id="R3.5 agreed"),
        pytest.param(S.VERIFIED, V.DISPATCH, {"severity": Severity.A}, None, id="R3.5 A needs none"),
        pytest.param(S.IN_SERVICE, V.REASSIGN, {"visit_open": True}, H.VISIT_OPEN,
                     id="R4.1 a visit under way is ended first"),
        pytest.param(S.IN_SERVICE, V.START, {"visit_open": True}, H.VISIT_OPEN, id="R4.1 one visit at a time"),
        pytest.param(S.IN_SERVICE, V.START, {}, None, id="R4.1 a second visit"),
        pytest.param(S.IN_SERVICE, V.SERVE, {}, H.NO_VISIT_OPEN, id="R4.1 serving ends a visit"),
        pytest.param(S.IN_SERVICE, V.LEAVE, {}, H.NO_VISIT_OPEN, id="R4.1 so does leaving"),
        pytest.param(S.WAITING, V.CONFIRM_PROPOSAL, {"proposed": False}, H.NO_PROPOSAL,
                     id="R3.5 nothing to confirm yet"),
        pytest.param(S.ACCEPTED, V.CANCEL, {"visit_begun": True}, H.VISIT_BEGUN,
                     id="R2.4 work that was done isn't cancelled"),
        pytest.param(S.SERVED, V.RECEIVE_FORM, {"actor_on_visit": True}, H.ON_VISIT,
                     id="R10 nobody accepts his own form"),
        pytest.param(S.FORM_RECEIVED, V.CALL_BACK, {"actor_on_visit": True}, H.ON_VISIT,
                     id="R4.4 nobody calls back on his own visit"),
        pytest.param(S.FORM_RECEIVED, V.CLOSE, {"to_be_called": True}, H.TO_BE_CALLED,
                     id="R4.4 one of the share waits for its call"),
        pytest.param(S.FORM_RECEIVED, V.CLOSE, {}, None, id="R2.4 what isn't called back closes"),
        pytest.param(S.FORM_RECEIVED, V.CLOSE, {"disputed": True}, H.DISPUTED, id="R4.4 doubtful, no call"),
        pytest.param(S.CALLED_BACK, V.CLOSE, {"disputed": True}, H.DISPUTED, id="R4.4 doubtful stays open"),
        pytest.param(S.SERVED, V.SUBMIT_FORM, {"form_due": False}, H.NO_FORM_DUE, id="R4.2 each visit has one form"),
        pytest.param(S.SERVED, V.RECEIVE_FORM, {"form_waiting": False}, H.NO_FORM_WAITING,
                     id="R4.2 nothing to accept"),
        pytest.param(S.SERVED, V.RETURN_FORM, {"form_waiting": False}, H.NO_FORM_WAITING,
                     id="R4.2 nothing to give back"),
        pytest.param(S.CALLED_BACK, V.SETTLE_DISPUTE, {}, H.NOT_DISPUTED, id="R4.4 nothing in doubt"),
        pytest.param(S.CALLED_BACK, V.SETTLE_DISPUTE, {"disputed": True}, None, id="R4.4 in doubt"),
        pytest.param(S.CALLED_BACK, V.CLOSE, {"to_be_called": True}, None, id="R2.4 called back, it closes"),
    ],
)  # fmt: skip
def test_a_step_waits_for_what_the_regulation_asks_first(state, verb, overrides, hindered):
    assert hindrance(STEPS[state, verb], make_facts(**overrides)) is hindered


def test_every_hindrance_stands_in_the_way_of_some_step_and_names_its_clause():
    used = {h for step in STEPS.values() for h in step.hindrances}
    assert used == set(Hindrance) == set(HINDRANCES)
    assert all(clause.startswith("R") for clause, _ in HINDRANCES.values())


@pytest.mark.parametrize(
    ("others", "verified", "state"),
    [(True, True, S.DISPATCHED), (True, False, S.DISPATCHED), (False, True, S.VERIFIED), (False, False, S.REGISTERED)],
)  # fmt: skip
def test_a_refused_order_goes_back_to_the_desk_unless_others_were_asked(others, verified, state):
    """R2.5."""
    assert after_refusal(others, verified) is state


@pytest.mark.parametrize(
    ("visited", "accepted", "state"),
    [(True, True, S.IN_SERVICE), (False, True, S.ACCEPTED), (False, False, S.DISPATCHED), (True, False, S.DISPATCHED)],
)  # fmt: skip
def test_after_a_wait_a_ticket_goes_on_where_it_was(visited, accepted, state):
    """R2.4: a new order given while it waited is still to be accepted."""
    assert after_wait(visited, accepted) is state
