"""Ties each rule to the clause of the regulation that it carries out."""

from collections.abc import Callable
from typing import Any, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., Any])

IMPLEMENTED: dict[str, list[str]] = {}


def implements(*clauses: str) -> Callable[[Rule], Rule]:
    """Mark a function as carrying out clauses such as ``"R7.4"``; docs/regulation.md lists them."""

    def register(rule: Rule) -> Rule:
        for clause in clauses:
            IMPLEMENTED.setdefault(clause, []).append(f"{rule.__module__}.{rule.__qualname__}")
        return rule

    return register
