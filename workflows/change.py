"""Making and changing a record by a form's values: what was before and after, and whether someone was faster."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _

from models import db
from models.base import Noun
from workflows.refusal import Refused, Stale

Values = Mapping[str, Any]
Changes = dict[str, list[Any]]
Record = TypeVar("Record", bound=Noun)


def found(model: type[Record], number: int) -> Record:
    """The record of an id; refused where there is none."""
    row = db.session.get(model, number)
    if row is None:
        raise Refused(_("这条记录不存在。"), status=404)
    return row


def only(values: Values, fields: Collection[str]) -> dict[str, Any]:
    """The values, of which each must be one that the workflow sets; anything else is a fault of the caller."""
    strangers = set(values) - set(fields)
    if strangers:
        raise ValueError(f"not to be set: {sorted(strangers)}")
    return dict(values)


def apply_changes(row: Noun, values: Values, version: int | None) -> Changes:
    """Set what differs and give it as {field: [before, after]}; refused if the version seen is not the present one.

    A version of None is for callers that read the record in this same transaction.
    """
    if version is not None and row.row_version != version:
        raise Stale(_("别人先保存了这条记录。请对照两份内容后再保存。"))
    changes = {
        name: [getattr(row, name), after]
        for name, after in values.items()
        if getattr(row, name) != after
    }
    for name, (_before, after) in changes.items():
        setattr(row, name, after)
    return changes


def as_created(values: Values) -> Changes:
    """The values of a new record in the shape of changes, for the audit record."""
    return {name: [None, after] for name, after in values.items() if after is not None}
