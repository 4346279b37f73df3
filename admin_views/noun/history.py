"""The changes of one record, as the audit trail has them: who, when, what before, what after."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from admin_views.audit_words import verb_words
from admin_views.noun.field import NounField
from models import db
from models.audit import AuditRecord

MOST = 50


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


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return str(value)


def _changes(
    details: Mapping[str, Any], fields: Mapping[str, NounField], hidden: Collection[str]
) -> tuple[Change, ...]:
    found = []
    for name, pair in details.items():
        if name in hidden or not (isinstance(pair, list) and len(pair) == 2):
            continue
        field = fields.get(name)
        before, after = (field.read(_typed(field, v)) if field else _text(v) for v in pair)
        found.append(Change(str(field.label.text) if field else name, before or "–", after or "–"))
    return tuple(found)


def _typed(field: NounField, value: Any) -> Any:
    """A value of the trail, which is JSON, as the field has it."""
    if value is None or isinstance(value, (bool, list)):
        return value
    try:
        return field.parse(str(value))
    except ValueError:
        return value


def events(
    subjects: Sequence[tuple[str, str]],
    fields: Mapping[str, NounField],
    hidden: Collection[str] = (),
) -> list[Event]:
    """The latest events of a record, newest first; `hidden` names values that stay out."""
    query = _trail(subjects).limit(MOST)
    return [
        Event(
            row.at,
            row.actor.display_name if row.actor else _("系统"),
            verb_words(row.verb),
            row.origin,
            _changes(json.loads(row.details), fields, hidden),
        )
        for row in db.session.scalars(query).unique()
    ]


def last_change(subjects: Sequence[tuple[str, str]]) -> AuditRecord | None:
    """The latest record of a change."""
    query = _trail(subjects).limit(1)
    return db.session.scalar(query)
