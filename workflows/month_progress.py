"""How far the month that is to be settled next has come: what R9.7 will ask for, while there is time to mend it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from models import db
from models.feedback_form import FeedbackForm
from models.parts_sale import PartsSale
from models.receivable import Receivable
from models.settlement import Settlement
from models.ticket import Visit
from rules.period import Month
from rules.settlement_steps import SettlementState
from workflows.mismatch import calls_due
from workflows.moments import month_bounds
from workflows.settlement import mismatches_of
from workflows.transaction import today

DECIDED = (SettlementState.APPROVED, SettlementState.PAID)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of something is done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A month: visits whose forms are accepted, forms called back, sales with a confirmed purchase price; once it is
    drafted (`state`), what does not add up and is explained."""

    month: Month
    state: SettlementState | None
    forms: Share
    calls: Share
    prices: Share
    explained: Share | None


def progress() -> Progress:
    """The month that is worked on: the first that nobody has approved, at most the present one."""
    row = db.session.scalars(
        select(Settlement).where(Settlement.state.not_in(DECIDED)).order_by(Settlement.month)
    ).first()
    month = row.month if row is not None else _next()
    called = [done for _number, done in calls_due(month)]
    explained = [one.explanation is not None for one in mismatches_of(month)] if row else None
    return Progress(
        month,
        row.state if row is not None else None,
        _forms(month),
        Share(sum(called), len(called)),
        _prices(month),
        None if explained is None else Share(sum(explained), len(explained)),
    )


def _next() -> Month:
    latest: Month | None = db.session.scalar(select(func.max(Settlement.month)))
    present = Month.of(today())
    return present if latest is None else min(latest.plus(1), present)


def _forms(month: Month) -> Share:
    start, end = month_bounds(month)
    query = (
        select(func.count(FeedbackForm.accepted_on), func.count())
        .select_from(Visit)
        .outerjoin(FeedbackForm, FeedbackForm.visit_id == Visit.id)
        .where(Visit.ended_at >= start, Visit.ended_at < end)
    )
    return Share(*db.session.execute(query).one())


def _prices(month: Month) -> Share:
    query = (
        select(PartsSale.purchase_confirmed)
        .join(Receivable, Receivable.id == PartsSale.receivable_id)
        .where(Receivable.arose_on.between(month.first_day, month.last_day))
    )
    confirmed = db.session.scalars(query).all()
    return Share(sum(confirmed), len(confirmed))
