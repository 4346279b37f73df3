"""Keeping how a person likes his lists; each only his own."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from models import db
from models.account import Account
from models.saved_view import ColumnChoice, SavedView
from workflows.audit import record
from workflows.refusal import Refused
from workflows.transaction import writing

MOST = 12
LONGEST_NAME = 40
LONGEST_QUERY = 1000


def save_view(noun: str, name: str, query: str, *, actor: Account) -> SavedView:
    """Keep a filter under a name; the same name again replaces it."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(_("请给这组条件起个名字，最多 40 个字。"), status=400)
    if len(query) > LONGEST_QUERY:
        raise Refused(_("条件太多，存不下。请去掉一些。"), status=400)
    with writing():
        mine = (SavedView.account_id == actor.id, SavedView.noun == noun)
        row = db.session.scalar(select(SavedView).where(*mine, SavedView.name == name))
        if row is None:
            if (db.session.scalar(select(func.count(SavedView.id)).where(*mine)) or 0) >= MOST:
                sentence = _("最多保存 %(most)s 组条件。请先删去不用的。", most=MOST)
                raise Refused(sentence, status=400)
            row = SavedView(account_id=actor.id, noun=noun, name=name)
            db.session.add(row)
        row.query = query
        record(actor, "save_view", "account", actor.username, {"list": noun, "name": name})
    return row


def drop_view(noun: str, view_id: int, *, actor: Account) -> None:
    """Forget a filter of one's own."""
    with writing():
        mine = (SavedView.account_id == actor.id, SavedView.noun == noun, SavedView.id == view_id)
        row = db.session.scalar(select(SavedView).where(*mine))
        if row is None:
            raise Refused(_("没有这组条件。"), status=404)
        db.session.delete(row)
        record(actor, "drop_view", "account", actor.username, {"list": noun, "name": row.name})


def choose_columns(noun: str, columns: Sequence[str], *, actor: Account) -> None:
    """Remember which columns a person sees of a list; none chosen means the usual ones."""
    with writing():
        mine = (ColumnChoice.account_id == actor.id, ColumnChoice.noun == noun)
        db.session.execute(delete(ColumnChoice).where(*mine))
        if columns:
            db.session.add(ColumnChoice(account_id=actor.id, noun=noun, columns=" ".join(columns)))
        record(
            actor,
            "choose_columns",
            "account",
            actor.username,
            {"list": noun, "columns": list(columns)},
        )
