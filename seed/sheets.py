"""The workbook's sheets: their columns, in the words people use, and the codes behind them."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.employee import EmployeeKind
from rules.expense import ExpenseCategory, ExpenseReason
from rules.parts_sale import ApprovalLevel, PaymentTerms
from rules.service_plan import DEFAULT_PLAN
from rules.ticket import (
    ServiceMode,
    ServiceType,
    Severity,
    TicketSource,
    Urgency,
    WaitReason,
)
from seed import cells
from seed.cells import Parser
from workflows.register import Record, record_type
from workflows.words import WORDS


def _meanings(codes: type[enum.StrEnum], **aliases: str) -> dict[str, enum.StrEnum]:
    """Word → code for a code's words, and for other words people use (word=word of the regulation)."""
    words = {word: code for code, word in WORDS[codes].items()}
    return words | {alias: words[word] for alias, word in aliases.items()}


PLAN_NAMES = {"四级响应": DEFAULT_PLAN}
YES_NO = {"是": True, "否": False, "Y": True, "N": False}
KINDS = _meanings(EmployeeKind)
MODES = _meanings(ServiceMode)
SOURCES = _meanings(
    TicketSource,
    热线="服务电话",
    技术员="技术员反馈",
    领导="领导指示",
    在线="网上报修",
    信函="信函传真",
)
SEVERITIES = _meanings(Severity)
URGENCIES = _meanings(Urgency)
SERVICE_TYPES = _meanings(ServiceType)
WAITS = _meanings(WaitReason, 厂家="厂商")
REACHED = {"已接通": True, "未接通": False, "已联系": True}
ORIGINS = _meanings(ComplaintOrigin, 热线="服务电话", 信函="来信")
COMPLAINTS = _meanings(ComplaintKind)
VERDICTS = _meanings(Verdict)
TERMS = _meanings(PaymentTerms)
LEVELS = _meanings(ApprovalLevel, 领导="公司领导")
CATEGORIES = _meanings(
    ExpenseCategory,
    公交="公共交通",
    地铁="公共交通",
    的士="出租车",
    打车="出租车",
    网约车="出租车",
)
REASONS = _meanings(ExpenseReason)
REGION = {"市内": True, "市外": False}
WORKED = {"休息": False, "上班": True}
HEADING_ALIASES = {
    "受理时间": "报修时间", "响应时间": "首次响应时间", "方案时间": "方案提交时间", "配件名称": "商品名称",
    "付款方式": "结算方式", "事前批准日期": "申报日期", "厂家": "厂商",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the key of its value, how a cell is read."""

    heading: str
    key: str
    parse: Parser
    required: bool = False
    words: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its key, its columns also by heading, and the records of its rows."""

    name: str
    key: str
    columns: tuple[Column, ...]
    by_heading: Mapping[str, Column]
    record: type[Record]


def _sheet(name: str, key: str, *columns: Column) -> Sheet:
    by_heading = {column.heading: column for column in columns}
    return Sheet(name, key, columns, by_heading, record_type(key, (c.key for c in columns)))


PLAIN_TEXT = cells.text()


def _c(heading: str, key: str, parse: Parser = PLAIN_TEXT, *, note: str = "") -> Column:
    """A column; a star after the heading says it is required."""
    return Column(heading.rstrip("*"), key, parse, heading.endswith("*"), (), note)


def _w(heading: str, key: str, words: Mapping[str, Any]) -> Column:
    """A column of words; the drop-down of the template offers each meaning once."""
    first: dict[Any, str] = {}
    for word, meaning in words.items():
        first.setdefault(meaning, word)
    offered = tuple(first.values())
    parse = cells.choice(words, offered)
    return Column(heading.rstrip("*"), key, parse, heading.endswith("*"), offered)


_number, _short, _phone = cells.text(40), cells.text(80), cells.text(40)
_long, _months, _stars = cells.text(2000), cells.whole(0, 600), cells.whole(1, 5)
_day, _moment, _plan = cells.day, cells.moment, cells.renamed(PLAN_NAMES, 80)

SHEETS: tuple[Sheet, ...] = (
    _sheet("制度参数", "parameters", _c("参数*", "name"), _c("值*", "value", cells.raw), _c("生效月份*", "month", cells.month)),
    _sheet(
        "员工", "employees", _c("工号*", "number", _number), _c("姓名*", "name", _short), _w("类别*", "kind", KINDS),
        _c("部门", "department", _short), _c("入职日期*", "hired_on", _day), _c("试用期至", "probation_until", _day),
        _c("离职日期", "left_on", _day, note="最后在岗的一天"), _c("底薪*", "base_pay", cells.amount_or_zero),
        _c("手机", "phone", _phone),
    ),
    _sheet(
        "底薪核定", "base_pay_entries", _c("工号*", "employee", _number), _c("月份*", "month", cells.month),
        _c("应发底薪*", "amount", cells.amount_or_zero), _c("原因*", "reason"),
    ),
    _sheet(
        "服务级别", "service_promises", _c("级别名称*", "plan", _plan),
        _c("服务时间*", "hours", note="7×24、5×8 或 周一至周五 08:30-12:00 13:30-17:30; 周六 09:00-12:00"),
        _w("问题等级*", "severity", SEVERITIES), _c("首次响应", "respond", cells.duration, note="30分钟、1.5小时"),
        _c("到场市内", "onsite_in_town", cells.duration), _c("到场市外", "onsite_out_of_town", cells.duration), _c("方案", "propose", cells.duration), _c("恢复", "restore", cells.duration),
    ),
    _sheet("工作日历", "calendar_days", _c("日期*", "day", _day), _w("类型*", "working", WORKED), _c("说明", "note")),
    _sheet(
        "客户", "customers", _c("客户编号*", "number", _number), _c("客户名称*", "name", cells.text(120)), _c("地址", "address"),
        _w("区域*", "in_town", REGION), _c("联系人", "contact", _short), _c("电话", "phone", _phone),
    ),
    _sheet(
        "项目", "projects", _c("项目编号*", "number", _number), _c("项目名称*", "name", cells.text(120)),
        _c("客户编号*", "customer", _number), _c("验收日期", "accepted_on", _day), _c("质保月数", "warranty_months", _months),
        _c("服务级别", "plan", _plan),
    ),
    _sheet(
        "厂商", "makers", _c("厂商名称*", "name", _short), _w("是否上门", "onsite_service", YES_NO),
        _c("联系人", "contact", _short), _c("电话", "phone", _phone),
    ),
    _sheet(
        "设备", "devices", _c("序列号*", "serial", _short), _c("设备名称*", "name", cells.text(120)), _c("型号", "model", _short),
        _c("厂商", "maker", _short), _c("项目编号*", "project", _number), _c("质保月数", "warranty_months", _months),
        _c("厂商质保到期日", "maker_warranty_until", _day),
    ),
    _sheet(
        "服务记录", "tickets", _c("服务单号*", "number", _number), _c("报修时间*", "reported_at", _moment), _w("来源*", "source", SOURCES),
        _c("客户编号*", "customer", _number), _c("序列号", "serial", _short), _c("报修人", "reporter", _short),
        _c("联系电话", "phone", _phone), _c("服务地点", "place"), _c("故障现象*", "fault", _long), _w("问题等级*", "severity", SEVERITIES),
        _w("紧急程度", "urgency", URGENCIES), _w("服务种类", "service_type", SERVICE_TYPES), _w("是否过保", "out_of_warranty", YES_NO),
        _w("是否收费", "chargeable", YES_NO), _w("服务方式*", "mode", MODES), _c("现场原因", "onsite_reason"),
        _c("技术员*", "technicians", cells.names(40)), _c("首次响应时间", "responded_at", _moment), _c("到场时间", "arrived_at", _moment),
        _c("方案提交时间", "proposed_at", _moment), _c("完成时间", "completed_at", _moment),
    ),
    _sheet(
        "挂起记录", "waits", _c("服务单号*", "ticket", _number), _c("开始时间*", "started_at", _moment),
        _c("结束时间", "ended_at", _moment), _w("原因*", "reason", WAITS),
    ),
    _sheet(
        "反馈单", "forms", _c("服务单号*", "ticket", _number), _c("故障现象", "fault", _long), _c("检查记录", "inspection", _long),
        _c("处理结果", "result", _long), _c("满意度", "satisfaction", _stars), _c("客户签字", "signed_by", _short),
        _c("签字时间", "signed_at", _moment), _c("审核日期", "accepted_on", _day),
    ),
    _sheet(
        "回访记录", "call_backs", _c("服务单号*", "ticket", _number), _c("日期*", "called_on", _day), _c("回访人*", "caller", _number),
        _w("结果*", "reached", REACHED), _c("满意度", "satisfaction", _stars), _c("备注", "remarks", _long),
    ),
    _sheet(
        "投诉", "complaints", _c("投诉编号*", "number", _number), _c("受理日期*", "received_on", _day), _c("客户编号*", "customer", _number),
        _c("服务单号", "ticket", _number), _c("被投诉人", "employee", _number), _w("投诉渠道", "origin", ORIGINS),
        _w("类型*", "kind", COMPLAINTS), _c("内容*", "content", _long), _w("核实结果*", "verdict", VERDICTS),
        _c("核实日期", "decided_on", _day), _c("私自收费金额", "charged", cells.amount),
    ),
    _sheet(
        "配件销售", "parts_sales", _c("销售单号*", "number", _number), _c("日期*", "sold_on", _day), _c("经手人*", "handler", _number),
        _c("客户编号*", "customer", _number), _c("序列号", "serial", _short), _c("商品名称*", "article", cells.text(120)),
        _c("规格型号", "specification", cells.text(120)), _c("单位", "unit", cells.text(20)), _c("数量*", "quantity", cells.quantity),
        _c("销售单价*", "sale_price", cells.amount), _c("进货单价*", "purchase_price", cells.amount_or_zero),
        _c("其他费用", "other_costs", cells.amount_or_zero), _w("结算方式*", "terms", TERMS), _c("特殊情况", "circumstance"),
        _c("约定付款日", "agreed_payment_on", _day), _w("审批级别", "approval_level", LEVELS), _c("审批日期", "approved_on", _day),
        _c("发货日期", "delivered_on", _day),
    ),
    _sheet(
        "软件服务", "software_services", _c("单号*", "number", _number), _c("申报日期*", "reported_on", _day),
        _c("经手人*", "handler", _number), _c("客户编号*", "customer", _number), _c("服务内容*", "content", cells.text(500)),
        _c("收费金额*", "fee", cells.amount), _w("审批级别", "approval_level", LEVELS), _c("批准日期", "approved_on", _day),
        _c("完成日期", "completed_on", _day),
    ),
    _sheet(
        "返厂维修", "repairs", _c("维修单号*", "number", _number), _c("申请日期*", "requested_on", _day), _c("经手人*", "handler", _number),
        _c("序列号*", "serial", _short), _c("维修费", "fee", cells.amount_or_zero), _c("运费", "freight", cells.amount_or_zero),
        _c("客户确认日期", "confirmed_on", _day), _c("送修日期", "sent_on", _day), _c("返还客户日期", "returned_on", _day),
    ),
    _sheet(
        "收款", "payments", _c("收款编号*", "number", _number), _c("日期*", "paid_on", _day), _c("单据编号*", "document", _number),
        _c("金额*", "amount", cells.amount), _c("方式", "method", _number), _c("备注", "remark"),
    ),
    _sheet(
        "费用报销", "expenses", _c("报销编号*", "number", _number), _c("日期*", "spent_on", _day), _c("工号*", "employee", _number),
        _c("服务单号*", "ticket", _number), _w("类别*", "category", CATEGORIES), _c("金额*", "amount", cells.amount),
        _w("事由", "reason", REASONS), _c("申报日期", "reported_on", _day), _c("发票号码", "invoice_number", _number),
        _c("报销批准日期", "approved_on", _day),
    ),
    _sheet(
        "逾期扣款", "decisions", _c("单据编号*", "document", _number), _c("承担比例*", "rate", cells.share), _c("理由*", "reason", cells.text(500)),
        _c("批准日期*", "decided_on", _day), _c("过错认定", "finding", cells.text(500)), _c("依据", "basis", cells.text(500)),
        _c("告知日期", "notified_on", _day), _c("员工意见", "statement", cells.text(500)),
    ),
)  # fmt: skip
