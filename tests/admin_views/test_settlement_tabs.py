"""The tabs of a month, its file, and what a refusal leaves behind, as a browser's requests see them."""

import html
import io
import json
import re

import openpyxl
import pytest
from sqlalchemy import event, func, select

from models import db
from models.audit import AuditRecord
from models.employee import Employee
from models.settlement import SettlementLine, SettlementMismatch
from rules.settlement import LineKind
from tests.cast import JUNE, people, take_in
from workflows import settlement as steps
from workflows.settlement_report import settlement_report, statistics_report
from workflows.what_if import what_if

MONTH = f"/admin/settlement/{JUNE}"


@pytest.fixture
def month(app):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    steps.draft(JUNE, actor=cast["clerk"])
    return cast


def cells(page):
    """The texts of a page's table cells."""
    found = re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


def records():
    return db.session.scalar(select(func.count()).select_from(AuditRecord))


def test_the_statistics_tab_shows_what_the_report_says(month, enter):
    shown = cells(enter("manager").page(f"{MONTH}/?tab=statistics"))
    report = statistics_report(JUNE)
    for technician in report["technicians"]:
        at = shown.index(technician["name"])
        row = shown[at : at + 22]
        assert row[4] == str(technician["complete_forms"] or "–"), technician["name"]
        assert row[6] == (technician["satisfaction"] or "–")
        assert row[7:11] == [str(n or "–") for n in technician["call_backs"].values()]
        assert row[14] == _clock(technician["sla"]["respond"])
    department = shown[shown.index("合计") :]
    assert department[6] == report["department"]["satisfaction"]
    assert department[18].replace(",", "") == report["department"]["sales"]


def _clock(clock):
    return f"{clock['met']} / {clock['due']}" if clock["due"] else "–"


def test_what_if_shows_the_real_and_the_tried_net_and_changes_nothing(month, enter):
    before, leader = settlement_report(JUNE), enter("leader")
    noted = records()
    page = leader.page(f"{MONTH}/?tab=what_if&allowance_onsite=130&no_complaint_bonus=0")
    tried = what_if(JUNE, {"allowance_onsite": "130", "no_complaint_bonus": "0"})
    shown = [cell.replace(",", "").replace("−", "-") for cell in cells(page)]
    for row in [*tried["employees"], {"name": "合计", **tried["totals"]}]:
        at = shown.index(row["name"])
        assert shown[at + 1 : at + 3] == [row["real"], row["what_if"]]
        difference = row["difference"]
        assert shown[at + 4].lstrip("+") == ("–" if difference == "0.00" else difference)
    assert settlement_report(JUNE) == before
    assert records() == noted


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("allowance_onsite=x", "请填 0 或以上的金额"),
        ("allowance_onsite=-1", "请填 0 或以上的金额"),
        ("allowance_onsite=1.005", "最多两位小数"),
        ("parts_commission_rate=31", "请填 0 到 1 的比例"),
        ("complaint_limit=0", "请填 1 或以上的整数"),
        ("minimum_wage=NaN", "请填 0 或以上的金额"),
        ("minimum_wage=1e400", "请填 0 或以上的金额"),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_field_and_kept(month, enter, query, sentence):
    page = enter("manager").page(f"{MONTH}/?tab=what_if&{query}&no_complaint_bonus=320")
    name, _equals, value = query.partition("=")
    assert sentence in re.search(rf'id="try-{name}-error">.*?</div>', page, re.S)[0]
    assert f'name="{name}" value="{value}"' in page
    assert 'name="no_complaint_bonus" value="320"' in page
    assert "试算应发</th>" not in page


@pytest.mark.parametrize("tab", ["mismatches", "compare", "what_if", "history", "x"])
def test_a_technician_has_no_tab_that_is_about_others(month, enter, tab):
    technician = enter("technician", employee="T003")
    assert technician.get(f"{MONTH}/?tab={tab}").status_code == 404
    assert technician.get(f"{MONTH}/lines/T001", headers={"HX-Request": "true"}).status_code == 404
    assert technician.get(f"{MONTH}/export").status_code == 403


def test_a_technician_reads_his_month_as_a_statement(month, enter):
    page = enter("technician", employee="T003").page(f"{MONTH}/")
    (me,) = (e for e in settlement_report(JUNE)["employees"] if e["employee"] == "T003")
    for sum_of in ("net", "base_paid", "payable"):
        assert f"{float(me[sum_of]):,.2f}" in page
    for line in me["lines"]:
        assert line["source"] in page or line["kind"] == "no_complaint_bonus"
    assert "不一致" not in page


def test_his_statistics_are_his_row_alone(month, enter):
    shown = cells(enter("technician", employee="T003").page(f"{MONTH}/?tab=statistics"))
    names = {t["name"] for t in statistics_report(JUNE)["technicians"]}
    assert names & set(shown) == {"沈娟"}
    assert "合计" not in shown


def test_a_technician_who_is_no_employee_sees_nobodys_pay(month, enter):
    page = enter("technician").page(f"{MONTH}/")
    assert not any(e["name"] in page for e in settlement_report(JUNE)["employees"])
    assert settlement_report(JUNE)["totals"]["net"].replace(".", "") not in page.replace(
        ",", ""
    ).replace(".", "")


def test_the_lines_of_an_employee_come_when_he_is_opened(month, enter):
    clerk = enter("clerk")
    assert "R7.2" not in clerk.page(f"{MONTH}/")
    lines = clerk.get(f"{MONTH}/lines/T001", headers={"HX-Request": "true"}).get_data(as_text=True)
    for line in settlement_report(JUNE)["employees"][0]["lines"]:
        assert line["source"] in lines or line["kind"] == "no_complaint_bonus"
    assert clerk.get(f"{MONTH}/lines/T001").location.endswith("?employee=T001#row-T001")


def test_the_excel_file_is_the_settlement_and_its_taking_is_on_record(month, enter):
    answer = enter("finance").get(f"{MONTH}/export")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data), data_only=True)
    assert len(book.sheetnames) == len(settlement_report(JUNE)["employees"]) + 2
    entry = db.session.scalar(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1))
    rows = sum(len(e["lines"]) for e in settlement_report(JUNE)["employees"])
    assert (entry.verb, entry.noun, entry.subject, entry.actor.username) == (
        "export",
        "settlement",
        "2026-06",
        "web-finance",
    )
    assert json.loads(entry.details)["rows"] == rows


@pytest.mark.parametrize("role", ["technician", "commerce", "project_manager", "admin"])
def test_who_may_not_export_leaves_no_trace_and_takes_nothing(month, enter, role):
    client, before = enter(role), records()
    assert client.get(f"{MONTH}/export").status_code == 403
    assert records() == before


def test_a_refused_submission_gives_back_every_word_that_was_typed(month, enter):
    clerk = enter("clerk")
    page = clerk.page(f"{MONTH}/")
    first, *_others = re.findall(r'name="(why/[^"]+)"', page)
    digest = re.search(r'name="digest" value="([^"]+)"', page)[1]
    answer = clerk.send(f"{MONTH}/submit", f"{MONTH}/", digest=digest, **{first: "已催，下月补交"})
    assert answer.status_code == 409
    again = answer.get_data(as_text=True)
    assert f'name="{first}" value="已催，下月补交"' in again
    assert "data-open" in again
    assert "还没有说明" in again
    assert settlement_report(JUNE)["status"] == "draft"


def test_a_refused_return_keeps_its_reason(month, enter):
    steps.submit(JUNE, actor=month["clerk"], explain="已核对")
    manager = enter("manager")
    steps.give_back(JUNE, actor=month["manager"], reason="先查一下")
    answer = manager.send(f"{MONTH}/return", f"{MONTH}/", reason="底薪有误，请核对")
    assert answer.status_code == 409
    assert "已退回" in answer.get_data(as_text=True)
    assert steps.settlement_of(JUNE).state == "returned"


def test_explanations_live_on_when_a_returned_month_is_drafted_anew(month, enter):
    steps.submit(JUNE, actor=month["clerk"], explain="已核对")
    steps.give_back(JUNE, actor=month["manager"], reason="请核对底薪")
    steps.draft(JUNE, actor=month["clerk"])
    rows = db.session.scalars(select(SettlementMismatch)).all()
    assert rows
    assert {row.explanation for row in rows} == {"已核对"}


def test_lines_lead_to_their_sources_pages(month, enter):
    manager = enter("manager")
    expense = next(
        line["source"]
        for e in settlement_report(JUNE)["employees"]
        for line in e["lines"]
        if line["kind"] == "expense_reimbursement"
    )
    answer = manager.get(f"/admin/source/expense_reimbursement/{expense}")
    assert answer.status_code == 302
    assert expense in manager.page(answer.location)
    assert manager.get("/admin/source/expense_reimbursement/none").status_code == 404
    assert manager.get("/admin/source/nothing/none").status_code == 404


@pytest.mark.parametrize(
    ("tab", "most"),
    [("employees", 15), ("mismatches", 15), ("compare", 15), ("history", 15), ("statistics", 35)],
)
def test_a_page_asks_the_database_a_few_times_whatever_the_rows(month, enter, tab, most):
    manager, asked = enter("manager"), []
    manager.page(f"{MONTH}/?tab={tab}")
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    manager.page(f"{MONTH}/?tab={tab}")
    assert len([s for s in asked if s.startswith("SELECT")]) <= most


def test_a_line_of_an_approved_month_leads_the_clerk_to_its_correction(month, enter):
    """R9.5: the form stands filled in; of a month not yet approved, and for others, nothing is offered."""
    query = select(SettlementLine, Employee).join(
        Employee, Employee.id == SettlementLine.employee_id
    )
    line, employee = db.session.execute(
        query.where(SettlementLine.kind == LineKind.BASE_PAY)
    ).first()
    number, name, source = employee.number, employee.name, line.source
    path = f"{MONTH}/?employee={number}"
    clerk = enter("clerk", name="another")
    assert "/admin/correction/new/" not in clerk.page(path)
    steps.submit(JUNE, actor=month["clerk"], explain="已核对")
    steps.review(JUNE, actor=month["manager"])
    steps.approve(JUNE, actor=month["leader"])
    links = re.findall(r'href="(/admin/correction/new/[^"]+)"', clerk.page(path))
    (link,) = (html.unescape(one) for one in links if "kind=base_pay" in one)
    form = clerk.page(link)
    for value in (str(JUNE), source):
        assert f'value="{value}"' in form
    assert name in form
    assert "/admin/correction/new/" not in enter("manager").page(path)
