"""Taking a step of a ticket: asked of the table, done, put on its timeline and on record (R2.4)."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select

from models import db
from models.account import Account
from models.ticket import Ticket, TicketEvent, Visit
from rules.permissions import allowed
from rules.ticket import TicketState
from rules.ticket_steps import (
    HINDRANCES,
    STEPS,
    Hindrance,
    Step,
    TicketFacts,
    TicketVerb,
    hindrance,
    pointless,
    steps_from,
)
from workflows.audit import record
from workflows.change import found
from workflows.permission import authorise
from workflows.refusal import Refused, Stale
from workflows.ticket_facts import facts_of, latest_visit
from workflows.transaction import now, writing
from workflows.words import word

LONGEST_NOTE = 500


@dataclass(slots=True)
class Taking:
    """A step being taken: its ticket, and what its event and its audit record shall say."""

    ticket: Ticket
    step: Step
    actor: Account
    before: Mapping[str, Any]
    note: str = ""
    to: TicketState | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def finish(self) -> None:
        """Move the ticket, and write the event and the audit record; an edit that changed nothing leaves no trace."""
        before, ticket = self.before, self.ticket
        state = self.to or self.step.next[0]
        if state not in self.step.next or (self.to is None and len(self.step.next) > 1):
            raise ValueError(f"{self.step.verb} leads to {self.step.next}, not to {self.to}")
        ticket.status = state
        check_lengths(ticket)
        changed = {k: [before[k], v] for k, v in columns_of(ticket).items() if v != before[k]}
        if self.step.verb is TicketVerb.EDIT and not changed:
            return
        put_event(self.actor, ticket, self.step.verb, before["status"], self.note, self.facts)
        said = {"facts": self.facts, "note": self.note}
        details = changed | self.details | {key: value for key, value in said.items() if value}
        record(self.actor, self.step.verb, "ticket", ticket.number, details, origin="web")


def columns_of(row: Any) -> dict[str, Any]:
    """The values of a row's columns, its version left out."""
    keys = [attribute.key for attribute in inspect(type(row)).column_attrs]
    return {key: getattr(row, key) for key in keys if key != "row_version"}


def put_event(
    actor: Account, ticket: Ticket, verb: TicketVerb, before: TicketState | None, note: str,
    facts: Mapping[str, Any],
) -> None:  # fmt: skip
    """Put a step on a ticket's timeline."""
    db.session.add(
        TicketEvent(
            ticket_id=ticket.id, at=now(), actor_id=actor.id, verb=verb,
            from_state=before, to_state=ticket.status, note=note[:LONGEST_NOTE] or None,
            facts=json.dumps(facts) if facts else None,
        )
    )  # fmt: skip


def in_charge(ticket: Ticket, actor: Account) -> bool:
    """Whether it is the actor's own: he is on its present visit, planned or under way, or brought it in before."""
    return his_own(ticket, latest_visit(ticket.id), actor)


def his_own(ticket: Ticket, latest: Visit | None, actor: Account) -> bool:
    """Whether it is the actor's own, its latest visit being at hand."""
    return ticket.registered_by_id == actor.id if latest is None else on_visit(latest, actor)


def on_visit(visit: Visit, actor: Account) -> bool:
    """Whether the actor is one of a visit's people."""
    return actor.employee_id in {person.employee_id for person in visit.people}


@contextmanager
def taking(
    ticket_id: int, verb: TicketVerb, *, actor: Account, version: int | None = None,
    own: Callable[[], bool] | None = None, given: Mapping[str, Any] | None = None,
) -> Iterator[Taking]:  # fmt: skip
    """Take a step in a transaction of its own; see `stepping`."""
    with (
        writing(),
        stepping(ticket_id, verb, actor=actor, version=version, own=own, given=given) as step,
    ):
        yield step


@contextmanager
def stepping(
    ticket_id: int, verb: TicketVerb, *, actor: Account, version: int | None = None,
    own: Callable[[], bool] | None = None, given: Mapping[str, Any] | None = None,
) -> Iterator[Taking]:  # fmt: skip
    """Take a step inside the caller's transaction, if the actor may, the ticket is as he saw it, its state allows it
    and nothing hinders it.

    `own` answers whether it is the actor's where that isn't being in charge; `given` are columns that come with the step and stand
    before its hindrances are asked.
    """
    ticket = found(Ticket, ticket_id)
    authorise(actor, f"ticket.{verb}", own=own or partial(in_charge, ticket, actor))
    check_version(ticket, version)
    step = STEPS.get((ticket.status, verb))
    if step is None:
        raise Refused(
            _("服务单 %(number)s 现在是“%(state)s”，不能%(verb)s。",
              number=ticket.number, state=_(word(ticket.status)), verb=_(word(verb))),
            clause="R2.4",
        )  # fmt: skip
    step_taken = Taking(ticket, step, actor, columns_of(ticket))
    for key, value in (given or {}).items():
        setattr(ticket, key, value)
    _not_hindered(step, ticket, actor)
    yield step_taken
    step_taken.finish()


@contextmanager
def among_several(ticket_id: int) -> Iterator[None]:
    """Let a refusal say which of several tickets it is about."""
    try:
        yield
    except Refused as refused:
        number = db.session.scalar(select(Ticket.number).where(Ticket.id == ticket_id)) or ""
        if number not in refused.sentence:
            refused.sentence = f"{number}：{refused.sentence}"
            refused.args = (refused.sentence,)
        raise


def check_version(row: Any, version: int | None) -> None:
    """Refuse when someone else was faster (I12)."""
    if version is not None and row.row_version != version:
        raise Stale(_("别人先保存了这条记录。请对照两份内容后再保存。"))


def _not_hindered(step: Step, ticket: Ticket, actor: Account) -> None:
    hindered = hindrance(step, facts_of(ticket, actor)) if step.hindrances else None
    if hindered is not None:
        raise Refused(hindrance_sentence(hindered), clause=HINDRANCES[hindered][0])


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that the actor may take in the ticket's state, and the sentence that says what it still waits for."""

    verb: TicketVerb
    hindered: str | None


def offers(
    ticket: Ticket, actor: Account, facts: TicketFacts | None = None, own: bool | None = None
) -> list[Offer]:
    """The steps that an actor is offered on a ticket; its buttons. What there is nothing to take for is left out."""
    facts = facts_of(ticket, actor) if facts is None else facts
    own = in_charge(ticket, actor) if own is None else own
    offered = []
    for step in steps_from(ticket.status):
        if not allowed(step.permission, actor.roles, own=own):
            continue
        hindered = hindrance(step, facts)
        if pointless(step, hindered):
            continue
        offered.append(Offer(step.verb, hindrance_sentence(hindered) if hindered else None))
    return offered


def hindrance_sentence(found: Hindrance) -> str:
    """What to do first, for the user."""
    sentences: dict[Hindrance, str] = {
        Hindrance.OWN_REQUEST: _("这是您自己报来的，须由别的专员核实。"),
        Hindrance.UNVERIFIED: _("技术员反馈的服务须先由售后专员核实，再派工。"),
        Hindrance.NOT_TAKEN: _("没有售后专员受理或核实过，不能派人上门。请先核实。"),
        Hindrance.NO_ONSITE_REASON: _("上门须写明现场原因：为何不能电话或在线解决。"),
        Hindrance.NO_AGREED_DATE: _("C、D 级须填与客户约定的日期，再派工。"),
        Hindrance.VISIT_OPEN: _("有一次服务还没有结束。请先结束它。"),
        Hindrance.NO_VISIT_OPEN: _("现在没有进行中的服务。请先开始服务。"),
        Hindrance.VISIT_BEGUN: _("已经做过服务，不能取消。请完成并交反馈单。"),
        Hindrance.NO_PROPOSAL: _("还没有提交方案，客户无从确认。"),
        Hindrance.ON_VISIT: _("您参加了这张单的服务，须由别人来做。"),
        Hindrance.TO_BE_CALLED: _("这张单须先电话回访，才能关闭。"),
        Hindrance.DISPUTED: _("有疑问的服务还没有查清，不能关闭。"),
        Hindrance.NOT_DISPUTED: _("这次服务没有待查的疑问。"),
        Hindrance.NO_FORM_DUE: _("没有待交的反馈单：已经提交，或服务还没有结束。"),
        Hindrance.NO_FORM_WAITING: _("没有待审核的反馈单：还没有提交，或已经审核。"),
    }
    return sentences[found]


def required(
    text: str, sentence: str, *, field: str = "reason", clause: str | None = None, most: int = LONGEST_NOTE
) -> str:  # fmt: skip
    """A text without its outer blanks; refused with a sentence when nothing is left, or far too much."""
    plain = text.strip()
    if not plain:
        raise Refused(sentence, clause=clause, status=400, field=field)
    if len(plain) > most:
        raise Refused(_("写得太长了，最多 %(most)s 字。", most=most), status=400, field=field)
    return plain


def stripped(value: Any) -> Any:
    """A text without its outer blanks; a code, which is a text of its own kind, and anything else as it is."""
    return value.strip() if type(value) is str else value


def check_lengths(row: Any) -> None:
    """Refuse texts that are longer than their columns."""
    for attribute in inspect(type(row)).column_attrs:
        most = getattr(attribute.columns[0].type, "length", None)
        value = getattr(row, attribute.key)
        if most is not None and isinstance(value, str) and len(value) > most:
            sentence = _("写得太长了，最多 %(most)s 字。", most=most)
            raise Refused(sentence, status=400, field=attribute.key)
