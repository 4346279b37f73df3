"""The state tables of sales, software services, repairs and claims: who may, from where, and nothing else."""

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
