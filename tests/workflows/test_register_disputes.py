"""Calls and forms of a workbook, in whatever order they come in, put a visit in doubt (R4.4)."""

import pytest
from sqlalchemy import select

from models import db
from models.feedback_form import FeedbackForm
from tests.cast import JULY, JUNE, carry_through, people
from tests.workflows.paper_register import PaperRegister, register_of
from workflows.register_import import import_register
from workflows.settlement_report import settlement_report
from workflows.transaction import writing


@pytest.fixture
def paper():
    paper = PaperRegister()
    paper.write("员工", 工号="T1", 姓名="吕桂", 类别="专职", 入职日期="2020-01-01", 底薪="2600")
    paper.write("员工", 工号="Z1", 姓名="秦杰", 类别="其他", 入职日期="2020-01-01", 底薪="1")
    paper.write("客户", 客户编号="C1", 客户名称="示例客户", 区域="市内")
    paper.write(
        "服务记录", 服务单号="FW1", 报修时间="2026-06-01 09:00", 来源="服务电话", 客户编号="C1", 故障现象="门禁读卡失灵",
        问题等级="C", 服务方式="电话", 技术员="T1", 完成时间="2026-06-01 10:00",
    )  # fmt: skip
    paper.write(
        "反馈单", 服务单号="FW1", 故障现象="门禁读卡失灵", 检查记录="检查线路", 处理结果="更换后恢复正常",
        客户签字="吕文", 签字时间="2026-06-01 11:00",
    )  # fmt: skip
    return paper


def hand_in(paper, clerk):
    assert not import_register(register_of(paper.sheets), actor=clerk, file_digest="0" * 64).faults


def call(paper, satisfaction):
    paper.write(
        "回访记录",
        服务单号="FW1",
        日期="2026-06-02",
        回访人="Z1",
        结果="已接通",
        满意度=satisfaction,
    )


def allowances(month):
    lines = [x for e in settlement_report(month)["employees"] for x in e["lines"]]
    return [x["source"] for x in lines if x["kind"] == "service_allowance"]


@pytest.mark.parametrize("known_first", ["call", "form"])
def test_a_call_puts_a_visit_in_doubt_whichever_was_known_first(app, paper, known_first):
    cast, form = people(), paper.of("反馈单")[0]
    later = {"call": lambda: form.update(满意度="5", 审核日期="2026-06-03"),
             "form": lambda: call(paper, "1")}  # fmt: skip
    later["form" if known_first == "call" else "call"]()
    hand_in(paper, cast["clerk"])
    later[known_first]()
    hand_in(paper, cast["clerk"])
    carry_through(JUNE, cast)
    assert allowances(JUNE) == []


def test_a_visit_cleared_before_its_form_was_accepted_counts_when_it_is_accepted(app, paper):
    cast, form = people(), paper.of("反馈单")[0]
    form["满意度"] = "5"
    call(paper, "1")
    hand_in(paper, cast["clerk"])
    with writing():
        db.session.scalar(select(FeedbackForm)).cleared_on = JUNE.last_day
    form["审核日期"] = "2026-07-03"
    hand_in(paper, cast["clerk"])
    carry_through(JUNE, cast)
    carry_through(JULY, cast)
    assert (allowances(JUNE), allowances(JULY)) == ([], ["FW1"])
