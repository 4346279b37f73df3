"""Kinds of employees, and on which days one is employed (R0, R7.1)."""

from datetime import date
from enum import StrEnum


class EmployeeKind(StrEnum):
    """Whether after-sales service is the post (专职), a help-out (非专职), or neither (其他)."""

    DEDICATED = "dedicated"
    NON_DEDICATED = "non_dedicated"
    OTHER = "other"


def employed_on(hired_on: date | None, left_on: date | None, day: date) -> bool:
    """Whether a day lies in someone's employment, the leaving date included (R7.1); an unknown end is none."""
    return (hired_on is None or hired_on <= day) and (left_on is None or day <= left_on)
