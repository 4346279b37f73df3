"""The words for the regulation's codes: Chinese in the workbook, the reader's language on screens and in messages."""

import enum

from flask_babel import get_locale

from rules.complaint import ComplaintKind, ComplaintOrigin, Verdict
from rules.correction import CorrectionState
from rules.employee import EmployeeKind
from rules.expense import ExpenseCategory, ExpenseReason
from rules.expense_steps import ClaimState
from rules.feedback_form import ConfirmationWay, FormPart, FormProof
from rules.overdue_case import CaseState, CollectionManner, LeaverClaimState
from rules.parameter import DraftState
from rules.parts_sale import ApprovalLevel, PaymentTerms
from rules.parts_sale_steps import SaleState
from rules.permissions import Role
from rules.private_charge_case import MoneyGoes, PrivateChargeState
from rules.receivable import ReceivableKind
from rules.repair_steps import RepairState
from rules.settlement import LineKind
from rules.settlement_steps import SettlementState, SettlementVerb
from rules.software_service_steps import ServiceState
from rules.ticket import (  # fmt: skip
    OrderState,
    ServiceMode,
    ServiceType,
    Severity,
    TicketSource,
    TicketState,
    Urgency,
    WaitReason,
)
from rules.ticket_steps import TicketVerb


def _words(codes: type[enum.StrEnum], text: str) -> dict[enum.StrEnum, str]:
    return dict(zip(codes, text.split(), strict=True))


WORDS: dict[type[enum.StrEnum], dict[enum.StrEnum, str]] = {
    EmployeeKind: _words(EmployeeKind, "专职 非专职 其他"),
    ServiceMode: _words(ServiceMode, "现场 电话 在线"),
    TicketSource: _words(
        TicketSource,
        "服务电话 投诉电话 技术员反馈 领导指示 邮件 信函传真 来访 网上报修",
    ),
    Severity: _words(Severity, "A B C D"),
    Urgency: _words(Urgency, "特急 紧急 一般"),
    ServiceType: _words(ServiceType, "产品瑕疵 质量问题 安装问题 维修维护 巡检 培训 咨询 其他"),
    WaitReason: _words(WaitReason, "客户 配件 厂商"),
    TicketState: _words(
        TicketState,
        "已登记 已核实 已派工 已接单 服务中 挂起 已完成 已收反馈单 已回访 已关闭 已取消",
    ),
    OrderState: _words(OrderState, "待接单 已接单 已拒单 已撤回"),
    TicketVerb: _words(
        TicketVerb,
        "登记 核实 报经理 派工 接单 拒单 改派 开始服务 暂离 服务完成 挂起 结束挂起 提交方案 客户确认方案 请求技术支持"
        " 提交反馈单 退回反馈单 审核反馈单 回访 了结疑问 关闭 取消 重开 修改 改等级 判定质保 认定人为损坏 更换设备 备注",
    ),
    FormPart: _words(FormPart, "故障现象 检查记录 处理结果 满意度 客户签字 签字时间"),
    FormProof: _words(FormProof, "签字图像 客户确认 盖章"),
    ConfirmationWay: _words(ConfirmationWay, "链接 邮件 短信"),
    ComplaintKind: _words(ComplaintKind, "服务 私自收费 其他"),
    ComplaintOrigin: _words(ComplaintOrigin, "投诉电话 服务电话 回访 来信 内部"),
    Verdict: _words(Verdict, "待核实 属实 不属实"),
    SaleState: _words(SaleState, "已登记 待审批 已批准 已出库 已取消"),
    ServiceState: _words(ServiceState, "待审批 已退回 已批准 已完成 已取消"),
    RepairState: _words(
        RepairState,
        "已申请 已核质保 厂商上门 已报价 客户已确认 客户放弃 已送修 已修复 无法修复 已返还 已关闭",
    ),
    ClaimState: _words(ClaimState, "待审批 已批准 已退回 已撤回"),
    PaymentTerms: _words(PaymentTerms, "款到发货 赊销"),
    ApprovalLevel: _words(ApprovalLevel, "部门经理 公司领导"),
    ExpenseCategory: _words(ExpenseCategory, "公共交通 出租车 货运"),
    ExpenseReason: _words(ExpenseReason, "紧急 大宗物品 其他"),
    ReceivableKind: _words(ReceivableKind, "配件销售 软件服务 返厂维修"),
    CaseState: _words(CaseState, "待定比例 待审批 扣款中 已免除 已撤案"),
    PrivateChargeState: _words(PrivateChargeState, "待处理 待领导审批 扣款中"),
    MoneyGoes: _words(MoneyGoes, "退还客户 入账（不计奖金）"),
    CorrectionState: _words(CorrectionState, "待审核 待审批 已审批 已退回"),
    DraftState: _words(DraftState, "待审批 已审批 已退回"),
    LeaverClaimState: _words(LeaverClaimState, "无 待决定 追偿中 已免追偿"),
    CollectionManner: _words(CollectionManner, "电话 上门 函件 消息"),
    SettlementState: _words(SettlementState, "草稿 已退回 已提交 已审核 已审批 已发放"),
    SettlementVerb: _words(SettlementVerb, "起草 提交 审核 审批 退回 发放"),
    LineKind: _words(
        LineKind,
        "底薪 服务补贴 人工费 售后服务奖金 配件销售奖金 软件服务奖金 费用报销 逾期扣款返还 私自收费扣款 逾期应收扣款",
    ),
    Role: _words(Role, "售后专员 技术员 商务 财务 部门经理 公司领导 审计 项目经理 系统管理员"),
}


def _english(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


_ENGLISH: dict[type[enum.StrEnum], tuple[str, ...]] = {
    EmployeeKind: _english("Dedicated, Non-dedicated, Other"),
    ServiceMode: _english("On site, By phone, Online"),
    TicketSource: _english(
        "Service line, Complaint line, Technician, Company leader, E-mail, Letter or fax, Visit, Online form"
    ),
    Severity: _english("A, B, C, D"),
    Urgency: _english("Critical, Urgent, Normal"),
    ServiceType: _english(
        "Product defect, Quality, Installation, Maintenance, Inspection, Training, Consulting, Other"
    ),
    WaitReason: _english("Customer, Parts, Maker"),
    TicketState: _english(
        "Registered, Verified, Dispatched, Accepted, In service, Waiting, Served, Form received, Called back,"
        "Closed, Cancelled"
    ),
    OrderState: _english("To be accepted, Accepted, Refused, Withdrawn"),
    TicketVerb: _english(
        "Register, Verify, Pass to the manager, Dispatch, Accept, Refuse, Reassign, Start service, Leave for now,"
        "Finish service, Wait, Resume, Propose, Confirm the proposal, Ask for support, Hand the form in,"
        "Give the form back, Accept the form, Call back, Settle the doubt,"
        "Close, Cancel, Reopen, Edit, Change severity, Judge warranty, Charge for damage, Replace the device, Note"
    ),
    FormPart: _english("Fault, Inspection, Result, Satisfaction, Customer's signature, Signed at"),
    FormProof: _english("Picture of the signature, Customer's confirmation, Seal"),
    ConfirmationWay: _english("Link, E-mail, Message"),
    ComplaintKind: _english("Service, Private charge, Other"),
    ComplaintOrigin: _english("Complaint line, Service line, Call-back, Letter, Internal"),
    Verdict: _english("Open, Upheld, Not upheld"),
    PaymentTerms: _english("Payment before delivery, Credit"),
    ApprovalLevel: _english("Department manager, Company leader"),
    ExpenseCategory: _english("Public transport, Taxi, Freight"),
    ExpenseReason: _english("Urgent, Bulky goods, Other"),
    ReceivableKind: _english("Parts sale, Software service, Repair by the maker"),
    CaseState: _english("Undecided, Before the leader, Being deducted, Waived, Withdrawn"),
    PrivateChargeState: _english("Open, Before the leader, Being deducted"),
    MoneyGoes: _english("Back to the customer, Booked as income (no commission)"),
    CorrectionState: _english("To be reviewed, To be approved, Approved, Returned"),
    DraftState: _english("To be approved, Approved, Returned"),
    SaleState: _english("Registered, To be approved, Approved, Delivered, Cancelled"),
    ServiceState: _english("To be approved, Refused, Approved, Completed, Cancelled"),
    RepairState: _english(
        "Requested, Warranty checked, Maker on site, Quoted, Confirmed by the customer, Declined, Sent, Repaired,"
        "Irreparable, Returned, Closed"
    ),
    ClaimState: _english("To be approved, Approved, Refused, Withdrawn"),
    LeaverClaimState: _english("None, Undecided, Pursued, Waived"),
    CollectionManner: _english("By phone, By visit, By letter, By message"),
    SettlementState: _english("Draft, Returned, Submitted, Reviewed, Approved, Paid"),
    SettlementVerb: _english("Draft, Submit, Review, Approve, Return, Pay"),
    LineKind: _english(
        "Base pay, Service allowance, On-site labour, No-complaint bonus, Parts commission, Software commission,"
        "Expenses, Overdue refund, Private-charge deduction, Overdue deduction"
    ),
    Role: _english(
        "Service clerk, Technician, Commerce, Finance, Department manager, Company leader, Auditor, Project manager,"
        "Administrator"
    ),
}
ENGLISH = {codes: dict(zip(codes, text, strict=True)) for codes, text in _ENGLISH.items()}


def word(code: enum.StrEnum) -> str:
    """The word for a code in the reader's language; Chinese where nobody is reading."""
    locale = get_locale()
    words = ENGLISH if locale is not None and locale.language == "en" else WORDS
    return words[type(code)][code]
