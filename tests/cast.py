"""The accounts that act in the tests, and the sample registers they work on."""

import hashlib
from pathlib import Path

from models.account import Account
from rules.period import Month
from rules.permissions import Role
from seed.workbook_reader import read_workbook
from workflows import settlement as steps
from workflows.account import create_account
from workflows.register import Outcome
from workflows.register_import import import_register

SAMPLES = Path(__file__).parent / "samples"
JUNE, JULY, AUGUST, SEPTEMBER, NOVEMBER = (Month(2026, number) for number in (6, 7, 8, 9, 11))


def account(name: str, *roles: Role, employee: str | None = None) -> Account:
    return create_account(name, list(roles), employee_number=employee, password=None, actor=None)


def people() -> dict[str, Account]:
    """One account per role that signs."""
    names = ("clerk", "manager", "leader", "finance", "auditor", "technician")
    return {name: account(name, Role(name)) for name in names}


def take_in(name: str, actor: Account, *, dry_run: bool = False) -> Outcome:
    path = SAMPLES / name
    register, _ = read_workbook(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return import_register(register, actor=actor, file_digest=digest, dry_run=dry_run)


def carry_through(month: Month, cast: dict[str, Account]) -> None:
    """Draft, submit, review and approve a month."""
    steps.draft(month, actor=cast["clerk"])
    steps.submit(month, actor=cast["clerk"], explain="已核对")
    steps.review(month, actor=cast["manager"])
    steps.approve(month, actor=cast["leader"])
