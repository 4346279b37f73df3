"""What happened to a ticket, newest first: its events, and for one of a workbook what its cells tell (R2.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from models.feedback_form import CallBack, FeedbackForm
from models.ticket import Ticket, TicketEvent, Visit
from rules.period import SHANGHAI
from rules.ticket import TicketState
from rules.ticket_steps import TicketVerb
from workflows.words import reached_word, word

S, V = TicketState, TicketVerb


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. `at` is only a day where a workbook knows no time; `to` is the state that it led to."""

    at: datetime | date
    verb: TicketVerb
    who: str = ""
    note: str = ""
    to: TicketState | None = None

    @property
    def order(self) -> datetime:
        """The moment by which it is sorted; a day alone counts as its end."""
        if isinstance(self.at, datetime):
            return self.at
        return datetime.combine(self.at, time.max, SHANGHAI)


def timeline(
    ticket: Ticket,
    events: Sequence[TicketEvent],
    visits: Sequence[Visit],
    calls: Sequence[CallBack],
) -> list[Entry]:
    """The entries of a ticket, newest first; what a workbook tells stands before the first event."""
    entries = [_entry(event) for event in events]
    if not events or events[0].verb is not V.REGISTER:
        told = list(_told(ticket, visits, calls))
        entries = [e for e in told if not events or e.order < events[0].at] + entries
    steps = list(enumerate(entries))
    return [entry for _, entry in sorted(steps, key=lambda s: (s[1].order, s[0]), reverse=True)]


def state_times(entries: Iterable[Entry]) -> dict[TicketState, datetime | date]:
    """When a ticket last came into each state, from its timeline; the path at the head of its page."""
    times: dict[TicketState, datetime | date] = {}
    state = None
    for entry in reversed(list(entries)):
        if entry.to is not None and entry.to is not state:
            times[entry.to] = entry.at
            state = entry.to
    return times


def _entry(event: TicketEvent) -> Entry:
    return Entry(event.at, event.verb, event.actor.display_name, event.note or "", event.to_state)


def _names(visit: Visit) -> str:
    return "、".join(person.employee.name for person in visit.people)


def _told(ticket: Ticket, visits: Sequence[Visit], calls: Sequence[CallBack]) -> Iterable[Entry]:
    """What the cells of a workbook tell of a ticket, in the order in which it happens."""
    people = _names(visits[0]) if visits else ""
    yield Entry(ticket.reported_at, V.REGISTER, "", word(ticket.source), S.REGISTERED)
    moments = (
        (ticket.responded_at, V.ACCEPT, S.ACCEPTED),
        (ticket.arrived_at, V.START, S.IN_SERVICE),
        (ticket.proposed_at, V.PROPOSE, None),
    )
    for moment, verb, state in moments:
        if moment is not None:
            yield Entry(moment, verb, people, to=state)
    for wait in ticket.waits:
        yield Entry(wait.started_at, V.WAIT, note=word(wait.reason), to=S.WAITING)
        if wait.ended_at is not None:
            yield Entry(wait.ended_at, V.RESUME)
    if ticket.completed_at is not None:
        yield Entry(ticket.completed_at, V.SERVE, people, to=S.SERVED)
    for visit in visits:
        if visit.form is not None:
            yield from _form_entries(visit.form)
    for call in calls:
        note = "：".join(part for part in (reached_word(call.reached), call.remarks or "") if part)
        to = S.CALLED_BACK if call.reached else None
        yield Entry(call.called_on, V.CALL_BACK, call.caller.name, note, to)


def _form_entries(form: FeedbackForm) -> Iterable[Entry]:
    if form.signed_at is not None:
        yield Entry(form.signed_at, V.SUBMIT_FORM, form.signed_by or "")
    if form.accepted_on is not None:
        yield Entry(form.accepted_on, V.RECEIVE_FORM, to=S.FORM_RECEIVED)
