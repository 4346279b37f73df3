"""No code stands on the audit trail or a timeline: whatever is put on record has words (R10)."""

import ast
import importlib
from enum import StrEnum
from pathlib import Path

import pytest

from admin_views.audit_words import NOUNS, VERBS

ROOT = Path(__file__).parents[2]
FOLDERS = ("workflows", "admin_views", "commands", "seed")


def recorded(position: int) -> set[str]:
    """The words written out in calls of `record(actor, verb, noun, …)`."""
    return {
        call.args[position].value
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "record"
        and len(call.args) > position
        and isinstance(call.args[position], ast.Constant)
    }


def verbs_of_machines() -> set[str]:
    """The verbs of all tables of states."""
    modules = [
        importlib.import_module(f"rules.{path.stem}") for path in (ROOT / "rules").glob("*.py")
    ]
    return {
        verb.value
        for module in modules
        for name, found in vars(module).items()
        if name.endswith("Verb") and isinstance(found, type) and issubclass(found, StrEnum)
        for verb in found
    }


@pytest.mark.parametrize(
    ("used", "words"),
    [(recorded(1) | verbs_of_machines(), VERBS), (recorded(2), NOUNS)],
    ids=["verbs", "nouns"],
)
def test_everything_on_record_has_words(used, words):
    assert len(used) > 20
    assert used - set(words) == set()
