"""Putting exports on record: who took what out, by which filter, how many rows (R10)."""

from models.account import Account
from workflows.audit import record
from workflows.permission import authorise
from workflows.transaction import writing


def put_export_on_record(
    noun: str, verb: str, *, kind: str, query: str, rows: int, actor: Account
) -> None:
    """Record an export before its first row leaves; `verb` is the permission it needs."""
    with writing():
        authorise(actor, verb, own=True)
        details = {"kind": kind, "filter": query[:1000], "rows": rows}
        record(actor, "export", noun, noun, details)
