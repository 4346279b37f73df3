"""Files that people hand in: what they are decides, not what they are called; row and file stand together (I17)."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import db
from models.audit import Attachment, AuditRecord
from rules.ticket import ServiceMode, TicketState
from tests.workflows.service_desk import Desk
from workflows.attachment import (
    LARGEST,
    Upload,
    attach_to_ticket,
    attachment_breaches,
    place_of,
    shown_name,
)
from workflows.feedback_form import FormContent, submit_form
from workflows.refusal import Forbidden, Refused
from workflows.ticket_facts import visits_of

PNG, JPG, PDF = b"\x89PNG\r\n\x1a\n" + b"\0" * 8, b"\xff\xd8\xff\xe0JFIF", b"%PDF-1.7\n"


@pytest.fixture
def desk(app):
    return Desk()


def kept_files(app):
    return {path for path in Path(app.config["ATTACHMENTS"]).rglob("*") if path.is_file()}


def attach(desk, content=PNG, name="照片.png", actor=None):
    ticket = desk.register()
    values = {"file": Upload(name, content)}
    attach_to_ticket(ticket.id, values, version=None, actor=actor or desk.clerk)
    return db.session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()


@pytest.mark.parametrize(("content", "kind"), [(PNG, "png"), (JPG, "jpg"), (PDF, "pdf")])
def test_a_file_is_kept_under_a_random_name_with_its_hash(desk, content, kind):
    row = attach(desk, content)
    assert row.stored_name.endswith(f".{kind}") and "照片" not in row.stored_name
    assert place_of(row).read_bytes() == content
    assert list(attachment_breaches()) == []
    assert db.session.scalar(select(AuditRecord.verb).order_by(AuditRecord.id.desc())) == "attach"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><script>", b"<svg xmlns=", b"PK\x03\x04", b"GIF89a", b" \x89PNG\r\n\x1a\n"],
)
def test_what_is_no_picture_and_no_pdf_is_refused_whatever_it_is_called(desk, content):
    with pytest.raises(Refused, match="只收图片"):
        attach(desk, content, "签字.png")
    assert db.session.scalar(select(func.count(Attachment.id))) == 0


def test_a_file_is_at_most_ten_megabytes(desk):
    attach(desk, PNG + b"\0" * (LARGEST - len(PNG)))
    with pytest.raises(Refused, match="最大 10 MB"):
        attach(desk, PNG + b"\0" * (LARGEST - len(PNG) + 1))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\签字.png", "签字.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", "file"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
    ],
)
def test_a_name_is_only_a_name(given, shown):
    assert shown_name(given) == shown


def test_what_is_refused_leaves_no_file(desk, app):
    """The picture is good, the form is not: neither stays."""
    ticket = desk.bring_to(TicketState.SERVED, mode=ServiceMode.ONSITE)
    visit = visits_of(ticket.id)[-1]
    before = kept_files(app)
    with pytest.raises(Refused, match="还缺"):
        submit_form(visit.id, FormContent(signature=Upload("签字.png", PNG)), actor=desk.wang)
    assert kept_files(app) == before
    assert list(attachment_breaches()) == []


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_verify_names_a_file_that_is_gone_or_another(desk, damage):
    row = attach(desk)
    if damage == "gone":
        place_of(row).unlink()
    else:
        place_of(row).write_bytes(PNG + b"1")
    assert [line[:3] for line in attachment_breaches()] == ["I17"]


def test_a_technician_attaches_to_his_own_tickets_only(desk):
    with pytest.raises(Forbidden):
        attach(desk, actor=desk.huang)
