"""Feedback forms: accepted or given back by the clerk, doubts settled by the manager (R4.2–R4.4)."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from admin_views.documents import ReasonForm
from admin_views.noun.column import Badge, Column, ref_column, words
from admin_views.noun.field import Text, YesNo
from admin_views.noun.filter import AmongFilter, DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Step, Tab
from admin_views.noun.view import NounView
from admin_views.ticket_page import form_badge
from admin_views.visit import FeedbackFields, visits_of
from models import db
from models.account import Account
from models.customer import Customer
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, Visit, VisitPerson
from workflows.call_back import settle_dispute
from workflows.desk import Work
from workflows.feedback_form import accept_form, give_back


class DisputeForm(NounForm):
    """What the investigation found."""

    counts = YesNo(_l("这次服务"), yes=_l("属实，计入"), no=_l("不计"), required=True)
    finding = Text(_l("查清的结果"), required=True, most=500, wide=True)
    sections = (Section("", ("counts", "finding")),)


def _accept(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    accept_form(number, actor=actor, version=version)


def _give_back(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    give_back(number, actor=actor, reason=values["reason"], version=version)


def _settle(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    settle_dispute(
        number,
        actor=actor,
        counts=bool(values["counts"]),
        finding=values["finding"],
        version=version,
    )


def states(ids: Any) -> dict[int, Badge]:
    """How each form stands."""
    whole = select(FeedbackForm).options(joinedload(FeedbackForm.visit))
    rows = db.session.scalars(whole.where(FeedbackForm.id.in_(ids)))
    return {form.id: form_badge(form, form.visit) for form in rows}


class FeedbackReading(FeedbackFields):
    """A form as it is read: its pictures are shown, not named."""

    signature = seal = None


class FormView(NounView):
    """反馈单."""

    works = (Work.RECEIVE_FORM,)
    noun = "form"
    title = _p("list", "反馈单")
    unit = _p("form", "份")
    group = "service"
    icon = "clipboard-check"
    clauses = ("R4.2", "R4.3")
    model = FeedbackForm
    label = Ticket.number
    joins = (
        (Visit, Visit.id == FeedbackForm.visit_id),
        (Ticket, Ticket.id == Visit.ticket_id),
        (Customer, Customer.id == Ticket.customer_id),
    )
    eager = (
        joinedload(FeedbackForm.visit).joinedload(Visit.ticket).joinedload(Ticket.customer),
        joinedload(FeedbackForm.written_by),
    )
    default_order = (FeedbackForm.id.desc(),)
    empty = (_l("没有这样的反馈单"), _l("技术员提交、客户签字后列在这里，由专员审核。"))
    columns = (
        Column("ticket", _l("服务单"), (Ticket.number, Visit.turn), kind="id", card="top",
               show=lambda v: v[0] if v[1] == 1 else f"{v[0]}-{v[1]}"),
        Column("state", _l("状态"), load=states, kind="badge", card="badge"),
        ref_column("customer", _l("客户"), "customer", Ticket.customer_id, Customer.name, card="title"),
        Column("result", _l("处理结果"), FeedbackForm.result, card="sub"),
        Column("satisfaction", _l("满意度"), FeedbackForm.satisfaction, kind="count"),
        Column("signed_by", _l("客户签字"), FeedbackForm.signed_by),
        Column("signed_at", _l("签字时间"), FeedbackForm.signed_at, kind="moment"),
        Column("accepted_on", _l("审核日期"), FeedbackForm.accepted_on, kind="day", sort=True),
    )  # fmt: skip
    filters = (
        YesNoFilter(
            "accepted",
            _l("审核"),
            FeedbackForm.accepted_on.is_not(None),
            yes=_l("已审核"),
            no=_l("待审核"),
        ),
        DayFilter("accepted_on", _l("审核日期"), FeedbackForm.accepted_on),
        YesNoFilter(
            "low",
            _l("不满意"),
            FeedbackForm.satisfaction <= 2,
            yes=_l("2 分及以下"),
            no=_l("3 分及以上"),
        ),
        YesNoFilter(
            "disputed",
            _l("疑问"),
            FeedbackForm.disputed_on.is_not(None),
            yes=_l("有疑问"),
            no=_l("无疑问"),
        ),
        PickFilter("customer", _l("客户"), Ticket.customer_id, noun="customer"),
        AmongFilter(
            "person",
            _l("技术员"),
            FeedbackForm.visit_id,
            noun="employee",
            rows=visits_of,
            verb="employee.read",
        ),
        PickFilter("ticket", _l("服务单"), Visit.ticket_id, noun="ticket", rare=True),
        PickFilter("visit", _l("服务实施"), FeedbackForm.visit_id, noun="visit", rare=True),
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("waiting", _l("待审核"), {"accepted": "no"}),
        Tab("low", _l("不满意"), {"low": "yes"}),
        Tab("disputed", _l("有疑问"), {"disputed": "yes"}),
    )
    steps = (
        Step(
            "accept", _l("审核通过"), "ticket.receive_form", _accept,
            lambda r: _("%(number)s 的反馈单审核通过？", number=r.visit.ticket.number),
            lambda r: (_("计入审核当月的补贴与满意度（R4.3）。"),), lambda r: r.accepted_on is None, primary=True,
        ),
        Step(
            "give_back", _l("退回"), "ticket.return_form", _give_back,
            lambda r: _("退回 %(number)s 的反馈单？", number=r.visit.ticket.number),
            lambda r: (_("技术员补全后重新提交。"),), lambda r: r.accepted_on is None, ReasonForm, "arrow-back-up", danger=True,
        ),
        Step(
            "settle", _l("处理疑问"), "ticket.settle_dispute", _settle,
            lambda r: _("%(number)s 的疑问查清了？", number=r.visit.ticket.number),
            lambda r: (_("属实的，计入澄清当月的结算（R4.4）。"),),
            lambda r: r.disputed_on is not None and r.cleared_on is None and r.voided_on is None, DisputeForm, primary=True,
        ),
    )  # fmt: skip

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return [("ticket", Visit.ticket_id), ("customer", Ticket.customer_id)]

    def own(self, actor: Account) -> ColumnElement[bool]:
        return exists().where(
            VisitPerson.visit_id == FeedbackForm.visit_id,
            VisitPerson.employee_id == (actor.employee_id or 0),
        )

    def name_of(self, row: Any) -> str:
        visit = row.visit
        return visit.ticket.number if visit.turn == 1 else f"{visit.ticket.number}-{visit.turn}"

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("feedback_form", self.name_of(row)), ("forms", row.visit.ticket.number)]

    details_template = "noun/feedback_form.html"

    def hub(self, row: Any) -> Any:
        pictures = ((_("签字照片"), row.signature_id), (_("盖章照片"), row.seal_id))
        return {"pictures": [(label, number) for label, number in pictures if number]}

    def reading_form(self, row: Any) -> NounForm | None:
        data = {name: getattr(row, name, None) for name in FeedbackReading()._fields}
        return self.open_form(FeedbackReading, data, new=True)

    def head(self, row: Any) -> Head:
        facts = (
            Fact(row.visit.ticket.customer.name, "building"),
            Fact(_("满意度 %(n)s", n=row.satisfaction) if row.satisfaction else ""),
            Fact(row.signed_by, "pencil"),
            Fact(words(row.accepted_on), "circle-check"),
        )
        return Head(self.name_of(row), form_badge(row, row.visit), facts)
