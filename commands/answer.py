"""How a command says no: a sentence on standard error and exit 1, never a stack trace."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from workflows.refusal import Refused

P = ParamSpec("P")
R = TypeVar("R")


def answers(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a refusal into its sentence."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            clause = f"（{refused.clause}）" if refused.clause else ""
            click.echo(f"{refused.sentence}{clause}", err=True)
            raise SystemExit(1) from None

    return run
