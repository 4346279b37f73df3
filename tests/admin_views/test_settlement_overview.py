"""The list of all months: what each comes to, its state, and whose signatures stand under it (R9.1, R9.2)."""

import re

import pytest

from tests.cast import JUNE, carry_through, people, take_in
from workflows import settlement as steps
from workflows.settlement_report import settlement_report

ALL = "/admin/settlement/all/"
KEYS = ("wage", "reimbursements", "refunds", "deductions", "net", "payable", "carried_forward")


@pytest.fixture
def cast(app):
    found = people()
    take_in("register.xlsx", found["clerk"])
    return found


def rows(page):
    """The texts of each row's cells, by month."""
    found = {}
    for row in page.split("<tr data-row>")[1:]:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row.split("</tr>")[0], re.S)
        texts = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]
        found[texts[0]] = texts[1:]
    return found


def figure(key, text):
    amount = f"{float(text):,.2f}"
    return "–" if float(text) == 0 else f"−{amount}" if key == "deductions" else amount


def names(cast, *roles):
    return " → ".join(cast[role].display_name for role in roles)


def test_each_month_stands_with_its_totals_and_signatures(cast, enter):
    auditor = enter("auditor")
    assert "还没有起草过月份" in auditor.page(ALL)
    carry_through(JUNE, cast)
    steps.draft(JUNE.plus(1), actor=cast["clerk"])
    shown = rows(auditor.page(ALL))
    assert list(shown) == [str(JUNE.plus(1)), str(JUNE)]
    for month in (JUNE, JUNE.plus(1)):
        report = settlement_report(month)
        state, count, *amounts, signed = shown[str(month)]
        assert int(count) == len(report["employees"])
        assert amounts == [figure(key, report["totals"][key]) for key in KEYS]
        assert state == ("已审批" if month == JUNE else "草稿")
        signers = ("clerk", "manager", "leader") if month == JUNE else ()
        assert signed == (names(cast, *signers) or "–")
    assert any(amount != "–" for amount in shown[str(JUNE)][5:])


def test_a_signature_under_what_went_back_stands_no_longer(cast, enter):
    auditor = enter("auditor")
    steps.draft(JUNE, actor=cast["clerk"])
    steps.submit(JUNE, actor=cast["clerk"], explain="已核对")
    steps.review(JUNE, actor=cast["manager"])
    assert rows(auditor.page(ALL))[str(JUNE)][-1] == names(cast, "clerk", "manager")
    steps.give_back(JUNE, actor=cast["leader"], reason="请再核对")
    assert rows(auditor.page(ALL))[str(JUNE)][-1] == "–"
    steps.draft(JUNE, actor=cast["clerk"])
    steps.submit(JUNE, actor=cast["clerk"], explain="已核对")
    assert rows(auditor.page(ALL))[str(JUNE)][-1] == names(cast, "clerk")


def test_a_technician_gets_his_own_sums_alone(cast, enter):
    carry_through(JUNE, cast)
    (me,) = (e for e in settlement_report(JUNE)["employees"] if e["employee"] == "T003")
    ((_state, *amounts, _signed),) = rows(enter("technician", employee="T003").page(ALL)).values()
    assert amounts == [figure(key, me[key]) for key in KEYS]


def test_a_technician_who_is_no_employee_gets_nobodys(cast, enter):
    carry_through(JUNE, cast)
    ((_state, *amounts, _signed),) = rows(enter("technician").page(ALL)).values()
    assert amounts == ["–"] * len(KEYS)
