"""Attachments: files beside the database under random names, each with its hash (I17)."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import event, select

from models import db
from models.account import Account
from models.audit import Attachment
from models.expense import Expense
from models.ticket import Ticket
from workflows.audit import record
from workflows.change import Values, found
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.ticket_facts import visits_of
from workflows.ticket_step import his_own
from workflows.transaction import now, writing

LARGEST = 10 * 1024 * 1024
# A file is what it begins with, whatever it is called.
KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"%PDF-": "pdf"}
PICTURES = ("png", "jpg")
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: what it was called, and what is in it."""

    name: str
    content: bytes


def kind_of(content: bytes) -> str | None:
    """What a file is by its first bytes: png, jpg, pdf; None for anything else."""
    return next((kind for mark, kind in KINDS.items() if content.startswith(mark)), None)


def shown_name(name: str) -> str:
    """What a file is called, without folders and without what no name should hold."""
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*')
    return kept.strip(" .")[-LONGEST_NAME:] or "file"


def place_of(attachment: Attachment) -> Path:
    """Where a file lies."""
    return _folder().joinpath(attachment.stored_name[:2], attachment.stored_name)


def _folder() -> Path:
    return Path(current_app.config["ATTACHMENTS"])


def put_attachment(
    upload: Upload, *, noun: str, subject: str, actor: Account, pictures_only: bool = False
) -> Attachment:
    """Keep a file and put that on record, inside the caller's transaction."""
    row = keep_file(
        upload, noun, subject, actor, PICTURES if pictures_only else tuple(KINDS.values())
    )
    details = {"file": row.file_name, "sha256": row.sha256, "size": row.size}
    record(actor, "attach", noun, subject, details, origin="web")
    return row


def keep_file(
    upload: Upload, noun: str, subject: str, actor: Account, kinds: tuple[str, ...]
) -> Attachment:
    """A row with its file: with the caller's transaction both stay, without it both go."""
    kind = kind_of(upload.content)
    if kind not in kinds:
        what = _("只收图片（PNG、JPG）和 PDF。") if "pdf" in kinds else _("只收图片（PNG、JPG）。")
        raise Refused(what, status=400, field="file")
    if len(upload.content) > LARGEST:
        sentence = _("文件最大 %(most)s MB，请压缩后再传。", most=LARGEST // 1024 // 1024)
        raise Refused(sentence, status=400, field="file")
    row = Attachment(
        noun=noun, subject=subject, file_name=shown_name(upload.name), stored_name=f"{uuid4().hex}.{kind}",
        sha256=hashlib.sha256(upload.content).hexdigest(), size=len(upload.content),
        added_by_id=actor.id, added_at=now(),
    )  # fmt: skip
    _write(place_of(row), upload.content)
    db.session.add(row)
    db.session.flush()
    return row


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    written = place.with_suffix(".part")
    with written.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.rename(place)
    session, undecided = db.session(), [place]

    @event.listens_for(session, "after_commit", once=True)
    def keep(_session: object) -> None:
        undecided.clear()

    @event.listens_for(session, "after_rollback", once=True)
    def drop(_session: object) -> None:
        for path in undecided:
            path.unlink(missing_ok=True)
        undecided.clear()


def attachment_breaches() -> Iterator[str]:
    """I17: one line for each attachment without its file, or whose file is another."""
    for row in db.session.scalars(select(Attachment).order_by(Attachment.id)):
        place = place_of(row)
        if not place.is_file():
            yield _(
                "I17：附件 %(name)s（%(subject)s）的文件不在",
                name=row.file_name,
                subject=row.subject,
            )
        elif hashlib.sha256(place.read_bytes()).hexdigest() != row.sha256:
            yield _(
                "I17：附件 %(name)s（%(subject)s）的文件被改过",
                name=row.file_name,
                subject=row.subject,
            )


def attach_to_ticket(
    ticket_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """Keep a picture or a paper with a ticket."""
    with writing():
        ticket = found(Ticket, ticket_id)
        last = visits_of(ticket_id)[-1:]
        own = his_own(ticket, last[0] if last else None, actor)
        authorise(actor, "ticket.attach", own=own)
        put_attachment(values["file"], noun="ticket", subject=ticket.number, actor=actor)


def attach_to_expense(
    expense_id: int, values: Values, *, version: int | None, actor: Account
) -> None:
    """Keep the receipt with a claim."""
    with writing():
        claim = found(Expense, expense_id)
        own = actor.employee_id is not None and claim.employee_id == actor.employee_id
        authorise(actor, "expense.attach", own=own)
        put_attachment(values["file"], noun="expense", subject=claim.number, actor=actor)
