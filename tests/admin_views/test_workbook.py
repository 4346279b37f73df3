"""The register on screen: checked first, then confirmed; whoever uploaded it sees it, nobody else (workbook.md)."""

import io
import os
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from admin_views import upload_job
from models import db
from models.audit import AuditRecord
from models.ticket import Ticket
from tests.cast import SAMPLES

HOME = "/admin/workbook/"
WAIT = 120  # seconds, on a machine that is shared


@pytest.fixture(autouse=True)
def own_folder(app, tmp_path, monkeypatch):
    (tmp_path / "uploads").mkdir()
    monkeypatch.setattr(app, "instance_path", str(tmp_path))


@pytest.fixture
def clerk(enter):
    return enter("clerk")


def tickets():
    return db.session.scalar(select(func.count()).select_from(Ticket))


def upload(client, name, content=None):
    data = content if content is not None else (SAMPLES / name).read_bytes()
    return client.send(HOME, HOME, file=(io.BytesIO(data), name))


def over(client, url):
    """The job's page once the work is over."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if client.get(url + "status").headers.get("HX-Redirect"):
            return client.page(url)
        time.sleep(0.1)
    raise AssertionError("still working")


def test_a_register_is_checked_first_and_taken_in_only_when_confirmed(clerk):
    url = upload(clerk, "register.xlsx").location
    page = over(clerk, url)
    assert "核对通过" in page
    assert tickets() == 0
    assert clerk.send(url + "confirm", url).status_code == 302
    page = over(clerk, url)
    assert "ac-green" in page
    count = tickets()
    assert count == 90
    actors = db.session.scalars(select(AuditRecord).where(AuditRecord.verb == "import")).all()
    assert {one.actor.username for one in actors} == {"web-clerk"}
    again = over(clerk, upload(clerk, "register.xlsx").location)  # the same book, a second time
    assert "核对通过" not in again
    assert tickets() == count


def test_faults_are_told_by_cell_and_marked_in_a_copy(clerk):
    url = upload(clerk, "register-faults.xlsx").location
    page = over(clerk, url)
    assert "什么都没有写入" in page
    assert clerk.send(url + "confirm", url).status_code == 302  # nothing is there to be confirmed
    assert "什么都没有写入" in over(clerk, url)
    assert tickets() == 0
    copy = clerk.get(url + "marked.xlsx")
    assert (
        "标错" in copy.headers["Content-Disposition"]
        or "filename*" in copy.headers["Content-Disposition"]
    )
    book = load_workbook(io.BytesIO(copy.data))
    marked = [c for sheet in book for row in sheet.iter_rows() for c in row if c.comment]
    assert marked
    for cell in marked:
        assert f"{cell.parent.title}!{cell.coordinate}" in page


def test_an_upload_is_its_owner_s_alone(clerk, enter):
    url = upload(clerk, "register-faults.xlsx").location
    over(clerk, url)
    other = enter("clerk", name="another")
    for path in ("", "status", "marked.xlsx"):
        assert other.get(url + path).status_code == 404
    assert other.send(url + "confirm", HOME).status_code == 404


@pytest.mark.parametrize(
    "role", ["technician", "commerce", "finance", "leader", "auditor", "admin"]
)
def test_others_see_no_way_in(enter, role):
    other = enter(role)
    assert other.get(HOME).status_code == 403
    assert upload_refused(other) == 403
    assert other.get(HOME + "template.xlsx").status_code == 403


def upload_refused(client):
    data = (io.BytesIO(b"PK\x03\x04"), "x.xlsx")
    return client.send(HOME, "/admin/profile/", file=data).status_code


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("", b"", "请先选择登记簿文件"),
        ("register.xls", b"\xd0\xcf\x11\xe0 old", "这不是 Excel 工作簿"),
        ("register.xlsx", b"", "这不是 Excel 工作簿"),
    ],
)
def test_what_is_no_workbook_is_told_at_once(clerk, name, content, sentence):
    assert upload(clerk, name, content).location.endswith(HOME)
    assert sentence in clerk.page(HOME)
    assert list(upload_job.folder().iterdir()) == []


def test_a_broken_workbook_is_told_in_words(clerk):
    page = over(clerk, upload(clerk, "broken.xlsx", b"PK\x03\x04 and nothing more").location)
    assert "没有导入" in page
    assert "Traceback" not in page
    assert "zip" not in page.lower().replace("gzip", "")


def test_names_lead_nowhere_else(clerk):
    url = upload(clerk, "../../../etc/x.xlsx", b"PK\x03\x04").location
    over(clerk, url)
    lie = {path.suffix for path in upload_job.folder().iterdir()}
    assert lie <= {".json", ".xlsx"}
    for token in ("..", "%2e%2e", "x" * 32, "../uploads"):
        assert clerk.get(f"{HOME}{token}/marked.xlsx").status_code == 404


def test_uploads_that_nobody_came_back_to_are_dropped(clerk):
    url = upload(clerk, "register-faults.xlsx").location
    over(clerk, url)
    old = time.time() - upload_job.KEPT_SECONDS - 60
    for path in upload_job.folder().iterdir():
        os.utime(path, (old, old))
    over(clerk, upload(clerk, "register-faults.xlsx").location)
    assert clerk.get(url).status_code == 404


def test_the_template_is_a_register_that_can_be_filled_in(clerk):
    answer = clerk.get(HOME + "template.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert len(book.sheetnames) > 10
    assert Path(answer.headers["Content-Disposition"]).suffix
    page = over(clerk, upload(clerk, "empty.xlsx", answer.data).location)
    assert "没有导入" not in page


def test_what_fails_on_the_way_leaves_nothing_and_says_so(clerk, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(upload_job, "import_register", broken)
    page = over(clerk, upload(clerk, "register.xlsx").location)
    assert "没有导入，数据没有变" in page
    assert "disk full" not in page
    assert tickets() == 0
