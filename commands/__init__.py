"""The command line: each command parses, calls one workflow, says what happened."""

from flask import Flask

from commands import demonstration, overdue, serve, settlement, users, verify, workbook


def register_commands(app: Flask) -> None:
    """Add every group of commands."""
    for group in (
        users.users,
        workbook.workbook,
        settlement.settlement,
        settlement.statistics,
        settlement.ticket,
        settlement.device,
        overdue.overdue,
        verify.verify,
        serve.serve,
        demonstration.demonstration,
    ):
        app.cli.add_command(group)
