"""Visits: what was done on a ticket, and the technician's way to its feedback form (R4.1, R4.2)."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload

from admin_views.noun.column import Badge, Column, ref_column, words
from admin_views.noun.field import Choice, File, Line, Moment, Number, Pick, Text
from admin_views.noun.filter import AmongFilter, ChoiceFilter, DayFilter, PickFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head, Related, Step, Tab
from admin_views.noun.view import NounView
from admin_views.ticket_page import form_badge, when_of
from models import db
from models.account import Account
from models.customer import Customer
from models.employee import Employee
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, Visit, VisitPerson
from rules.feedback_form import ConfirmationWay
from rules.ticket import ServiceMode
from workflows.feedback_form import FormContent, save_form, submit_form


def crew(ids: Any) -> dict[int, str]:
    """The names of each visit's people."""
    query = (
        select(VisitPerson.visit_id, Employee.name)
        .join(Employee, Employee.id == VisitPerson.employee_id)
        .where(VisitPerson.visit_id.in_(ids))
        .order_by(VisitPerson.visit_id, VisitPerson.position)
    )
    found: dict[int, list[str]] = {}
    for visit, name in db.session.execute(query):
        found.setdefault(visit, []).append(name)
    return {visit: _("、").join(names) for visit, names in found.items()}


def form_states(ids: Any) -> dict[int, Badge]:
    """How each visit's form stands."""
    visits = select(Visit).options(joinedload(Visit.form)).where(Visit.id.in_(ids))
    return {visit.id: form_badge(visit.form, visit) for visit in db.session.scalars(visits)}


class FeedbackFields(NounForm):
    """What the technician writes and the customer rates and signs."""

    fault = Text(_l("故障现象"), most=2000, wide=True)
    inspection = Text(_l("检查记录"), most=2000, wide=True)
    result = Text(_l("处理结果"), most=2000, wide=True)
    satisfaction = Number(
        _l("满意度"), least=1, most=5, hint=_l("1 非常不满意 … 5 非常满意，由客户评。")
    )
    comment = Text(_l("客户意见"), most=2000, wide=True)
    signed_by = Line(_l("客户签字"), most=80)
    signed_at = Moment(_l("签字时间"), hint=_l("不早于服务结束。"))
    confirmation = Choice(
        _l("远程服务的确认方式"), codes=ConfirmationWay, hint=_l("电话、在线服务以此代替签字。")
    )
    confirmation_text = Line(_l("客户的确认"), most=2000, wide=True)
    signature = File(_l("签字照片"), hint=_l("现场服务必传：客户签字的照片。"))
    seal = File(_l("盖章照片"), hint=_l("项目要求盖章的才传。"))
    sections = (
        Section("", ("fault", "inspection", "result", "satisfaction", "comment", "signed_by", "signed_at", "signature", "seal", "confirmation", "confirmation_text")),
    )  # fmt: skip


def written(row: Visit) -> dict[str, Any]:
    """What the form already says: it is gone on with, not begun anew."""
    names = set(FormContent.__dataclass_fields__) - {"signature", "seal"}
    return {name: getattr(row.form, name) for name in names} if row.form else {}


def begun(row: Visit) -> dict[str, Any]:
    """What the form begins with: what it already says, else what ticket and visit say of fault and result."""
    return written(row) or {"fault": row.ticket.fault, "result": row.result}


def form_version(row: Visit) -> int:
    """The version of the form, none yet being 0: two technicians of a visit write one form."""
    return row.form.row_version if row.form else 0


def _content(number: int, values: dict[str, Any]) -> FormContent:
    """What was written, with the pictures that are there already."""
    before = written(db.session.get_one(Visit, number))
    return FormContent(
        **values, signature_id=before.get("signature_id"), seal_id=before.get("seal_id")
    )


def save(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    """Keep what is written so far."""
    save_form(number, _content(number, values), actor=actor, version=version)


def submit(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    """Hand a complete form in."""
    submit_form(number, _content(number, values), actor=actor, version=version)


def _writable(row: Visit) -> bool:
    form = row.form
    open_yet = form is None or (form.submitted_at is None and form.accepted_on is None)
    return row.ended_at is not None and open_yet


class VisitReading(NounForm):
    """A visit as it is read: when and where, what was done, what came of it."""

    ticket_id = Pick(_l("服务单"), noun="ticket")
    mode = Choice(_l("方式"), codes=ServiceMode)
    started_at = Moment(_l("开始"))
    ended_at = Moment(_l("结束"))
    place = Line(_l("地点"))
    content = Text(_l("做了什么"))
    result = Text(_l("结果"))
    advice = Text(_l("给客户的使用建议"))
    sections = (
        Section(_l("何时何地"), ("ticket_id", "mode", "started_at", "ended_at", "place")),
        Section(_l("做了什么"), ("content", "result", "advice")),
    )


def visits_of(employee: int) -> Select[Any]:
    """The visits on which somebody was, or shall be."""
    return select(VisitPerson.visit_id).where(VisitPerson.employee_id == employee)


class VisitView(NounView):
    """服务实施."""

    noun = "visit"
    title = _p("list", "服务实施")
    unit = _p("visit", "次")
    group = "service"
    icon = "tool"
    clauses = ("R4.1", "R4.3")
    model = Visit
    label = Ticket.number
    joins = (
        (Ticket, Ticket.id == Visit.ticket_id),
        (Customer, Customer.id == Ticket.customer_id),
        (FeedbackForm, FeedbackForm.visit_id == Visit.id),
    )
    eager = (
        joinedload(Visit.ticket).joinedload(Ticket.customer),
        joinedload(Visit.form),
        joinedload(Visit.people).joinedload(VisitPerson.employee),
    )
    default_order = (Visit.id.desc(),)
    empty = (_l("还没有服务实施"), _l("技术员开始服务后列在这里。"))
    columns = (
        Column("ticket", _l("服务单"), (Ticket.number, Visit.turn), kind="id", card="top",
               show=lambda v: v[0] if v[1] == 1 else f"{v[0]}-{v[1]}"),
        ref_column("customer", _l("客户"), "customer", Ticket.customer_id, Customer.name, card="title"),
        Column("people", _l("技术员"), load=crew, card="sub"),
        Column("mode", _l("方式"), Visit.mode, kind="tag", show=words),
        Column("started_at", _l("开始"), Visit.started_at, kind="moment"),
        Column("ended_at", _l("结束"), Visit.ended_at, kind="moment", sort=True),
        Column("form", _l("反馈单"), load=form_states, kind="badge", card="badge"),
    )  # fmt: skip
    filters = (
        DayFilter("ended_at", _l("结束"), Visit.ended_at, moment=True),
        ChoiceFilter("mode", _l("方式"), Visit.mode, codes=ServiceMode),
        YesNoFilter(
            "accepted",
            _l("反馈单"),
            FeedbackForm.accepted_on.is_not(None),
            yes=_l("已审核"),
            no=_l("未审核"),
        ),
        PickFilter("customer", _l("客户"), Ticket.customer_id, noun="customer"),
        AmongFilter(
            "person", _l("技术员"), Visit.id, noun="employee", rows=visits_of, verb="employee.read"
        ),
        PickFilter("ticket", _l("服务单"), Visit.ticket_id, noun="ticket", rare=True),
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("missing", _l("反馈单未审核"), {"accepted": "no"}),
    )
    steps = (
        Step(
            "write_form", _l("填反馈单"), "ticket.submit_form", save,
            lambda r: _("%(number)s 的反馈单", number=r.ticket.number),
            lambda r: (_("先存着，签字后再提交。"),), _writable, FeedbackFields, "pencil", given=begun, version=form_version,
        ),
        Step(
            "submit_form", _l("提交反馈单"), "ticket.submit_form", submit,
            lambda r: _("提交 %(number)s 的反馈单", number=r.ticket.number),
            lambda r: (_("提交后锁定；故障、检查、结果、满意度、签字缺一不可，否则不计酬（R4.2、R4.3）。"),),
            _writable, FeedbackFields, "send", primary=True, given=begun, version=form_version,
        ),
    )  # fmt: skip
    form_class = VisitReading
    history_label = _l("服务单的修改记录")
    related = (Related("form", "visit", _p("list", "反馈单")),)

    def found_by(self) -> Sequence[tuple[str, Any]]:
        return [("ticket", Visit.ticket_id), ("customer", Ticket.customer_id)]

    def own(self, actor: Account) -> ColumnElement[bool]:
        return exists().where(
            VisitPerson.visit_id == Visit.id, VisitPerson.employee_id == (actor.employee_id or 0)
        )

    def name_of(self, row: Any) -> str:
        return f"{row.ticket.number}" if row.turn == 1 else f"{row.ticket.number}-{row.turn}"

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("feedback_form", self.name_of(row)), ("ticket", row.ticket.number)]

    def head(self, row: Any) -> Head:
        facts = (
            Fact(row.ticket.customer.name, "building"),
            Fact(words(row.mode)),
            Fact(_("、").join(person.employee.name for person in row.people), "user"),
            Fact(when_of(row), "clock"),
            Fact(row.content or ""),
            Fact(row.result or ""),
        )
        return Head(self.name_of(row), form_badge(row.form, row), facts)
