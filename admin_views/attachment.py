"""Attachments: what was handed in with forms and documents, and the way to each file."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from admin_views.audit_words import NOUNS, noun_words
from admin_views.noun.column import Column
from admin_views.noun.filter import DayFilter, PickFilter, WordFilter
from admin_views.noun.part import Fact, Head
from admin_views.noun.view import NounView
from models.account import Account
from models.audit import Attachment
from models.expense import Expense
from models.feedback_form import FeedbackForm
from models.ticket import Ticket, VisitPerson
from workflows.attachment import PICTURES, place_of

KEPT_OF = ("feedback_form", "ticket", "expense")


@dataclass(frozen=True)
class KeptWithFilter(PickFilter):
    """The files kept with a record: those of `nouns` whose subject is the number of `owner`'s record."""

    nouns: tuple[str, ...] = ()
    owner: Any = None

    def where(self, value: int) -> ColumnElement[bool]:
        number = select(self.owner.number).where(self.owner.id == value).scalar_subquery()
        return and_(Attachment.noun.in_(self.nouns), Attachment.subject == number)


def size_words(size: int) -> str:
    """A size as people read it."""
    return f"{size / 1024:,.0f} kB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


def sent(row: Attachment) -> Response:
    """A file, as a download that can run nothing here."""
    place = place_of(row)
    if not place.is_file():
        abort(404)
    answer = send_file(place, as_attachment=True, download_name=row.file_name, max_age=0)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


class AttachmentView(NounView):
    """附件."""

    noun = "attachment"
    title = _p("list", "附件")
    unit = _p("attachment", "个")
    group = "oversight"
    icon = "paperclip"
    clauses = ("R4.2",)
    model = Attachment
    label = Attachment.file_name
    eager = (joinedload(Attachment.added_by).joinedload(Account.employee),)
    default_order = (Attachment.id.desc(),)
    empty = (
        _l("还没有附件"),
        _l("在服务单、反馈单或费用报销的页面上传的签字、盖章和票据，都列在这里。"),
    )
    columns = (
        Column("name", _l("文件"), Attachment.file_name, kind="id", card="title"),
        Column("noun", _l("单据类型"), Attachment.noun, kind="tag", show=noun_words, card="badge"),
        Column("subject", _l("单据"), Attachment.subject, card="sub"),
        Column("size", _l("大小"), Attachment.size, show=size_words),
        Column("added_at", _l("上传"), Attachment.added_at, kind="moment"),
    )
    filters = (
        WordFilter(
            "noun", _l("单据类型"), Attachment.noun, words={noun: NOUNS[noun] for noun in KEPT_OF}
        ),
        DayFilter("added_at", _l("上传"), Attachment.added_at, moment=True),
        KeptWithFilter(
            "ticket", _l("服务单"), Attachment.subject, noun="ticket", owner=Ticket, rare=True,
            nouns=("ticket", "feedback_form"),
        ),
        KeptWithFilter(
            "expense", _l("费用报销"), Attachment.subject, noun="expense", owner=Expense, rare=True,
            nouns=("expense",),
        ),
    )  # fmt: skip
    details_template = "noun/attachment.html"

    def own(self, actor: Account) -> ColumnElement[bool]:
        """What he handed in, and the pictures on the forms of visits that he was on."""
        of_his_visits = (
            select(FeedbackForm.id)
            .join(VisitPerson, VisitPerson.visit_id == FeedbackForm.visit_id)
            .where(
                VisitPerson.employee_id == (actor.employee_id or 0),
                Attachment.id.in_((FeedbackForm.signature_id, FeedbackForm.seal_id)),
            )
        )
        return or_(Attachment.added_by_id == actor.id, of_his_visits.exists())

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [(row.noun, row.subject)]

    def head(self, row: Any) -> Head:
        facts = (
            Fact(noun_words(row.noun)),
            Fact(row.subject),
            Fact(size_words(row.size)),
            Fact(row.added_by.display_name, "user"),
        )
        return Head(row.file_name, facts=facts)

    def hub(self, row: Any) -> Any:
        return {"picture": row.stored_name.rpartition(".")[2] in PICTURES}

    def permission_of(self, endpoint: str, **arguments: Any) -> str | None:
        return (
            "attachment.read"
            if endpoint == "download"
            else super().permission_of(endpoint, **arguments)
        )

    @expose("/<pk>/file/")
    def download(self, pk: str) -> ResponseReturnValue:
        """The file itself."""
        return sent(self.get_one(pk))
