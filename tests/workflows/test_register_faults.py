"""Every fault of workbook.md is found, named at its own cell, and keeps the whole register out."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from models import db
from models.employee import Employee
from rules.permissions import Role
from seed.workbook_reader import read_workbook
from tests.books import TODAY, cell, changed, write_book
from tests.cast import account
from workflows.register_import import import_register
from workflows.transaction import living_at


def on(text):
    return date.fromisoformat(f"2026-{text}")


def at(text):
    return datetime.fromisoformat(f"2026-{text}")


@pytest.fixture(scope="module")
def clerk(standing):
    return account("clerk", Role.CLERK)


@pytest.fixture
def judged(clerk, tmp_path):
    """What comes of a register with these cells changed: the cells of its faults, in order, and their sentences."""

    def judge(changes):
        with living_at(TODAY):
            register, layout = read_workbook(write_book(tmp_path / "book.xlsx", changed(changes)))
            outcome = import_register(register, actor=clerk, file_digest="0", dry_run=True)
        faults = layout.in_order(outcome.faults)
        return [layout.cell(fault) for fault in faults], [fault.sentence for fault in faults]

    return judge


def test_the_orderly_register_has_no_fault(judged):
    assert judged({}) == ([], [])


MISSING = [
    ("制度参数", "参数 值 生效月份"),
    ("员工", "工号 姓名 类别 入职日期 底薪"),
    ("底薪核定", "工号 月份 应发底薪 原因"),
    ("服务级别", "级别名称 服务时间 问题等级"),
    ("工作日历", "日期 类型"),
    ("客户", "客户编号 客户名称 区域"),
    ("项目", "项目编号 项目名称 客户编号"),
    ("厂商", "厂商名称"),
    ("设备", "序列号 设备名称 项目编号"),
    ("服务记录", "服务单号 报修时间 来源 客户编号 故障现象 问题等级 服务方式 技术员"),
    ("挂起记录", "服务单号 开始时间 原因"),
    ("反馈单", "服务单号"),
    ("回访记录", "服务单号 日期 回访人 结果"),
    ("投诉", "投诉编号 受理日期 客户编号 类型 内容 核实结果"),
    ("配件销售", "销售单号 日期 经手人 客户编号 商品名称 数量 销售单价 进货单价 结算方式"),
    ("软件服务", "单号 申报日期 经手人 客户编号 服务内容 收费金额"),
    ("返厂维修", "维修单号 申请日期 经手人 序列号"),
    ("收款", "收款编号 日期 单据编号 金额"),
    ("费用报销", "报销编号 日期 工号 服务单号 类别 金额"),
    ("逾期扣款", "单据编号 承担比例 理由 批准日期"),
]
# What else is wrong once a number that others name is gone.
FOLLOWING = {
    "项目!项目编号 2": ["设备!项目编号 2"],
    "员工!工号 2": ["底薪核定!工号 2", "服务记录!技术员 2", "服务记录!技术员 3", "投诉!被投诉人 2", "配件销售!经手人 2",
                 "配件销售!经手人 3", "配件销售!经手人 5", "费用报销!工号 2"],
    "客户!客户编号 2": ["项目!客户编号 2", "服务记录!客户编号 2", "服务记录!客户编号 5", "投诉!客户编号 3", "配件销售!客户编号 2",
                   "配件销售!客户编号 3", "软件服务!客户编号 2"],
    "厂商!厂商名称 2": ["设备!厂商 2"],
    "设备!序列号 2": ["服务记录!序列号 2", "配件销售!序列号 2", "返厂维修!序列号 3"],
    "服务记录!服务单号 2": ["挂起记录!服务单号 2", "反馈单!服务单号 2", "回访记录!服务单号 2", "费用报销!服务单号 2", "费用报销!服务单号 3"],
    "软件服务!单号 2": ["收款!单据编号 3"],
    "配件销售!销售单号 2": ["收款!金额 2"],
    "收款!单据编号 2": ["配件销售!发货日期 2"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "heading"), [(sheet, word) for sheet, words in MISSING for word in words.split()]
)
def test_a_missing_value_is_named_where_it_should_stand(judged, sheet, heading):
    cells, _ = judged({sheet: {2: {heading: None}}})
    named = f"{sheet}!{heading} 2"
    assert set(cells) == {cell(named), *map(cell, FOLLOWING.get(named, ()))}


REFERENCES = [
    "底薪核定!工号", "项目!客户编号", "设备!厂商", "设备!项目编号", "服务记录!客户编号", "服务记录!序列号", "服务记录!技术员",
    "挂起记录!服务单号", "反馈单!服务单号", "回访记录!服务单号", "回访记录!回访人", "投诉!客户编号", "投诉!服务单号",
    "投诉!被投诉人", "软件服务!经手人", "软件服务!客户编号", "返厂维修!经手人", "返厂维修!序列号", "收款!单据编号",
    "费用报销!工号", "费用报销!服务单号", "逾期扣款!单据编号", "项目!服务级别",
]  # fmt: skip


@pytest.mark.parametrize("named", REFERENCES)
def test_a_reference_to_what_is_nowhere_is_a_fault(judged, named):
    sheet, heading = named.split("!")
    cells, sentences = judged({sheet: {2: {heading: "X9"}}})
    assert cell(f"{named} 2") in cells
    assert "X9" in sentences[cells.index(cell(f"{named} 2"))]


@pytest.mark.parametrize("heading", ["经手人", "客户编号"])
def test_each_row_of_a_sale_is_checked(judged, heading):
    both = {2: {heading: "X9"}, 3: {heading: "X9"}}
    assert judged({"配件销售": both})[0] == [cell(f"配件销售!{heading} {row}") for row in (2, 3)]


def one(sheet, row, **cells):
    return {sheet: {row: cells}}


CASES = [
    # amounts
    ("R6.4 a payment of nothing", one("收款", 3, 金额=0), ["收款!金额 3"]),
    ("R6.4 a negative payment", one("收款", 3, 金额=-5), ["收款!金额 3"]),
    ("R6.1 no quantity", one("配件销售", 5, 数量=0), ["配件销售!数量 5"]),
    ("R6.1 four decimals of a quantity", one("配件销售", 5, 数量=1.2345), ["配件销售!数量 5"]),
    ("R6.1 no price", one("配件销售", 5, 销售单价=0), ["配件销售!销售单价 5"]),
    ("R6.1 a negative purchase price", one("配件销售", 5, 进货单价=-1), ["配件销售!进货单价 5"]),
    ("R6.1 negative costs", one("配件销售", 5, 其他费用=-1), ["配件销售!其他费用 5"]),
    ("R6.1 a sum that can't be kept", one("配件销售", 5, 数量=999999999, 销售单价=99999999), ["配件销售!数量 5"]),
    ("R6.3 no fee", one("软件服务", 3, 收费金额=0), ["软件服务!收费金额 3"]),
    ("R5.4 a negative fee", one("返厂维修", 3, 维修费=-1), ["返厂维修!维修费 3"]),
    ("R7.7 no amount", one("费用报销", 4, 金额=0), ["费用报销!金额 4"]),
    ("R7.7 a third decimal", one("费用报销", 4, 金额=6.005), ["费用报销!金额 4"]),
    ("R7.1 a negative base pay", one("员工", 3, 底薪=-1), ["员工!底薪 3"]),
    ("R7.1 a negative base pay found", one("底薪核定", 2, 应发底薪=-1), ["底薪核定!应发底薪 2"]),
    ("R8.1 nothing collected", one("投诉", 3, 私自收费金额=0), ["投诉!私自收费金额 3"]),
    # payments
    ("R6.4 above the total", one("收款", 2, 金额=650.01), ["收款!金额 2"]),
    ("R6.4 above the total by a second", one("收款", 5, 收款编号="SK04", 日期=on("09-09"), 单据编号="XS01", 金额=0.01), ["收款!金额 5"]),
    ("R6.4 above a free repair", one("收款", 5, 收款编号="SK04", 日期=on("09-09"), 单据编号="WX02", 金额=1), ["收款!金额 5"]),
    # delivery and approval
    ("R6.2 delivered a day before it was paid", one("配件销售", 2, 发货日期=on("09-08")), ["配件销售!发货日期 2"]),
    ("R6.2 delivered unpaid", one("配件销售", 5, 发货日期=on("10-12")), ["配件销售!发货日期 5"]),
    ("R6.2 credit that nobody approved", one("配件销售", 4, 审批级别=None, 审批日期=None), ["配件销售!审批级别 4", "配件销售!审批日期 4"]),
    ("R6.2 credit approved by whom", one("配件销售", 4, 审批级别=None), ["配件销售!审批级别 4"]),
    ("R6.2 credit approved when", one("配件销售", 4, 审批日期=None), ["配件销售!审批日期 4"]),
    ("R6.2 credit above the manager's limit", one("配件销售", 4, 数量=5), ["配件销售!审批级别 4"]),
    ("R6.2 approved after the delivery", one("配件销售", 4, 审批日期=on("08-04")), ["配件销售!审批日期 4"]),
    ("R6.3 above the manager's limit", one("软件服务", 2, 收费金额=5000), ["软件服务!审批级别 2"]),
    ("R6.3 paid before it was approved", one("软件服务", 2, 批准日期=on("09-13")), ["软件服务!批准日期 2"]),
    ("R6.3 paid and never approved", one("软件服务", 2, 批准日期=None), ["软件服务!批准日期 2"]),
    ("R5.2 sent unconfirmed", one("返厂维修", 2, 客户确认日期=None), ["返厂维修!客户确认日期 2"]),
    ("R5.2 sent a day before the customer confirmed", one("返厂维修", 2, 客户确认日期=on("09-04")), ["返厂维修!客户确认日期 2"]),
    ("R5.2 freight alone is charged", one("返厂维修", 3, 运费=30), ["返厂维修!客户确认日期 3"]),
    # claims
    ("R7.7 a claim for a call", one("费用报销", 2, 服务单号="FW02"), ["费用报销!服务单号 2"]),
    ("R7.7 a claim for another's visit", one("费用报销", 2, 工号="T03"), ["费用报销!服务单号 2"]),
    ("R7.7 a pending claim for another's visit", one("费用报销", 4, 工号="T01"), ["费用报销!服务单号 4"]),
    ("R7.7 taxi without a good reason", one("费用报销", 3, 事由="其他"), ["费用报销!事由 3"]),
    ("R7.7 taxi without any reason", one("费用报销", 3, 事由=None), ["费用报销!事由 3"]),
    ("R7.7 taxi not reported", one("费用报销", 3, 申报日期=None), ["费用报销!申报日期 3"]),
    ("R7.7 taxi reported a day late", one("费用报销", 3, 申报日期=on("09-02")), ["费用报销!申报日期 3"]),
    ("R7.7 freight with neither", one("费用报销", 4, 报销批准日期=on("09-05")), ["费用报销!事由 4", "费用报销!申报日期 4"]),
    # forms and calls
    ("R4.2 a second form", one("反馈单", 4, 服务单号="FW01"), ["反馈单!服务单号 4"]),
    ("R4.2 signed before the visit ended", one("反馈单", 2, 签字时间=at("09-01 11:59")), ["反馈单!签字时间 2"]),
    ("R4.2 a form for a ticket not finished", one("反馈单", 4, 服务单号="FW03", 签字时间=at("09-05 10:00")), ["反馈单!签字时间 4"]),
    ("R4.2 accepted without a satisfaction", one("反馈单", 2, 满意度=None), ["反馈单!满意度 2"]),
    ("R4.2 accepted without a signature", one("反馈单", 2, 客户签字=None, 签字时间=None), ["反馈单!客户签字 2", "反馈单!签字时间 2"]),
    ("R4.2 accepted without its text", one("反馈单", 2, 故障现象=None, 检查记录="  ", 处理结果=None), ["反馈单!故障现象 2", "反馈单!检查记录 2", "反馈单!处理结果 2"]),
    ("R4.2 six stars", one("反馈单", 3, 满意度=6), ["反馈单!满意度 3"]),
    ("R4.4 called by who was on the visit", one("回访记录", 2, 回访人="T02"), ["回访记录!回访人 2"]),
    # complaints
    ("R4.5 upheld without its date", one("投诉", 2, 核实结果="属实", 核实日期=None), ["投诉!核实日期 2"]),
    ("R4.5 dismissed without its date", one("投诉", 2, 核实日期=None), ["投诉!核实日期 2"]),
    ("R8.1 a private charge without its amount", one("投诉", 3, 核实结果="属实", 核实日期=on("09-08")), ["投诉!私自收费金额 3"]),
    # decisions
    ("R8.3 a fen of a rate too low", one("逾期扣款", 2, 承担比例=0.7999), ["逾期扣款!承担比例 2"]),
    ("R8.3 above one", one("逾期扣款", 2, 承担比例="101%"), ["逾期扣款!承担比例 2"]),
    ("R8.2 decided on the last day to pay", one("逾期扣款", 2, 批准日期=on("08-03")), ["逾期扣款!批准日期 2"]),
    ("R8.2 of a kind that is not deducted", one("逾期扣款", 2, 单据编号="RJ01"), ["逾期扣款!单据编号 2"]),
    ("R8.2 on what was paid in time", one("收款", 4, 金额=4000, 日期=on("08-03")), ["逾期扣款!单据编号 2"]),
    ("R8.2 before there is a receivable", one("逾期扣款", 2, 单据编号="XS03"), ["逾期扣款!单据编号 2"]),
    ("R8.2 on a free repair", one("逾期扣款", 2, 单据编号="WX02"), ["逾期扣款!单据编号 2"]),
    ("R8.3 a second decision", one("逾期扣款", 3, 单据编号="XS02", 承担比例=0.9, 理由="再议", 批准日期=on("08-11")), ["逾期扣款!单据编号 3"]),
    # times out of order
    ("response before report", one("服务记录", 2, 首次响应时间=at("09-01 08:59")), ["服务记录!首次响应时间 2"]),
    ("arrival before report", one("服务记录", 2, 到场时间=at("09-01 08:59")), ["服务记录!到场时间 2"]),
    ("proposal before report", one("服务记录", 2, 方案提交时间=at("09-01 08:59")), ["服务记录!方案提交时间 2"]),
    ("completion before arrival", one("服务记录", 2, 完成时间=at("09-01 09:59")), ["服务记录!完成时间 2"]),
    ("completion before response", one("服务记录", 3, 完成时间=at("09-02 09:29")), ["服务记录!完成时间 3"]),
    ("completion before report", one("服务记录", 5, 完成时间=at("09-04 08:59")), ["服务记录!完成时间 5"]),
    ("a wait that ends before it starts", one("挂起记录", 2, 结束时间=at("09-01 10:39")), ["挂起记录!结束时间 2"]),
    # parameters and plans
    ("an unknown parameter", one("制度参数", 2, 参数="全勤奖"), ["制度参数!参数 2"]),
    ("R7.4 a limit of none", one("制度参数", 2, 参数="投诉上限", 值=0), ["制度参数!值 2"]),
    ("R7.4 half a complaint", one("制度参数", 2, 参数="complaint_limit", 值=2.5), ["制度参数!值 2"]),
    ("R7.5 a rate above one", one("制度参数", 2, 参数="配件奖金比例", 值="130%"), ["制度参数!值 2"]),
    ("R8.5 a negative wage", one("制度参数", 2, 参数="minimum_wage", 值=-1), ["制度参数!值 2"]),
    ("R8.2 an unknown kind", one("制度参数", 3, 值="配件销售、废品"), ["制度参数!值 3"]),
    ("R7 no month", one("制度参数", 2, 生效月份="一月"), ["制度参数!生效月份 2"]),
    ("R3 hours that can't be read", one("服务级别", 3, 服务时间="白天"), ["服务级别!服务时间 3"]),
    ("R3 hours that don't agree", one("服务级别", 3, 服务时间="7×24"), ["服务级别!服务时间 3"]),
    ("R3 a preset redefined", one("服务级别", 4, 级别名称="快速响应", 服务时间="7×24", 问题等级="A", 首次响应="15分钟"), ["服务级别!级别名称 4"]),
    ("R3 a preset's name by its other word", one("服务级别", 4, 级别名称="四级响应", 服务时间="7×24", 问题等级="D", 首次响应="1小时"), ["服务级别!级别名称 4"]),
    ("R3 a duration without unit", one("服务级别", 2, 首次响应="30"), ["服务级别!首次响应 2"]),
    # two rows with one number
    ("a person twice", one("员工", 6, 工号="T01", 姓名="周五", 类别="专职", 入职日期=on("01-01"), 底薪=1), ["员工!工号 6"]),
    ("a month's base pay twice", one("底薪核定", 3, 工号="T01", 月份="2026-09", 应发底薪=1, 原因="再定"), ["底薪核定!月份 3"]),
    ("a plan's severity twice", one("服务级别", 3, 问题等级="A"), ["服务级别!问题等级 3"]),
    ("a day twice", one("工作日历", 3, 日期=on("09-12"), 类型="休息"), ["工作日历!日期 3"]),
    ("a customer twice", one("客户", 3, 客户编号="C01"), ["客户!客户编号 3", "项目!客户编号 3", "服务记录!客户编号 3", "服务记录!客户编号 4",
                          "投诉!客户编号 2", "配件销售!客户编号 4", "配件销售!客户编号 5", "软件服务!客户编号 3"]),
    ("a ticket twice", one("服务记录", 5, 服务单号="FW02"), ["服务记录!服务单号 5"]),
    ("two waits that start together", one("挂起记录", 3, 服务单号="FW01", 开始时间=at("09-01 10:40")), ["挂起记录!开始时间 3"]),
    ("a payment twice", one("收款", 4, 收款编号="SK02"), ["收款!收款编号 4"]),
    ("a parameter's month twice, by both names", one("制度参数", 3, 参数="no_complaint_bonus", 值=1, 生效月份="2026-01"), ["制度参数!生效月份 3"]),
    ("one number for two kinds of document", one("软件服务", 3, 单号="XS03"), ["软件服务!单号 3"]),
    ("one number for a sale and a repair", one("返厂维修", 3, 维修单号="XS03"), ["返厂维修!维修单号 3"]),
    # a sale's rows agree
    ("R6.1 another day", one("配件销售", 3, 日期=on("09-09")), ["配件销售!日期 3"]),
    ("R6.1 another customer", one("配件销售", 3, 客户编号="C02"), ["配件销售!客户编号 3"]),
    ("R6.1 other terms", one("配件销售", 3, 结算方式="赊销"), ["配件销售!结算方式 3"]),
    ("R6.1 another delivery", one("配件销售", 3, 发货日期=on("09-11")), ["配件销售!发货日期 3"]),
    ("R6.2 a fault stands in the row that says it", one("配件销售", 3, 数量=1200, 审批级别="部门经理", 审批日期=on("09-09")), ["配件销售!审批级别 3"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "cells"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_fault_is_named_at_its_cell(judged, changes, cells):
    assert judged(changes)[0] == [cell(name) for name in cells]


TO_COME = [
    "项目!验收日期", "服务记录!报修时间", "服务记录!首次响应时间", "服务记录!到场时间", "服务记录!方案提交时间", "服务记录!完成时间",
    "挂起记录!开始时间", "挂起记录!结束时间", "反馈单!签字时间", "反馈单!审核日期", "回访记录!日期", "投诉!受理日期", "投诉!核实日期",
    "软件服务!申报日期", "软件服务!完成日期", "返厂维修!申请日期", "返厂维修!返还客户日期", "收款!日期", "费用报销!日期",
    "费用报销!报销批准日期", "逾期扣款!批准日期", "逾期扣款!告知日期", "配件销售!审批日期", "返厂维修!送修日期",
]  # fmt: skip


@pytest.mark.parametrize("named", TO_COME)
def test_what_has_happened_is_not_dated_after_today(judged, named):
    sheet, heading = named.split("!")
    tomorrow, today = at("10-21 00:00"), at("10-20 23:00")
    assert cell(f"{named} 2") in judged(one(sheet, 2, **{heading: tomorrow}))[0]
    cells, sentences = judged(one(sheet, 2, **{heading: today}))
    assert not any("今天之后" in sentence for sentence in sentences), cells


@pytest.mark.parametrize(
    "changes",
    [
        one("员工", 5, 离职日期=on("12-31")),
        one("员工", 6, 工号="T04", 姓名="周五", 类别="专职", 入职日期=on("11-01"), 底薪=1),
        one("工作日历", 2, 日期=on("12-31")),
        one("制度参数", 2, 生效月份="2027-01"),
        one("配件销售", 4, 约定付款日=date(2027, 12, 31)),
    ],
)
def test_what_is_planned_may_lie_ahead(judged, changes):
    assert judged(changes)[0] == []


def test_all_faults_come_at_once_in_the_order_of_the_sheets(judged):
    cells, sentences = judged(
        {
            "逾期扣款": {2: {"承担比例": "7成"}},
            "收款": {3: {"日期": "2026-02-30"}, 2: {"金额": "六百五"}},
            "员工": {3: {"类别": "临时工", "姓名": None}},
            "服务记录": {5: {"问题等级": "E"}},
        }
    )
    named = ["员工!姓名 3", "员工!类别 3", "服务记录!问题等级 5", "收款!金额 2", "收款!日期 3", "逾期扣款!承担比例 2"]  # fmt: skip
    assert cells == [cell(name) for name in named]
    assert "专职、非专职、其他" in sentences[1]
    assert all("\n" not in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        (one("服务记录", 2, 完成时间="9月1日"), ["服务记录!完成时间 2"]),
        (one("服务记录", 2, 技术员="赵" * 41), ["服务记录!技术员 2"]),
        (one("服务记录", 2, 服务方式="上门"), ["服务记录!服务方式 2"]),
        (one("配件销售", 2, 数量="两个"), ["配件销售!数量 2"]),
        (one("配件销售", 2, 结算方式="现结"), ["配件销售!结算方式 2"]),
        (one("收款", 2, 金额="约六百"), ["收款!金额 2"]),
        (one("配件销售", 4, 发货日期="8月"), ["配件销售!发货日期 4"]),
        (one("投诉", 2, 核实日期="不详"), ["投诉!核实日期 2"]),
    ],
)
def test_what_rests_on_a_cell_that_cannot_be_read_is_not_judged(judged, changes, cells):
    assert judged(changes)[0] == [cell(name) for name in cells]


def test_nothing_is_written_while_anything_is_wrong(clerk, tmp_path):
    with living_at(TODAY):
        register, _ = read_workbook(
            write_book(tmp_path / "book.xlsx", changed(one("逾期扣款", 2, 承担比例=2)))
        )
        assert import_register(register, actor=clerk, file_digest="0").faults
    assert db.session.scalar(select(func.count()).select_from(Employee)) == 0
