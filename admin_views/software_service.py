"""Paid software services: reported, approved before the customer is charged, completed (R6.3)."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement

from admin_views.documents import (
    CUSTOMER,
    DOCUMENT_FILTERS,
    DOCUMENT_JOINS,
    HANDLER,
    MONEY_TABS,
    NUMBER,
    OUTSTANDING,
    TOTAL,
    ReasonForm,
    amount_of,
    document_eager,
    document_facts,
    found_as_document,
    handled_by,
    open_for,
)
from admin_views.noun.column import Column, badge
from admin_views.noun.field import Amount, Day, Pick, Text, YesNo
from admin_views.noun.filter import ChoiceFilter, DayFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Head, Step, Tab
from admin_views.noun.view import NounView
from models.account import Account
from models.receivable import Receivable
from models.software_service import SoftwareService
from rules.software_service_steps import SERVICE_STEPS, ServiceState, ServiceVerb
from workflows import software_service as services
from workflows.approval import high_enough


class SoftwareServiceForm(NounForm):
    """A service as it is reported."""

    customer_id = Pick(_l("客户"), noun="customer", required=True)
    handler_id = Pick(_l("经手人"), noun="employee", required=True)
    content = Text(_l("服务内容"), required=True, most=500, wide=True)
    total = Amount(_l("收费金额"), required=True, hint=_l("含税。"))
    invoice_wanted = YesNo(_l("发票"), yes=_l("要"), no=_l("不要"))
    sections = (
        Section(_l("给谁做什么"), ("customer_id", "handler_id", "content"), _l("超出质保和日常维护的服务：系统安装、咨询等。")),
        Section(_l("收多少"), ("total", "invoice_wanted"), _l("先申报、批准，后收费（R6.3）。")),
    )  # fmt: skip


class CompletionForm(NounForm):
    """When it was done."""

    completed_on = Day(_l("完成日期"), hint=_l("留空为今天。"))
    sections = (Section("", ("completed_on",)),)


STEPS = (
    Step(
        "approve", _l("批准"), "software_service.approve", services.approve_software_service,
        lambda r: _("批准 %(number)s，收费 %(amount)s？", number=r.receivable.number, amount=amount_of(r)),
        lambda r: (r.content, _("批准后才可向客户收费；到限额须公司领导批准（R6.3）。")),
        open_for(SERVICE_STEPS, ServiceVerb.APPROVE), primary=True,
    ),
    Step(
        "refuse", _l("退回"), "software_service.approve", services.refuse_software_service,
        lambda r: _("退回 %(number)s？", number=r.receivable.number), lambda r: (_("修改后重新申报。"),),
        open_for(SERVICE_STEPS, ServiceVerb.REFUSE), ReasonForm, "arrow-back-up", danger=True,
    ),
    Step(
        "complete", _l("完成"), "software_service.complete", services.complete_software_service,
        lambda r: _("%(number)s 已完成？", number=r.receivable.number),
        lambda r: (_("自完成之日产生应收款 %(amount)s（R6.4）。", amount=amount_of(r)),),
        open_for(SERVICE_STEPS, ServiceVerb.COMPLETE), CompletionForm, primary=True,
    ),
    Step(
        "cancel", _l("取消"), "software_service.cancel", services.cancel_software_service,
        lambda r: _("取消 %(number)s？", number=r.receivable.number), lambda r: (_("单号保留，不能恢复。"),),
        open_for(SERVICE_STEPS, ServiceVerb.CANCEL), ReasonForm, "x", danger=True,
    ),
)  # fmt: skip


class SoftwareServiceView(NounView):
    """软件服务."""

    noun = "software_service"
    title = _p("list", "软件服务")
    unit = _p("software_service", "单")
    group = "income"
    icon = "device-desktop"
    clauses = ("R6.3", "R7.6")
    model = SoftwareService
    label = Receivable.number
    sub = Receivable.number
    joins = ((Receivable, Receivable.id == SoftwareService.receivable_id), *DOCUMENT_JOINS)
    eager = document_eager(SoftwareService.receivable)
    default_order = (SoftwareService.id.desc(),)
    search_hint = _l("单号")
    empty = (_l("还没有软件服务"), _l("申报收费服务后列在这里；批准之前不能收费。"))
    columns = (
        NUMBER,
        Column("state", _l("状态"), SoftwareService.state, kind="badge", show=badge, card="badge"),
        CUSTOMER,
        Column("content", _l("服务内容"), SoftwareService.content),
        HANDLER,
        Column("reported_on", _l("申报日期"), SoftwareService.reported_on, kind="day"),
        TOTAL,
        OUTSTANDING,
    )
    filters = (
        ChoiceFilter("state", _l("状态"), SoftwareService.state, codes=ServiceState),
        DayFilter("reported_on", _l("申报日期"), SoftwareService.reported_on),
        *DOCUMENT_FILTERS,
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("reported", _l("待审批"), {"state": "reported"}),
        Tab("approved", _l("进行中"), {"state": "approved"}),
    )
    form_class = SoftwareServiceForm
    create_with = staticmethod(services.create_software_service)
    update_with = staticmethod(services.update_software_service)
    create_label = _l("申报服务")
    steps = STEPS
    related = MONEY_TABS
    course = (
        ("reported_on", _l("申报日期")), ("approved_on", _l("批准日期")), ("refused_on", _l("退回日期")),
        ("refusal", _l("退回理由")), ("receivable.arose_on", _l("完成日期")), ("cancelled_on", _l("取消日期")),
        ("cancel_reason", _l("取消理由")),
    )  # fmt: skip

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return found_as_document(SoftwareService.receivable_id)

    def own(self, actor: Account) -> ColumnElement[bool]:
        return handled_by(actor)

    def name_of(self, row: Any) -> str:
        return str(row.receivable.number)

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        number = row.receivable.number
        return [("software_service", number), ("software_services", number)]

    def values_of(self, row: Any) -> dict[str, Any]:
        owed = row.receivable
        return super().values_of(row) | {
            "customer_id": owed.customer_id, "handler_id": owed.handler_id, "total": owed.total,
        }  # fmt: skip

    def open_steps(self, row: Any) -> list[Step]:
        """From the limit on the manager is not offered what only the leader approves (R6.2)."""
        high = high_enough(self.actor, row.receivable.total)
        return [step for step in super().open_steps(row) if step.verb != "approve" or high]

    def head(self, row: Any) -> Head:
        return Head(row.receivable.number, badge(row.state), document_facts(row.receivable))
