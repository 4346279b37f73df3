"""What is shown of a decision before it is taken: facts, automatic checks with their clauses, what will happen (R10)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from admin_views.drawing import percent
from admin_views.noun.column import words
from admin_views.regulation import NAMES, shown_value
from models import db
from models.account import Account
from models.correction import Correction
from models.expense import Expense
from models.overdue_case import OverdueCase
from models.parameter import ParameterDraft
from models.parts_sale import PartsSale
from models.private_charge_case import PrivateChargeCase
from models.receivable import Receivable, WriteOff
from models.settlement import Settlement, SettlementMismatch, SettlementSums
from models.software_service import SoftwareService
from rules.expense import ExpenseCategory, refusal
from rules.money import total
from rules.overdue_case import CaseState
from rules.parts_sale import ApprovalLevel
from rules.period import Month
from rules.private_charge_case import PrivateChargeState
from rules.settlement import COMMISSIONS, LineKind
from rules.settlement_steps import SettlementState
from workflows import settlement as settlements
from workflows.approval import Matter, Waiting
from workflows.correction import approve_correction, return_correction, review_correction
from workflows.expense import approve_expense, refuse_expense
from workflows.overdue_case import approve_case, send_back
from workflows.overdue_effect import RateEffect, rate_effect
from workflows.overdue_record import outstanding_of, seen_digest
from workflows.parameter import parameter_history
from workflows.parameter_draft import approve_parameters, draft_values, return_parameters
from workflows.parts_sale import approve_credit, needed_level, refuse_credit
from workflows.private_charge_case import (
    approve_private_charge,
    deduction_of,
    send_back_private_charge,
)
from workflows.software_service import approve_software_service, refuse_software_service
from workflows.transaction import today
from workflows.write_off import approve_write_off, refuse_write_off


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the system looked at: whether it holds, in words, and its clause."""

    good: bool
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One decision with all that bears on it; without `approve` it is decided on its own page. A `review` goes before
    the approval."""

    facts: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]
    follows: tuple[str, ...]
    url: str | None
    verb: str
    seen: str = ""
    lines: tuple[Any, ...] = ()
    approve: Callable[..., None] | None = None
    give_back: Callable[..., None] | None = None
    review: bool = False


def _money(amount: Any) -> str:
    return f"¥{amount:,.2f}".replace("¥-", "−¥")


def _version(seen: str) -> int:
    """The version that was seen; no record has a negative one."""
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1


def _settlement(item: Waiting) -> Detail:
    row = db.session.get_one(Settlement, item.id)
    sums = list(
        db.session.scalars(select(SettlementSums).where(SettlementSums.settlement_id == row.id))
    )
    odd = list(
        db.session.scalars(
            select(SettlementMismatch).where(SettlementMismatch.settlement_id == row.id)
        )
    )
    review = row.state is SettlementState.SUBMITTED
    step = settlements.review if review else settlements.approve
    facts = (
        (_("月份"), str(row.month)),
        (_("人数"), _("%(n)s 人", n=len(sums))),
        (_("本月应发合计（税前）"), _money(item.amount)),
        (_("其中已减扣款"), _money(total(s.deductions for s in sums))),
        (_("月初已发底薪"), _money(total(s.base_paid for s in sums))),
        (_("扣款结转"), _money(total(s.carried_forward for s in sums))),
        *_overpaid(sums),
        (_("本次应付"), _money(total(s.payable for s in sums))),
    )
    checks = (
        Check(True, _("提交、审核、审批是三个不同的人"), "R9.1"),
        Check(all(o.explanation for o in odd), _("不一致 %(n)s 项，都已说明", n=len(odd)), "R9.7"),
        Check(True, _("数字、参数与来源已冻结"), "R9.2"),
    )
    follows = (
        (_("交公司领导审批"), _("审批前仍可退回"))
        if review
        else (_("财务可以发放"), _("不能再改，更正列入下月"), _("来源记为已结算"))
    )
    return Detail(
        facts, checks, follows, url_for("settlement.month", month=str(row.month)),
        _("审核通过") if review else _("审批"), row.digest,
        approve=lambda actor, seen: step(row.month, actor=actor, digest=seen, origin="web"),
        give_back=lambda actor, reason: settlements.give_back(row.month, actor=actor, reason=reason, origin="web"),
        review=review,
    )  # fmt: skip


def _overpaid(sums: list[SettlementSums]) -> list[tuple[str, str]]:
    """What else stands between what is due and what is to pay, where there is any (R7.9)."""
    found = (
        (_("上月多发"), total(s.overpaid_before for s in sums)),
        (_("多发结转"), total(s.overpaid for s in sums)),
    )
    return [(name, _money(amount)) for name, amount in found if amount]


def _overdue(item: Waiting) -> Detail:
    case = db.session.get_one(OverdueCase, item.id)
    decided = case.state is CaseState.PROPOSED and not case.waiver_proposed
    rate = case.rate if decided else None
    facts = (
        (_("经手人"), item.about),
        (_("客户"), item.by),
        (_("未收"), _money(outstanding_of(case, today()))),
        (_("立案"), words(case.opened_on)),
        (_("承担比例"), "–" if rate is None else percent(rate)),
        (_("应承担"), "–" if rate is None else _money(item.amount)),
        (_("理由"), case.reason or "–"),
    )
    there = ((_("催收记录"), case.collections), (_("过错认定"), case.finding), (_("依据"), case.basis),
             (_("书面告知"), case.notified_on), (_("员工陈述"), case.statement))  # fmt: skip
    checks = tuple(_there(name, value, "R8.3") for name, value in there)
    effect = None if rate is None else rate_effect(case, rate)
    unknown = (_("从本月起按未收部分扣款"), _("每月不超过工资的上限，扣不完结转"))
    follows = (*(unknown if effect is None else _deductions(effect)), _("客户付款后返还"))
    return Detail(
        facts, checks, follows, f"/admin/overdue/{case.id}/", _("批准扣款") if decided else _("去决定"), seen_digest(case),
        approve=(lambda actor, seen: approve_case(case.id, actor=actor, seen=seen)) if decided else None,
        give_back=(lambda actor, reason: send_back(case.id, actor=actor, reason=reason)) if decided else None,
    )  # fmt: skip


def _there(name: str, value: Any, clause: str) -> Check:
    """Whether a case has what it is to rest on."""
    return Check(bool(value), name if value else _("缺%(what)s", what=name), clause)


def _deductions(effect: RateEffect) -> Iterator[str]:
    """What approving a rate takes of the next pay, and what is left for later months (R8.4, R8.5)."""
    rate, owed = percent(effect.rate), _money(effect.outstanding)
    yield _("应承担 %(amount)s：未收 %(owed)s 的 %(rate)s", amount=_money(effect.liability), owed=owed, rate=rate)  # fmt: skip
    if effect.deducted_before:
        yield _("此前已扣 %(amount)s", amount=_money(effect.deducted_before))
    first = effect.months[0]
    yield _(
        "%(month)s 工资中约扣 %(taken)s，当月可扣上限 %(room)s",
        month=first.month, taken=_money(first.taken), room=_money(first.room),
    )  # fmt: skip
    if first.others:
        yield _("当月上限中 %(amount)s 先用于他的其他扣款", amount=_money(first.others))
    if first.carried > 0:
        yield _("未扣的 %(amount)s 结转以后各月", amount=_money(first.carried))


def _private_charge(item: Waiting) -> Detail:
    case = db.session.get_one(PrivateChargeCase, item.id)
    complaint = case.complaint
    whole, charged, penalty = deduction_of(case)
    facts = (
        (_("员工"), item.about),
        (_("收取金额"), _money(charged)),
        (_("应扣"), _money(whole)),
        (_("投诉内容"), complaint.content),
        (_("金额凭据"), case.proof or "–"),
        (_("员工陈述"), case.statement or "–"),
        (_("款项去向"), words(case.money_goes) or "–"),
    )
    checks = tuple(
        _there(name, value, "R8.1")
        for name, value in ((_("金额凭据"), case.proof), (_("员工陈述"), case.statement), (_("款项去向"), case.money_goes))
    )  # fmt: skip
    decided = case.state is PrivateChargeState.PROPOSED
    return Detail(
        facts, checks, (
            _("扣 %(whole)s：收取 %(charged)s，处罚 %(penalty)s", whole=_money(whole), charged=_money(charged), penalty=_money(penalty)),
            _("先于逾期扣款，每月不超过工资的上限，扣不完结转"),
        ), f"/admin/private_charge/{case.id}/",
        _("批准扣款") if decided else _("去决定"), case.proposal_hash or "",
        approve=(lambda actor, seen: approve_private_charge(case.id, actor=actor, version=case.row_version))
        if decided else None,
        give_back=(lambda actor, reason: send_back_private_charge(case.id, actor=actor, reason=reason))
        if decided else None,
    )  # fmt: skip


def _level_check(amount: Any, clause: str) -> Check:
    limit = parameter_history().of(Month.of(today())).amount("credit_threshold")
    if needed_level(amount, today()) is ApprovalLevel.LEADER:
        return Check(True, _("金额达到限额 %(limit)s，由公司领导批", limit=_money(limit)), clause)
    return Check(True, _("金额低于限额 %(limit)s，由部门经理批", limit=_money(limit)), clause)


def _commission(kind: LineKind, base: Any) -> str:
    rate = parameter_history().of(Month.of(today())).amount(COMMISSIONS[kind])
    return f"{_money(max(base, 0) * rate)} · {percent(rate)}"


def _credit(item: Waiting) -> Detail:
    sale = db.session.get_one(PartsSale, item.id)
    receivable = sale.receivable
    late = _late_of(receivable.customer_id)
    facts = (
        (_("客户"), receivable.customer.name),
        (_("合计"), _money(receivable.total)),
        (_("经手人"), receivable.handler.name),
        (_("净利润"), _money(sale.net_profit)),
        (_("特殊情况"), sale.circumstance or "–"),
        (_("将来奖金"), _commission(LineKind.PARTS_COMMISSION, sale.net_profit)),
        (_("约定付款"), words(sale.agreed_payment_on)),
    )
    checks = (
        _level_check(receivable.total, "R6.2"),
        Check(True, _("申请人与审批人不是同一人"), "R6.2"),
        Check(not late, _("该客户逾期案件 %(n)s 件", n=late), "R8.2"),
    )
    follows = (
        _("可以发货，应收款自发货日起算"),
        _("%(day)s 未付：提醒经手人", day=words(sale.agreed_payment_on)),
        _("满期未收清：对经手人立案"),
    )
    return Detail(
        facts, checks, follows, f"/admin/parts_sale/{sale.id}/", _("批准赊销"), str(sale.row_version), tuple(sale.lines),
        approve=lambda actor, seen: approve_credit(sale.id, {}, version=_version(seen), actor=actor),
        give_back=lambda actor, reason: refuse_credit(sale.id, {"reason": reason}, version=None, actor=actor),
    )  # fmt: skip


def _late_of(customer_id: int) -> int:
    query = (
        select(OverdueCase.id)
        .join(Receivable, Receivable.id == OverdueCase.receivable_id)
        .where(
            Receivable.customer_id == customer_id,
            OverdueCase.state.not_in([CaseState.WAIVED, CaseState.WITHDRAWN]),
        )
    )
    return len(db.session.scalars(query).all())


def _software(item: Waiting) -> Detail:
    row = db.session.get_one(SoftwareService, item.id)
    receivable = row.receivable
    facts = (
        (_("客户"), receivable.customer.name),
        (_("收费"), _money(receivable.total)),
        (_("经手人"), receivable.handler.name),
        (_("将来奖金"), _commission(LineKind.SOFTWARE_COMMISSION, receivable.total)),
        (_("服务内容"), row.content),
    )
    checks = (
        _level_check(receivable.total, "R6.3"),
        Check(not receivable.payments, _("批准前没有收费"), "R6.3"),
    )
    return Detail(
        facts, checks, (_("可以向客户收费"), _("完成之日产生应收款")), f"/admin/software_service/{row.id}/", _("批准收费"),
        str(row.row_version),
        approve=lambda actor, seen: approve_software_service(row.id, {}, version=_version(seen), actor=actor),
        give_back=lambda actor, reason: refuse_software_service(row.id, {"reason": reason}, version=None, actor=actor),
    )  # fmt: skip


def _expense(item: Waiting) -> Detail:
    row = db.session.get_one(Expense, item.id)
    why = refusal(row.category, row.reason, row.reported_on, row.spent_on)
    facts = (
        (_("报销人"), row.employee.name),
        (_("金额"), _money(row.amount)),
        (_("类别"), words(row.category)),
        (_("服务单"), row.ticket.number),
        (_("发生日期"), words(row.spent_on)),
        (_("事由"), words(row.reason) or "–"),
        (_("事前申报"), words(row.reported_on) or "–"),
    )
    twice = row.invoice_number and len(
        db.session.scalars(select(Expense.id).where(Expense.invoice_number == row.invoice_number)).all()
    ) > 1  # fmt: skip
    special = row.category is not ExpenseCategory.PUBLIC_TRANSPORT
    checks = (
        Check(True, _("本人的现场服务"), "R7.7"),
        Check(
            why is None,
            _("紧急或大宗物品，且事前申报") if special else _("公共交通，直接报销"),
            "R7.7",
        ),
        Check(not twice, _("发票没有重复报销"), "R9.7"),
    )
    return Detail(
        facts, checks, (_("计入批准当月的结算"),), f"/admin/expense/{row.id}/", _("批准报销"), str(row.row_version),
        approve=lambda actor, seen: approve_expense(row.id, {}, version=_version(seen), actor=actor),
        give_back=lambda actor, reason: refuse_expense(row.id, {"reason": reason}, version=None, actor=actor),
    )  # fmt: skip


def _correction(item: Waiting) -> Detail:
    row = db.session.get_one(Correction, item.id)
    facts = (
        (_("员工"), row.employee.name),
        (_("更正的月份"), str(row.corrects_month)),
        (_("工资项目"), words(row.kind)),
        (_("金额"), _money(row.amount)),
        (_("理由"), row.reason),
    )
    step = review_correction if row.reviewed_by_id is None else approve_correction
    checks = (Check(True, _("经办、审核、批准是三个不同的人"), "R9.5"),)
    return Detail(
        facts, checks, (_("成为下一个未审批月份的一行"), _("已审批的月份不变")), f"/admin/correction/{row.id}/", _("通过更正"),
        str(row.row_version),
        approve=lambda actor, seen: step(row.number, actor=actor, origin="web"),
        give_back=lambda actor, reason: return_correction(row.number, actor=actor, reason=reason, origin="web"),
        review=row.reviewed_by_id is None,
    )  # fmt: skip


def _parameters(item: Waiting) -> Detail:
    row = db.session.get_one(ParameterDraft, item.id)
    held = parameter_history().of(row.month).values
    facts = (
        (_("生效月份"), str(row.month)),
        (_("理由"), row.reason),
        *(
            (str(NAMES[code]), f"{shown_value(code, held[code])} → {shown_value(code, text)}")
            for code, text in draft_values(row).items()
        ),
    )
    return Detail(
        facts, (Check(True, _("起草与批准不是同一人"), "R7"),),
        (_("从 %(month)s 起执行", month=row.month), _("那个月提交结算之后不能再改")), url_for("parameter.index"),
        _("批准参数"), row.digest,
        approve=lambda actor, seen: approve_parameters(row.id, actor=actor, digest=seen, origin="web"),
        give_back=lambda actor, reason: return_parameters(row.id, actor=actor, reason=reason, origin="web"),
    )  # fmt: skip


def _write_off(item: Waiting) -> Detail:
    row = db.session.scalars(select(WriteOff).where(WriteOff.receivable_id == item.id)).one()
    facts = (
        (_("客户"), item.about),
        (_("核销金额"), _money(row.amount)),
        (_("经手人"), item.by),
        (_("理由"), row.reason),
    )
    return Detail(
        facts, (Check(True, _("提出与批准不是同一人"), "R6.6"),), (_("不再向客户催收"), _("经手人的责任按已作决定不变")),
        f"/admin/receivable/{item.id}/", _("批准核销"),
        f"{row.proposed_by_id} {row.amount} {row.reason}",  # a refused proposal's id may come again
        approve=lambda actor, seen: approve_write_off(item.id, {}, version=None, actor=actor),
        give_back=lambda actor, reason: refuse_write_off(item.id, {"reason": reason}, version=None, actor=actor),
    )  # fmt: skip


DETAILS: dict[Matter, Callable[[Waiting], Detail]] = {
    Matter.SETTLEMENT: _settlement,
    Matter.OVERDUE: _overdue,
    Matter.PRIVATE_CHARGE: _private_charge,
    Matter.CREDIT: _credit,
    Matter.SOFTWARE_SERVICE: _software,
    Matter.EXPENSE: _expense,
    Matter.CORRECTION: _correction,
    Matter.PARAMETERS: _parameters,
    Matter.WRITE_OFF: _write_off,
}


def detail_of(item: Waiting, actor: Account) -> Detail:
    """All that bears on a decision."""
    return DETAILS[item.matter](item)
