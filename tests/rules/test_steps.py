"""The state tables of sales, software services, repairs and claims: who may, from where, and nothing else."""

from itertools import product

import pytest

from rules.expense_steps import CLAIM_STEPS, ClaimState, ClaimVerb
from rules.parts_sale_steps import SALE_STEPS, SaleState, SaleVerb
from rules.permissions import Role
from rules.repair_steps import REPAIR_STEPS, RepairState, RepairVerb
from rules.software_service_steps import SERVICE_STEPS, ServiceState, ServiceVerb

MACHINES = {
    "sale (R6.2)": (SALE_STEPS, SaleState, SaleVerb, SaleState.REGISTERED, 13),
    "service (R6.3)": (SERVICE_STEPS, ServiceState, ServiceVerb, ServiceState.REPORTED, 8),
    "repair (R5.3)": (REPAIR_STEPS, RepairState, RepairVerb, RepairState.REQUESTED, 17),
    "claim (R7.7)": (CLAIM_STEPS, ClaimState, ClaimVerb, ClaimState.PENDING, 6),
}


# From (row) by (column) to; "-" is refused. R6.2, R6.3, R5.3, R7.7.
SALE = """
           change     request approve  refuse     confirm_purchase deliver   cancel
registered registered waiting -        -          registered       delivered cancelled
waiting    -          -       approved registered waiting          -         cancelled
approved   -          -       -        -          approved         delivered cancelled
delivered  -          -       -        -          delivered        -         -
cancelled  -          -       -        -          -                -         -
"""
SERVICE = """
          change   approve  refuse  complete  cancel
reported  reported approved refused -         cancelled
refused   reported -        -       -         cancelled
approved  -        -        -       completed cancelled
completed -        -        -       -         -
cancelled -        -        -       -         -
"""
REPAIR = """
             check   maker_comes  quote  confirm   decline  send repair   give_up     give_back close
requested    checked -            -      -         -        -    -        -           -         -
checked      -       maker_onsite quoted -         -        sent -        -           -         -
maker_onsite -       -            -      -         -        -    repaired irreparable -         -
quoted       -       -            -      confirmed declined -    -        -           -         -
confirmed    -       maker_onsite -      -         -        sent -        -           -         -
declined     -       -            -      -         -        -    -        -           -         closed
sent         -       -            -      -         -        -    repaired irreparable returned  -
repaired     -       -            -      -         -        -    -        -           returned  -
irreparable  -       -            -      -         -        -    -        -           returned  -
returned     -       -            -      -         -        -    -        -           -         closed
closed       -       -            -      -         -        -    -        -           -         -
"""
CLAIM = """
          change  approve  refuse  withdraw
pending   pending approved refused withdrawn
approved  -       -        -       -
refused   pending -        -       withdrawn
withdrawn -       -        -       -
"""


@pytest.mark.parametrize(
    ("name", "table"), zip(MACHINES, (SALE, SERVICE, REPAIR, CLAIM), strict=True), ids=MACHINES
)
def test_each_verb_in_each_state_leads_where_the_table_says_or_nowhere(name, table):
    steps, states, verbs, _start, _legal = MACHINES[name]
    head, *rows = (line.split() for line in table.strip().splitlines())
    expected = {
        (states(state), verbs(verb)): to
        for state, *cells in rows
        for verb, to in zip(head, cells, strict=True)
    }
    assert set(expected) == set(product(states, verbs))
    for cell, to in expected.items():
        assert (steps[cell].next if cell in steps else "-") == to, cell


@pytest.mark.parametrize("name", MACHINES)
def test_the_table_is_a_part_of_the_product_and_no_more(name):
    steps, states, verbs, _start, legal = MACHINES[name]
    assert len(steps) == legal < len(states) * len(verbs)
    assert {verb for _state, verb in steps} == set(verbs)


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_can_be_reached_from_the_first(name):
    steps, states, _verbs, start, _legal = MACHINES[name]
    reached, waiting = set(), {start}
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting |= {step.next for (at, _), step in steps.items() if at is state} - reached
    assert reached == set(states)


@pytest.mark.parametrize("name", MACHINES)
def test_an_auditor_and_an_administrator_take_no_step(name):
    for step in MACHINES[name][0].values():
        assert not step.roles & {Role.AUDITOR, Role.ADMIN, Role.PROJECT_MANAGER}
        assert step.roles


def test_a_chargeable_repair_is_confirmed_before_it_is_sent():
    assert (RepairState.QUOTED, RepairVerb.SEND) not in REPAIR_STEPS
    assert (RepairState.REQUESTED, RepairVerb.SEND) not in REPAIR_STEPS
    assert REPAIR_STEPS[RepairState.CONFIRMED, RepairVerb.SEND].next is RepairState.SENT


def test_a_delivered_sale_is_never_cancelled_or_changed():
    for verb in (SaleVerb.CANCEL, SaleVerb.CHANGE, SaleVerb.DELIVER):
        assert (SaleState.DELIVERED, verb) not in SALE_STEPS
