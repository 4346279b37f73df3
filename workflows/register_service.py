"""What follows for tickets from a register: their states, and visits made doubtful by a call."""

from collections import defaultdict
from datetime import date

from rules.feedback_form import contradicts
from rules.ticket import Progress, TicketState, state_of
from workflows.register_merge import Merge, Status

TOUCHING = (
    ("tickets", "number"),
    ("forms", "ticket"),
    ("call_backs", "ticket"),
    ("waits", "ticket"),
)


def _touched(merge: Merge) -> set[str]:
    return {
        entry.record[key]
        for sheet, key in TOUCHING
        for entry in merge.entries[sheet]
        if entry.status is not Status.UNCHANGED
    }


def ticket_states(merge: Merge) -> dict[TicketState, list[str]]:
    """The tickets that the register touched, by the state in which they now are (R2.4)."""
    reached = {c["ticket"] for c in merge.picture["call_backs"].values() if c["reached"]}
    waiting = {w["ticket"] for w in merge.picture["waits"].values() if w["ended_at"] is None}
    states: dict[TicketState, list[str]] = defaultdict(list)
    for number in sorted(_touched(merge)):
        ticket, form = (
            merge.picture["tickets"][number],
            merge.picture["forms"].get(number),
        )
        progress = Progress(
            responded=ticket["responded_at"] is not None,
            arrived=ticket["arrived_at"] is not None,
            completed=ticket["completed_at"] is not None,
            form_accepted=form is not None and form["accepted_on"] is not None,
            reached=number in reached,
            waiting=number in waiting,
        )
        states[state_of(progress)].append(number)
    return states


def disputes(merge: Merge) -> dict[str, date]:
    """Tickets whose form a call contradicts, with the day of the call, whichever came in first (R4.4)."""
    found: dict[str, date] = {}
    touched = {
        entry.record["ticket"]
        for sheet in ("forms", "call_backs")
        for entry in merge.entries[sheet]
        if entry.status is not Status.UNCHANGED
    }
    for call in merge.picture["call_backs"].values():
        ticket, day = call["ticket"], call["called_on"]
        form = merge.picture["forms"].get(ticket)
        if ticket not in touched or form is None or not call["reached"]:
            continue
        if contradicts(form["satisfaction"], call["satisfaction"]):
            found[ticket] = min(found.get(ticket, day), day)
    return found
