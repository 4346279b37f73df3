"""The register grows: cells are filled in, contact data follow, nothing is erased or overwritten (workbook.md)."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest
from sqlalchemy import func, select, update

from models import db
from models.audit import AuditRecord
from models.feedback_form import FeedbackForm
from models.parts_sale import PartsSale
from models.ticket import Ticket, Visit, VisitPerson
from rules.period import Month
from rules.ticket import ServiceMode, TicketState
from seed.sheets import SHEETS
from seed.workbook_reader import read_workbook
from tests.books import TODAY, cell, changed, write_book
from tests.cast import carry_through, people
from workflows.register import Outcome, Register
from workflows.register_import import import_register, summary
from workflows.register_nouns import NOUNS
from workflows.register_store import Store
from workflows.settlement_report import settlement_report
from workflows.transaction import living_at
from workflows.verify import find_breaches

KEYS = {sheet.name: sheet.key for sheet in SHEETS}
SEPTEMBER = Month(2026, 9)


def on(text):
    return date.fromisoformat(f"2026-{text}")


def at(text):
    return datetime.fromisoformat(f"2026-{text}")


@dataclass
class Taken(Outcome):
    """An outcome with the cells of its faults."""

    cells: list[str] = field(default_factory=list)


@pytest.fixture
def cast(app):
    return people()


@pytest.fixture
def take_in(cast, tmp_path):
    """Import the orderly register with some cells changed; its outcome, and the cells of its faults."""

    def take(changes=None):
        path = write_book(tmp_path / "book.xlsx", changed(changes or {}))
        digest = hashlib.sha256(repr(sorted((changes or {}).items(), key=str)).encode()).hexdigest()
        with living_at(TODAY):
            register, layout = read_workbook(path)
            outcome = import_register(register, actor=cast["clerk"], file_digest=digest)
        take.register = register
        cells = [layout.cell(fault) for fault in layout.in_order(outcome.faults)]
        return Taken(outcome.counts, outcome.faults, outcome.warnings, cells)

    return take


@pytest.fixture
def known(take_in):
    """The known record of a row of the last register, and the values it was read with."""

    def find(sheet, row):
        read = next(r for r in take_in.register.of(KEYS[sheet]) if r.at == row)
        noun = NOUNS[KEYS[sheet]]
        store = Store(Register({noun.sheet: [read]}))
        return store.known[noun.sheet][noun.key_of(read.values)], read.values

    return find


def records():
    return db.session.scalar(select(func.count()).select_from(AuditRecord))


def counts(outcome):
    return {
        sheet: (count.new, count.completed, count.unchanged)
        for sheet, count in outcome.counts.items()
        if count.new or count.completed
    }


def test_a_register_goes_in_and_a_second_time_changes_nothing(take_in):
    first = take_in()
    assert (first.faults, first.counts["parts_sales"].new) == ([], 4)
    before = records()
    again = take_in()
    assert (again.faults, again.changed, counts(again)) == ([], False, {})
    assert again.counts["tickets"].unchanged == 4
    assert "没有新内容" in summary(again)
    assert records() == before
    assert list(find_breaches()) == []


FILLED = [
    ("员工", 3, {"部门": "售后部", "试用期至": on("12-31"), "离职日期": on("11-30"), "手机": "13800000002"}),
    ("服务级别", 3, {"恢复": "2天", "到场市外": "1天"}),
    ("客户", 3, {"地址": "文化路2号", "联系人": "馆长", "电话": "0371-66000096"}),
    ("项目", 3, {"质保月数": 24, "服务级别": "金牌"}),
    ("设备", 3, {"型号": "S57", "厂商": "华南设备", "质保月数": 12, "厂商质保到期日": on("12-31")}),
    ("服务记录", 4, {"首次响应时间": at("09-03 09:30"), "方案提交时间": at("09-04 09:00"), "完成时间": at("09-05 09:00"),
                 "报修人": "馆长", "联系电话": "13900000003", "服务地点": "机房", "紧急程度": "特急", "服务种类": "咨询",
                 "是否过保": "是", "是否收费": "否", "现场原因": "断网"}),
    ("服务记录", 5, {"序列号": "SN1"}),
    ("挂起记录", 3, {"结束时间": at("09-04 08:00")}),
    ("反馈单", 3, {"审核日期": on("09-04")}),
    ("投诉", 3, {"核实结果": "属实", "核实日期": on("09-08"), "私自收费金额": 100, "服务单号": "FW03"}),
    ("配件销售", 2, {"规格型号": "12V", "特殊情况": "急用"}),
    ("配件销售", 3, {"规格型号": "六类", "单位": "米", "其他费用": 5.5}),
    ("配件销售", 5, {"序列号": "SN2", "审批级别": "公司领导", "审批日期": on("10-11"), "发货日期": on("10-12")}),
    ("软件服务", 3, {"审批级别": "公司领导", "批准日期": on("10-02"), "完成日期": on("10-09")}),
    ("返厂维修", 3, {"维修费": 200, "运费": 20, "客户确认日期": on("09-05"), "返还客户日期": on("09-30")}),
    ("收款", 3, {"方式": "转账", "备注": "首付"}),
    ("费用报销", 4, {"事由": "大宗物品", "申报日期": on("09-02"), "发票号码": "9", "报销批准日期": on("09-30")}),
    ("逾期扣款", 2, {"过错认定": "未催收", "依据": "第八条", "告知日期": on("08-09")}),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "row", "cells"), FILLED, ids=[f"{s}{r}" for s, r, _ in FILLED])
def test_cells_filled_in_since_are_written_on_record_and_stay(take_in, known, sheet, row, cells):
    take_in()
    before = records()
    filled = take_in({sheet: {row: cells}})
    size = 2 if sheet == "配件销售" and row < 4 else 1  # a sale is completed with all its rows
    assert filled.cells == []
    assert counts(filled) == {KEYS[sheet]: (0, size, filled.counts[KEYS[sheet]].unchanged)}
    found, read = known(sheet, row)
    for key in set(read) & set(found):
        assert read[key] in (None, found[key]), key
    noted = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(2)).all()
    assert records() == before + 2
    assert (noted[1].verb, noted[0].verb) == ("complete", "import")
    changes = json.loads(noted[1].details)
    assert len(changes) == len(cells) or "lines" in changes
    after = records()
    assert (take_in().faults, records()) == ([], after)
    assert not take_in({sheet: {row: cells}}).changed
    assert list(find_breaches()) == []


def test_costs_filled_in_lower_the_profit_of_a_sale(take_in):
    take_in()
    assert not take_in({"配件销售": {3: {"其他费用": 5.5, "单位": "米"}}}).faults
    sale = db.session.scalars(select(PartsSale).order_by(PartsSale.id)).first()
    # 2 × 300 + 12.5 × 4 − 2 × 200 − 12.5 × 2.5 − 20 − 5.5
    assert (str(sale.net_profit), str(sale.other_costs)) == ("193.25", "25.50")
    assert [line.unit for line in sale.lines] == ["个", "米"]


def test_a_completed_ticket_ends_its_visit(take_in):
    take_in()
    take_in({"服务记录": {4: {"完成时间": at("09-05 09:00")}}})
    visit = db.session.scalar(select(Visit).join(Visit.ticket).where(Ticket.number == "FW03"))
    assert visit.ended_at == at("09-05 09:00+08:00")
    assert visit.ticket.status is TicketState.SERVED


CONTACT = [
    ("员工", 2, "姓名", "赵壹"), ("员工", 2, "部门", "工程部"), ("员工", 2, "手机", "13800000009"), ("客户", 2, "地址", "人民路2号"),
    ("客户", 2, "联系人", "郑主任"), ("客户", 2, "电话", "0371-65202009"), ("厂商", 2, "联系人", "王工"), ("厂商", 2, "电话", "400-810-9999"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "row", "heading", "value"), CONTACT)
def test_contact_data_follow_but_an_older_copy_does_not_bring_them_back(
    take_in, known, sheet, row, heading, value
):
    take_in()
    column = next(c for s in SHEETS if s.name == sheet for c in s.columns if c.heading == heading)
    followed = take_in({sheet: {row: {heading: value}}})
    assert counts(followed)[KEYS[sheet]][1] == 1
    assert known(sheet, row)[0][column.key] == value
    if heading != "姓名":
        assert not take_in({sheet: {row: {heading: None}}}).changed
    older = take_in()
    assert (older.faults, older.changed) == ([], False)
    assert known(sheet, row)[0][column.key] == value


OTHER = [
    ("制度参数", 2, {"值": 301}), ("员工", 2, {"类别": "非专职"}), ("员工", 2, {"入职日期": on("01-01")}), ("员工", 2, {"底薪": 5000.01}),
    ("底薪核定", 2, {"应发底薪": 4901}), ("底薪核定", 2, {"原因": "病假"}), ("服务级别", 2, {"首次响应": "31分钟"}),
    ("工作日历", 2, {"类型": "休息"}), ("工作日历", 2, {"说明": "调休"}), ("客户", 2, {"客户名称": "市二院"}), ("客户", 2, {"区域": "市外"}),
    ("项目", 2, {"项目名称": "二期"}), ("项目", 2, {"客户编号": "C02"}), ("项目", 2, {"验收日期": on("03-02")}), ("项目", 2, {"质保月数": 24}),
    ("项目", 2, {"服务级别": "快速响应"}), ("厂商", 2, {"是否上门": "否"}), ("设备", 2, {"设备名称": "球机"}), ("设备", 2, {"项目编号": "P02"}),
    ("服务记录", 2, {"报修时间": at("09-01 08:59")}), ("服务记录", 2, {"来源": "来访"}), ("服务记录", 2, {"客户编号": "C02"}),
    ("服务记录", 2, {"序列号": "SN2"}), ("服务记录", 2, {"报修人": "吴"}), ("服务记录", 2, {"联系电话": "13900000009"}),
    ("服务记录", 2, {"故障现象": "花屏"}), ("服务记录", 2, {"问题等级": "B"}), ("服务记录", 2, {"服务方式": "电话"}),
    ("服务记录", 2, {"技术员": "T01"}), ("服务记录", 2, {"技术员": "T01、T03"}), ("服务记录", 2, {"是否过保": "是"}),
    ("服务记录", 2, {"首次响应时间": at("09-01 09:11")}), ("服务记录", 2, {"完成时间": at("09-01 12:01")}),
    ("挂起记录", 2, {"结束时间": at("09-01 11:01")}), ("挂起记录", 2, {"原因": "厂家"}), ("反馈单", 2, {"满意度": 4}),
    ("反馈单", 2, {"审核日期": on("09-03")}), ("反馈单", 2, {"检查记录": "线路"}), ("回访记录", 2, {"满意度": 4}),
    ("投诉", 2, {"核实结果": "属实"}), ("投诉", 2, {"被投诉人": "T02"}), ("投诉", 2, {"投诉渠道": "内部"}), ("投诉", 2, {"受理日期": on("09-04")}),
    ("配件销售", 4, {"数量": 3}), ("配件销售", 4, {"销售单价": 999}), ("配件销售", 4, {"进货单价": 799}), ("配件销售", 4, {"商品名称": "内存"}),
    ("配件销售", 2, {"其他费用": 21}), ("配件销售", 4, {"经手人": "T01"}), ("配件销售", 4, {"客户编号": "C01"}),
    ("配件销售", 4, {"审批级别": "公司领导"}), ("配件销售", 4, {"发货日期": date(2025, 8, 4)}), ("软件服务", 2, {"收费金额": 1300}),
    ("软件服务", 2, {"完成日期": on("09-11")}), ("返厂维修", 2, {"维修费": 501}), ("返厂维修", 2, {"序列号": "SN1"}),
    ("返厂维修", 2, {"返还客户日期": on("09-21")}), ("收款", 2, {"金额": 600}), ("收款", 2, {"日期": on("09-08")}),
    ("收款", 3, {"单据编号": "RJ02"}), ("费用报销", 2, {"金额": 7}), ("费用报销", 2, {"工号": "T02"}), ("费用报销", 3, {"类别": "公交"}),
    ("逾期扣款", 2, {"承担比例": 0.9}), ("逾期扣款", 2, {"理由": "另议"}), ("逾期扣款", 2, {"批准日期": on("08-11")}),
    ("逾期扣款", 2, {"员工意见": "有异议"}),
]  # fmt: skip


def test_any_other_cell_that_has_another_value_is_a_fault_and_nothing_is_overwritten(take_in):
    take_in()
    before = records()
    for sheet, row, cells in OTHER:
        outcome = take_in({sheet: {row: cells}})
        (heading,) = cells
        assert outcome.cells == [cell(f"{sheet}!{heading} {row}")], (sheet, row, cells)
        assert "已登记过" in outcome.faults[0].sentence
        db.session.rollback()
    assert records() == before


def test_the_hours_of_a_known_plan_do_not_change(take_in):
    take_in()
    both = {row: {"服务时间": "7×24"} for row in (2, 3)}
    assert take_in({"服务级别": both}).cells == [cell(f"服务级别!服务时间 {row}") for row in (2, 3)]
    spelt = "周六 09:00-12:00；周一至周五 8:30-12:00 13:30-17:30"
    assert not take_in({"服务级别": {row: {"服务时间": spelt} for row in (2, 3)}}).faults
    third = {"级别名称": "金牌", "服务时间": "5×8", "问题等级": "C", "首次响应": "1小时"}
    assert take_in({"服务级别": {4: third}}).cells == [cell("服务级别!服务时间 4")]


def test_a_preset_plan_may_be_written_down_but_not_redefined(take_in):
    preset = {"级别名称": "快速响应", "服务时间": "24x7", "问题等级": "A", "首次响应": "30分钟", "恢复": "2小时"}  # fmt: skip
    assert not take_in({"服务级别": {4: preset}}).faults
    for other in ({"恢复": "3小时"}, {"方案": "1小时"}, {"服务时间": "5×8"}):
        assert take_in({"服务级别": {4: preset | other}}).cells == [cell("服务级别!级别名称 4")]


def test_the_order_of_technicians_says_nothing(take_in):
    take_in()
    assert not take_in({"服务记录": {2: {"技术员": "T02，T01"}}}).changed


def test_a_known_sale_takes_no_further_rows(take_in):
    take_in()
    more = {"销售单号": "XS01", "日期": on("09-08"), "经手人": "T01", "客户编号": "C01", "商品名称": "插头", "数量": 1,
            "销售单价": 5, "进货单价": 2, "结算方式": "款到发货"}  # fmt: skip
    assert take_in({"配件销售": {6: more}}).cells == [cell("配件销售!销售单号 6")]


def test_a_complaint_leaves_the_open_verdict_and_never_returns(take_in):
    take_in()
    upheld = {"投诉": {3: {"核实结果": "属实", "核实日期": on("09-08"), "私自收费金额": 88}}}
    assert counts(take_in(upheld)) == {"complaints": (0, 1, 1)}
    assert (take_in().faults, take_in().changed) == ([], False)
    missing = take_in({"投诉": {4: {"投诉编号": "TS03", "受理日期": on("09-09"), "客户编号": "C01", "类型": "服务",
                                  "内容": "慢", "核实结果": "属实"}}})  # fmt: skip
    assert missing.cells == [cell("投诉!核实日期 4")]


def test_what_is_filled_in_passes_the_same_checks(take_in):
    take_in()
    for changes, cells in [
        ({"配件销售": {5: {"发货日期": on("10-12")}}}, ["配件销售!发货日期 5"]),
        ({"反馈单": {3: {"审核日期": on("09-03"), "客户签字": None}}}, []),
        ({"服务记录": {4: {"完成时间": at("09-03 14:00")}}}, ["服务记录!完成时间 4"]),
        ({"挂起记录": {3: {"结束时间": at("09-03 15:00")}}}, ["挂起记录!结束时间 3"]),
        ({"返厂维修": {3: {"维修费": 10}}}, ["返厂维修!客户确认日期 3"]),
        (
            {"费用报销": {4: {"报销批准日期": on("09-09")}}},
            ["费用报销!事由 4", "费用报销!申报日期 4"],
        ),
        ({"软件服务": {3: {"批准日期": on("10-21")}}}, ["软件服务!批准日期 3"]),
    ]:
        assert take_in(changes).cells == [cell(name) for name in cells], changes


def test_payments_of_later_registers_add_up(take_in):
    take_in()
    more = {"收款编号": "SK04", "日期": on("09-30"), "单据编号": "RJ01", "金额": 600.01}
    assert take_in({"收款": {5: more}}).cells == [cell("收款!金额 5")]
    assert not take_in({"收款": {5: more | {"金额": 600}}}).faults
    early = {"收款编号": "SK05", "日期": on("10-09"), "单据编号": "RJ02", "金额": 1}
    assert take_in({"收款": {5: early}}).cells == [cell("收款!日期 5")]


def test_a_number_taken_by_another_kind_of_document_is_a_fault(take_in):
    take_in()
    sale = {"销售单号": "RJ01", "日期": on("09-08"), "经手人": "T01", "客户编号": "C01", "商品名称": "插头", "数量": 1,
            "销售单价": 5, "进货单价": 2, "结算方式": "款到发货"}  # fmt: skip
    assert take_in({"配件销售": {6: sale}, "软件服务": {2: None}}).cells == [
        cell("配件销售!销售单号 6")
    ]


def test_the_same_call_noted_twice_is_one_call(take_in):
    call = {"服务单号": "FW01", "日期": on("09-03"), "回访人": "M01", "结果": "已联系", "满意度": 5}
    assert not take_in({"回访记录": {3: call}}).faults
    assert take_in({"回访记录": {3: call | {"满意度": 4}}}).cells == [
        cell("回访记录!满意度 2"), cell("回访记录!满意度 3")
    ][1:]  # fmt: skip


def test_a_month_already_submitted_keeps_its_parameters_and_base_pay(take_in, cast):
    take_in()
    with living_at(TODAY):
        carry_through(SEPTEMBER, cast)
    for month, cells in (("2026-09", 1), ("2026-08", 1), ("2026-10", 0)):
        late = take_in({"制度参数": {4: {"参数": "投诉处罚", "值": 60, "生效月份": month}}})
        assert late.cells == [cell("制度参数!生效月份 4")] * cells
    found = {"工号": "T02", "月份": "2026-09", "应发底薪": 4000, "原因": "考勤"}
    assert take_in({"底薪核定": {3: found}}).cells == [cell("底薪核定!月份 3")]
    assert not take_in({"底薪核定": {3: found | {"月份": "2026-10"}}}).faults
    assert not take_in().faults  # what was there before stays, and is no fault


def test_what_comes_late_for_an_approved_month_counts_in_the_next(take_in, cast):
    take_in()
    with living_at(TODAY):
        carry_through(SEPTEMBER, cast)
    assert not take_in({"反馈单": {3: {"审核日期": on("09-04")}}}).faults
    with living_at(TODAY):
        carry_through(SEPTEMBER.plus(1), cast)
    lines = [
        (line["kind"], line["source"])
        for employee in settlement_report(SEPTEMBER.plus(1))["employees"]
        for line in employee["lines"]
    ]
    assert ("service_allowance", "FW02") in lines and ("service_allowance", "FW01") not in lines


def test_a_ticket_closed_on_screen_stays_closed(take_in):
    take_in()
    db.session.execute(update(Ticket).values(status=TicketState.CLOSED))
    db.session.commit()
    call = {"服务单号": "FW01", "日期": on("09-05"), "回访人": "M01", "结果": "未接通"}
    assert counts(take_in({"回访记录": {3: call}})) == {"call_backs": (1, 0, 1)}
    assert set(db.session.scalars(select(Ticket.status))) == {TicketState.CLOSED}


def test_a_second_visit_made_on_screen_is_left_alone(take_in):
    take_in()
    ticket = db.session.scalar(select(Ticket).where(Ticket.number == "FW01"))
    second = Visit(ticket_id=ticket.id, turn=2, mode=ServiceMode.ONSITE)
    db.session.add(second)
    db.session.flush()
    db.session.add(FeedbackForm(visit_id=second.id, satisfaction=1))
    db.session.commit()
    assert (take_in().faults, take_in().changed) == ([], False)


def test_technicians_filled_in_for_a_ticket_registered_on_screen_make_its_visit(take_in):
    take_in()
    ticket = db.session.scalar(select(Ticket).where(Ticket.number == "FW04"))
    visit = db.session.scalar(select(Visit).where(Visit.ticket_id == ticket.id))
    for person in db.session.scalars(select(VisitPerson).where(VisitPerson.visit_id == visit.id)):
        db.session.delete(person)
    db.session.flush()
    db.session.delete(visit)
    db.session.commit()
    assert counts(take_in()) == {"tickets": (0, 1, 3)}
    visit = db.session.scalar(select(Visit).where(Visit.ticket_id == ticket.id))
    assert [person.employee.number for person in visit.people] == ["T02"]
    assert visit.ended_at is not None
