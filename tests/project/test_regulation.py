"""Every clause that the product carries out has its rule, every rule its test, and docs/regulation.md says so."""

import pytest
from flask import Flask

from admin_views.regulation import clause_texts
from tests.project.regulation_index import PAGE, Index, build_index, named_clauses, page

CARRIED_OUT = named_clauses(
    "R1.1–R1.4, R1.8, R3.1, R3.3, R3.4, R4.2–R4.6, R5.2, R6.1–R6.4, R7.1–R7.9, R8.1–R8.7, R9.1–R9.8"
)


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index()


@pytest.mark.parametrize("clause", sorted(CARRIED_OUT))
def test_a_clause_that_is_carried_out_has_a_rule(index: Index, clause: str) -> None:
    assert clause in index.rules, "mark the function that carries it out with @implements"


def test_every_rule_has_a_test_that_names_its_clause(index: Index) -> None:
    untested = [
        f"{clause}: {rule}"
        for clause, marked in index.rules.items()
        for rule in marked
        if not index.is_tested(clause, rule)
    ]
    assert not untested, "no test that imports the rule's module names its clause"


# Screens of no clause: they lead to others, or show the regulation itself.
OF_NO_CLAUSE = {
    "HomeView",
    "ProfileView",
    "SearchView",
    "SourceView",
    "RegulationView",
    "WorkbookView",
}


def test_every_screen_names_the_clauses_it_carries_out(app: Flask, index: Index) -> None:
    views = {type(view).__name__ for view in app.extensions["admin"][0]._views}
    named = {screen.rpartition(".")[2] for screens in index.screens.values() for screen in screens}
    assert views - named == OF_NO_CLAUSE


def test_only_clauses_of_the_regulation_are_named(index: Index) -> None:
    named = {*index.rules, *index.screens}.union(*(test.clauses for test in index.tests))
    chapters = {f"R{number}" for number in range(12)}
    assert named <= {*clause_texts(), *chapters}


def test_the_page_is_as_the_code_is(index: Index) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(index), "run make docs"


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("R7.4: n complaints", {"R7.4"}),
        ("R8.4–R8.6, R9.1", {"R8.4", "R8.5", "R8.6", "R9.1"}),
        ("R3: the calendar (R3.4)", {"R3", "R3.4"}),
        ("I8, PR7, R", set()),
    ],
)
def test_clauses_are_read_one_by_one_and_as_spans(text: str, clauses: set[str]) -> None:
    assert named_clauses(text) == clauses
