"""Expense claims: the technician's own, approved by the manager (R7.7)."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from admin_views.documents import ReasonForm, attach_step, open_for
from admin_views.noun.column import Column, badge, ref_column, words
from admin_views.noun.field import Amount, Choice, Day, Line, Pick
from admin_views.noun.filter import AmountFilter, ChoiceFilter, DayFilter, PickFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Bulk, Fact, Head, Related, Step, Tab
from admin_views.noun.view import NounView
from models.account import Account
from models.employee import Employee
from models.expense import Expense
from models.ticket import Ticket
from rules.expense import ExpenseCategory, ExpenseReason
from rules.expense_steps import CLAIM_STEPS, ClaimState, ClaimVerb
from workflows import expense as claims
from workflows.attachment import attach_to_expense


class ExpenseForm(NounForm):
    """A claim."""

    employee_id = Pick(_l("报销人"), noun="employee", required=True)
    ticket_id = Pick(_l("服务单"), noun="ticket", required=True, hint=_l("本人的现场服务单。"))
    spent_on = Day(_l("发生日期"), required=True)
    category = Choice(_l("类别"), codes=ExpenseCategory, required=True)
    amount = Amount(_l("金额"), required=True)
    reason = Choice(_l("事由"), codes=ExpenseReason, hint=_l("出租车和货运须紧急或大宗物品。"))
    reported_on = Day(_l("事前申报日期"), hint=_l("不晚于发生日期；电话或消息记录即可。"))
    invoice_number = Line(_l("发票号码"), most=40)
    note = Line(_l("说明"), most=200)
    sections = (
        Section(_l("为哪次服务"), ("employee_id", "ticket_id", "spent_on")),
        Section(_l("花了什么"), ("category", "amount", "invoice_number", "note")),
        Section(_l("出租车、货运"), ("reason", "reported_on"), _l("事前向部门经理申报并经同意，才能报销（R7.7）。")),
    )  # fmt: skip


STEPS = (
    Step(
        "approve", _l("批准"), "expense.approve", claims.approve_expense,
        lambda r: _("批准 %(name)s 报销 ¥%(amount)s？", name=r.employee.name, amount=f"{r.amount:,.2f}"),
        lambda r: (_("计入批准当月的结算（R7.7）。"),), open_for(CLAIM_STEPS, ClaimVerb.APPROVE), primary=True,
    ),
    Step(
        "refuse", _l("退回"), "expense.approve", claims.refuse_expense,
        lambda r: _("退回 %(number)s？", number=r.number), lambda r: (_("报销人可修改后再报。"),),
        open_for(CLAIM_STEPS, ClaimVerb.REFUSE), ReasonForm, "arrow-back-up", danger=True,
    ),
    Step(
        "withdraw", _l("撤回"), "expense.change", claims.withdraw_expense,
        lambda r: _("撤回 %(number)s？", number=r.number), lambda r: (_("单号保留，不能恢复。"),),
        open_for(CLAIM_STEPS, ClaimVerb.WITHDRAW), icon="x", danger=True,
    ),
)  # fmt: skip


class ExpenseView(NounView):
    """费用报销."""

    noun = "expense"
    title = _p("list", "费用报销")
    unit = _p("expense", "笔")
    group = "service"
    icon = "receipt"
    clauses = ("R7.7",)
    model = Expense
    label = Expense.number
    joins = (
        (Employee, Employee.id == Expense.employee_id),
        (Ticket, Ticket.id == Expense.ticket_id),
    )
    eager = (joinedload(Expense.employee), joinedload(Expense.ticket))
    default_order = (Expense.id.desc(),)
    search_hint = _l("单号")
    empty = (_l("还没有报销"), _l("技术员为现场服务报销后列在这里。"))
    columns = (
        Column("number", _l("单号"), Expense.number, kind="id", sort=True, card="top"),
        Column("state", _l("状态"), Expense.state, kind="badge", show=badge, card="badge"),
        ref_column("employee", _l("报销人"), "employee", Expense.employee_id, Employee.name, Employee.number, card="title"),
        ref_column("ticket", _l("服务单"), "ticket", Expense.ticket_id, Ticket.number, card="sub"),
        Column("category", _l("类别"), Expense.category, kind="tag", show=words),
        Column("spent_on", _l("发生日期"), Expense.spent_on, kind="day"),
        Column("amount", _l("金额"), Expense.amount, kind="money", unit=_l("元"), card="right"),
    )  # fmt: skip
    filters = (
        ChoiceFilter("state", _l("状态"), Expense.state, codes=ClaimState),
        ChoiceFilter("category", _l("类别"), Expense.category, codes=ExpenseCategory),
        DayFilter("spent_on", _l("发生日期"), Expense.spent_on),
        PickFilter("employee", _l("报销人"), Expense.employee_id, noun="employee"),
        PickFilter("ticket", _l("服务单"), Expense.ticket_id, noun="ticket", rare=True),
        AmountFilter("amount", _l("金额"), Expense.amount, rare=True),
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("pending", _l("待审批"), {"state": "pending"}),
        Tab("refused", _l("已退回"), {"state": "refused"}),
    )
    form_class = ExpenseForm
    create_with = staticmethod(claims.create_expense)
    update_with = staticmethod(claims.update_expense)
    create_label = _l("申请报销")
    steps = (*STEPS, attach_step("expense.attach", attach_to_expense))
    course = (
        ("approved_on", _l("批准日期")), ("refused_on", _l("退回日期")), ("refusal", _l("退回理由")),
        ("withdrawn_on", _l("撤回日期")),
    )  # fmt: skip
    related = (Related("attachment", "expense", _p("list", "附件")),)
    bulk = (
        Bulk(
            "approve", _l("批准"), "expense.approve", claims.approve_expenses,
            lambda n: _("批准这 %(n)s 笔报销？", n=n),
            lambda rows: (_("合计 ¥%(sum)s，计入批准当月的结算。", sum=f"{sum(r.amount for r in rows):,.2f}"),),
            open_for(CLAIM_STEPS, ClaimVerb.APPROVE),
        ),
    )  # fmt: skip

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return [("ticket", Expense.ticket_id), ("employee", Expense.employee_id)]

    def own(self, actor: Account) -> ColumnElement[bool]:
        return Expense.employee_id == (actor.employee_id or 0)

    def new_values(self) -> dict[str, Any]:
        return {"employee_id": self.actor.employee_id}

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("expense", row.number), ("expenses", row.number)]

    def still_editable(self, row: Any) -> bool:
        return (row.state, ClaimVerb.CHANGE) in CLAIM_STEPS

    def head(self, row: Any) -> Head:
        facts = (
            Fact(row.employee.name, "user"),
            Fact(f"¥{row.amount:,.2f}", "cash"),
            Fact(words(row.category)),
            Fact(row.refusal if row.state is ClaimState.REFUSED else "", "arrow-back-up", "red"),
        )
        return Head(row.number, badge(row.state), facts)
