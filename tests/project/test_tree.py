"""The house as docs/decisions.md lays it out: few entries at the top, short files, short functions, telling names."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_admin import AdminIndexView, BaseView

from admin_views.base_view import Gate

ROOT = Path(__file__).parents[2]
OURS = (".py", ".html", ".css", ".js")
MOST_AT_THE_TOP, LONGEST_FILE, LONGEST_FUNCTION = 20, 400, 50
# Names that say nothing of what is inside.
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base2", "tools"}


def kept() -> list[Path]:
    """What the repository keeps; where it is no repository, what lies beside the Makefile."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module with its lines that are not blank."""
    text = path.read_text(encoding="utf-8")
    whole = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, lines("\n".join(whole[node.lineno - 1 : node.end_lineno]))


@pytest.fixture(scope="module")
def files() -> list[Path]:
    found = kept()
    assert len(found) > 300
    return found


def ours(files: list[Path], *suffixes: str) -> list[Path]:
    """Files that people write; a migration is a record, not a text to be kept short."""
    return [path for path in files if path.suffix in suffixes and "migrations" not in path.parts]


def test_at_the_top_stand_few_entries(files: list[Path]) -> None:
    entries = {path.relative_to(ROOT).parts[0] for path in files}
    assert len(entries) <= MOST_AT_THE_TOP, sorted(entries)


def test_no_file_is_long(files: list[Path]) -> None:
    sizes = {path: lines(path.read_text(encoding="utf-8")) for path in ours(files, *OURS)}
    assert {path: size for path, size in sizes.items() if size > LONGEST_FILE} == {}


def test_no_function_is_long(files: list[Path]) -> None:
    long = [
        (path.name, name, size)
        for path in ours(files, ".py")
        for name, size in functions(path)
        if size > LONGEST_FUNCTION
    ]
    assert long == []


def test_a_name_says_what_is_inside(files: list[Path]) -> None:
    assert [path for path in files if path.stem in VAGUE] == []


def test_each_module_says_what_it_is_for(files: list[Path]) -> None:
    silent = [
        path
        for path in ours(files, ".py")
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_every_screen_stands_behind_the_gate(app: Flask) -> None:
    views = app.extensions["admin"][0]._views
    assert len(views) > 20
    assert [view for view in views if not isinstance(view, Gate)] == []
    direct = [*BaseView.__subclasses__(), *AdminIndexView.__subclasses__()]
    own = [cls for cls in direct if not cls.__module__.startswith("flask_admin")]
    assert [cls for cls in own if not issubclass(cls, Gate)] == []
