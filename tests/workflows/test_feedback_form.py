"""Forms: complete, signed in time, one per visit, by who was there; then accepted (R4.2, R4.3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models import db
from models.feedback_form import FeedbackForm
from models.parameter import ParameterValue
from rules.feedback_form import ConfirmationWay
from rules.period import Month
from rules.ticket import ServiceMode, TicketState
from tests.workflows.service_desk import WORK, Desk, hand_in, receive, start
from workflows import feedback_form, visit
from workflows.refusal import Forbidden, Refused
from workflows.ticket_facts import forms_of, visits_of
from workflows.transaction import writing

S = TicketState


@pytest.fixture
def desk(app):
    return Desk()


@pytest.fixture
def served(desk):
    """A ticket served on site, and its visit."""
    ticket = desk.bring_to(S.SERVED)
    return ticket, visits_of(ticket.id)[0]


PARTS = [
    ("fault", "故障现象"), ("inspection", "检查记录"), ("result", "处理结果"), ("satisfaction", "满意度"),
    ("signed_by", "客户签字"), ("signed_at", "签字时间"), ("signature_id", "签字图像"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "word"), PARTS)
def test_a_form_that_lacks_a_part_is_not_handed_in(desk, served, part, word):
    """R4.2: and it says what is missing."""
    ticket, first = served
    with pytest.raises(Refused, match=word) as refused, desk.after():
        feedback_form.submit_form(first.id, desk.form(**{part: None}), actor=desk.wang)
    assert refused.value.clause == "R4.2"
    assert forms_of(ticket.id) == []


def test_a_project_may_ask_for_the_seal(desk, served):
    """R4.2."""
    with writing():
        desk.project.seal_required = True
    with desk.after():
        with pytest.raises(Refused, match="盖章"):
            feedback_form.submit_form(served[1].id, desk.form(), actor=desk.wang)
        sealed = desk.form(seal_id=desk.picture())
        assert feedback_form.submit_form(served[1].id, sealed, actor=desk.wang).submitted_at


@pytest.mark.parametrize("way", ConfirmationWay)
def test_for_phone_service_the_customers_confirmation_stands_for_the_signature(desk, way):
    """R4.2: by link, e-mail or message, kept with the form."""
    ticket = desk.bring_to(S.SERVED, mode=ServiceMode.PHONE, onsite_reason=None)
    (first,) = visits_of(ticket.id)
    with desk.after():
        for lacking in ({"confirmation": None}, {"confirmation_text": " "}):
            with pytest.raises(Refused, match="客户确认"):
                content = desk.confirmed(**{"confirmation": way} | lacking)
                feedback_form.submit_form(first.id, content, actor=desk.wang)
        form = feedback_form.submit_form(
            first.id, desk.confirmed(confirmation=way), actor=desk.wang
        )
    assert (form.confirmation, form.confirmation_text) == (way, "已解决，谢谢")


@pytest.mark.parametrize(("seconds", "early"), [(-1, True), (0, False), (1, False)])
def test_a_form_signed_before_the_visit_ended_is_refused(desk, served, seconds, early):
    """R4.2: at the very end is in time."""
    signed = served[1].ended_at + timedelta(seconds=seconds)
    with desk.after():
        content = desk.form(signed_at=signed)
        if early:
            with pytest.raises(Refused, match="早于"):
                feedback_form.submit_form(served[1].id, content, actor=desk.wang)
        else:
            feedback_form.submit_form(served[1].id, content, actor=desk.wang)


@pytest.mark.parametrize(("minutes", "early"), [(-1, True), (0, False)])
def test_a_signature_is_known_to_the_minute(desk, served, minutes, early):
    """R4.2: the visit ended 45 s after the minute that stands on the form."""
    visit = served[1]
    signed = visit.ended_at + timedelta(minutes=minutes)
    with writing():
        visit.ended_at += timedelta(seconds=45)
    with desk.after():
        content = desk.form(signed_at=signed)
        if early:
            with pytest.raises(Refused, match="早于"):
                feedback_form.submit_form(visit.id, content, actor=desk.wang)
        else:
            feedback_form.submit_form(visit.id, content, actor=desk.wang)


def test_a_form_cannot_be_signed_while_the_visit_goes_on_nor_tomorrow(desk, served):
    """R4.2."""
    under_way = desk.bring_to(S.IN_SERVICE)
    with desk.after():
        with pytest.raises(Refused, match="还没有结束"):
            feedback_form.submit_form(visits_of(under_way.id)[0].id, desk.form(), actor=desk.wang)
        tomorrow = desk.form(signed_at=desk.moment + timedelta(days=1))
        with pytest.raises(Refused, match="之后"):
            feedback_form.submit_form(served[1].id, tomorrow, actor=desk.wang)


@pytest.mark.parametrize("verb", [feedback_form.save_form, feedback_form.submit_form])
@pytest.mark.parametrize("who", ["huang", "clerk", "manager"])
def test_only_a_technician_of_the_visit_writes_its_form(desk, served, verb, who):
    """R4.2."""
    with pytest.raises(Forbidden), desk.after():
        verb(served[1].id, desk.form(), actor=desk.accounts[who])
    assert db.session.scalar(select(func.count()).select_from(FeedbackForm)) == 0


def test_a_second_form_for_the_same_visit_is_refused(desk, served):
    """R4.2: handed in or accepted, it is locked."""
    with desk.after():
        form_id = hand_in(desk, served[0].id)
    for _ in range(2):
        for verb in (feedback_form.save_form, feedback_form.submit_form):
            with pytest.raises(Refused, match="已经提交"), desk.after(0):
                verb(served[1].id, desk.form(), actor=desk.wang)
        if db.session.get(FeedbackForm, form_id).accepted_on is None:
            feedback_form.accept_form(form_id, actor=desk.clerk)
    assert len(forms_of(served[0].id)) == 1


def test_a_draft_is_kept_and_a_change_after_the_signature_needs_a_new_one(desk, served):
    """R4.2: nobody signs for words that were not there."""
    with desk.after():
        content = desk.form(result="换泵")
        feedback_form.save_form(served[1].id, content, actor=desk.wang)
        from dataclasses import replace

        same = feedback_form.save_form(
            served[1].id, replace(content, comment="谢谢"), actor=desk.wang
        )
        assert same.signed_by == "韩雪"
        other = feedback_form.save_form(
            served[1].id, replace(content, result="换泵与浮球"), actor=desk.wang
        )
        assert (other.signed_by, other.signed_at, other.signature_id) == (None, None, None)
        with pytest.raises(Refused, match="客户签字"):
            feedback_form.submit_form(served[1].id, replace(content, result="换泵", signed_by=None, signed_at=None,
                                                            signature_id=None), actor=desk.wang)  # fmt: skip


def test_the_slower_of_two_writers_of_a_form_is_told(desk, served):
    """I12."""
    with desk.after():
        form = feedback_form.save_form(served[1].id, desk.form(), actor=desk.wang)
        seen = form.row_version
        feedback_form.save_form(
            served[1].id, desk.form(comment="一"), actor=desk.wang, version=seen
        )
        with pytest.raises(Refused, match="先保存了"):
            feedback_form.save_form(
                served[1].id, desk.form(comment="二"), actor=desk.wang, version=seen
            )
    assert db.session.get(FeedbackForm, form.id).comment == "一"


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_satisfaction_is_one_to_five(desk, served, stars):
    """R4.2."""
    with pytest.raises(Refused, match="1 到 5"), desk.after():
        feedback_form.save_form(served[1].id, desk.form(satisfaction=stars), actor=desk.wang)


def test_an_attachment_that_is_not_there_is_no_signature(desk, served):
    with pytest.raises(Refused, match="附件"), desk.after():
        feedback_form.submit_form(served[1].id, desk.form(signature_id=999), actor=desk.wang)


# Acceptance


def test_a_clerk_accepts_a_form_on_a_date(desk, served):
    """R4.2, R4.3."""
    with desk.after():
        receive(desk, served[0].id)
    (form,) = forms_of(served[0].id)
    assert (form.accepted_on, form.accepted_by_id) == (desk.moment.date(), desk.clerk.id)
    assert served[0].status is S.FORM_RECEIVED
    with pytest.raises(Refused, match="已经审核"):
        feedback_form.accept_form(form.id, actor=desk.clerk)


def test_a_draft_is_not_accepted(desk, served):
    with desk.after():
        form = feedback_form.save_form(served[1].id, desk.form(), actor=desk.wang)
        with pytest.raises(Refused, match="还没有提交"):
            feedback_form.accept_form(form.id, actor=desk.clerk)


def test_nobody_accepts_the_form_of_his_own_visit(desk, served):
    """R10."""
    from models.account import AccountRole
    from rules.permissions import Role

    with desk.after():
        form_id = hand_in(desk, served[0].id)
    with writing():
        desk.wang.role_rows.append(AccountRole(role=Role.CLERK))
    with pytest.raises(Refused, match="由别人"):
        feedback_form.accept_form(form_id, actor=desk.wang)


def test_a_form_given_back_is_open_to_its_technician_again(desk, served):
    with desk.after():
        form_id = hand_in(desk, served[0].id)
    with pytest.raises(Refused, match="请写明"):
        feedback_form.give_back(form_id, actor=desk.clerk, reason=" ")
    feedback_form.give_back(form_id, actor=desk.clerk, reason="检查记录太简单")
    with pytest.raises(Refused, match="没有提交"):
        feedback_form.give_back(form_id, actor=desk.clerk, reason="再退")
    with desk.after():
        receive(desk, served[0].id)
    assert served[0].status is S.FORM_RECEIVED


def test_the_form_of_the_last_visit_moves_the_ticket_an_earlier_one_does_not(desk):
    """R4.3: several visits, each with its own form."""
    ticket = desk.bring_to(S.IN_SERVICE)
    with desk.after():
        first = visit.leave(ticket.id, WORK, actor=desk.wang)
    with desk.after():
        start(desk, ticket.id)
    with desk.after():
        last = visit.serve(ticket.id, WORK, actor=desk.wang)
    for each, state in ((first, S.SERVED), (last, S.FORM_RECEIVED)):
        with desk.after():
            form = feedback_form.submit_form(each.id, desk.form(), actor=desk.wang)
            feedback_form.accept_form(form.id, actor=desk.clerk)
        assert ticket.status is state


def test_half_of_a_months_forms_are_drawn_for_a_call(desk):
    """R4.4: the first, third, fifth … accepted in the month."""
    month = Month(2026, 11)
    with writing():
        half = ParameterValue(name="callback_share", month=month, value=str(Decimal("0.5")),
                              prepared_by_id=desk.clerk.id, prepared_at=desk.moment,
                              approved_by_id=desk.clerk.id, approved_at=desk.moment)  # fmt: skip
        db.session.add(half)
    for drawn in (True, False, True, False):
        ticket = desk.bring_to(S.FORM_RECEIVED)
        assert forms_of(ticket.id)[0].drawn is drawn
