"""Putting changes on record, each chained to the one before (R10, I15)."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import select

from models import db
from models.account import Account
from models.audit import AuditRecord
from workflows.transaction import now

START = "0" * 64
_origin: ContextVar[str] = ContextVar("origin", default="cli")


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Let what is put on record say from where it was done: the command line, or an address in the network."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def link(previous: str, content: Mapping[str, Any]) -> str:
    """The chain value of a record after another."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def content_of(record: AuditRecord) -> dict[str, Any]:
    """What of a record its chain value covers."""
    return {
        "id": record.id,
        "at": record.at.isoformat(),
        "actor": record.actor_id,
        "origin": record.origin,
        "verb": record.verb,
        "noun": record.noun,
        "subject": record.subject,
        "details": record.details,
    }


def record(
    actor: Account | None,
    verb: str,
    noun: str,
    subject: str,
    details: Mapping[str, Any],
    *,
    origin: str | None = None,
) -> None:
    """Put one change on record, inside the transaction that makes it; `origin` is known from the request."""
    db.session.flush()
    last = db.session.execute(
        select(AuditRecord.id, AuditRecord.chain).order_by(AuditRecord.id.desc()).limit(1)
    ).first()
    entry = AuditRecord(
        id=(last.id if last else 0) + 1,
        at=now().replace(microsecond=0),
        actor_id=actor.id if actor else None,
        origin=origin or _origin.get(),
        verb=verb,
        noun=noun,
        subject=subject[:80],
        details=json.dumps(details, ensure_ascii=False, sort_keys=True, default=str),
    )
    entry.chain = link(last.chain if last else START, content_of(entry))
    db.session.add(entry)
    db.session.flush()


def breaches(records: Iterable[AuditRecord]) -> Iterable[str]:
    """The numbers of records, in order of id, at which the chain is broken."""
    previous, expected = START, 1
    for entry in records:
        if entry.id != expected:
            yield f"audit record {expected} is missing"
        if entry.chain != link(previous, content_of(entry)):
            yield f"audit record {entry.id} was changed"
        previous, expected = entry.chain, entry.id + 1
