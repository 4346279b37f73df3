"""Several months open at a time: a source counts in one of them, a stale draft is no breach (R9.3)."""

import pytest

from tests.cast import AUGUST, JULY, JUNE, carry_through, people
from tests.workflows.paper_register import PaperRegister, register_of
from workflows import settlement as steps
from workflows.receivable import reverse_payment
from workflows.refusal import Refused
from workflows.register_import import import_register
from workflows.settlement_report import settlement_report
from workflows.verify import find_breaches


def register(paper, clerk):
    assert not import_register(register_of(paper.sheets), actor=clerk, file_digest="0" * 64).faults


def pay(paper, number, day, amount="1000"):
    paper.write("收款", 收款编号=number, 日期=day, 单据编号="RJ1", 金额=amount)


@pytest.fixture
def cast(app):
    return people()


@pytest.fixture
def paper(cast):
    """One technician on 5000.00 with a software service of 1000.00, completed and paid in June."""
    paper = PaperRegister()
    paper.write("员工", 工号="T1", 姓名="吕桂", 类别="非专职", 入职日期="2020-01-01", 底薪="5000")
    paper.write("客户", 客户编号="C1", 客户名称="示例客户", 区域="市内")
    paper.write(
        "软件服务", 单号="RJ1", 申报日期="2026-06-01", 经手人="T1", 客户编号="C1", 服务内容="安装", 收费金额="1000",
        审批级别="公司领导", 批准日期="2026-06-01", 完成日期="2026-06-02",
    )  # fmt: skip
    return paper


def commissions(month):
    lines = [x for e in settlement_report(month)["employees"] for x in e["lines"]]
    return [x["amount"] for x in lines if x["kind"] == "software_commission"]


def test_a_reversal_is_taken_back_in_the_first_of_two_open_months(cast, paper):
    pay(paper, "SK1", "2026-06-03")
    register(paper, cast["clerk"])
    carry_through(JUNE, cast)
    reverse_payment("SK1", actor=cast["finance"], reason="记错单据")
    for month in (JULY, AUGUST):
        steps.draft(month, actor=cast["clerk"])
    found = [commissions(month) for month in (JUNE, JULY, AUGUST)]
    assert found == [["400.00"], ["-400.00"], []]  # 40 % of 1000.00


def test_a_reversal_that_changes_nothing_takes_nothing_back(cast, paper):
    pay(paper, "SK1", "2026-06-03", "999")
    register(paper, cast["clerk"])
    reverse_payment("SK1", actor=cast["finance"], reason="少一元")
    pay(paper, "SK2", "2026-06-04")
    register(paper, cast["clerk"])
    carry_through(JUNE, cast)
    for month in (JULY, AUGUST):
        steps.draft(month, actor=cast["clerk"])
    assert [commissions(month) for month in (JUNE, JULY, AUGUST)] == [["400.00"], [], []]


def test_a_commission_of_nothing_is_settled_as_well(cast, paper):
    """Settled at 0 % in June, its payment wrongly recorded once and reversed: July's 40 % is not for it."""
    paper.write("制度参数", 参数="software_commission_rate", 值="0", 生效月份="2026-06")
    paper.write("制度参数", 参数="software_commission_rate", 值="0.4", 生效月份="2026-07")
    pay(paper, "SK1", "2026-06-03", "999")
    register(paper, cast["clerk"])
    reverse_payment("SK1", actor=cast["finance"], reason="少一元")
    pay(paper, "SK2", "2026-06-04")
    register(paper, cast["clerk"])
    carry_through(JUNE, cast)
    steps.draft(JULY, actor=cast["clerk"])
    assert [commissions(month) for month in (JUNE, JULY)] == [[], []]


def test_a_draft_that_rests_on_an_older_one_is_stale_and_no_breach(cast, paper):
    complaint = paper.write(
        "投诉", 投诉编号="TS1", 受理日期="2026-06-05", 客户编号="C1", 被投诉人="T1", 类型="私自收费", 内容="收钱",
        核实结果="属实", 核实日期="2026-06-10", 私自收费金额="300",
    )  # fmt: skip
    paper.sheets["投诉"].remove(complaint)
    register(paper, cast["clerk"])
    for month in (JUNE, JULY):
        steps.draft(month, actor=cast["clerk"])
    paper.sheets["投诉"].append(complaint)
    register(paper, cast["clerk"])
    steps.draft(JULY, actor=cast["clerk"])  # takes the 500.00
    steps.draft(JUNE, actor=cast["clerk"])  # takes them first; July's draft is stale now
    assert list(find_breaches()) == []
    with pytest.raises(Refused, match="重新起草"):
        steps.submit(JULY, actor=cast["clerk"], explain="已核对")
    steps.draft(JULY, actor=cast["clerk"])
    deductions = [settlement_report(m)["totals"]["deductions"] for m in (JUNE, JULY)]
    assert deductions == ["500.00", "0.00"]
    assert list(find_breaches()) == []
