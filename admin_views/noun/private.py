"""What an auditor sees only on asking: telephone numbers, addresses and pay, with a reason that goes on record."""

import time

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from admin_views.noun.base import NounBase
from models.base import Noun
from workflows.private import reveal
from workflows.refusal import Refused

SECONDS = 15 * 60
MOST_KEPT = 20
KEY = "revealed"


def revealed(noun: str, row: Noun) -> bool:
    """Whether the reader asked for this record's private values within the last quarter of an hour."""
    return int(session.get(KEY, {}).get(f"{noun}:{row.id}", 0)) > time.time()


class PrivatePages(NounBase):
    """The asking."""

    @expose("/<pk>/reveal/", methods=("POST",))
    def reveal_view(self, pk: str) -> ResponseReturnValue:
        """Show a record's private values for a quarter of an hour."""
        row = self.get_one(pk)
        try:
            reveal(
                self.noun,
                self.subjects(row)[0][1],
                request.form.get("reason", ""),
                actor=self.actor,
            )
        except Refused as refused:
            flash(refused.sentence, "error")
            return redirect(url_for(".details_view", pk=row.id))
        kept = dict(sorted(session.get(KEY, {}).items(), key=lambda one: one[1])[-MOST_KEPT:])
        session[KEY] = kept | {f"{self.noun}:{row.id}": int(time.time()) + SECONDS}
        flash(_("已显示完整信息 15 分钟，并记入审计。"), "success")
        return redirect(url_for(".details_view", pk=row.id))
