"""The signed form on a phone: its picture goes in with it, and only who reads the form sees it (R4.2)."""

import io
import re
from datetime import timedelta

import pytest

from models import db
from models.ticket import VisitPerson
from rules.period import SHANGHAI
from rules.ticket import ServiceMode, TicketState
from tests.admin_views.conftest import token
from tests.workflows.service_desk import Desk
from workflows.ticket_facts import visits_of
from workflows.transaction import living_at, writing

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
WORDS = {
    "fault": "漏水",
    "inspection": "接头老化",
    "result": "已换接头",
    "satisfaction": "5",
    "signed_by": "韩雪",
}


@pytest.fixture
def desk(app):
    return Desk()


@pytest.fixture
def served(desk):
    """A visit on site that has ended, its form not yet written."""
    ticket = desk.bring_to(TicketState.SERVED, mode=ServiceMode.ONSITE)
    with living_at(desk.moment + timedelta(hours=1)):
        yield visits_of(ticket.id)[-1]


def hand_in(client, visit, verb="submit_form", picture=PNG, **words):
    path = f"/admin/visit/{visit.id}/{verb}/"
    page = client.get(path)
    text = page.get_data(as_text=True)
    assert 'enctype="multipart/form-data"' in text
    version = re.search(r'name="row_version" value="(\d+)"', text)[1]
    signed = (visit.ended_at + timedelta(minutes=5)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    form = {"csrf_token": token(page), "row_version": version, "signed_at": signed} | WORDS | words
    if picture is not None:
        form["signature"] = (io.BytesIO(picture), "../签字.png")
    return client.post(path, data=form, content_type="multipart/form-data")


@pytest.fixture
def wang(desk, enter):
    return enter("technician", employee=desk.wang.employee.number)


def test_a_form_on_site_is_complete_with_its_picture_and_the_clerk_sees_it(served, wang, enter):
    assert hand_in(wang, served).status_code == 302
    db.session.expire_all()
    form = served.form
    assert form.submitted_at is not None
    clerk = enter("clerk")
    assert f"/attachment/{form.signature_id}/file/" in clerk.page(f"/admin/form/{form.id}/")
    answer = clerk.get(f"/admin/attachment/{form.signature_id}/file/")
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("picture", "why"),
    [(None, "还缺"), (b"<svg onload=alert(1)>", "只收图片"), (b"%PDF-1.7", "只收图片")],
)
def test_without_a_picture_of_the_signature_nothing_is_handed_in(served, wang, picture, why):
    answer = hand_in(wang, served, picture=picture)
    assert answer.status_code in (400, 409)
    page = answer.get_data(as_text=True)
    assert why in page
    assert "接头老化" in page  # what was typed is still there
    assert ('id="submit_form-signature-error"' in page) is (picture is not None)
    db.session.expire_all()
    assert served.form is None or served.form.submitted_at is None


def test_a_form_begins_with_what_is_known_already(served, wang):
    page = wang.page(f"/admin/visit/{served.id}/submit_form/")
    known = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\s*([^<]*)</textarea>', page))
    assert known["fault"] == served.ticket.fault
    assert known["result"] == served.result
    assert known["inspection"] == ""


def test_a_draft_is_gone_on_with_words_and_picture(served, wang):
    assert hand_in(wang, served, "write_form").status_code == 302
    page = wang.page(f"/admin/visit/{served.id}/submit_form/")
    assert "接头老化" in page
    assert hand_in(wang, served, picture=None).status_code == 302
    db.session.expire_all()
    assert served.form.submitted_at is not None
    assert served.form.signature_id is not None


def test_nobody_else_gets_the_picture(desk, served, wang, enter):
    assert hand_in(wang, served).status_code == 302
    db.session.expire_all()
    form = served.form
    other = enter("technician", employee=desk.huang.employee.number, name="other")
    for path in (
        f"/admin/attachment/{form.signature_id}/",
        f"/admin/attachment/{form.signature_id}/file/",
    ):
        assert other.get(path).status_code == 404
        assert wang.get(path).status_code == 200


def test_a_colleague_of_the_visit_sees_the_picture_and_writes_over_nothing(
    desk, served, wang, enter
):
    """Two technicians of a visit write one form (R4.2, I12)."""
    with writing():
        served.people.append(VisitPerson(employee_id=desk.huang.employee_id, position=2))
    colleague = enter("technician", employee=desk.huang.employee.number, name="colleague")
    path = f"/admin/visit/{served.id}/write_form/"
    seen = colleague.get(path)  # opened before the other one saves
    version = re.search(r'name="row_version" value="(\d+)"', seen.get_data(as_text=True))[1]
    assert hand_in(wang, served, "write_form").status_code == 302
    form = {"csrf_token": token(seen), "row_version": version, "fault": "另一种说法"}
    answer = colleague.post(path, data=form, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert "另一种说法" in answer.get_data(as_text=True)  # what was typed is still there
    db.session.expire_all()
    assert served.form.fault == "漏水"
    assert colleague.get(f"/admin/attachment/{served.form.signature_id}/file/").data == PNG


def test_files_stand_with_the_record_they_were_handed_in_with(served, wang, enter):
    assert hand_in(wang, served).status_code == 302
    ticket = served.ticket_id
    number = served.ticket.number
    clerk = enter("clerk")
    page = clerk.page(f"/admin/ticket/{ticket}/")
    assert re.search(r'href="\?tab=attachment"[^>]*>附件\s*(<[^>]+>)?\s*1', page)
    kept = clerk.page(f"/admin/ticket/{ticket}/?tab=attachment")
    assert "签字.png" in kept
    assert number in clerk.page(f"/admin/attachment/?ticket={ticket}")
    assert "签字.png" not in clerk.page("/admin/attachment/?ticket=999999")
    assert "签字.png" not in clerk.page(f"/admin/attachment/?expense={ticket}")
    assert "tab=attachment" not in enter("finance").page(f"/admin/ticket/{ticket}/")
