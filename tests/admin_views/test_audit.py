"""The audit trail on screen: every word in the reader's language, filters, and the check of the chain (R10, I15)."""

import re

import pytest
from sqlalchemy import select, text

from admin_views.audit_words import NOUNS, origin_words
from admin_views.value_names import NAMES
from admin_views.value_words import ValueWords, table_of
from models import db
from models.audit import AuditRecord
from models.customer import Customer
from models.ticket import Ticket
from tests.cast import JUNE, carry_through, people, take_in
from tests.statements import statements

HOME = "/admin/audit/"
TECHNICAL = ("内容摘要", "各行摘要", "链值", "提议摘要", "文件摘要")
NO_TABLE = ("audit", "demonstration", "overdue")  # what is done to a list as a whole, or to all
NEVER = {
    "row_version", "password_hash", "session_epoch", "failed_logins", "last_failed_at", "stored_name", "parameters", "statistics",
    "counted", "base_digest",
}  # fmt: skip  # kept for the program's own use


@pytest.fixture
def company(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)


@pytest.fixture
def auditor(company, enter):
    return enter("auditor")


def test_the_whole_chain_is_checked_by_a_button(auditor):
    count = len(db.session.scalars(select(AuditRecord.id)).all())
    assert auditor.send(HOME + "verify", HOME).status_code == 302
    assert f"{count} 条记录环环相扣" in auditor.page(HOME)


def test_a_record_that_somebody_changed_is_named(auditor):
    victim = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id).limit(1)).one()
    number = victim.id
    db.session.rollback()
    without_guard("UPDATE audit_records SET subject = 'another' WHERE id = :id", number)
    auditor.send(HOME + "verify", HOME)
    page = auditor.page(HOME)
    assert "审计链有" in page
    assert str(number) in re.search(r"首处：([^<]+)", page)[1]


def without_guard(statement, number):
    """What only somebody at the database itself could do."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement), {"id": number})
        connection.execute(text("SET session_replication_role = DEFAULT"))
    else:
        rows = connection.execute(
            text(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_records'"
            )
        ).all()
        for name, _sql in rows:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text(statement), {"id": number})
        for _name, sql in rows:
            connection.execute(text(sql))
    db.session.commit()


def test_every_record_opens_in_the_reader_s_words(auditor):
    kinds = {}
    for record in db.session.scalars(select(AuditRecord)):
        kinds.setdefault((record.noun, record.verb), record.id)
    assert len(kinds) > 10
    for number in kinds.values():
        page = auditor.page(f"{HOME}{number}/")
        named = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page)
        assert [name for name, _value in named if re.search(r"[a-z]", name)] == []
        values = " ".join(value for name, value in named if name not in TECHNICAL)
        assert (
            re.findall(r"\b(?!xlsx|csv|del|web)[a-z]{4,}\b", re.sub(r"<[^>]+>", "", values)) == []
        )


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_every_value_that_may_be_put_on_record_has_a_name(app, noun):
    table = table_of(noun)
    assert table is not None or noun in NO_TABLE
    columns = set() if table is None else {column.name for column in table.c}
    assert sorted(columns - NAMES.keys() - NEVER) == []


def test_what_a_record_refers_to_is_named_in_one_statement(auditor):
    ticket = db.session.scalars(select(Ticket).order_by(Ticket.id)).first()
    details = {
        "customer_id": [None, ticket.customer_id], "status": ["registered", "dispatched"], "repeat_of_id": [ticket.id, None],
        "reported_at": [None, "2026-08-03 00:30:00+00:00"], "registered_by_id": [None, 1], "phone": [None, "13900000000"],
        "facts": {"days": 3},
    }  # fmt: skip
    wanted = [
        f"– → {ticket.customer.name}", "已登记 → 已派工", f"{ticket.number} → –", "– → 2026-08-03 08:30", "– → clerk",
    ]  # fmt: skip
    with statements() as asked:
        said = ValueWords.of([("ticket", details)])
        found = [said.read("ticket", "register", n, v) for n, v in details.items()]
    assert found[:5] == wanted
    assert found[5:] == ["– → 13900000000", "天数 3"]
    assert len(asked) == 1


def test_private_values_stay_masked_for_auditors(auditor, enter):
    person = enter("clerk")
    customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
    form = {"customer_id": str(customer.id), "name": "联络员", "phone": "13912345678"}
    assert person.send("/admin/contact/new/", "/admin/contact/new/", **form).status_code == 302
    last = db.session.scalars(select(AuditRecord.id).order_by(AuditRecord.id.desc())).first()
    assert "13912345678" not in auditor.page(f"{HOME}{last}/")
    assert "139 •••• 5678" in auditor.page(f"{HOME}{last}/")
    assert "13912345678" in enter("leader").page(f"{HOME}{last}/")


@pytest.mark.parametrize(
    ("query", "verb"),
    [
        ("verb=approve", "approve"),
        ("noun=settlement&verb=draft", "draft"),
        ("verb=export", "export"),
    ],
)
def test_filters_leave_what_they_name(auditor, query, verb):
    page = auditor.page(f"{HOME}?{query}")
    shown = {int(number) for number in re.findall(r'href="/admin/audit/(\d+)/"', page)}
    there = db.session.scalars(select(AuditRecord.id).where(AuditRecord.verb == verb)).all()
    assert shown == set(there)


@pytest.mark.parametrize("role", ["clerk", "technician", "commerce", "finance", "project_manager"])
def test_others_do_not_read_it(company, enter, role):
    other = enter(role)
    assert other.get(HOME).status_code == 403
    assert other.get(HOME + "1/").status_code == 403
    assert other.send(HOME + "verify", "/admin/profile/").status_code == 403


def test_nobody_writes_it(company, enter):
    admin = enter("admin")
    for path in ("new/", "1/edit/", "1/delete/"):
        assert admin.get(HOME + path).status_code in (403, 404)


def test_where_it_was_done_is_said_in_words():
    assert origin_words("web 127.0.0.1") == "网页 127.0.0.1"
    assert origin_words("cli") == "命令行"


def test_a_record_of_the_trail_has_no_tabs_for_it_is_never_changed(auditor):
    number = db.session.scalars(select(AuditRecord.id).order_by(AuditRecord.id)).first()
    page = auditor.page(f"{HOME}{number}/")
    assert "链值" in page
    assert "修改记录" not in page
