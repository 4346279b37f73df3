"""Feedback forms: written by a technician of the visit, locked, accepted by a clerk or given back (R4.2, R4.3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from models import db
from models.account import Account
from models.audit import Attachment
from models.feedback_form import FeedbackForm
from models.ticket import Visit
from rules.call_back import in_share
from rules.clause import implements
from rules.feedback_form import (
    ConfirmationWay,
    FormPart,
    FormProof,
    missing_parts,
    missing_proof,
    signed_too_early,
)
from rules.period import Month
from rules.permissions import allowed
from rules.ticket import TicketState
from rules.ticket_steps import TicketVerb
from workflows.attachment import Upload, put_attachment
from workflows.audit import record
from workflows.change import found
from workflows.parameter import parameter_history
from workflows.refusal import Forbidden, Refused
from workflows.ticket_facts import visits_of
from workflows.ticket_step import (
    check_lengths,
    check_version,
    columns_of,
    on_visit,
    required,
    stripped,
    taking,
)
from workflows.transaction import now, today, writing
from workflows.words import word

SIGNED = ("fault", "inspection", "result", "satisfaction")
SIGNATURE = ("signed_by", "signed_at", "signature_id", "seal_id", "confirmation", "confirmation_text")  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormContent:
    """What a form says. For phone and online service `confirmation` tells how the customer confirmed it, and
    `confirmation_text` his words; `signature_id` and `seal_id` are attachments, `signature` and `seal` new pictures."""

    fault: str | None = None
    inspection: str | None = None
    result: str | None = None
    satisfaction: int | None = None
    comment: str | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    signature_id: int | None = None
    seal_id: int | None = None
    confirmation: ConfirmationWay | None = None
    confirmation_text: str | None = None
    signature: Upload | None = None
    seal: Upload | None = None


def save_form(
    visit_id: int, content: FormContent, *, actor: Account, version: int | None = None
) -> FeedbackForm:
    """Keep what is written so far; the form stays open to its technicians."""
    with writing():
        visit = found(Visit, visit_id)
        _technician_of(visit, actor)
        form = _write(visit, content, actor, version)
        record(actor, "save", "feedback_form", source_of(visit), {}, origin="web")
    return form


@implements("R4.2")
def submit_form(
    visit_id: int, content: FormContent, *, actor: Account, version: int | None = None
) -> FeedbackForm:
    """Hand a complete form in; from then on it is locked."""
    ticket_id = found(Visit, visit_id).ticket_id

    def own() -> bool:
        return on_visit(found(Visit, visit_id), actor)

    with taking(ticket_id, TicketVerb.SUBMIT_FORM, actor=actor, own=own) as step:
        visit = found(Visit, visit_id)
        form = _write(visit, content, actor, version)
        _complete(form, visit, on_screen=True)
        form.submitted_at = now()
        step.facts |= {"turn": visit.turn, "stars": form.satisfaction}
        step.details["form"] = _content_of(form)
    return form


def _technician_of(visit: Visit, actor: Account) -> None:
    """Only who was on the visit writes its form (R4.2)."""
    own = on_visit(visit, actor)
    if not actor.is_active or not allowed("ticket.submit_form", actor.roles, own=own):
        raise Forbidden(_("反馈单由参加这次服务的技术员填写。"), clause="R4.2")


def _write(visit: Visit, content: FormContent, actor: Account, version: int | None) -> FeedbackForm:
    """Put the content into the visit's one form; what is changed after the signature needs a new one."""
    form = db.session.scalar(select(FeedbackForm).where(FeedbackForm.visit_id == visit.id))
    if form is None:
        form = FeedbackForm(visit_id=visit.id)
        db.session.add(form)
    else:
        check_version(form, version)
        if form.submitted_at is not None or form.accepted_on is not None:
            raise Refused(_("这次服务的反馈单已经提交，不能再交一份或改动。"), clause="R4.2")
    values = _values_of(content, visit, actor)
    for key in ("signature_id", "seal_id"):
        if values[key] is not None and db.session.get(Attachment, values[key]) is None:
            raise Refused(_("没有这个附件，请重新上传。"), status=400, field=key)
    stars = content.satisfaction
    if stars is not None and stars not in range(1, 6):
        raise Refused(_("满意度是 1 到 5。"), clause="R4.2", status=400, field="satisfaction")
    reworded = any(getattr(form, key) != values[key] for key in SIGNED)
    same_hand = form.signed_at is not None and form.signed_at == content.signed_at
    if reworded and same_hand:
        values |= dict.fromkeys(SIGNATURE)
    for key, value in values.items():
        setattr(form, key, value)
    form.written_by_id = actor.employee_id
    check_lengths(form)
    db.session.flush()
    return form


def _values_of(content: FormContent, visit: Visit, actor: Account) -> dict[str, Any]:
    """What goes into the form's columns, its new pictures kept first."""
    given = {name: getattr(content, name) for name in FormContent.__dataclass_fields__}
    for name in ("signature", "seal"):
        upload = given.pop(name)
        if upload is None:
            continue
        try:
            picture = put_attachment(
                upload,
                noun="feedback_form",
                subject=source_of(visit),
                actor=actor,
                pictures_only=True,
            )
        except Refused as refused:
            raise Refused(refused.sentence, clause="R4.2", status=400, field=name) from refused
        given[f"{name}_id"] = picture.id
    return {key: stripped(value) or None for key, value in given.items()}


def missing_of(form: FeedbackForm, visit: Visit) -> tuple[FormPart | FormProof, ...]:
    """What a form lacks to be complete; a workbook's stands for the paper on file (R4.2)."""
    parts = missing_parts(
        form.fault, form.inspection, form.result, form.satisfaction, form.signed_by, form.signed_at
    )
    if form.on_paper:
        return parts
    device = visit.ticket.device
    proof = missing_proof(
        visit.mode,
        signed=form.signature_id is not None,
        confirmed=form.confirmation is not None and bool(form.confirmation_text),
        seal_required=device is not None and device.project.seal_required,
        sealed=form.seal_id is not None,
    )
    return (*parts, *proof)


def _complete(form: FeedbackForm, visit: Visit, *, on_screen: bool) -> None:
    missing = missing_of(form, visit)
    if missing:
        parts = _("、").join(_(word(part)) for part in missing)
        sentence = _("反馈单不完整，还缺：%(parts)s。", parts=parts)
        raise Refused(sentence, clause="R4.2", status=400)
    # A signature is known to the minute: one in the minute in which the visit ended is not before it.
    ended = visit.ended_at and visit.ended_at.replace(second=0, microsecond=0)
    if signed_too_early(form.signed_at, ended):
        sentence = _("签字早于服务结束，或服务还没有结束。")
        raise Refused(sentence, clause="R4.2", status=400, field="signed_at")
    if on_screen and form.signed_at is not None and form.signed_at > now():
        sentence = _("签字时间在现在之后，请核对。")
        raise Refused(sentence, clause="R4.2", status=400, field="signed_at")


def _content_of(form: FeedbackForm) -> dict[str, object]:
    keys = FormContent.__dataclass_fields__
    return {key: value for key, value in columns_of(form).items() if key in keys}


@implements("R4.2", "R4.3")
def accept_form(form_id: int, *, actor: Account, version: int | None = None) -> None:
    """A clerk accepts a complete form: from now on its visit counts."""
    ticket_id = found(FeedbackForm, form_id).visit.ticket_id
    with taking(ticket_id, TicketVerb.RECEIVE_FORM, actor=actor) as step:
        form = found(FeedbackForm, form_id)
        check_version(form, version)
        if form.accepted_on is not None:
            raise Refused(_("这份反馈单已经审核过。"), clause="R4.2")
        if not form.on_paper and form.submitted_at is None:
            raise Refused(_("技术员还没有提交这份反馈单。"), clause="R4.2")
        _complete(form, form.visit, on_screen=False)
        form.drawn = _drawn()
        form.accepted_on, form.accepted_by_id = today(), actor.id
        last = [visit for visit in visits_of(ticket_id) if visit.begun][-1]
        served = step.ticket.status is TicketState.SERVED
        if served:
            step.to = TicketState.FORM_RECEIVED if last.id == form.visit_id else TicketState.SERVED
        step.facts |= {"turn": form.visit.turn, "stars": form.satisfaction}
        step.details["form"] = {"visit": form.visit.turn, "accepted_on": form.accepted_on, "drawn": form.drawn}  # fmt: skip


def _drawn() -> bool:
    """Whether the form accepted now belongs to the share of its month that is called back (R4.4)."""
    month = Month.of(today())
    turn = db.session.scalar(
        select(func.count())
        .select_from(FeedbackForm)
        .where(FeedbackForm.accepted_on.between(month.first_day, month.last_day))
    )
    return in_share((turn or 0) + 1, parameter_history().of(month).amount("callback_share"))


def give_back(form_id: int, *, actor: Account, reason: str, version: int | None = None) -> None:
    """A clerk gives a form back to its technician with a reason; it is open again."""
    ticket_id = found(FeedbackForm, form_id).visit.ticket_id
    with taking(ticket_id, TicketVerb.RETURN_FORM, actor=actor) as step:
        form = found(FeedbackForm, form_id)
        check_version(form, version)
        if form.accepted_on is not None or form.submitted_at is None:
            raise Refused(_("这份反馈单没有提交，或已经审核，不能退回。"), clause="R4.2")
        form.submitted_at = None
        step.note = required(reason, _("请写明退回的原因。"), clause="R4.2")
        step.facts["turn"] = form.visit.turn


def source_of(visit: Visit) -> str:
    """What a visit is called where its ticket has several: the number, then ``-2``, ``-3`` … (workbook.md)."""
    number = visit.ticket.number
    return number if visit.turn == 1 else f"{number}-{visit.turn}"
