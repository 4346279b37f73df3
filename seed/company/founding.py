"""Builds the demonstration company by calling the workflows, as its people would have done month by month."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import func, select

from models import db
from models.account import Account
from models.employee import Employee
from models.feedback_form import FeedbackForm
from models.settlement import Settlement, SettlementSums
from models.ticket import Ticket, Visit
from rules.money import ZERO
from rules.period import Month
from rules.permissions import Role
from rules.ticket import TicketState
from seed.company.desk import desk_events
from seed.company.facts import learned
from seed.company.months import CLERK, LEADER, MANAGER, Event, register_moment, settlement_events
from seed.company.office import office_events
from seed.company.overdue_steps import overdue_events
from seed.company.parameters import PROPOSED, VERSIONS, Version
from seed.company.people import ACCOUNTS
from seed.company.story import Story, story_of
from seed.company.timeline import Timeline, at
from workflows.account import HASHER, account_named, create_account, disable_account
from workflows.demonstration import PASSWORD, begin_demonstration, complete_demonstration
from workflows.parameter_draft import approve_parameters, prepare_parameters
from workflows.register_import import import_register
from workflows.settlement import settlement_of
from workflows.ticket_intake import close_all
from workflows.transaction import living_at
from workflows.words import word

SETTINGS = {"service_phone": "400-820-0731", "complaint_phone": "400-820-0732"}
GO_LIVE = "shangxian"
Progress = Callable[[int, int, str], None]
"""Told with the months done, their whole number, and a sentence."""


@dataclass(slots=True)
class Founding:
    """The building under way: what is told, and how far the office's register has been taken in."""

    timeline: Timeline
    story: Story
    progress: Progress
    known_until: datetime | None = None
    created: set[str] = field(default_factory=set)
    hashed: str = field(default_factory=lambda: HASHER.hash(PASSWORD))

    def take_in(self, month: Month, moment: datetime, actor: str) -> None:
        """The clerk takes in what the register has gained."""
        register = learned(self.story.facts, self.known_until, moment)
        self.known_until = moment
        digest = hashlib.sha256(f"{month} {moment.isoformat()}".encode()).hexdigest()
        outcome = import_register(register, actor=account_named(actor), file_digest=digest)
        if outcome.faults:
            raise AssertionError(f"{len(outcome.faults)} faults, first: {outcome.faults[0]}")
        self._accounts()
        if actor == CLERK:
            close_called_back(account_named(actor))

    def _accounts(self) -> None:
        """Give those their accounts who are known by now."""
        here = set(db.session.scalars(select(Employee.number)))
        for login in ACCOUNTS:
            if login.employee in here and login.username not in self.created:
                admin = account_named(ACCOUNTS[0].username) if self.created else None
                self.created.add(login.username)
                create_account(
                    login.username, [login.role], employee_number=login.employee,
                    password=PASSWORD, hashed=self.hashed, actor=admin,
                )  # fmt: skip

    def open(self) -> None:
        """Go-live: an account of its own takes the opening register in, and is closed again."""
        begin_demonstration(SETTINGS)
        create_account(GO_LIVE, [Role.CLERK], employee_number=None, password=None, actor=None)
        moment = at(self.timeline.first.first_day, 9)
        self.take_in(self.timeline.first, moment, GO_LIVE)
        disable_account(GO_LIVE, actor=account_named(ACCOUNTS[0].username))

    def set_parameters(self, version: Version) -> None:
        """The manager prepares a version; the leader approves it unless it is still to come."""
        month = version.month(self.timeline)
        draft = prepare_parameters(
            month, version.values, reason=version.reason, actor=account_named(MANAGER)
        )
        if version is not PROPOSED:
            approve_parameters(draft.id, actor=account_named(LEADER))

    def events(self) -> Iterator[Event]:
        """Everything that anybody does, in no order."""
        timeline = self.timeline
        start = at(timeline.first.first_day, 9)
        yield Event(start, self.open)
        for version in VERSIONS:
            first = version.month(timeline).first_day
            yield Event(at(first, 9, 30), partial(self.set_parameters, version))
        yield Event(at(timeline.today, 0, 5), partial(self.set_parameters, PROPOSED))
        for month in timeline.months():
            moment = min(register_moment(month), timeline.last_register)
            yield Event(moment, partial(self.take_in, month, moment, CLERK))
            if month != timeline.current:
                yield from settlement_events(timeline, month)
                yield Event(settled_by(timeline, month), partial(self.say_settled, month))
        yield from overdue_events(timeline, self.story.documents)
        yield from office_events(timeline, self.story.documents, self.story.replaced)
        yield from desk_events(timeline)

    def say_settled(self, month: Month) -> None:
        """Say what a month came to."""
        net = db.session.scalar(
            select(func.sum(SettlementSums.net)).join(Settlement).where(Settlement.month == month)
        )
        done = sum(1 for m in self.timeline.months() if m <= month)
        state = word(settlement_of(month).state)
        self.progress(
            done, self.timeline.length, f"{month} 月度结算{state}，应发合计 ¥{net or ZERO:,.2f}"
        )


def close_called_back(clerk: Account) -> None:
    """The clerk closes what has been called back and isn't in doubt."""
    query = (
        select(Ticket.id)
        .join(Visit, Visit.ticket_id == Ticket.id)
        .join(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(Ticket.status == TicketState.CALLED_BACK, FeedbackForm.disputed_on.is_(None))
    )
    close_all(list(db.session.scalars(query.order_by(Ticket.id))), actor=clerk)


def silent(_done: int, _whole: int, _sentence: str) -> None:
    """Tell nobody."""


def settled_by(timeline: Timeline, month: Month) -> datetime:
    """The moment of a month's last step so far."""
    return max(event.moment for event in settlement_events(timeline, month))


def found_company(
    now: datetime, *, months: int = 24, tickets: int = 3000, progress: Progress = silent
) -> None:
    """Fill an empty database with the company as it stands at a moment.

    Everything follows from the moment and the two numbers; the months end with the moment's own. Refused when
    the database has data already.
    """
    timeline = Timeline(now, months)
    founding = Founding(timeline, story_of(timeline, tickets), progress)
    for event in sorted(founding.events(), key=lambda event: event.moment):
        with living_at(min(event.moment, now)):
            event.do()
    with living_at(now):
        complete_demonstration()
