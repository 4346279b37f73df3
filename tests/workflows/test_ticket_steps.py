"""Every verb × role × state of a ticket through its workflow: done with its event and record, or not at all (R2.4)."""

import pytest
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, TicketEvent, TicketWait
from rules.permissions import Role, allowed
from rules.ticket import ServiceMode, Severity, TicketState, WaitReason
from rules.ticket_steps import STEPS, TicketVerb
from tests.workflows.service_desk import WORK, Desk, hand_in
from workflows import call_back, feedback_form, ticket_dispatch, ticket_intake, ticket_work, visit
from workflows.refusal import Forbidden, Refused
from workflows.replacement import replace
from workflows.ticket_facts import forms_of, visits_of
from workflows.ticket_step import columns_of, offers

S, V = TicketState, TicketVerb
PHONE_CALL = call_back.Call(reached=True, satisfaction=5)


def last_form(ticket):
    forms = forms_of(ticket.id)
    return forms[-1].id if forms else 0


def last_visit(ticket):
    visits = visits_of(ticket.id)
    return visits[-1].id if visits else 0


# How each verb is called, with plain values that the regulation accepts.
CALLS = {
    V.VERIFY: lambda d, t, a: ticket_intake.verify(t.id, actor=a),
    V.ESCALATE: lambda d, t, a: ticket_dispatch.escalate(t.id, actor=a),
    V.DISPATCH: lambda d, t, a: ticket_dispatch.dispatch(t.id, [d.id("wang")], actor=a),
    V.ACCEPT: lambda d, t, a: ticket_dispatch.accept(t.id, actor=a),
    V.REFUSE: lambda d, t, a: ticket_dispatch.refuse(t.id, actor=a, reason="在外地"),
    V.REASSIGN: lambda d, t, a: ticket_dispatch.reassign(t.id, [d.id("huang")], actor=a, reason="换人"),
    V.START: lambda d, t, a: visit.start(t.id, actor=a),
    V.LEAVE: lambda d, t, a: visit.leave(t.id, WORK, actor=a),
    V.SERVE: lambda d, t, a: visit.serve(t.id, WORK, actor=a),
    V.WAIT: lambda d, t, a: ticket_work.wait(t.id, WaitReason.PARTS, actor=a),
    V.RESUME: lambda d, t, a: ticket_work.resume(t.id, actor=a),
    V.PROPOSE: lambda d, t, a: ticket_work.propose(t.id, actor=a, proposal="更换排水泵"),
    V.CONFIRM_PROPOSAL: lambda d, t, a: ticket_work.confirm_proposal(t.id, actor=a, confirmed_by="韩雪", manner="短信"),
    V.ASK_SUPPORT: lambda d, t, a: ticket_work.ask_support(t.id, actor=a, question="厂商工程师：浮球型号"),
    V.SUBMIT_FORM: lambda d, t, a: feedback_form.submit_form(last_visit(t), d.form(), actor=a),
    V.RETURN_FORM: lambda d, t, a: feedback_form.give_back(last_form(t), actor=a, reason="检查记录太简单"),
    V.RECEIVE_FORM: lambda d, t, a: feedback_form.accept_form(last_form(t), actor=a),
    V.CALL_BACK: lambda d, t, a: call_back.call_back(t.id, PHONE_CALL, actor=a),
    V.SETTLE_DISPUTE: lambda d, t, a: call_back.settle_dispute(last_form(t), actor=a, counts=True, finding="客户记错"),
    V.CLOSE: lambda d, t, a: ticket_intake.close(t.id, actor=a),
    V.CANCEL: lambda d, t, a: ticket_intake.cancel(t.id, actor=a, reason="客户撤回"),
    V.REOPEN: lambda d, t, a: ticket_intake.reopen(t.id, actor=a, reason="又漏水"),
    V.EDIT: lambda d, t, a: ticket_intake.edit(t.id, {"phone": "13900000000"}, actor=a),
    V.SET_SEVERITY: lambda d, t, a: ticket_intake.set_severity(t.id, Severity.A, actor=a, reason="机房停了"),
    V.JUDGE_WARRANTY: lambda d, t, a: ticket_intake.judge_warranty(t.id, True, actor=a, reason="合同另有约定"),
    V.CHARGE_DAMAGE: lambda d, t, a: ticket_intake.charge_damage(t.id, actor=a, reason="进水"),
    V.REPLACE: lambda d, t, a: replace(t.id, actor=a),
    V.NOTE: lambda d, t, a: ticket_work.add_note(t.id, actor=a, text="客户约下午"),
}  # fmt: skip
# These verbs speak of a form or a dispute: without one there is nothing to do, in whatever state.
OF_FORMS = {V.SUBMIT_FORM, V.RETURN_FORM, V.RECEIVE_FORM, V.SETTLE_DISPUTE}


@pytest.fixture
def desk(app):
    return Desk()


def picture(ticket):
    """All that a refused verb must leave as it was."""
    rows = [db.session.scalar(select(func.count()).select_from(model))
            for model in (TicketEvent, AuditRecord, TicketWait, FeedbackForm)]  # fmt: skip
    db.session.expire_all()
    return columns_of(ticket), rows


def test_every_verb_has_its_workflow():
    assert set(CALLS) == set(V) - {V.REGISTER}


@pytest.mark.parametrize("state", S)
def test_what_state_or_role_do_not_allow_is_refused_and_leaves_no_trace(desk, state):
    """R2.4, R10: the full product, each cell either for no one or for the roles of the table."""
    ticket = desk.bring_to(state)
    before, tried = picture(ticket), 0
    for verb, call in CALLS.items():
        step = STEPS.get((state, verb))
        for role in Role:
            if step is not None and role in step.roles:
                continue
            if verb in OF_FORMS and not forms_of(ticket.id):
                continue
            expected = (
                Refused if allowed(f"ticket.{verb}", frozenset((role,)), own=True) else Forbidden
            )
            with pytest.raises(expected), desk.after(0):
                call(desk, ticket, desk.in_role(role))
            tried += 1
        assert picture(ticket) == before, (state, verb)
    assert tried > 100


# What must have happened before, beyond the state, so that a verb can be taken.
BEFORE = {
    V.CONFIRM_PROPOSAL: lambda d, t: CALLS[V.PROPOSE](d, t, d.wang),
    V.RECEIVE_FORM: lambda d, t: hand_in(d, t.id),
    V.RETURN_FORM: lambda d, t: hand_in(d, t.id),
}
WAITS_FOR = {
    (S.FORM_RECEIVED, V.CLOSE): "R4.4",  # the whole share is called back
}
LEAVE_FIRST = {(S.IN_SERVICE, V.REASSIGN): V.LEAVE, (S.IN_SERVICE, V.START): V.LEAVE}


@pytest.mark.parametrize("state", S)
def test_an_allowed_verb_moves_the_ticket_and_is_on_record(desk, state):
    """R2.4, I15: one event, one audit record, for each verb and each role that may."""
    steps = [step for (s, verb), step in STEPS.items() if s is state and verb not in OF_FORMS]
    for step, role in [(one, role) for one in steps for role in sorted(one.roles)]:
        if role is Role.TECHNICIAN and state in (S.REGISTERED, S.VERIFIED, S.CANCELLED):
            continue  # nobody was ordered: it is no technician's own
        ticket, verb, actor = desk.bring_to(state), step.verb, desk.in_role(role)
        if verb in BEFORE:
            with desk.after():
                BEFORE[verb](desk, ticket)
        if (state, verb) in LEAVE_FIRST:
            with desk.after():
                CALLS[LEAVE_FIRST[state, verb]](desk, ticket, desk.wang)
        events, records = picture(ticket)[1][:2]
        assert verb in {offer.verb for offer in offers(ticket, actor)}
        with desk.after():
            if (state, verb) in WAITS_FOR:
                with pytest.raises(Refused) as refused:
                    CALLS[verb](desk, ticket, actor)
                assert refused.value.clause == WAITS_FOR[state, verb]
                continue
            CALLS[verb](desk, ticket, actor)
        event = db.session.scalar(select(TicketEvent).order_by(TicketEvent.id.desc()).limit(1))
        entry = db.session.scalar(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1))
        assert (event.ticket_id, event.verb, event.from_state, event.to_state, event.actor_id) == (
            ticket.id, verb, state, ticket.status, actor.id)  # fmt: skip
        assert ticket.status in step.next
        assert (entry.verb, entry.noun, entry.subject, entry.actor_id) == (
            verb, "ticket", ticket.number, actor.id)  # fmt: skip
        assert picture(ticket)[1][:2] == [events + 1, records + 1]


def test_forms_of_earlier_visits_come_in_late_in_any_state(desk):
    """R4.3: a late form counts, and moves no ticket but one whose last visit it is."""
    for state in (S.VERIFIED, S.DISPATCHED, S.ACCEPTED, S.IN_SERVICE, S.WAITING, S.SERVED):
        ticket = desk.bring_to(S.SERVED)
        first = visits_of(ticket.id)[0]
        with desk.after():
            ticket_intake.reopen(ticket.id, actor=desk.clerk, reason="没修好")
        for verb in {
            S.VERIFIED: (), S.DISPATCHED: (V.DISPATCH,), S.ACCEPTED: (V.DISPATCH, V.ACCEPT),
            S.IN_SERVICE: (V.DISPATCH, V.ACCEPT, V.START), S.WAITING: (V.DISPATCH, V.ACCEPT, V.WAIT),
            S.SERVED: (V.DISPATCH, V.ACCEPT, V.START, V.SERVE),
        }[state]:  # fmt: skip
            with desk.after():
                CALLS[verb](desk, ticket, desk.clerk if verb is V.DISPATCH else desk.wang)
        assert ticket.status is state
        with desk.after():
            form = feedback_form.submit_form(first.id, desk.form(), actor=desk.wang)
        with desk.after():
            feedback_form.give_back(form.id, actor=desk.clerk, reason="检查记录太简单")
        with desk.after():
            feedback_form.submit_form(first.id, desk.form(), actor=desk.wang)
        with desk.after():
            feedback_form.accept_form(form.id, actor=desk.clerk)
        assert ticket.status is state
        assert form.accepted_on is not None


def test_a_technician_acts_on_his_own_tickets_only(desk):
    """R10: the colleague who isn't ordered can't accept, start, serve or write."""
    for state, verb in ((S.DISPATCHED, V.ACCEPT), (S.ACCEPTED, V.START), (S.IN_SERVICE, V.SERVE),
                        (S.WAITING, V.RESUME), (S.SERVED, V.SUBMIT_FORM), (S.SERVED, V.NOTE)):  # fmt: skip
        ticket = desk.bring_to(state)
        with pytest.raises(Forbidden), desk.after():
            CALLS[verb](desk, ticket, desk.huang)
        assert ticket.status is state


def test_who_looks_at_an_old_page_is_told(desk):
    """I12: a step with a stale version is refused."""
    ticket = desk.bring_to(S.DISPATCHED)
    seen = ticket.row_version
    ticket_dispatch.accept(ticket.id, actor=desk.wang, version=seen)
    with pytest.raises(Refused, match="先保存了"):
        visit.start(ticket.id, actor=desk.wang, version=seen)
    assert ticket.status is S.ACCEPTED


def test_a_timeline_cannot_be_changed_afterwards(desk):
    """R2.4: by trigger, on both databases."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    desk.bring_to(S.VERIFIED)
    for forgery in ("UPDATE ticket_events SET note = 'x'", "DELETE FROM ticket_events"):
        with pytest.raises(DBAPIError, match="frozen"):
            db.session.execute(text(forgery))
        db.session.rollback()


def test_an_unknown_ticket_is_not_found(desk):
    for verb in set(CALLS) - OF_FORMS:
        with pytest.raises(Refused) as refused:
            CALLS[verb](desk, Ticket(id=999_999), desk.clerk)
        assert refused.value.status == 404


def test_a_phone_ticket_needs_neither_reason_nor_arrival(desk):
    """R2.2: phone and online are preferred."""
    ticket = desk.bring_to(S.FORM_RECEIVED, mode=ServiceMode.PHONE, onsite_reason=None)
    assert ticket.arrived_at is None
    assert visits_of(ticket.id)[0].mode is ServiceMode.PHONE
