"""The steps of a ticket: which verb leads where, who may take it, and what hinders it (R2.4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.clause import implements
from rules.permissions import PERMISSIONS, Reach, Role
from rules.ticket import ServiceMode, Severity, TicketSource, TicketState


class TicketVerb(StrEnum):
    """What can be done to a ticket; the permission of each is ``ticket.`` and its name."""

    REGISTER = "register"
    VERIFY = "verify"
    ESCALATE = "escalate"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    REFUSE = "refuse"
    REASSIGN = "reassign"
    START = "start"
    LEAVE = "leave"
    SERVE = "serve"
    WAIT = "wait"
    RESUME = "resume"
    PROPOSE = "propose"
    CONFIRM_PROPOSAL = "confirm_proposal"
    ASK_SUPPORT = "ask_support"
    SUBMIT_FORM = "submit_form"
    RETURN_FORM = "return_form"
    RECEIVE_FORM = "receive_form"
    CALL_BACK = "call_back"
    SETTLE_DISPUTE = "settle_dispute"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"
    EDIT = "edit"
    SET_SEVERITY = "set_severity"
    JUDGE_WARRANTY = "judge_warranty"
    CHARGE_DAMAGE = "charge_damage"
    REPLACE = "replace"
    NOTE = "note"


class Hindrance(StrEnum):
    """Why a step that the state allows can't be taken yet."""

    OWN_REQUEST = "own_request"
    UNVERIFIED = "unverified"
    NOT_TAKEN = "not_taken"
    NO_ONSITE_REASON = "no_onsite_reason"
    NO_AGREED_DATE = "no_agreed_date"
    VISIT_OPEN = "visit_open"
    NO_VISIT_OPEN = "no_visit_open"
    VISIT_BEGUN = "visit_begun"
    NO_PROPOSAL = "no_proposal"
    ON_VISIT = "on_visit"
    TO_BE_CALLED = "to_be_called"
    DISPUTED = "disputed"
    NOT_DISPUTED = "not_disputed"
    NO_FORM_DUE = "no_form_due"
    NO_FORM_WAITING = "no_form_waiting"


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What of a ticket, and of the one who acts, the hindrances depend on."""

    source: TicketSource
    mode: ServiceMode
    severity: Severity
    taken_by_clerk: bool = False
    verified: bool = False
    brought_by_actor: bool = False
    onsite_reason: bool = False
    agreed_date: bool = False
    visit_open: bool = False
    visit_begun: bool = False
    proposed: bool = False
    actor_on_visit: bool = False
    to_be_called: bool = False
    disputed: bool = False
    form_due: bool = False
    form_waiting: bool = False


Hinders = Callable[[TicketFacts], bool]
AGREED = frozenset({Severity.C, Severity.D})
HINDRANCES: dict[Hindrance, tuple[str, Hinders]] = {
    Hindrance.OWN_REQUEST: ("R2.1", lambda f: f.brought_by_actor),
    Hindrance.UNVERIFIED: (
        "R2.1", lambda f: f.source is TicketSource.TECHNICIAN and not f.verified,
    ),
    Hindrance.NOT_TAKEN: (
        "R2.1", lambda f: f.mode is ServiceMode.ONSITE and not (f.taken_by_clerk or f.verified),
    ),
    Hindrance.NO_ONSITE_REASON: (
        "R2.2", lambda f: f.mode is ServiceMode.ONSITE and not f.onsite_reason,
    ),
    Hindrance.NO_AGREED_DATE: ("R3.5", lambda f: f.severity in AGREED and not f.agreed_date),
    Hindrance.VISIT_OPEN: ("R4.1", lambda f: f.visit_open),
    Hindrance.NO_VISIT_OPEN: ("R4.1", lambda f: not f.visit_open),
    Hindrance.VISIT_BEGUN: ("R2.4", lambda f: f.visit_begun),
    Hindrance.NO_PROPOSAL: ("R3.5", lambda f: not f.proposed),
    Hindrance.ON_VISIT: ("R4.4", lambda f: f.actor_on_visit),
    Hindrance.TO_BE_CALLED: ("R4.4", lambda f: f.to_be_called),
    Hindrance.DISPUTED: ("R4.4", lambda f: f.disputed),
    Hindrance.NOT_DISPUTED: ("R4.4", lambda f: not f.disputed),
    Hindrance.NO_FORM_DUE: ("R4.2", lambda f: not f.form_due),
    Hindrance.NO_FORM_WAITING: ("R4.2", lambda f: not f.form_waiting),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verb leads (several states where the ticket's past decides), its clause and hindrances."""

    verb: TicketVerb
    next: tuple[TicketState, ...]
    clause: str
    hindrances: tuple[Hindrance, ...] = ()

    @property
    def permission(self) -> str:
        """The line of the table of permissions."""
        return f"ticket.{self.verb}"

    @property
    def roles(self) -> frozenset[Role]:
        """Who may take it: what the table of permissions says, own records included."""
        row = PERMISSIONS[self.permission]
        return frozenset(role for role, far in row.items() if far is not Reach.NONE)


Key = tuple[TicketState | None, TicketVerb]
S, V, H = TicketState, TicketVerb, Hindrance
DESK = (S.REGISTERED, S.VERIFIED)
BEFORE_ARRIVAL = (S.DISPATCHED, S.ACCEPTED)
AT_WORK = (S.ACCEPTED, S.IN_SERVICE, S.WAITING)
UNSERVED = (*DESK, *BEFORE_ARRIVAL, S.IN_SERVICE, S.WAITING)
DONE = (S.SERVED, S.FORM_RECEIVED, S.CALLED_BACK, S.CLOSED)
OPEN = (*UNSERVED, S.SERVED, S.FORM_RECEIVED, S.CALLED_BACK)
SERVICED = (*UNSERVED, *DONE)
MAY_RECEIVE = (H.ON_VISIT, H.NO_FORM_WAITING)
MAY_DISPATCH = (H.UNVERIFIED, H.NOT_TAKEN, H.NO_ONSITE_REASON, H.NO_AGREED_DATE)


def _lead(
    froms: Iterable[TicketState | None],
    verb: TicketVerb,
    to: TicketState | tuple[TicketState, ...],
    clause: str,
    *hindrances: Hindrance,
) -> dict[Key, Step]:
    following = to if isinstance(to, tuple) else (to,)
    return {(state, verb): Step(verb, following, clause, hindrances) for state in froms}


def _stay(
    states: Iterable[TicketState], verb: TicketVerb, clause: str, *hindrances: Hindrance
) -> dict[Key, Step]:
    return {(state, verb): Step(verb, (state,), clause, hindrances) for state in states}


# fmt: off
STEPS: dict[Key, Step] = {
    **_lead((None,), V.REGISTER, S.REGISTERED, "R2.1"),
    **_lead((S.REGISTERED,), V.VERIFY, S.VERIFIED, "R2.1", H.OWN_REQUEST),
    **_stay(DESK, V.ESCALATE, "R2.5"),
    **_lead(DESK, V.DISPATCH, S.DISPATCHED, "R2.5", *MAY_DISPATCH),
    **_lead((S.DISPATCHED,), V.ACCEPT, S.ACCEPTED, "R2.4"),
    **_lead((S.DISPATCHED,), V.REFUSE, (S.DISPATCHED, *DESK), "R2.5"),
    **_lead((*BEFORE_ARRIVAL, S.IN_SERVICE), V.REASSIGN, S.DISPATCHED, "R2.5", H.VISIT_OPEN),
    **_stay((S.WAITING,), V.REASSIGN, "R2.5", H.VISIT_OPEN),
    **_lead((S.ACCEPTED, S.IN_SERVICE), V.START, S.IN_SERVICE, "R4.1", H.VISIT_OPEN),
    **_stay((S.IN_SERVICE,), V.LEAVE, "R4.1", H.NO_VISIT_OPEN),
    **_lead((S.IN_SERVICE,), V.SERVE, S.SERVED, "R4.1", H.NO_VISIT_OPEN),
    **_lead((*BEFORE_ARRIVAL, S.IN_SERVICE), V.WAIT, S.WAITING, "R2.4"),
    **_lead((S.WAITING,), V.RESUME, (*BEFORE_ARRIVAL, S.IN_SERVICE), "R2.4"),
    **_stay(AT_WORK, V.PROPOSE, "R3.5"),
    **_stay(AT_WORK, V.CONFIRM_PROPOSAL, "R3.5", H.NO_PROPOSAL),
    **_stay(AT_WORK, V.ASK_SUPPORT, "R3.5"),
    **_stay(SERVICED, V.SUBMIT_FORM, "R4.2", H.NO_FORM_DUE),
    **_stay(SERVICED, V.RETURN_FORM, "R4.2", H.NO_FORM_WAITING),
    **_stay((*UNSERVED, S.FORM_RECEIVED, S.CALLED_BACK, S.CLOSED), V.RECEIVE_FORM, "R4.2", *MAY_RECEIVE),
    **_lead((S.SERVED,), V.RECEIVE_FORM, (S.FORM_RECEIVED, S.SERVED), "R4.2", *MAY_RECEIVE),
    **_lead((S.FORM_RECEIVED,), V.CALL_BACK, (S.FORM_RECEIVED, S.CALLED_BACK, S.CLOSED), "R4.4", H.ON_VISIT),
    **_stay(SERVICED, V.SETTLE_DISPUTE, "R4.4", H.ON_VISIT, H.NOT_DISPUTED),
    **_lead((S.FORM_RECEIVED,), V.CLOSE, S.CLOSED, "R4.4", H.TO_BE_CALLED, H.DISPUTED),
    **_lead((S.CALLED_BACK,), V.CLOSE, S.CLOSED, "R2.4", H.DISPUTED),
    **_lead((*DESK, *BEFORE_ARRIVAL, S.WAITING), V.CANCEL, S.CANCELLED, "R2.4", H.VISIT_BEGUN),
    **_lead(DONE, V.REOPEN, DESK, "R2.4"),
    **_stay(UNSERVED, V.EDIT, "R2.2"),
    **_stay(UNSERVED, V.SET_SEVERITY, "R3.3"),
    **_stay(OPEN, V.JUDGE_WARRANTY, "R1.4"),
    **_stay(OPEN, V.CHARGE_DAMAGE, "R1.2"),
    **_stay(DONE, V.REPLACE, "R1.3"),
    **_stay(S, V.NOTE, "R2.4"),
}
# fmt: on


@implements("R2.1", "R2.2", "R2.4", "R3.5", "R4.4")
def hindrance(step: Step, facts: TicketFacts) -> Hindrance | None:
    """The first thing that hinders a step which the state allows; None when nothing does."""
    return next((h for h in step.hindrances if HINDRANCES[h][1](facts)), None)


POINTLESS = frozenset({H.NO_VISIT_OPEN, H.NO_PROPOSAL, H.NOT_DISPUTED, H.NO_FORM_DUE, H.NO_FORM_WAITING})  # fmt: skip


def pointless(step: Step, hindered: Hindrance | None) -> bool:
    """Whether there is nothing to take a step for, so that no button offers it; else the hindrance says what comes first."""
    begun = step.verb is TicketVerb.START and hindered is Hindrance.VISIT_OPEN
    return begun or hindered in POINTLESS


def steps_from(state: TicketState) -> tuple[Step, ...]:
    """The steps that lead on from a state, in the order of the verbs; its buttons."""
    return tuple(STEPS[state, verb] for verb in TicketVerb if (state, verb) in STEPS)


@implements("R2.5")
def after_refusal(others: bool, verified: bool) -> TicketState:
    """Where a refusal leaves a ticket: with the others asked, or back at the desk."""
    if others:
        return TicketState.DISPATCHED
    return desk_state(verified)


def desk_state(verified: bool) -> TicketState:
    """Where a ticket stands that somebody has to dispatch (again)."""
    return TicketState.VERIFIED if verified else TicketState.REGISTERED


@implements("R2.4")
def after_wait(visited: bool, accepted: bool) -> TicketState:
    """Where a ticket goes on after a wait: work that has begun goes on, an order not yet accepted still waits for it."""
    if not accepted:
        return TicketState.DISPATCHED
    return TicketState.IN_SERVICE if visited else TicketState.ACCEPTED
