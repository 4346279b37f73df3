"""A list as a file: the same words as on screen, the columns asked for, nothing of the code (R10)."""

import csv
import io
import re

import openpyxl
import pytest

from admin_views.noun.base import NounBase
from rules.permissions import Reach, Role, reach
from tests.cast import JUNE, carry_through, people, take_in

CODE = re.compile(r"\w+\(\w+=|<\w|object at|\bNone\b|\b[a-z]+_[a-z]+\b|\bTrue\b|\bFalse\b")


@pytest.fixture
def reader(app, enter):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)
    return enter(*(role.value for role in Role if role is not Role.TECHNICIAN), name="sees-all")


def as_csv(client, noun, query="", **form):
    answer = client.send(f"/admin/{noun}/export/csv/{query}", seen="/admin/profile/", **form)
    assert answer.status_code == 200, noun
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def exported(app):
    """The nouns whose lists can be exported."""
    found = [view for view in app.extensions["admin"][0]._views if isinstance(view, NounBase)]
    roles = frozenset(role for role in Role if role is not Role.TECHNICIAN)
    return [view for view in found if reach(view.verb_of("export"), roles) is not Reach.NONE]


def test_every_list_goes_out_in_words_as_csv_and_as_excel(app, reader):
    filled, spoiled = 0, []
    for view in exported(app):
        rows = as_csv(reader, view.noun)
        filled += len(rows) > 1
        assert len(rows[0]) == len(view.columns), view.noun
        spoiled += [(view.noun, cell) for row in rows for cell in row if CODE.search(cell)]
        answer = reader.send(f"/admin/{view.noun}/export/xlsx/", seen="/admin/profile/")
        book = openpyxl.load_workbook(io.BytesIO(answer.get_data()), read_only=True)
        once_more = view.noun == "audit"  # the export before stands on record
        assert len(list(book.active.iter_rows())) == len(rows) + once_more, view.noun
    assert filled > 12
    assert spoiled == []


def test_the_columns_named_go_out_and_no_other(app, reader):
    whole = as_csv(reader, "ticket")
    some = as_csv(reader, "ticket", column=["number", "status"])
    at = [whole[0].index(head) for head in ("服务单", "状态")]
    assert some == [[row[n] for n in at] for row in whole]
    answer = reader.send(
        "/admin/ticket/export/csv/", seen="/admin/profile/", column="password_hash"
    )
    assert answer.status_code == 400


def test_the_list_offers_its_own_columns_and_all(reader):
    page = reader.page("/admin/ticket/")
    assert "Excel，显示的列" in page and "CSV，全部列" in page
    assert page.count('name="column" value="fault"') == 2  # once for the files, once for choosing
    whole, every = as_csv(reader, "ticket"), as_csv(reader, "ticket", column=["number"], every="1")
    assert every == whole and len(whole[0]) > 5
