"""A search finds the same whether its hits are gathered or the rows are asked one by one; orders stand on indexes."""

import re
from html import unescape

import pytest
from sqlalchemy import UniqueConstraint, event, select, text

from admin_views import search as screen
from admin_views.noun import listing
from admin_views.noun.base import NounBase
from models import db
from models.customer import Customer
from models.ticket import Ticket
from workflows import search
from workflows.search import index_pending, merge_parts
from workflows.transaction import writing

LISTS = (
    "ticket", "customer", "device", "employee", "project", "receivable", "site", "visit", "form", "call_back", "parts_sale",
)  # fmt: skip
QUERIES = (
    "示例",
    "示例 交换机",
    "韩",
    "yq",
    "KH-0002",
    "KH",
    "13",
    "T00",
    "不存在的词",
    "SN",
    "!!",
    "重启",
)
NARROWED = {"ticket": ("", "&status=closed", "&status=closed&severity=B"), "customer": ("", "&in_town=yes")}  # fmt: skip


def shown(client, noun, query, more):
    """What a list says: its rows in order, and how many there are."""
    page = client.page(f"/admin/{noun}/?q={query}&size=100{more}")
    return re.findall(rf'href="/admin/{noun}/(\d+)/"', page), re.findall(
        r"– ?\d+ / [\d,+]+|\d+–\d+ / [\d,+]+", page
    )


def test_hits_gathered_and_rows_asked_find_the_same(clerk, monkeypatch):
    asked = [(n, q, more) for n in LISTS for q in QUERIES for more in NARROWED.get(n, ("",))]
    gathered = {one: shown(clerk, *one) for one in asked}
    found = [count for rows, count in gathered.values() if rows]
    assert len(found) > 12 and all(found)
    monkeypatch.setattr(search, "COMMON", 0)
    assert {one: shown(clerk, *one) for one in asked} == gathered


def test_a_technician_finds_only_his_own_either_way(clerk, enter, monkeypatch):
    technician = enter("technician", employee="T002")
    few = shown(technician, "ticket", "示例", "")
    monkeypatch.setattr(search, "COMMON", 0)
    assert shown(technician, "ticket", "示例", "") == few
    assert 0 < len(set(few[0])) < db.session.query(Ticket).count()


def test_a_common_word_is_looked_for_row_by_row_a_rare_one_gathered(clerk, monkeypatch):
    monkeypatch.setattr(search, "COMMON", 3)
    assert db.session.query(Customer).count() > 3
    assert search.common_in(("customer", "ticket"), "示例") == {"customer"}
    assert search.common_in(("customer",), "KH-0002") == frozenset()
    assert search.common_in(("customer",), "!!") == frozenset()


def test_a_ticket_found_says_whose_it_is_what_is_wrong_and_how_far_it_is(clerk):
    ticket = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    name, fault = ticket.customer.name, ticket.fault
    page = clerk.page(f"/admin/search/?q={ticket.number}&stay=1")
    found = page[page.index(f">{ticket.number}</a>") :]
    assert f"{name} · {fault}" in found
    assert 'class="ac-badge' in found[: found.index("</li>")]
    assert f'name="q" value="{ticket.number}"' in page  # the words stay in the box


def test_a_search_says_how_many_there_are_and_leads_to_all(clerk, monkeypatch):
    monkeypatch.setattr(screen, "MOST_OF_A_NOUN", 1)
    count = len(shown(clerk, "customer", "示例", "")[0])
    page = clerk.page("/admin/search/?q=示例")
    card = page[page.index('href="/admin/customer/?q=') - 300 :]
    assert count > 1
    assert f"<small>{count} 家</small>" in card
    monkeypatch.setattr(search, "COMMON", 0)  # too many to count in time: no number
    page = clerk.page("/admin/search/?q=示例")
    assert 'href="/admin/customer/?q=' in page
    assert " 家</small>" not in page


def test_every_order_of_a_list_stands_on_an_index(app):
    unindexed = []
    for view in app.extensions["admin"][0]._views:
        if isinstance(view, NounBase):
            sorts = [column.value for column in view.columns if column.sort]
            first = [view.default_order[0], *(v[0] if isinstance(v, tuple) else v for v in sorts)]
            known = led_by(view.model.__table__)
            columns = [getattr(one, "element", one) for one in first]
            unindexed += [f"{view.noun}: {c}" for c in columns if c.key not in known]
    assert unindexed == []


def led_by(table):
    """The columns with which an index of a table begins."""
    lists = [index.columns for index in table.indexes] + [table.primary_key.columns]
    lists += [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    return {next(iter(columns)).key for columns in lists}


@pytest.mark.parametrize("place", ["", "&page=2"])
def test_a_search_counts_no_further_than_is_shown_whatever_way_it_goes(clerk, monkeypatch, place):
    def counted():
        page = clerk.page(f"/admin/ticket/?q=示例{place}")
        return int(re.search(r"–\d+ / ([\d,+]+)", page)[1])

    whole = counted()
    assert whole > 40
    monkeypatch.setattr(search, "COMMON", 2)
    assert counted() == whole
    for most in (whole, whole - 1, 3):
        monkeypatch.setattr(listing, "MOST_COUNTED", most)
        assert counted() == min(whole, most + 1), most


def test_what_is_known_to_be_common_is_not_gathered_to_find_that_out(clerk, monkeypatch):
    """PostgreSQL knows how common a word is once it has looked at the rows; what it is not sure of is counted."""
    for ticket in db.session.scalars(select(Ticket)).all():
        ticket.fault = "端口不通"
    index_pending()
    db.session.commit()
    known = shown(clerk, "ticket", "端口", "")
    assert len(known[0]) > 40
    monkeypatch.setattr(search, "PLENTY", 2)
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    for noun, query in (
        ("ticket", "端口不通"),
        ("ticket", "KH-0002"),
        ("ticket", "没有"),
        ("customer", "端口"),
    ):
        assert not search.plenty_of(noun, query)
    knows = db.engine.dialect.name == "postgresql"
    if knows:
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    assert search.plenty_of("ticket", "端口") is knows
    page = clerk.page("/admin/ticket/?q=端口")
    assert re.findall(r'data-open href="/admin/ticket/(\d+)/"', page) == known[0][:20]
    assert re.search(r"–20 / ([\d,+]+)", page)[1] == "4"
    assert shown(clerk, "ticket", "端口", "")[0] == known[0]


def test_the_number_beside_a_tab_is_that_of_its_rows(clerk, enter):
    """The tabs' counts stand in a statement written out beforehand; the rows of a short list are counted as they come."""
    manager, wrong, seen = enter("manager"), [], 0
    for view in clerk.application.extensions["admin"][0]._views:
        if not isinstance(view, NounBase) or not getattr(view, "tabs", ()):
            continue
        page = manager.get(f"{view.url}/")
        if page.status_code == 403:
            continue
        tabs = re.findall(
            r'href="([^"]*)" class="ac-tab"[^>]*>[^<]*<small>([\d,+]+)', page.get_data(as_text=True)
        )
        for url, number in tabs:
            query = unescape(url).partition("?")[2]
            listed = manager.page(f"{view.url}/?{query}&size=100")
            rows = re.search(r"–\d+ / ([\d,+]+)", listed)
            seen += 1
            if number != (rows[1] if rows else "0"):
                wrong.append((view.noun, query, number, rows and rows[1]))
    assert seen > 40
    assert wrong == []


def test_of_a_large_table_not_all_rows_are_counted(clerk, monkeypatch):
    """PostgreSQL knows how large a table is once it has looked at it; before, and on SQLite, they are counted."""
    monkeypatch.setattr(search, "PLENTY", 2)
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    knows = db.engine.dialect.name == "postgresql"
    if knows:
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    page = clerk.page("/admin/ticket/")
    assert re.search(r"–20 / ([\d,+]+)", page)[1] == "4"
    assert any("to_regclass" in one for one in asked) is knows


def test_a_full_text_grown_in_parts_is_made_one_and_finds_the_same(clerk):
    found = shown(clerk, "customer", "示例", "")
    parts = text("SELECT count(DISTINCT segid) FROM search_words_idx")
    for customer in db.session.scalars(select(Customer).limit(3)).all():
        with writing():
            customer.name += "甲"
    sqlite = db.engine.dialect.name == "sqlite"
    assert not sqlite or db.session.scalar(parts) > 1
    with writing():
        merge_parts()
    assert not sqlite or db.session.scalar(parts) == 1
    assert shown(clerk, "customer", "示例", "") == found
    assert len(shown(clerk, "customer", "甲", "")[0]) >= 3


def test_sqlite_goes_through_the_records_of_the_longest_word():
    words = search._expression("中原区中学000500", "sqlite")
    assert words.startswith('("000500"*')
