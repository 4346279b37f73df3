"""The state of a ticket as its events tell it (R2.4)."""

from itertools import product

import pytest

from rules.ticket import Progress, TicketState, state_of


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
