"""Both languages are complete, and the check that says so can fail."""

import enum

import pytest
from flask import Flask
from flask_babel import force_locale

from rules.settlement_steps import SettlementState
from tests.project import translations
from workflows.words import ENGLISH, WORDS, word


@pytest.mark.parametrize(
    ("text", "english", "fault"),
    [
        ("已提交。", "Submitted.", []),
        ("R9.5 × 2", "R9.5 × 2", []),
        ("已提交。", None, ["has no English"]),
        ("Submitted.", "Submitted.", ["is not Chinese"]),
        ("%(month)s 已提交。", "Submitted.", ["has other placeholders than 'Submitted.'"]),
        ("已提交。", "已提交。", ["is still Chinese in '已提交。'"]),
    ],
)
def test_the_check_names_what_is_wrong(text: str, english: str | None, fault: list[str]) -> None:
    assert list(translations._faults_of(text, english)) == fault


@pytest.mark.parametrize("codes", WORDS, ids=lambda codes: codes.__name__)
def test_every_code_has_one_word_of_its_own_in_each_language(codes: type[enum.StrEnum]) -> None:
    for words in (WORDS[codes], ENGLISH[codes]):
        assert set(words) == set(codes)
        assert len(set(words.values())) == len(words)


def test_a_word_is_the_readers(app: Flask) -> None:
    """Chinese on the command line, and whatever a reader chose on screen."""
    assert word(SettlementState.DRAFT) == "草稿"
    with app.test_request_context(), force_locale("en"):
        assert word(SettlementState.DRAFT) == "Draft"
