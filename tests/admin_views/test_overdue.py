"""The overdue screen by role, what a refusal leaves in the page, and the export (R8.2–R8.7, R10)."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal as D

import openpyxl
import pytest
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.overdue_case import CollectionEntry, OverdueCase
from rules.overdue_case import CaseState, LeaverClaimState
from rules.permissions import Role, allowed
from tests.cast import NOVEMBER, carry_through, people
from tests.overdue_world import (
    COMPLETE,
    go_live,
    make_case,
    make_employee,
    make_receivable,
    on,
    pay,
    proposal,
)
from workflows import overdue_case as steps

FORM = {
    "rate": "85", "reason": "口头同意无记录", "finding": "未报批即赊销交货", "basis": "制度 六.1(1)C",
    "notified_on": "2026-10-26", "agrees": "no", "statement": "请分月扣",
}  # fmt: skip
ROLES_THAT_READ = ("clerk", "commerce", "finance", "manager", "leader", "auditor")
PATHS = ("collect", "state", "save", "propose", "propose-waiver", "approve", "send-back", "waive",
         "pursue", "waive-claim")  # fmt: skip


@pytest.fixture(autouse=True)
def third_of_november(app):
    with on(date(2026, 11, 3)):
        yield


@pytest.fixture
def cast(app):
    return people()


@pytest.fixture
def row(app):
    return make_receivable(make_employee(name="陈志强"))


@pytest.fixture
def case(row, cast):
    return make_case(row, cast["finance"])


def address(case, step=""):
    return f"/admin/overdue/{case.id}/{step}"


def digest(client, case):
    found = re.search(r'name="digest" value="([^"]+)"', client.page(address(case)))
    return found[1] if found else ""


def send(client, case, step, **form):
    """Post a step as the page would, with what the page showed."""
    form = {"digest": digest(client, case), **form}
    return client.send(address(case, step), seen=address(case), **form)


def fresh(case):
    db.session.expire_all()
    return db.session.get(OverdueCase, case.id)


def words(answer):
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("role", ROLES_THAT_READ)
def test_who_may_read_the_cases_sees_the_one_that_is_open(role, case, enter):
    page = enter(role).page(address(case))
    for said in (
        "XS-2025-0112",
        "陈志强",
        "6,860.00",
        "2025-10-21 → 2026-10-21",
        "请分月扣",
        "待定比例",
    ):
        assert said in page


@pytest.mark.parametrize("role", ["project_manager", "admin"])
def test_who_has_no_business_with_deductions_is_kept_out(role, case, enter):
    client = enter(role)
    assert client.get("/admin/overdue/").status_code == 403
    assert client.get(address(case)).status_code == 403


def test_the_effect_on_the_pay_stands_beside_the_rate(case, enter):
    """R8.4, R8.5: figures as in the picture of the screen."""
    page = enter("manager").page(address(case))
    for said in (
        "5,831.00",
        "−1,722.40",
        "4,108.60",
        "20 % × 8,612.00",
        "6,889.60",
        "提交领导审批",
    ):
        assert said in page


def test_commerce_sees_the_case_and_nobodys_pay(case, cast, enter):
    """R10."""
    case.state, case.decided_on = CaseState.DECIDED, date(2026, 11, 3)
    db.session.commit()
    client = enter("commerce")
    page = client.page(address(case))
    assert "85 %" in page
    assert not any(amount in page for amount in ("1,722.40", "8,612.00", "5,831.00"))
    assert client.get(address(case, "effect?rate=85")).status_code == 404
    for view in ("employee", "month"):
        assert client.get(f"/admin/overdue/?view={view}").status_code == 404


def test_a_technician_sees_his_own_case_and_none_of_his_colleagues(case, cast, enter):
    """R10: a foreign one is not there, under any address."""
    other = make_case(make_receivable(make_employee("T02"), "XS-2"), cast["finance"])
    client = enter("technician", employee="T01")
    assert "XS-2025-0112" in client.page(address(case))
    assert "XS-2<" not in client.page("/admin/overdue/")
    for path in ("", "effect?rate=85"):
        assert client.get(address(other, path)).status_code == 404
    for step in ("collect", "state"):
        assert client.send(address(other, step), **FORM, manner="phone").status_code == 404
    assert fresh(other).statement == COMPLETE["statement"]


def test_a_technician_without_an_employee_sees_nothing(case, enter):
    client = enter("technician")
    assert client.get(address(case)).status_code == 404
    assert "没有逾期的应收款" in client.page("/admin/overdue/")


def test_the_managers_draft_is_nobody_elses_to_read(case, enter):
    """R8.3: the rate and its reason are the employee's to see once they are put forward."""
    pages = [enter(role).page(address(case)) for role in ("clerk", "leader")]
    pages.append(enter("technician", employee="T01").page(address(case)))
    assert not any(COMPLETE["reason"] in page or "85 %" in page for page in pages)
    assert COMPLETE["reason"] in enter("manager").page(address(case))


@pytest.mark.parametrize("role", ["clerk", "commerce", "finance", "auditor", "leader", "manager"])
def test_the_buttons_are_those_that_the_tables_allow(role, case, enter):
    page = enter(role).page(address(case))
    may = frozenset({Role(role)})
    assert ("/propose" in page) == allowed("overdue.propose", may)
    assert ('id="dlg-waive"' in page) == allowed("overdue.waive", may)
    assert ("/collect" in page) == allowed("overdue.collect", may)
    assert 'id="dlg-approve"' not in page


@pytest.mark.parametrize("step", PATHS)
def test_an_auditor_changes_nothing(step, case, enter):
    client = enter("auditor")
    before = case.row_version
    assert client.send(address(case, step), seen=address(case), **FORM).status_code == 403
    assert fresh(case).row_version == before


@pytest.mark.parametrize("step", PATHS)
def test_without_a_token_and_by_get_nothing_is_written(step, case, enter):
    client = enter("manager")
    assert client.post(address(case, step), data=FORM).status_code == 400
    assert client.get(address(case, step)).status_code in (403, 404, 405)


def test_manager_and_leader_decide_a_case_on_screen(case, enter):
    """R8.3: draft, proposal, approval."""
    manager, leader = enter("manager"), enter("leader")
    assert send(manager, case, "save", **FORM | {"rate": "92"}).status_code == 302
    assert (fresh(case).rate, fresh(case).state) == (D("0.92"), CaseState.UNDECIDED)
    send(manager, case, "propose", **FORM)
    assert fresh(case).state is CaseState.PROPOSED
    assert "批准 ¥5,831.00" in leader.page(address(case))
    send(leader, case, "approve")
    found = fresh(case)
    assert (found.state, found.rate, found.decided_on) == (
        CaseState.DECIDED, D("0.85"), date(2026, 11, 3),
    )  # fmt: skip
    assert "扣款中" in manager.page(address(case))


def test_a_proposal_is_sent_back_with_its_reason_and_waived_in_the_end(case, enter):
    manager, leader = enter("manager"), enter("leader")
    send(manager, case, "propose", **FORM)
    send(leader, case, "send-back", reason="过错写得不清楚")
    assert "过错写得不清楚" in manager.page(address(case))
    send(manager, case, "propose-waiver", reason="客户破产重整")
    assert "部门经理提议免除" in leader.page(address(case))
    send(leader, case, "waive", reason="同意")
    assert fresh(case).state is CaseState.WAIVED


def test_the_handler_logs_a_collection_and_states_his_case(case, enter):
    client = enter("technician", employee="T01")
    send(client, case, "collect", asked_on="2026-11-02", manner="visit", answer="答应月底付")
    send(client, case, "state", agrees="yes", statement="我同意承担八成")
    page = client.page(address(case))
    assert "答应月底付" in page
    assert "我同意承担八成" in page
    assert "本人所写" in page


def test_nobody_finds_a_button_for_his_own_case(case, enter):
    page = enter("manager", "leader", employee="T01").page(address(case))
    assert not any(mark in page for mark in ("/propose", 'id="dlg-waive"', "data-rate"))


REFUSALS = [
    ("save", {"rate": "79"}, "承担比例须在 80% 到 100% 之间"),
    ("save", {"rate": "1e400"}, "承担比例须在"),
    ("save", {"rate": "NaN"}, "承担比例须在"),
    ("save", {"notified_on": "昨天"}, "请填日期，例如"),
    ("save", {"notified_on": "2026-11-04"}, "请填实际送达的日期"),
    ("save", {"finding": "x" * 501}, "最多 500 个字"),
    ("save", {"basis": "a\x00b"}, "看不见的控制字符"),
    ("propose", {"basis": " "}, "请写明依据"),
    ("propose", {"reason": ""}, "请写明理由"),
    ("propose", {"agrees": ""}, "还没有员工的陈述"),
]


@pytest.mark.parametrize(("step", "wrong", "said"), REFUSALS)
def test_what_is_refused_stands_in_the_page_again_with_what_is_wrong(
    step, wrong, said, case, enter
):
    """Errors at the field, in words; nothing typed is lost, nothing is saved."""
    typed = FORM | {"statement": "这句话不能丢", "finding": "这一段也不能丢"} | wrong
    answer = send(enter("manager"), case, step, **typed)
    assert answer.status_code == 400
    page = words(answer)
    assert said in page
    assert "这句话不能丢" in page
    assert fresh(case).statement == COMPLETE["statement"]


def test_a_refused_entry_of_the_log_keeps_its_words(case, enter):
    answer = send(
        enter("clerk"), case, "collect", asked_on="2026-12-01", manner="phone", answer="年底一定付"
    )
    assert answer.status_code == 400
    assert "年底一定付" in words(answer)
    assert "请填实际联系客户的日期" in words(answer)
    assert db.session.scalar(select(func.count()).select_from(CollectionEntry)) == 1


def test_a_dialog_that_was_refused_opens_again_with_its_words(case, enter):
    reason = "客户破产重整" * 90
    page = words(send(enter("leader"), case, "waive", reason=reason))
    box = re.search(r'<dialog[^>]*id="dlg-waive".*?</dialog>', page, re.S)[0]
    assert "data-open" in box
    assert reason in box
    assert "最多 500 个字" in box


def test_script_in_every_field_stays_text(case, enter):
    evil = "<script>alert(1)</script>{{7*7}}"
    send(enter("manager"), case, "save", **FORM | dict.fromkeys(("reason", "finding", "basis", "statement"), evil))  # fmt: skip
    page = enter("manager", name="second").page(address(case))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_when_someone_was_faster_both_values_are_shown_and_nothing_is_lost(case, enter, cast):
    """I12."""
    client = enter("manager")
    seen = digest(client, case)
    steps.save_case(case.id, proposal(basis="同事写的依据", rate=D("0.95")), actor=cast["manager"])
    answer = send(client, case, "save", digest=seen, **FORM)
    page = words(answer)
    assert answer.status_code == 409
    assert "manager 比您快一步" in page
    for said in ("同事写的依据", "制度 六.1(1)C", "95 %", "口头同意无记录"):
        assert said in page
    assert fresh(case).basis == "同事写的依据"
    again = send(client, case, "save", **FORM)
    assert (again.status_code, fresh(case).basis) == (302, "制度 六.1(1)C")


@pytest.mark.parametrize("step", ["approve", "send-back", "waive"])
def test_the_leader_decides_on_what_he_saw(step, case, row, enter, cast):
    steps.propose(case.id, proposal(), actor=cast["manager"])
    leader = enter("leader")
    seen = digest(leader, case)
    pay(row, D("860.00"), date(2026, 11, 3))
    answer = send(leader, case, step, digest=seen, reason="同意")
    assert answer.status_code == 409
    assert "收款或催收记录有变化" in words(answer)
    assert fresh(case).state is CaseState.PROPOSED


def test_a_step_without_what_was_seen_is_refused(case, enter, cast):
    """I10: a form without the digest decides nothing."""
    steps.propose(case.id, proposal(), actor=cast["manager"])
    assert send(enter("leader"), case, "approve", digest="").status_code == 409
    assert fresh(case).state is CaseState.PROPOSED


@pytest.mark.parametrize(
    ("rate", "status"),
    [
        ("85", 200),
        ("80", 200),
        ("100", 200),
        ("79.99", 400),
        ("100.01", 400),
        ("x", 400),
        ("", 400),
    ],
)
def test_a_moved_slider_is_answered_with_the_effect_of_its_rate(rate, status, case, enter):
    answer = enter("manager").get(address(case, f"effect?rate={rate}"))
    assert answer.status_code == status
    if rate == "100":
        assert "6,860.00" in words(answer)
        assert "5,137.60" in words(answer)


def test_the_ledgers_say_what_was_deducted_and_carried(case, cast, enter):
    """R8.5: by employee and by month."""
    case.state, case.decided_on = CaseState.DECIDED, date(2026, 11, 3)
    go_live("2026-11")
    carry_through(NOVEMBER, cast)
    client = enter("auditor")
    for view in ("employee", "month"):
        page = client.page(f"/admin/overdue/?view={view}")
        assert "−1,722.40" in page
        assert "4,108.60" in page
    assert client.get("/admin/overdue/?view=year").status_code == 404


def test_the_first_page_tells_the_same_figures_as_the_cases(case, cast, enter):
    """R8.4: of 1,000.00 the handler bore 850.00, nothing more is taken for it, though the customer pays nothing."""
    over = make_receivable(make_employee("T02"), "XS-2025-0113", total=D("1000.00"), paid=None)
    make_case(over, cast["finance"], state=CaseState.DECIDED, decided_on=date(2026, 11, 3))
    go_live("2026-11")
    carry_through(NOVEMBER, cast)
    manager = enter("manager")
    home, page = manager.page("/admin/"), manager.page("/admin/overdue/")
    assert "逾期案件未收 <b>¥6,860.00</b>" in page
    assert "¥6,860.00" in home and "未决定 1 件" in home
    assert "扣款中 0 件" in page and "扣款中" not in home


def test_what_is_carried_says_what_of_it_those_who_left_owe(cast, enter):
    """R8.7: 4,108.60 from who is there; 5,831.00 from who left, of whose single day's wage nothing may be taken."""
    for number, more in (("T01", {}), ("T02", {"left_on": date(2026, 11, 1)})):
        row = make_receivable(make_employee(number, **more), f"XS-{number}")
        make_case(row, cast["finance"], state=CaseState.DECIDED, decided_on=date(2026, 11, 1))
    go_live("2026-11")
    carry_through(NOVEMBER, cast)
    page = enter("manager").page("/admin/overdue/")
    assert "扣款中 1 件" in page
    assert "结转 ¥9,939.60，其中追偿 ¥5,831.00" in page


def test_a_decision_from_a_workbook_says_what_it_lacks(row, cast, enter):
    """R8.3."""
    case = make_case(
        row, cast["finance"], state=CaseState.DECIDED, decided_on=date(2026, 11, 2),
        decided_by_id=cast["clerk"].id, collected=False, finding=None, agrees=None, statement=None,
    )  # fmt: skip
    page = enter("leader").page(address(case))
    assert "这是登记簿里的决定，缺：</b> 催收记录、过错认定、员工陈述" in page
    assert "登记簿所载，2026-11-02 批准" in page


def test_a_claim_is_shown_apart_and_the_leader_waives_it(cast, enter):
    """R8.7."""
    handler = make_employee(left_on=date(2026, 11, 1))
    case = make_case(
        make_receivable(handler), cast["finance"], state=CaseState.DECIDED,
        decided_on=date(2026, 11, 1), proposed_by_id=cast["manager"].id,
    )  # fmt: skip
    go_live("2026-11")
    carry_through(NOVEMBER, cast)
    leader, manager = enter("leader"), enter("manager")
    assert "追偿（已离职）" in leader.page("/admin/overdue/")
    assert 'id="dlg-pursue"' not in manager.page(address(case))
    send(leader, case, "pursue", reason="发律师函")
    assert fresh(case).claim is LeaverClaimState.PURSUED
    assert send(manager, case, "waive-claim", reason="算了").status_code == 403
    send(leader, case, "waive-claim", reason="下落不明")
    assert fresh(case).claim is LeaverClaimState.WAIVED
    assert "下落不明" in leader.page(address(case))


def export(client, kind, view="case"):
    return client.send(f"/admin/overdue/export/{kind}/?view={view}", seen="/admin/overdue/")


EVIL = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1")


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_computes_nothing_of_what_people_typed(kind, evil, case, enter):
    case.finding = evil
    db.session.commit()
    answer = export(enter("finance"), kind)
    assert answer.status_code == 200
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
        assert rows[1][rows[0].index("过错认定")] == f"'{evil}"
        assert rows[1][rows[0].index("未收")] == "6860.00"
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        cells = [cell for cell in sheet[2] if cell.value == evil]
        assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("view", ["case", "employee", "month"])
def test_an_export_is_on_record_with_who_which_view_and_how_many_rows(view, case, enter):
    """R10."""
    assert export(enter("auditor"), "csv", view).status_code == 200
    entry = db.session.scalars(select(AuditRecord).where(AuditRecord.verb == "export")).one()
    details = json.loads(entry.details)
    assert (entry.noun, entry.actor.username) == ("overdue_case", "web-auditor")
    assert details == {"kind": "csv", "filter": f"view={view}", "rows": 1 if view == "case" else 0}


@pytest.mark.parametrize("role", ["technician", "commerce"])
def test_who_may_not_export_finds_no_way_to(role, case, enter):
    client = enter(role, employee="T01")
    assert "export" not in client.page("/admin/overdue/")
    assert export(client, "csv").status_code == 403


def test_an_unknown_kind_of_file_or_view_is_not_there(case, enter):
    client = enter("clerk")
    assert export(client, "pdf").status_code == 404
    assert export(client, "csv", "year").status_code == 404


@pytest.mark.parametrize("path", ["999/", "0/", "99999999999999999999/", "x/", "-1/", "1/effect"])
def test_an_address_of_nothing_is_no_error(path, case, enter):
    assert enter("manager").get(f"/admin/overdue/{path}").status_code in (400, 404)
