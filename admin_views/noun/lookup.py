"""The look-up behind picking by typing: at most twenty records that the reader may see, each told from namesakes."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import literal, select

from admin_views.noun.asked import clean_search
from admin_views.noun.base import MOST_PICKED, NounBase
from admin_views.noun.filter import PickFilter, narrowed
from admin_views.noun.listing import searched
from models import db
from workflows.search import hit


class LookupPages(NounBase):
    """What picks of this noun are offered."""

    @expose("/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """The first records that fit what was typed, the newest where nothing was; of another record's, where one is named."""
        typed = clean_search(request.args.get("q", ""))
        label, sub = type(self).label, type(self).sub
        query = self.scoped(
            self.joined(select(self.model.id, label, literal("") if sub is None else sub))
        )
        if typed:
            query = query.where(searched(self, typed))
        narrowing = [f for f in self.filters_for() if isinstance(f, PickFilter)]
        for key, value in narrowed(narrowing, request.args).items():
            query = query.where(next(f for f in narrowing if f.key == key).where(value))
        rows = db.session.execute(query.order_by(self.model.id.desc()).limit(MOST_PICKED))
        return jsonify(
            [
                {
                    "value": n,
                    "text": str(label),
                    "sub": str(sub or ""),
                    "hit": hit(str(label), typed),
                }
                for n, label, sub in rows
            ]
        )
