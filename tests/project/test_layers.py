"""Imports run one way: rules ← models ← workflows ← seed ← admin_views ← app.py."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "rules": {"rules"},
    "models": {"rules", "models"},
    "workflows": {"rules", "models", "workflows"},
    "seed": {"rules", "models", "workflows", "seed"},
    "admin_views": {"rules", "models", "workflows", "seed", "admin_views"},
    "commands": {"rules", "models", "workflows", "seed", "commands"},
}
IMPURE = {"flask", "flask_babel", "sqlalchemy", "flask_sqlalchemy"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("floor", ALLOWED)
def test_a_floor_imports_only_what_lies_below_it(floor):
    for path in (ROOT / floor).rglob("*.py"):
        strangers = imported(path) & (set(ALLOWED) | {"app"}) - ALLOWED[floor]
        assert not strangers, f"{path.relative_to(ROOT)} imports {strangers}"


def test_rules_know_no_request_and_no_database():
    for path in (ROOT / "rules").rglob("*.py"):
        assert not imported(path) & IMPURE, path.name


def test_rules_know_no_float_and_no_present_moment():
    for path in (ROOT / "rules").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            floating = isinstance(node, ast.Constant) and isinstance(node.value, float)
            named = isinstance(node, ast.Name) and node.id == "float"
            clock = isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow")
            assert not (floating or named or clock), f"{path.name}:{getattr(node, 'lineno', 0)}"


def test_no_file_and_no_function_is_too_long_to_read():
    for floor in ALLOWED:
        for path in (ROOT / floor).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert text.count("\n") <= 400, path.name
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef):
                    assert (node.end_lineno or 0) - node.lineno < 50, f"{path.name}: {node.name}"
