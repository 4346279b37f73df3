"""A register on its way in: the uploaded file, what checking it found, and how far taking it in has come.

The file and its state lie side by side under instance/uploads, under a random name; only who uploaded it sees it.
"""

import hashlib
import json
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from models import db
from models.account import Account
from seed.sheets import SHEETS
from seed.workbook_mark import mark_faults
from seed.workbook_reader import read_workbook
from workflows.refusal import Refused
from workflows.register_import import import_register, summary

KEPT_SECONDS = 24 * 3600
MOST_SHOWN = 500
NAMES = {sheet.key: sheet.name for sheet in SHEETS}


@dataclass(slots=True)
class Job:
    """What is known of an upload. `state` is checking, faulty, ready, importing, done or failed."""

    token: str
    owner: int
    file_name: str
    state: str = "checking"
    doing: str = ""
    sentence: str = ""
    counts: list[list[Any]] = field(default_factory=list)
    faults: list[list[str]] = field(default_factory=list)
    warnings: list[list[str]] = field(default_factory=list)
    more: int = 0

    @property
    def working(self) -> bool:
        """Whether the page should look again."""
        return self.state in ("checking", "importing")


def folder() -> Path:
    """Where uploads lie."""
    found = Path(current_app.instance_path) / "uploads"
    found.mkdir(exist_ok=True)
    return found


def book(token: str) -> Path:
    """The uploaded file."""
    return folder() / f"{token}.xlsx"


def marked(token: str) -> Path:
    """The copy with the faulty cells marked."""
    return folder() / f"{token}.marked.xlsx"


def _save(job: Job) -> None:
    target = folder() / f"{job.token}.json"
    draft = target.with_suffix(".part")
    draft.write_text(json.dumps(asdict(job), ensure_ascii=False), encoding="utf-8")
    draft.replace(target)


def load(token: str, owner: Account) -> Job | None:
    """The upload of a name, if it is the reader's own."""
    path = folder() / f"{token}.json"
    if not token.isalnum() or not path.exists():
        return None
    job = Job(**json.loads(path.read_text(encoding="utf-8")))
    return job if job.owner == owner.id else None


def _sweep() -> None:
    """Drop uploads that nobody came back to."""
    for path in folder().iterdir():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)


def begin(file: Any, owner: Account, locale: str) -> Job:
    """Keep an uploaded file and start checking it."""
    _sweep()
    job = Job(secrets.token_hex(16), owner.id, Path(file.filename or "").name[:200])
    file.save(book(job.token))
    _save(job)
    _start(job, locale, dry_run=True)
    return job


def confirm(job: Job, locale: str) -> None:
    """Start taking in what was checked."""
    job.state = "importing"
    _save(job)
    _start(job, locale, dry_run=False)


def _start(job: Job, locale: str, *, dry_run: bool) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_work, args=(app, job, locale, dry_run), daemon=True).start()


def _work(app: Flask, job: Job, locale: str, dry_run: bool) -> None:
    with app.app_context(), force_locale(locale):
        try:
            _take(job, dry_run)
        except Refused as refused:
            job.state, job.sentence = "failed", refused.sentence
        except Exception:  # whatever it is, the reader gets a sentence and the log the rest
            app.logger.exception("an upload failed")
            job.state, job.sentence = (
                "failed",
                _("没有导入，数据没有变。请重试；再不行请告诉管理员。"),
            )
        finally:
            db.session.remove()
            _save(job)


def _take(job: Job, dry_run: bool) -> None:
    def reading(name: str, rows: int) -> None:
        job.doing = _("已读 %(name)s：%(rows)s 行", name=name, rows=rows)
        _save(job)

    actor = db.session.get_one(Account, job.owner)
    register, layout = read_workbook(book(job.token), reading)
    job.doing = _("正在核对") if dry_run else _("正在写入")
    _save(job)
    digest = hashlib.sha256(book(job.token).read_bytes()).hexdigest()
    outcome = import_register(register, actor=actor, file_digest=digest, dry_run=dry_run)
    job.counts = [
        [NAMES[sheet], count.new, count.completed, count.unchanged]
        for sheet, count in outcome.counts.items()
    ]
    job.warnings = [["", str(text)] for text in layout.unknown] + [
        [layout.cell(w), str(w.sentence)] for w in outcome.warnings
    ][:MOST_SHOWN]
    if outcome.faults:
        faults = layout.in_order(outcome.faults)
        job.faults = [[layout.cell(f), str(f.sentence)] for f in faults[:MOST_SHOWN]]
        job.more = max(len(faults) - MOST_SHOWN, 0)
        job.state = "faulty"
        with suppress(Refused):  # without a marked copy the list still tells
            mark_faults(book(job.token), marked(job.token), faults, layout)
    else:
        job.state = "ready" if dry_run else "done"
        job.sentence = "" if dry_run else summary(outcome)
    if job.state == "ready" and not outcome.changed:
        job.state, job.sentence = "done", summary(outcome)
