"""Private charging and corrections on their own screens, from the first entry to the signature (R8.1, R9.5)."""

import re

import pytest
from sqlalchemy import select

from models import db
from models.correction import Correction
from models.employee import Employee
from models.private_charge_case import PrivateChargeCase
from rules.correction import CorrectionState
from rules.private_charge_case import PrivateChargeState
from tests.admin_views.conftest import token
from tests.cast import JUNE, carry_through, people, take_in
from tests.workflows.test_private_charge_case import case, cast  # noqa: F401 (fixtures)

EVIDENCE = {
    "proof": "收据照片",
    "statement": "承认收取",
    "money_goes": "customer",
    "reason": "一次",
}


def take(client, path, **form):
    """The answer to a step's form, sent with all that its page holds by itself."""
    page = client.get(path)
    version = re.search(r'name="row_version" value="(\d+)"', page.get_data(as_text=True))
    data = {"csrf_token": token(page), **form}
    if version:
        data["row_version"] = version[1]
    return client.post(path, data=data)


def charge(case_id):
    db.session.expire_all()
    return db.session.get(PrivateChargeCase, case_id)


def test_the_open_case_leads_from_the_approvals_to_its_form_and_to_the_leader(case, enter):  # noqa: F811
    manager, leader = enter("manager"), enter("leader")
    path = f"/admin/private_charge/{case}/"
    cost = "扣款 ¥700.00（收取 ¥500.00，处罚 ¥200.00）"
    assert cost in manager.page(path) and f"批准后从当月起{cost}" in manager.page(path + "propose/")
    assert f'href="{path}"' in manager.page(f"/admin/approval/private_charge/{case}/")
    assert take(manager, path + "propose/", **EVIDENCE).status_code == 302
    assert charge(case).state is PrivateChargeState.PROPOSED
    assert take(leader, path + "send_back/", reason="金额不对").status_code == 302
    again = manager.page(path + "propose/")
    assert "收据照片" in again  # what was sent back is mended, not written anew
    assert take(manager, path + "propose/", **EVIDENCE).status_code == 302
    assert take(leader, path + "approve/").status_code == 302
    assert charge(case).state is PrivateChargeState.APPROVED


@pytest.mark.parametrize("missing", ["proof", "statement", "money_goes"])
def test_a_case_without_all_its_evidence_stays_with_the_manager(case, enter, missing):  # noqa: F811
    path = f"/admin/private_charge/{case}/propose/"
    answer = take(enter("manager"), path, **{**EVIDENCE, missing: ""})
    assert answer.status_code == 400
    assert "请填写。" in answer.get_data(as_text=True)
    assert charge(case).state is PrivateChargeState.OPEN


def test_a_technician_sees_his_own_case_only(case, enter):  # noqa: F811
    own, other = (
        enter("technician", employee="T001"),
        enter("technician", employee="T002", name="b"),
    )
    path = f"/admin/private_charge/{case}/"
    assert own.get(path).status_code == 200
    assert other.get(path).status_code == 404
    assert own.get(path + "propose/").status_code == 403


def corrected(**overrides):
    owner = db.session.scalar(select(Employee.id).where(Employee.number == "T001"))
    values = {
        "corrects_month": str(JUNE), "employee_id": str(owner), "kind": "no_complaint_bonus",
        "corrects_source": str(JUNE), "amount": "-50.00", "reason": "投诉漏计",
    }  # fmt: skip
    return values | overrides


@pytest.fixture
def june(app):
    team = people()
    take_in("register.xlsx", team["clerk"])
    carry_through(JUNE, team)
    return team


def test_three_people_carry_a_correction_through_on_screen(june, enter):
    clerk, manager, leader = enter("clerk"), enter("manager"), enter("leader")
    assert take(clerk, "/admin/correction/new/", **corrected()).status_code == 302
    row = db.session.scalar(select(Correction))
    path = f"/admin/correction/{row.id}/"
    assert leader.get(path + "approve/").status_code == 409  # not passed yet
    question = f"{row.employee.name} {JUNE} 售后服务奖金 −¥50.00？"
    assert f"审核通过：{question}" in manager.page(path + "review/")
    assert take(manager, path + "review/").status_code == 302
    assert take(leader, path + "approve/").status_code == 302
    db.session.expire_all()
    assert row.state is CorrectionState.APPROVED
    assert "已审批" in leader.page(path)


@pytest.mark.parametrize(
    ("overrides", "why"),
    [
        ({"amount": "-300.01"}, "不能扣回更多"),
        ({"corrects_month": "2026-07"}, "还没有审批"),
        ({"amount": "0"}, "不能为 0"),
        ({"kind": "overdue_deduction"}, "会自己跟上"),
        ({"corrects_month": "七月"}, "月份写作 2026-11"),
    ],
)
def test_what_cannot_be_corrected_is_said_and_nothing_typed_is_lost(june, enter, overrides, why):
    answer = take(enter("clerk"), "/admin/correction/new/", **corrected(**overrides))
    page = answer.get_data(as_text=True)
    assert answer.status_code in (400, 409)
    assert why in page
    assert "投诉漏计" in page
    assert db.session.scalar(select(Correction)) is None


def test_a_line_of_a_settlement_names_itself_in_the_form(june, enter):
    clerk = enter("clerk")
    query = f"month={JUNE}&employee=T001&kind=no_complaint_bonus&source={JUNE}"
    page = clerk.page(f"/admin/correction/new/?{query}")
    assert f'value="{JUNE}"' in page
    assert clerk.get("/admin/correction/new/?month=x&kind=y").status_code == 400


def test_a_complaint_of_private_charging_leads_to_its_case(case, enter):  # noqa: F811
    """R8.1."""
    complaint = db.session.get(PrivateChargeCase, case).complaint_id
    assert f'href="/admin/private_charge/{case}/"' in enter("manager").page(
        f"/admin/complaint/{complaint}/"
    )
