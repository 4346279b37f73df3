"""Taking in a register: everything or nothing (workbook.md)."""

import hashlib
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.audit import AuditRecord
from models.settlement import Settlement
from rules.parameter import ParameterHistory
from rules.settlement_steps import FROZEN
from workflows.audit import record
from workflows.overdue_case import open_due_cases
from workflows.parameter import parameter_history
from workflows.permission import authorise
from workflows.private_charge_case import open_private_charge_cases
from workflows.register import Outcome, Register
from workflows.register_merge import Merge, Status
from workflows.register_money_checks import MoneyChecks
from workflows.register_nouns import NOUNS
from workflows.register_store import Store
from workflows.register_warnings import Warnings
from workflows.register_write import Progress, Writer
from workflows.service_plan import ensure_presets
from workflows.transaction import now, writing


class _DryRun(Exception):
    """Ends a dry run so that nothing is written."""


def import_register(
    register: Register,
    *,
    actor: Account,
    file_digest: str,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Check every row, then write all of them, or none when anything is wrong or on a dry run.

    `progress` is told each sheet's code and the number of its rows as they are written.
    """
    authorise(actor, "workbook.import")
    outcome = Outcome(faults=list(register.faults), warnings=list(register.warnings))
    try:
        with writing():
            ensure_presets()
            merge = Merge(register, Store(register), outcome, older=_taken_in_before(file_digest))
            history = _history(merge)
            _check(merge, history)
            if outcome.faults or dry_run:
                raise _DryRun
            if outcome.changed:
                Writer(merge, actor, history).write(progress)
                open_due_cases()
                open_private_charge_cases(on_paper=True)
                _put_on_record(merge, actor, file_digest)
    except _DryRun:
        pass
    order = {sheet: position for position, sheet in enumerate(NOUNS)}
    outcome.faults.sort(key=lambda fault: (order[fault.sheet], fault.at))
    return outcome


def _taken_in_before(file_digest: str) -> bool:
    """Whether this very file brought something in before; then it is an older copy, or the same again."""
    before = select(AuditRecord.id).where(
        AuditRecord.verb == "import", AuditRecord.subject == file_digest
    )
    return db.session.scalar(before.limit(1)) is not None


def _history(merge: Merge) -> ParameterHistory:
    """The parameters as they will be, the register's own included."""
    new = tuple(
        (entry.record["name"], entry.record["month"], entry.record["value"])
        for entry in merge.entries["parameters"]
        if entry.status is Status.NEW and not entry.row.bad
    )
    return ParameterHistory((*parameter_history().values, *new))


def _check(merge: Merge, history: ParameterHistory) -> None:
    frozen = frozenset(
        db.session.scalars(select(Settlement.month).where(Settlement.state.in_(FROZEN)))
    )
    checks = MoneyChecks(merge, now(), frozen)
    checks.prepare(history)
    warnings = Warnings(merge)
    for sheet in NOUNS:
        checks.run(sheet)
        warnings.run(sheet)


def _put_on_record(merge: Merge, actor: Account, file_digest: str) -> None:
    for sheet, count in merge.outcome.counts.items():
        if not (count.new or count.completed):
            continue
        keys = [
            _in_words(NOUNS[sheet].key_of(e.record))
            for e in merge.entries[sheet]
            if e.status is Status.NEW
        ]
        details = {
            "new": count.new,
            "completed": count.completed,
            "rows": hashlib.sha256("\n".join(keys).encode()).hexdigest(),
            "first": keys[:1],
            "last": keys[-1:],
        }
        record(actor, "import", sheet, file_digest, details)


def _in_words(key: Any) -> str:
    """A row's key as people write it: its parts, where it has several, with a stroke between."""
    return " / ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def summary(outcome: Outcome) -> str:
    """One sentence on what an import came to."""
    if not outcome.changed:
        return str(_("没有新内容：登记簿与系统一致，什么都没有改。"))
    new = sum(count.new for count in outcome.counts.values())
    completed = sum(count.completed for count in outcome.counts.values())
    unchanged = sum(count.unchanged for count in outcome.counts.values())
    return str(_("已导入：新增 %(new)s 行，补全 %(completed)s 行，未变 %(unchanged)s 行。",
             new=new, completed=completed, unchanged=unchanged))  # fmt: skip
