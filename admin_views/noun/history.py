"""The changes of one record, as the audit trail has them: who, when, what before, what after."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from admin_views.audit_words import verb_words
from admin_views.noun.field import NounField, Pick
from admin_views.noun.mask import sees_private
from admin_views.value_words import ValueWords, is_change, name_words
from models import db
from models.audit import AuditRecord

MOST = 50
# What is kept for the trail itself, or said in other words beside it.
INNER = frozenset(("id", "digest", "proposal_hash", "receivable_id", "sha256"))


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done to a record."""

    at: datetime
    who: str
    what: str
    origin: str
    changes: tuple[Change, ...]


def _where(subjects: Sequence[tuple[str, str]]) -> Any:
    return or_(*((AuditRecord.noun == n) & (AuditRecord.subject == s[:80]) for n, s in subjects))


def _trail(subjects: Sequence[tuple[str, str]]) -> Any:
    query = select(AuditRecord).where(_where(subjects)).order_by(AuditRecord.id.desc())
    return query.options(joinedload(AuditRecord.actor))


def count_of(subjects: Sequence[tuple[str, str]]) -> Any:
    """How many events a record has, as a subquery."""
    return select(func.count(AuditRecord.id)).where(_where(subjects)).scalar_subquery()


def _changes(
    row: AuditRecord, details: Mapping[str, Any], fields: Mapping[str, NounField], said: ValueWords
) -> tuple[Change, ...]:
    found = []
    for name, value in details.items():
        if name in INNER:
            continue
        field = fields.get(name)
        label = str(field.label.text) if field else name_words(name, row.verb)

        read = _reader(row, name, field, said)
        before, after = map(read, value) if is_change(name, value) else ("", read(value))
        if before or after:
            found.append(Change(label, before or "–", after or "–"))
    return tuple(found)


def _reader(
    row: AuditRecord, name: str, field: NounField | None, said: ValueWords
) -> Callable[[Any], str]:
    """How a value is read: as its field reads it, where the record's form has it; what is picked, all at once."""
    if field is None or isinstance(field, Pick):
        return partial(said.read, row.noun, row.verb, name, hidden=not sees_private())

    def read(value: Any) -> str:
        return field.read(_typed(field, value, said.read(row.noun, row.verb, name, value)))

    return read


def _typed(field: NounField, value: Any, words: str) -> Any:
    """A value of the trail, which is JSON, as the field has it; in words where it was not typed into that field."""
    if value is None or isinstance(value, (bool, list)):
        return value
    try:
        return field.parse(str(value))
    except ValueError:
        return words


def events(
    subjects: Sequence[tuple[str, str]],
    fields: Mapping[str, NounField],
    hidden: Collection[str] = (),
) -> list[Event]:
    """The latest events of a record, newest first; `hidden` names values that stay out."""
    rows = db.session.scalars(_trail(subjects).limit(MOST)).unique().all()
    found = []
    for row in rows:
        details = json.loads(row.details)
        found.append((row, {name: details[name] for name in details if name not in hidden}))
    said = ValueWords.of((row.noun, details) for row, details in found)
    return [
        Event(
            row.at,
            row.actor.display_name if row.actor else _("系统"),
            verb_words(row.verb),
            row.origin,
            _changes(row, details, fields, said),
        )
        for row, details in found
    ]


def last_change(subjects: Sequence[tuple[str, str]]) -> AuditRecord | None:
    """The latest record of a change."""
    query = _trail(subjects).limit(1)
    return db.session.scalar(query)
