"""One step of a state machine: where it leads, and the permission that it asks for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from rules.permissions import PERMISSIONS, Reach, Role

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """Where a verb leads, the line of rules/permissions.py that it asks for, and its clause."""

    next: State
    permission: str
    clause: str

    @property
    def roles(self) -> frozenset[Role]:
        """Who may take it, at least with a record of his own."""
        row = PERMISSIONS[self.permission]
        return frozenset(role for role, far in row.items() if far is not Reach.NONE)
