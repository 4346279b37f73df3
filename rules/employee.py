"""Kinds of employees (R0)."""

from enum import StrEnum


class EmployeeKind(StrEnum):
    """Whether after-sales service is the post (专职), a help-out (非专职), or neither (其他)."""

    DEDICATED = "dedicated"
    NON_DEDICATED = "non_dedicated"
    OTHER = "other"
