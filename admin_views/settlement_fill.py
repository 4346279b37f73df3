"""Fills the settlement page from what was drafted or frozen."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from admin_views.page import Action, Clause, Link, Tab
from admin_views.settlement_compare import fill_comparison, fill_trial
from admin_views.settlement_lines import employee_rows
from admin_views.settlement_page import (
    EmployeeRow,
    MismatchGroup,
    MismatchItem,
    MonthTile,
    Refusal,
    Returned,
    SettlementPage,
)
from admin_views.settlement_signatures import (
    CHAIN,
    Signed,
    alone_in_role,
    moment,
    signatures,
    step_rows,
    who_is_next,
)
from admin_views.settlement_statistics import fill_statistics
from admin_views.sources import source_url
from models import db
from models.account import Account
from models.employee import Employee
from models.settlement import (
    Settlement,
    SettlementMismatch,
    SettlementStep,
    SettlementSums,
)
from rules.money import total
from rules.period import Month
from rules.permissions import Reach, Role, reach
from rules.settlement import Sums
from rules.settlement_steps import FROZEN, STEPS, SettlementVerb
from workflows.parameter import go_live_month, parameter_history
from workflows.permission import same_person
from workflows.refusal import Refused
from workflows.settlement import signers
from workflows.settlement_report import SUMS
from workflows.transaction import today

RED = {"case_undecided", "visit_disputed"}
ENDPOINTS = {SettlementVerb.RETURN: "give_back"}
TABS = ("employees", "statistics", "mismatches", "compare", "what_if", "history")
TAB_VERBS = {"statistics": "statistics.read", "what_if": "settlement.what_if"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asks to see: a tab, an employee opened, parameters tried; or what was refused with its words."""

    tab: str = TABS[0]
    opened: str | None = None
    trial: Mapping[str, str] = field(default_factory=dict)
    refused: Refused | None = None
    verb: str = ""
    words: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    reason: str = ""


def tabs_for(actor: Account) -> tuple[str, ...]:
    """The tabs that a reader has; who sees only himself has his month and his statistics."""
    if reach("settlement.read", actor.roles) is not Reach.ALL:
        return TABS[:2]
    return tuple(
        tab
        for tab in TABS
        if reach(TAB_VERBS.get(tab, "settlement.read"), actor.roles) is Reach.ALL
    )


def fill(month: Month, asked: Asked, actor: Account) -> SettlementPage:
    """The page of a month; who may see only himself gets his own row and nothing of others."""
    own = reach("settlement.read", actor.roles) is not Reach.ALL
    mine = frozenset({actor.employee_id or 0}) if own else None
    settlement = db.session.scalar(select(Settlement).where(Settlement.month == month))
    start = go_live_month()
    months, years = _months(month, mine, start), _years(month, start)
    if settlement is None:
        return SettlementPage(
            month, None, months, asked.tab, (), _actions(None, month, actor, {}), own=own, years=years,
            refusal=_refusal(asked),
        )  # fmt: skip
    me = actor.employee.number if own and actor.employee else asked.opened
    employees = employee_rows(settlement, only=mine, opened=me)
    mismatches = () if own else _mismatches(settlement, asked.words)
    steps = _steps(settlement)
    signed, alone = signers(settlement), alone_in_role()
    returned = next((s for s in reversed(steps) if s.verb is SettlementVerb.RETURN), None)
    return SettlementPage(
        month,
        settlement.state,
        months,
        asked.tab,
        _tabs(month, asked.tab, actor, {} if own else {"employees": len(employees), "history": len(steps),
              "mismatches": sum(len(g.items) for g in mismatches)}),
        _actions(settlement, month, actor, signed),
        own=own,
        years=years,
        open_dialog=asked.verb,
        refusal=_refusal(asked),
        digest=settlement.digest,
        revision=settlement.revision,
        drafted_at=moment(settlement.drafted_at),
        parameters=_parameters(month),
        visits=sum(row.visits for row in employees),
        frozen=settlement.state in FROZEN,
        next_name=who_is_next(signed, alone),
        returned=returned and Returned(returned.actor.display_name, moment(returned.at), returned.reason or ""),
        sums=_total([row.sums for row in employees]),
        employees=employees,
        signatures=signatures(signed, steps, actor, alone),
        mismatches=mismatches,
        mismatches_url=url_for("settlement.month", month=str(month), tab="mismatches"),
        **_of_tab(month, asked, actor, employees, steps, own=own),
    )  # fmt: skip


def _of_tab(
    month: Month, asked: Asked, actor: Account, employees: tuple[EmployeeRow, ...],
    steps: list[SettlementStep], *, own: bool,
) -> dict[str, object]:  # fmt: skip
    """What only the selected tab shows."""
    if asked.tab == "statistics":
        me = (actor.employee.number if actor.employee else "-") if own else None
        return {"statistics": fill_statistics(month, only=me)}
    if asked.tab == "compare":
        return {"comparison": fill_comparison(month, employees)}
    if asked.tab == "what_if":
        return {"trial": fill_trial(month, asked.trial)}
    return {"history": step_rows(steps)} if asked.tab == "history" else {}


def _refusal(asked: Asked) -> Refusal | None:
    if asked.refused is None:
        return None
    clause = Clause(asked.refused.clause) if asked.refused.clause else None
    return Refusal(asked.refused.sentence, clause, asked.reason)


def _parameters(month: Month) -> Link:
    since = parameter_history().of(month).since
    label = _("%(month)s 版", month=since) if since else _("默认值")
    return Link(label, url_for("regulation.index", month=str(month)))


def _months(
    month: Month, mine: frozenset[int] | None, start: Month | None
) -> tuple[MonthTile, ...]:
    running = Month.of(today())
    sums = select(SettlementSums.settlement_id, func.sum(SettlementSums.net).label("net")).group_by(
        SettlementSums.settlement_id
    )
    if mine is not None:
        sums = sums.where(SettlementSums.employee_id.in_(mine))
    nets = sums.subquery()
    query = (
        select(Settlement.month, Settlement.state, nets.c.net)
        .outerjoin(nets, nets.c.settlement_id == Settlement.id)
        .where(Settlement.month.between(Month(month.year, 1), Month(month.year, 12)))
    )
    known = {m: (state, net) for m, state, net in db.session.execute(query)}
    tiles = []
    for number in range(1, 13):
        tile = Month(month.year, number)
        state, net = known.get(tile, (None, None))
        live = start is None or tile >= start
        url = url_for("settlement.month", month=str(tile)) if live and tile <= running else None
        tiles.append(
            MonthTile(
                tile, state, None if net is None else Decimal(net), url, tile == month, live,
                tile == running and state is None,
            )
        )  # fmt: skip
    return tuple(tiles)


def _years(month: Month, start: Month | None) -> tuple[Link | None, Link | None]:
    """The year before and the one after, where there is something to see."""
    running = Month.of(today())
    before, after = Month(month.year - 1, 12), Month(month.year + 1, 1)

    def to(other: Month) -> Link:
        return Link(str(other.year), url_for("settlement.month", month=str(other)))

    return (
        to(before) if start is not None and before >= start else None,
        to(after) if after <= running else None,
    )


def _tabs(month: Month, tab: str, actor: Account, counts: Mapping[str, int]) -> tuple[Tab, ...]:
    return tuple(
        Tab(
            key, url_for("settlement.month", month=str(month), tab=key), counts.get(key), key == tab
        )
        for key in tabs_for(actor)
    )


def _actions(
    settlement: Settlement | None, month: Month, actor: Account, signed: Signed
) -> tuple[Action, ...]:
    """What the reader may do now, the next step last; never his own second signature (R9.1)."""
    found = []
    if settlement is None:
        if Role.CLERK in actor.roles and month <= Month.of(today()):
            found.append(SettlementVerb.DRAFT.value)
    else:
        if reach("settlement.export", actor.roles) is Reach.ALL:
            found.append("export")
        for verb in (SettlementVerb.DRAFT, SettlementVerb.RETURN, *(v for v, _role in CHAIN)):
            step = STEPS.get((settlement.state, verb))
            signs = verb in (SettlementVerb.SUBMIT, SettlementVerb.REVIEW, SettlementVerb.APPROVE)
            own = signs and any(same_person(actor, one.actor) for one in signed.values())
            if step is not None and step.roles & actor.roles and not own:
                found.append(verb.value)
    return tuple(
        Action(verb, url_for(f"settlement.{ENDPOINTS.get(verb, verb)}", month=str(month)))
        for verb in found
    )


def _total(rows: list[Sums]) -> Sums:
    return Sums(**{name: total(getattr(row, name) for row in rows) for name in SUMS})


def _mismatches(
    settlement: Settlement, words: Mapping[tuple[str, ...], str]
) -> tuple[MismatchGroup, ...]:
    """By kind; `words` are explanations just typed, which stand before the kept ones."""
    query = (
        select(SettlementMismatch, Employee.name)
        .outerjoin(Employee, Employee.id == SettlementMismatch.employee_id)
        .where(SettlementMismatch.settlement_id == settlement.id)
        .order_by(SettlementMismatch.kind, SettlementMismatch.source)
    )
    groups: dict[str, list[MismatchItem]] = defaultdict(list)
    for row, name in db.session.execute(query):
        groups[row.kind].append(
            MismatchItem(
                Link(row.source, source_url(row.kind, row.source)), f"why/{row.kind}/{row.source}",
                name or "", row.amount, words.get((row.kind, row.source)) or row.explanation,
            )
        )  # fmt: skip
    return tuple(
        MismatchGroup(kind, "red" if kind in RED else "amber", tuple(items))
        for kind, items in groups.items()
    )


def _steps(settlement: Settlement) -> list[SettlementStep]:
    query = (
        select(SettlementStep)
        .options(joinedload(SettlementStep.actor).lazyload(Account.role_rows))
        .where(SettlementStep.settlement_id == settlement.id)
    )
    return list(db.session.scalars(query.order_by(SettlementStep.id)))
