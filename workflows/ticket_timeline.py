"""What happened to a ticket, newest first: its events, and for one of a workbook what its cells tell (R2.4)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _

from models.feedback_form import CallBack, FeedbackForm
from models.ticket import Ticket, TicketEvent, Visit
from rules.period import SHANGHAI
from rules.ticket import ServiceMode, TicketSource, TicketState, WaitReason
from rules.ticket_steps import TicketVerb
from workflows.words import word

S, V = TicketState, TicketVerb
FACTS: dict[str, Callable[[Any], str]] = {
    "source": lambda value: _(word(TicketSource(value))),
    "turn": lambda value: _("第 %(turn)s 次", turn=value),
    "mode": lambda value: _(word(ServiceMode(value))),
    "wait": lambda value: _("等%(whom)s", whom=_(word(WaitReason(value)))),
    "severity": lambda value: " → ".join(value),
    "reached": lambda value: _("已接通") if value else _("未接通"),
    "stars": lambda value: _("满意度 %(stars)s", stars=value),
    "counts": lambda value: _("计入次数") if value else _("不计次数"),
    "days": lambda value: _("质保延长 %(days)s 天", days=value),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. `at` is only a day where a workbook knows no time; `to` is the state that it led to."""

    at: datetime | date
    verb: TicketVerb
    who: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    to: TicketState | None = None

    @property
    def told(self) -> list[str]:
        """What the step came to, in the reader's words."""
        return [FACTS[key](value) for key, value in self.facts.items() if key in FACTS]

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
    facts = json.loads(event.facts) if event.facts else {}
    name = event.actor.display_name
    return Entry(event.at, event.verb, name, facts, event.note or "", event.to_state)


def _names(visit: Visit) -> str:
    return str(_("、").join(person.employee.name for person in visit.people))


def _told(ticket: Ticket, visits: Sequence[Visit], calls: Sequence[CallBack]) -> Iterable[Entry]:
    """What the cells of a workbook tell of a ticket, in the order in which it happens."""
    people = _names(visits[0]) if visits else ""
    yield Entry(ticket.reported_at, V.REGISTER, facts={"source": ticket.source}, to=S.REGISTERED)
    moments = (
        (ticket.responded_at, V.ACCEPT, S.ACCEPTED),
        (ticket.arrived_at, V.START, S.IN_SERVICE),
        (ticket.proposed_at, V.PROPOSE, None),
    )
    for moment, verb, state in moments:
        if moment is not None:
            yield Entry(moment, verb, people, to=state)
    for wait in ticket.waits:
        yield Entry(wait.started_at, V.WAIT, facts={"wait": wait.reason}, to=S.WAITING)
        if wait.ended_at is not None:
            yield Entry(wait.ended_at, V.RESUME)
    if ticket.completed_at is not None:
        yield Entry(ticket.completed_at, V.SERVE, people, to=S.SERVED)
    for visit in visits:
        if visit.form is not None:
            yield from _form_entries(visit.form)
    for call in calls:
        facts = {"reached": call.reached} | (
            {"stars": call.satisfaction} if call.satisfaction else {}
        )
        to = S.CALLED_BACK if call.reached else None
        yield Entry(call.called_on, V.CALL_BACK, call.caller.name, facts, call.remarks or "", to)


def _form_entries(form: FeedbackForm) -> Iterable[Entry]:
    if form.signed_at is not None:
        yield Entry(form.signed_at, V.SUBMIT_FORM, form.signed_by or "")
    if form.accepted_on is not None:
        yield Entry(form.accepted_on, V.RECEIVE_FORM, to=S.FORM_RECEIVED)
