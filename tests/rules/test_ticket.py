"""The state of a ticket as its events tell it (R2.4)."""

from datetime import date
from itertools import product

import pytest

from rules.employee import EmployeeKind
from rules.ticket import Progress, TicketState, assignable, repeats, state_of


def make_progress(*known: str) -> Progress:
    """Progress in which only the named things have happened."""
    names = Progress.__dataclass_fields__
    assert set(known) <= set(names)
    return Progress(**{name: name in known for name in names})


@pytest.mark.parametrize(
    ("known", "state"),
    [
        pytest.param((), TicketState.DISPATCHED, id="nothing yet"),
        pytest.param(("responded",), TicketState.ACCEPTED, id="the technician answered"),
        pytest.param(("responded", "arrived"), TicketState.IN_SERVICE, id="on site"),
        pytest.param(("arrived",), TicketState.IN_SERVICE, id="on site without an answer before"),
        pytest.param(("waiting",), TicketState.WAITING, id="waiting from the start"),
        pytest.param(
            ("responded", "arrived", "waiting"), TicketState.WAITING, id="waiting on site"
        ),
        pytest.param(("responded", "arrived", "completed"), TicketState.SERVED, id="done"),
        pytest.param(("completed", "waiting"), TicketState.SERVED, id="done ends an open wait"),
        pytest.param(("completed", "form_accepted"), TicketState.FORM_RECEIVED, id="form is in"),
        pytest.param(
            ("completed", "form_accepted", "reached"), TicketState.CALLED_BACK, id="called back"
        ),
        pytest.param(("completed", "reached"), TicketState.SERVED, id="a call needs a form first"),
    ],
)
def test_a_ticket_stands_where_its_last_event_put_it(
    known: tuple[str, ...], state: TicketState
) -> None:
    """R2.4: served, then the form, then the call-back."""
    assert state_of(make_progress(*known)) is state


def test_no_combination_of_events_jumps_to_an_end_or_back_to_the_desk() -> None:
    """R2.4: closing, cancelling, registering and verifying are acts, never inferred."""
    reachable = {state_of(Progress(*flags)) for flags in product((False, True), repeat=6)}
    assert reachable.isdisjoint(
        {TicketState.REGISTERED, TicketState.VERIFIED, TicketState.CLOSED, TicketState.CANCELLED}
    )
    assert len(reachable) == 7


HIRED, LEFT = date(2026, 6, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("kind", "anyone", "may"),
    [
        pytest.param(EmployeeKind.DEDICATED, False, True, id="the clerk orders a dedicated technician"),
        pytest.param(EmployeeKind.NON_DEDICATED, False, False, id="not who helps out"),
        pytest.param(EmployeeKind.OTHER, False, False, id="nor anyone else"),
        pytest.param(EmployeeKind.DEDICATED, True, True, id="the manager anyone"),
        pytest.param(EmployeeKind.NON_DEDICATED, True, True, id="who helps out too"),
        pytest.param(EmployeeKind.OTHER, True, True, id="and other own staff"),
    ],
)  # fmt: skip
def test_the_clerk_orders_dedicated_technicians_the_manager_any_own_staff(
    kind: EmployeeKind, anyone: bool, may: bool
) -> None:
    """R2.5."""
    assert assignable(kind, HIRED, None, date(2026, 11, 3), anyone=anyone) is may


@pytest.mark.parametrize(
    ("day", "may"),
    [("2026-05-31", False), ("2026-06-01", True), ("2026-11-30", True), ("2026-12-01", False)],
)
def test_only_who_is_employed_on_the_day_can_be_ordered(day: str, may: bool) -> None:
    """R2.5: own staff; the leaving date is the last day employed."""
    found = assignable(EmployeeKind.DEDICATED, HIRED, LEFT, date.fromisoformat(day), anyone=True)
    assert found is may


@pytest.mark.parametrize(
    ("later", "repeat"),
    [("2026-06-01", True), ("2026-08-30", True), ("2026-08-31", False), ("2026-05-31", False)],
)
def test_the_same_fault_again_within_ninety_days_is_a_repeat(later: str, repeat: bool) -> None:
    """R4.6: 90 days after 1 June is 30 August."""
    assert repeats(date(2026, 6, 1), date.fromisoformat(later), 90) is repeat
