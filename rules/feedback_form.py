"""Feedback forms: when one is complete (R4.2, R4.3), and which call contradicts one (R4.4)."""

from datetime import datetime
from enum import StrEnum

from rules.clause import implements
from rules.ticket import ServiceMode


class FormPart(StrEnum):
    """What a complete form must carry."""

    FAULT = "fault"
    INSPECTION = "inspection"
    RESULT = "result"
    SATISFACTION = "satisfaction"
    SIGNED_BY = "signed_by"
    SIGNED_AT = "signed_at"


class FormProof(StrEnum):
    """What shows that the customer stands behind a form: 签字图像, 客户确认, 盖章."""

    SIGNATURE = "signature"
    CONFIRMATION = "confirmation"
    SEAL = "seal"


class ConfirmationWay(StrEnum):
    """How a customer confirms phone or online service: 链接, 邮件, 短信或消息."""

    LINK = "link"
    EMAIL = "email"
    MESSAGE = "message"


CONTRADICTION = 2


@implements("R4.2")
def missing_parts(
    fault: str | None,
    inspection: str | None,
    result: str | None,
    satisfaction: int | None,
    signed_by: str | None,
    signed_at: datetime | None,
) -> tuple[FormPart, ...]:
    """What a form lacks to be complete, in the form's order."""
    values = (fault, inspection, result, satisfaction, signed_by, signed_at)
    return tuple(part for part, value in zip(FormPart, values, strict=True) if not value)


@implements("R4.2")
def missing_proof(
    mode: ServiceMode, *, signed: bool, confirmed: bool, seal_required: bool, sealed: bool
) -> tuple[FormProof, ...]:
    """What proof a form written on screen lacks; a confirmation stands for the signature where nobody met the customer."""
    missing = []
    if mode is ServiceMode.ONSITE and not signed:
        missing.append(FormProof.SIGNATURE)
    if mode is not ServiceMode.ONSITE and not (signed or confirmed):
        missing.append(FormProof.CONFIRMATION)
    if mode is ServiceMode.ONSITE and seal_required and not sealed:
        missing.append(FormProof.SEAL)
    return tuple(missing)


@implements("R4.2")
def signed_too_early(signed_at: datetime | None, visit_ended_at: datetime | None) -> bool:
    """Whether a form was signed before its visit ended; the end itself is in time."""
    return signed_at is not None and (visit_ended_at is None or signed_at < visit_ended_at)


@implements("R4.4")
def contradicts(form_satisfaction: int | None, called_satisfaction: int | None) -> bool:
    """Whether a call gives another satisfaction by two or more, which makes the visit disputed."""
    if form_satisfaction is None or called_satisfaction is None:
        return False
    return abs(form_satisfaction - called_satisfaction) >= CONTRADICTION
