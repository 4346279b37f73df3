"""The customers' screens, and with them what every noun's screens can do."""

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from sqlalchemy import select

from models import db
from models.audit import AuditRecord
from models.customer import Customer
from tests.cast import people
from workflows.customer import create_customer, update_customer

LIST = "/admin/customer/"
NEW = "/admin/customer/new/"


@pytest.fixture
def cast(app):
    return people()


@pytest.fixture
def make_customer(cast):
    def make(name="江城轨道运营", **overrides):
        values = {"in_town": True, "phone": "13905173362", **overrides, "name": name}
        return create_customer(values, actor=cast["clerk"])

    return make


def names(page):
    return re.findall(r'<td class="ac-slot-title[^>]*>(.*?)</td>', page)


def test_a_clerk_makes_a_customer_who_gets_the_next_number(cast, enter, make_customer):
    make_customer()
    form = {"name": "云岭数据中心", "in_town": "yes", "contact": "韩雪", "phone": "139 0517 3362"}
    answer = enter("clerk").send(NEW, NEW, **form)
    assert answer.status_code == 302
    row = db.session.scalar(select(Customer).where(Customer.name == "云岭数据中心"))
    assert (row.number, row.in_town, row.contact, row.phone) == (
        "KH-0002",
        True,
        "韩雪",
        "139 0517 3362",
    )


@pytest.mark.parametrize(
    ("case", "form", "sentence"),
    [
        ("nothing filled in", {}, "请填写。"),
        ("too long", {"name": "长" * 121, "in_town": "yes"}, "最多 120 个字，现在 121 个。"),
        ("control character", {"name": "a\x00b", "in_town": "yes"}, "看不见的控制字符"),
        ("turned writing", {"name": "a\u202eb", "in_town": "yes"}, "改变文字方向"),
        ("no telephone", {"name": "甲", "in_town": "yes", "phone": "javascript:"}, "这不像电话号码"),
        ("no such choice", {"name": "甲", "in_town": "maybe"}, "请从所列的项目中选择。"),
        ("a megabyte", {"name": "甲" * 400_000, "in_town": "yes"}, "最多 120 个字"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_under_its_field_and_what_was_typed_is_kept(
    cast, enter, case, form, sentence
):
    page = enter("clerk").send(NEW, NEW, contact="韩雪", **form)
    assert page.status_code == 400
    text = page.get_data(as_text=True)
    assert sentence in text
    assert 'value="韩雪"' in text
    assert db.session.scalar(select(Customer.id)) is None


def test_a_number_that_is_taken_is_refused_under_its_field(cast, enter, make_customer):
    make_customer(number="KH-9")
    answer = enter("clerk").send(NEW, NEW, name="乙", in_town="no", number="KH-9")
    assert answer.status_code == 400
    assert "编号 KH-9 已有客户使用。" in answer.get_data(as_text=True)


def test_fields_that_are_nobodys_business_are_ignored_and_logged(
    cast, enter, make_customer, caplog
):
    row = make_customer()
    form = {
        "name": "丙",
        "in_town": "no",
        "row_version": "1",
        "number": "X",
        "id": "7",
        "role": "admin",
    }
    assert enter("clerk").send(f"{LIST}{row.id}/edit/", NEW, **form).status_code == 302
    db.session.expire_all()
    assert (row.name, row.number) == ("丙", "KH-0001")
    assert "role" in caplog.text


def test_a_change_is_on_record_with_what_was_before_and_after(cast, enter, make_customer):
    row = make_customer(contact="韩雪")
    client = enter("clerk")
    client.send(
        f"{LIST}{row.id}/edit/", NEW, name=row.name, in_town="yes", contact="周敏", row_version="1"
    )
    last = db.session.scalar(
        select(AuditRecord).where(AuditRecord.noun == "customer").order_by(AuditRecord.id.desc())
    )
    assert (last.verb, last.subject) == ("change", "KH-0001")
    assert last.details == '{"contact": ["韩雪", "周敏"]}'
    history = client.page(f"{LIST}{row.id}/?tab=history")
    assert "<del>韩雪</del>" in history
    assert "周敏" in history


def test_the_second_of_two_editors_sees_both_values_and_loses_nothing(cast, enter, make_customer):
    row = make_customer(contact="韩雪", address="解放路 1 号")
    update_customer(row.id, {"contact": "王磊的改动"}, version=1, actor=cast["manager"])
    client = enter("clerk")
    mine = {"name": row.name, "in_town": "yes", "contact": "韩雪", "was.contact": "韩雪", "address": "人民路 2 号",
            "was.address": "解放路 1 号", "phone": row.phone, "was.phone": row.phone, "row_version": "1"}  # fmt: skip
    answer = client.send(f"{LIST}{row.id}/edit/", NEW, **mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "王磊的改动" in page
    assert "人民路 2 号" in page
    # What only the other changed is chosen from him, what only I changed from me.
    assert re.search(r'name="pick.contact" value="theirs" checked', page)
    assert re.search(r'name="pick.address" value="mine" checked', page)
    chosen = {**mine, "row_version": "2", "pick.contact": "theirs", "pick.address": "mine"}
    assert client.send(f"{LIST}{row.id}/edit/", NEW, **chosen).status_code == 302
    db.session.expire_all()
    assert (row.contact, row.address) == ("王磊的改动", "人民路 2 号")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("云岭", ["云岭数据中心"]),
        ("数据", ["云岭数据中心"]),
        ("心", ["云岭数据中心"]),
        ("岭数据中", ["云岭数据中心"]),
        ("ylsj", ["云岭数据中心"]),
        ("YLSJ", ["云岭数据中心"]),
        ("sjzx", ["云岭数据中心"]),
        ("KH-0001", ["江城轨道运营"]),
        ("kh0001", ["江城轨道运营"]),
        ("139 0517", ["江城轨道运营"]),
        ("3362", ["江城轨道运营"]),
        ("13905173362", ["江城轨道运营"]),
        ("03718888", ["云岭数据中心"]),
        ("岭云", []),
        ("%", []),
        ("' OR 1=1 --", []),
        ('" NEAR(', []),
    ],
)  # fmt: skip
def test_a_customer_is_found_by_name_pinyin_number_and_phone(
    cast, enter, make_customer, query, found
):
    make_customer()
    make_customer("云岭数据中心", phone="0371-8888 123")
    assert names(enter("clerk").page(f"{LIST}?q={quote(query)}")) == found


def test_names_changed_by_any_way_are_found_anew(cast, enter, make_customer):
    row = make_customer()
    update_customer(row.id, {"name": "滨江人民医院"}, version=1, actor=cast["clerk"])
    client = enter("clerk")
    assert names(client.page(f"{LIST}?q=bjrm")) == ["滨江人民医院"]
    assert names(client.page(f"{LIST}?q=jcgd")) == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?page=99999999999999999999", 200), ("?page=-1", 200), ("?page=abc", 200), ("?size=100000", 200),
        ("?q=%00", 200), ("?q=" + "x" * 5000, 200), ("?q=%ED%A0%80", 200),
        ("?sort=phone", 400), ("?sort=password_hash", 400), ("?sort=name%3Bdrop", 400), ("?password_hash=x", 400),
        ("?in_town=perhaps", 400), ("?sort=-name", 200), ("?sort=number", 200), ("?flt0_0=1", 400),
        ("abc/", 404), ("1,2/", 404), ("999999/", 404), ("99999999999999999999/", 404), ("-1/", 404), ("0/", 404),
        ("1/?tab=nowhere", 404), ("1/nothing/", 404), ("%00/", 404),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("cast")
def test_crafted_addresses_are_never_an_error_of_ours(enter, make_customer, address, status):
    make_customer()
    assert enter("clerk").get(LIST + address).status_code == status


def test_a_list_orders_and_pages_without_losing_a_row(cast, enter, make_customer):
    for n in range(45):
        make_customer(f"客户{n % 3}")
    client = enter("clerk")
    pages = [names(client.page(f"{LIST}?sort=name&page={n}")) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert sum(pages, []) == sorted(sum(pages, []))
    ids = [
        i
        for n in (1, 2, 3)
        for i in re.findall(r"/admin/customer/(\d+)/\"", client.page(f"{LIST}?sort=name&page={n}"))
    ]
    assert len(set(ids)) == 45


def turned(client, page, rel):
    """The page to which a list's arrow leads."""
    link = re.search(rf'rel="{rel}" href="([^"]*)"', page)
    return client.page(LIST + unescape(link[1]))


def listed(page):
    return re.findall(r'data-open href="/admin/customer/(\d+)/"', page)


@pytest.mark.parametrize("sort", ["", "name", "-name", "-number"])
@pytest.mark.usefixtures("cast")
def test_turning_pages_neither_repeats_nor_skips_what_moved_meanwhile(enter, make_customer, sort):
    for n in range(45):
        make_customer(f"客户{n % 7}")
    client = enter("clerk")
    whole = [one for n in (1, 2, 3) for one in listed(client.page(f"{LIST}?sort={sort}&page={n}"))]
    first = client.page(f"{LIST}?sort={sort}")
    # Two that come first whichever way the list is ordered push everything two rows down.
    make_customer("客户0"), make_customer("客户9")
    second = turned(client, first, "next")
    third = turned(client, second, "next")
    walked = [listed(page) for page in (first, second, third)]
    kept = [one for page in walked for one in page if one in whole]
    assert kept == whole
    assert "21–40 / 47" in second
    assert listed(turned(client, third, "prev")) == walked[1]
    assert 'rel="next"' in turned(client, third, "prev")
    assert listed(turned(client, second, "prev")) == listed(client.page(f"{LIST}?sort={sort}"))


@pytest.mark.parametrize(
    "place", ["after=999999", "before=999999", "after=x", "before=-1", "after=0"]
)
@pytest.mark.usefixtures("cast")
def test_a_page_beside_no_record_is_the_one_of_its_number(enter, make_customer, place):
    for n in range(25):
        make_customer(f"客户{n}")
    client = enter("clerk")
    assert listed(client.page(f"{LIST}?page=2&{place}")) == listed(client.page(f"{LIST}?page=2"))


def test_the_look_up_answers_at_most_twenty_that_the_reader_may_see(cast, enter, make_customer):
    for n in range(25):
        make_customer(f"客户{n}")
    answer = enter("technician").get("/admin/customer/lookup/?q=客户&limit=100000")
    assert len(answer.json) == 20
    assert set(answer.json[0]) == {"value", "text", "sub", "hit"}
    assert enter("admin").get("/admin/customer/lookup/").status_code == 403


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("ylsj", "云岭数据"),
        ("岭数", "岭数"),
        ("云", "云"),
        ("zx", "中心"),
        ("KH-0001", None),
        ("", None),
    ],
)
def test_the_look_up_marks_what_fits_what_was_typed(cast, enter, make_customer, typed, marked):
    make_customer("云岭数据中心")
    (found,) = enter("clerk").get(f"/admin/customer/lookup/?q={quote(typed)}").json
    assert (found["text"][slice(*found["hit"])] if found["hit"] else None) == marked


def exported(client, kind, query=""):
    answer = client.send(f"{LIST}export/{kind}/?{query}", LIST)
    assert answer.status_code == 200
    return answer


def test_an_export_is_what_the_list_shows_harmless_and_on_record(cast, enter, make_customer):
    make_customer("=1+cmd|' /C calc'!A0", contact="＋1")
    make_customer("云岭数据中心", in_town=False)
    client = enter("auditor")
    answer = exported(client, "csv", "in_town=yes")
    text = answer.get_data().decode("utf-8-sig")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 2
    assert rows[1][1].startswith("'=1+cmd")
    assert "'＋1" in rows[1]
    assert "filename*=UTF-8''%E5%AE%A2%E6%88%B7" in answer.headers["Content-Disposition"]
    last = db.session.scalar(select(AuditRecord).where(AuditRecord.verb == "export"))
    assert last.details == '{"filter": "in_town=yes", "kind": "csv", "rows": 1}'
    assert exported(client, "xlsx").get_data().startswith(b"PK")


def test_a_reader_keeps_filters_and_columns_that_only_he_sees(cast, enter, make_customer):
    make_customer()
    client = enter("clerk")
    client.send(f"{LIST}views/?in_town=yes&page=3", LIST, name="我的市内")
    page = client.page(LIST)
    assert re.search(r'href="\?in_town=yes"[^>]*>我的市内 <small>1</small>', page)
    other = enter("manager")
    assert "我的市内" not in other.page(LIST)
    kept = re.search(r'name="id" value="(\d+)"', client.page(f"{LIST}?in_town=yes"))[1]
    assert other.send(f"{LIST}views/drop/", LIST, id=kept).status_code == 404
    client.send(f"{LIST}columns/", LIST, column=["name", "phone"])
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', client.page(LIST))
    assert len(heads) == 2
    assert client.send(f"{LIST}columns/", LIST, column="password_hash").status_code == 400


def test_empty_lists_say_what_to_do(cast, enter):
    client = enter("clerk")
    assert "登记第一家客户" in client.page(LIST)
    page = client.page(f"{LIST}?in_town=yes&q=无此客户")
    assert "没有符合条件的客户" in page
    assert "去掉“地区”" in page


def test_script_in_a_name_is_words(cast, enter, make_customer):
    row = make_customer("<script>alert(1)</script>{{7*7}}")
    client = enter("clerk")
    for path in (LIST, f"{LIST}{row.id}/", f"{LIST}{row.id}/edit/"):
        page = client.page(path)
        assert "<script>alert" not in page
        assert "{{7*7}}" in page
