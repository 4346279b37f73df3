"""What the audit trail holds as JSON, in the reader's words: codes, moments, days, and who or what an id is (R10)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Enum, Table, func, literal, select, union_all

from admin_views.noun.column import words
from admin_views.noun.mask import masked
from admin_views.regulation import NAMES as PARAMETERS
from admin_views.regulation import shown_value
from admin_views.value_names import BY_VERB, NAMES
from models import db
from models.account import Account
from models.employee import Employee
from rules.overdue_case import CollectionManner
from rules.parts_sale import ApprovalLevel
from rules.permissions import Role
from rules.ticket import WaitReason

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")
# Nouns of the trail whose rows lie in a table that is not called like them.
TABLES = {
    "decisions": "overdue_cases", "form": "feedback_forms", "forms": "feedback_forms", "waits": "ticket_waits",
    "base_pay": "base_pay_entries", "parameters": "parameter_drafts",
}  # fmt: skip
# Names of the trail that are no columns, or not of the noun's own table.
CODES: dict[str, type[StrEnum]] = {
    "level": ApprovalLevel, "manner": CollectionManner, "roles": Role, "wait": WaitReason,
}  # fmt: skip
# What a record is called where its id is given, by table.
CALLED = {
    "complaints": "number", "contacts": "name", "customers": "name", "devices": "serial", "makers": "name",
    "employees": "name", "projects": "name", "receivables": "number", "service_plans": "name", "sites": "name",
    "tickets": "number",
}  # fmt: skip
PRIVATE = frozenset(("phone", "address", "email", "base_pay"))
SEVERAL = frozenset(("roles", "people", "columns", "first", "last", "lines"))


def name_words(name: str, verb: str = "") -> str:
    """What a value is called."""
    return str(BY_VERB.get((verb, name)) or NAMES.get(name, name))


def is_change(name: str, value: Any) -> bool:
    """Whether a value is one before and one after; of what are several at once, both are lists themselves."""
    if not (isinstance(value, list) and len(value) == 2):
        return False
    return name not in SEVERAL or all(one is None or isinstance(one, list) for one in value)


def table_of(noun: str) -> Table | None:
    """The table of a noun of the trail, or of a sheet of the register."""
    tables = db.metadata.tables
    return next((tables[t] for t in (TABLES.get(noun), noun, f"{noun}s") if t in tables), None)


def _column(noun: str, name: str) -> Any:
    table = table_of(noun)
    found = None if table is None else table.c.get(name)
    if found is None and noun in ("parts_sale", "software_service", "repair"):
        return db.metadata.tables["receivables"].c.get(name)
    return found


def _target(noun: str, name: str) -> str | None:
    """The table to which an id leads."""
    column = _column(noun, name)
    keys = () if column is None else column.foreign_keys
    return next((key.column.table.name for key in keys), None)


def _ids(value: Any) -> Iterator[int]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, int) and not isinstance(one, bool):
            yield one


@dataclass(frozen=True, slots=True)
class ValueWords:
    """The words of the values of some records. `called` has what each (table, id) is called."""

    called: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Iterable[tuple[str, Mapping[str, Any]]]) -> "ValueWords":
        """Ready for (noun, details) pairs; whatever they refer to is asked for in one statement."""
        wanted: dict[str, set[int]] = {}
        for noun, details in found:
            for name, value in details.items():
                table = _target(noun, name)
                if table in CALLED or table == "accounts":
                    wanted.setdefault(table, set()).update(_ids(value))
        queries = [_called(table, ids) for table, ids in sorted(wanted.items()) if ids]
        rows = db.session.execute(union_all(*queries)) if queries else ()
        return cls({(table, number): text for table, number, text in rows})

    def read(self, noun: str, verb: str, name: str, value: Any, *, hidden: bool = False) -> str:
        """One value; `hidden` masks what is private."""
        private = name in PRIVATE or (noun in ("base_pay", "base_pay_entries") and name == "amount")
        text = self._read(noun, verb, name, value)
        return masked(text) if hidden and private else text

    def _read(self, noun: str, verb: str, name: str, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(value, bool):
            return words(value)
        if is_change(name, value):
            before, after = (self._read(noun, verb, name, one) or "–" for one in value)
            return f"{before} → {after}"
        if isinstance(value, list):
            return _("、").join(self._read(noun, verb, name, one) for one in value)
        if isinstance(value, dict):
            return self._pairs(noun, verb, name, value)
        table = _target(noun, name)
        if isinstance(value, int) and table:
            return self.called.get((table, value), f"#{value}")
        return _plain(noun, verb, name, str(value))

    def _pairs(self, noun: str, verb: str, name: str, value: Mapping[str, Any]) -> str:
        found = []
        for key, one in value.items():
            if name == "values" and key in PARAMETERS:
                label, text = str(PARAMETERS[key]), _parameter(one, key)
            else:
                label, text = name_words(key), self._read(noun, verb, key, one)
            if text:
                found.append(f"{label} {text}")
        return "，".join(found)


def _called(table: str, ids: set[int]) -> Any:
    if table == "accounts":
        text = func.coalesce(Employee.name, Account.username)
        query = select(literal(table), Account.id, text).outerjoin(
            Employee, Employee.id == Account.employee_id
        )
        return query.where(Account.id.in_(ids))
    columns = db.metadata.tables[table].c
    return select(literal(table), columns.id, columns[CALLED[table]]).where(columns.id.in_(ids))


def _plain(noun: str, verb: str, name: str, text: str) -> str:
    """A code by the regulation's word, a moment by Shanghai's clock, else as it is."""
    column = _column(noun, name)
    codes = CODES.get(name) if verb != "export" else None
    if column is not None and isinstance(column.type, Enum):
        codes = column.type.enum_class
    if codes is not None and text in set(codes):
        return words(codes(text))
    if MOMENT.fullmatch(text):
        return words(datetime.fromisoformat(text))
    return text


def _parameter(value: Any, name: str) -> str:
    """A parameter as its sentence has it; two of them as before and after."""
    several = value if isinstance(value, list) else [value]
    return " → ".join(shown_value(name, str(one)) for one in several)
