"""The steps of the overdue stories, taken by the people who take them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from models import db
from models.overdue_case import OverdueCase
from models.receivable import Receivable
from rules.overdue_case import opening_day
from rules.parameter import DEFINITIONS
from rules.period import Month
from seed.company.months import LEADER, MANAGER, Event, register_moment
from seed.company.overdue_stories import (
    STORIES,
    Approved,
    Asked,
    Proposed,
    SentBack,
    Stated,
    Step,
    Waived,
)
from seed.company.timeline import DAY, Timeline, at
from workflows import overdue_case
from workflows.account import account_named
from workflows.overdue_proposal import Proposal


def _case(document: str) -> int:
    """The id of the case on a document."""
    query = select(OverdueCase.id).join(Receivable, Receivable.id == OverdueCase.receivable_id)
    return db.session.scalars(query.where(Receivable.number == document)).one()


def take(timeline: Timeline, document: str, step: Step) -> None:
    """Take one step of a case."""
    case = _case(document)
    if isinstance(step, Asked):
        overdue_case.log_collection(
            case, actor=account_named(step.by), asked_on=timeline.day(*step.when),
            manner=step.manner, answer=step.answer,
        )  # fmt: skip
    elif isinstance(step, Stated):
        overdue_case.state_case(
            case, actor=account_named(step.by), agrees=step.agrees, statement=step.statement
        )
    elif isinstance(step, Proposed):
        bring = overdue_case.save_case if step.draft else overdue_case.propose
        bring(case, _proposal(timeline, step), actor=account_named(MANAGER))
    elif isinstance(step, SentBack):
        overdue_case.send_back(case, actor=account_named(LEADER), reason=step.reason)
    elif isinstance(step, Approved):
        overdue_case.approve_case(case, actor=account_named(LEADER))
    elif isinstance(step, Waived):
        overdue_case.waive_case(case, actor=account_named(LEADER), reason=step.reason)


def _proposal(timeline: Timeline, step: Proposed) -> Proposal:
    return Proposal(
        Decimal(step.rate), step.reason, step.finding, step.basis,
        timeline.day(*step.notified) if step.notified else None, step.agrees, step.statement, step.waive,
    )  # fmt: skip


def _ready(timeline: Timeline, delivered: date) -> datetime:
    """From when on the office works on a case: once it is open and the register has been taken in."""
    opened = opening_day(delivered, int(DEFINITIONS["overdue_months"].default))
    taken_in = max(register_moment(Month.of(opened)), at(timeline.first.first_day, 9))
    return taken_in + timedelta(hours=2)


def overdue_events(timeline: Timeline, documents: dict[str, str]) -> Iterator[Event]:
    """Every step in its time and order; a customer asked before the case was open is noted once it is.

    `documents` names the sale of each story.
    """
    for story in STORIES:
        ready = _ready(timeline, timeline.day(*story.delivered))
        for turn, step in enumerate(story.steps):
            moment = max(at(timeline.day(*step.when), 11), ready + turn * DAY)
            yield Event(moment, partial(take, timeline, documents[story.code], step))
