"""When a feedback form is complete, and which call contradicts one (R4.2–R4.4)."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest

from rules.feedback_form import (
    FormPart,
    FormProof,
    contradicts,
    missing_parts,
    missing_proof,
    signed_too_early,
)
from rules.ticket import ServiceMode

ENDED = datetime(2026, 9, 3, 6, 30, tzinfo=UTC)


def make_form(**overrides: Any) -> dict[str, Any]:
    """A complete form, with what a case leaves out or changes."""
    form = {
        "fault": "画面无信号",
        "inspection": "网口松动",
        "result": "重新压接水晶头",
        "satisfaction": 5,
        "signed_by": "客户代表",
        "signed_at": ENDED,
    }
    return form | overrides


def test_a_form_with_all_six_parts_is_complete() -> None:
    """R4.2."""
    assert missing_parts(**make_form()) == ()


@pytest.mark.parametrize("satisfaction", [1, 2, 3, 4, 5])
def test_any_satisfaction_from_one_to_five_completes_a_form(satisfaction: int) -> None:
    """R4.2: very dissatisfied is an answer too."""
    assert missing_parts(**make_form(satisfaction=satisfaction)) == ()


@pytest.mark.parametrize("part", FormPart)
def test_a_form_without_one_part_lists_that_part(part: FormPart) -> None:
    """R4.2, R4.3: what is missing is named."""
    assert missing_parts(**make_form(**{part.value: None})) == (part,)


@pytest.mark.parametrize("part", [FormPart.FAULT, FormPart.INSPECTION, FormPart.RESULT, FormPart.SIGNED_BY])  # fmt: skip
def test_an_empty_text_is_missing(part: FormPart) -> None:
    """R4.2."""
    assert missing_parts(**make_form(**{part.value: ""})) == (part,)


@pytest.mark.parametrize("count", range(2, 7))
def test_several_missing_parts_are_listed_in_the_forms_order(count: int) -> None:
    """R4.2."""
    for parts in combinations(FormPart, count):
        form = make_form(**{part.value: None for part in reversed(parts)})
        assert missing_parts(**form) == parts


@pytest.mark.parametrize(
    ("signed_at", "ended_at", "early"),
    [
        pytest.param(ENDED - timedelta(minutes=1), ENDED, True, id="a minute before the end"),
        pytest.param(ENDED, ENDED, False, id="at the end"),
        pytest.param(ENDED + timedelta(minutes=1), ENDED, False, id="a minute after the end"),
        pytest.param(ENDED, None, True, id="the visit has not ended"),
        pytest.param(None, ENDED, False, id="not signed at all"),
        pytest.param(None, None, False, id="neither signed nor ended"),
    ],
)
def test_a_form_signed_before_the_visit_ended_is_refused(
    signed_at: datetime | None, ended_at: datetime | None, early: bool
) -> None:
    """R4.2."""
    assert signed_too_early(signed_at, ended_at) is early


@pytest.mark.parametrize(
    ("form", "call", "disputed"),
    [
        (5, 5, False),
        (5, 4, False),
        (5, 3, True),
        (5, 1, True),
        (1, 2, False),
        (1, 3, True),
        (3, 1, True),
        (5, None, False),
        (None, 1, False),
        (None, None, False),
    ],
)
def test_a_call_contradicts_the_form_from_two_grades_on_either_way(
    form: int | None, call: int | None, disputed: bool
) -> None:
    """R4.4: other satisfaction by 2 or more; not reached contradicts nothing."""
    assert contradicts(form, call) is disputed


ONSITE, PHONE, ONLINE = ServiceMode.ONSITE, ServiceMode.PHONE, ServiceMode.ONLINE


@pytest.mark.parametrize(
    ("mode", "proof", "missing"),
    [
        pytest.param(ONSITE, {}, (FormProof.SIGNATURE,), id="on site nothing yet"),
        pytest.param(ONSITE, {"signed"}, (), id="on site signed"),
        pytest.param(ONSITE, {"confirmed"}, (FormProof.SIGNATURE,), id="a message is no signature on site"),
        pytest.param(ONSITE, {"seal_required"}, (FormProof.SIGNATURE, FormProof.SEAL), id="seal asked, nothing yet"),
        pytest.param(ONSITE, {"seal_required", "signed"}, (FormProof.SEAL,), id="seal asked and missing"),
        pytest.param(ONSITE, {"seal_required", "signed", "sealed"}, (), id="signed and sealed"),
        pytest.param(PHONE, {}, (FormProof.CONFIRMATION,), id="by phone nothing yet"),
        pytest.param(PHONE, {"confirmed"}, (), id="by phone confirmed"),
        pytest.param(ONLINE, {"confirmed", "seal_required"}, (), id="online a confirmation stands for it all"),
        pytest.param(ONLINE, {"signed"}, (), id="online signed is better still"),
    ],
)  # fmt: skip
def test_a_form_needs_the_customers_hand_or_for_remote_service_his_word(
    mode: ServiceMode, proof: set[str], missing: tuple[FormProof, ...]
) -> None:
    """R4.2."""
    names = ("signed", "confirmed", "seal_required", "sealed")
    assert missing_proof(mode, **{name: name in proof for name in names}) == missing
