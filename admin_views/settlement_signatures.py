"""Fills who signed a settlement, whose turn it is, and what was done when (R9.1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from admin_views.settlement_page import HistoryStep, Signature
from models import db
from models.account import Account, AccountRole
from models.employee import Employee
from models.settlement import SettlementStep
from rules.period import SHANGHAI
from rules.permissions import Role
from rules.settlement_steps import STEPS, SettlementVerb
from workflows.permission import same_person
from workflows.transaction import now

CHAIN = (
    (SettlementVerb.SUBMIT, Role.CLERK),
    (SettlementVerb.REVIEW, Role.MANAGER),
    (SettlementVerb.APPROVE, Role.LEADER),
    (SettlementVerb.PAY, Role.FINANCE),
)

Signed = Mapping[SettlementVerb, SettlementStep]


def moment(at: datetime) -> str:
    """An instant as lists print it: the year only when it is another."""
    local = at.astimezone(SHANGHAI)
    same = local.year == now().astimezone(SHANGHAI).year
    return f"{local:%m-%d %H:%M}" if same else f"{local:%Y-%m-%d %H:%M}"


def waited(since: datetime) -> str:
    """How long something has waited, from an hour on."""
    passed = now() - since
    if passed < timedelta(hours=1):
        return ""
    if passed < timedelta(days=1):
        return _("已等 %(n)s 小时", n=passed // timedelta(hours=1))
    return _("已等 %(n)s 天", n=passed.days)


def alone_in_role() -> dict[Role, str]:
    """The only active person in a role that signs, by role; roles of several people are left out."""
    name = func.coalesce(Employee.name, Account.username)
    query = (
        select(AccountRole.role, func.min(name))
        .join(Account, Account.id == AccountRole.account_id)
        .outerjoin(Employee, Employee.id == Account.employee_id)
        .where(Account.disabled_at.is_(None), AccountRole.role.in_([role for _verb, role in CHAIN]))
        .group_by(AccountRole.role)
        .having(func.count() == 1)
    )
    return dict(db.session.execute(query).all())


def who_is_next(signed: Signed, alone: Mapping[Role, str]) -> str | None:
    """Who signs after the one whose turn it is, if only one person can."""
    later = [role for verb, role in CHAIN if verb not in signed][1:]
    return alone.get(later[0]) if later else None


def signatures(
    signed: Signed, steps: list[SettlementStep], actor: Account, alone: Mapping[Role, str]
) -> tuple[Signature, ...]:
    """The four steps of the chain as far as they are."""
    waiting = next((verb for verb, _role in CHAIN if verb not in signed), None)
    since = waited(steps[-1].at) if steps else ""
    return tuple(
        _done(verb, role, signed[verb], actor)
        if verb in signed
        else _to_come(
            verb, role, signed, actor, alone.get(role), since if verb is waiting else None
        )
        for verb, role in CHAIN
    )


def _done(verb: SettlementVerb, role: Role, step: SettlementStep, actor: Account) -> Signature:
    mine = step.actor_id == actor.id
    return Signature(verb.value, "done", role, step.actor.display_name, mine, moment(step.at))


def _to_come(
    verb: SettlementVerb,
    role: Role,
    signed: Signed,
    actor: Account,
    alone: str | None,
    since: str | None,
) -> Signature:
    """A step nobody took yet; `since` is given where it is this step's turn."""
    turn = since is not None
    free = verb is SettlementVerb.PAY or not any(
        same_person(actor, s.actor) for s in signed.values()
    )
    mine = turn and role in actor.roles and free
    name = actor.display_name if mine else alone
    return Signature(verb.value, "now" if turn else "later", role, name, mine, waits=since or None)


def step_rows(steps: list[SettlementStep]) -> tuple[HistoryStep, ...]:
    """What was done, newest first, each in the role in which it was done."""
    return tuple(
        HistoryStep(
            s.verb.value, s.actor.display_name, _role_of(s), moment(s.at), s.reason, s.digest
        )
        for s in reversed(steps)
    )


def _role_of(step: SettlementStep) -> str:
    may = frozenset().union(*(s.roles for (_state, verb), s in STEPS.items() if verb is step.verb))
    return next(iter(sorted(may & step.actor.roles)), "") or next(iter(sorted(may)))
