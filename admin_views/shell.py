"""The frame around every page: who is asking, what waits for him, where to search; and from where he asks."""

from contextlib import ExitStack

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from sqlalchemy import select

from admin_views.base_view import Gate
from admin_views.page import Count, Shell
from models import db
from workflows.audit import coming_from


def counts() -> dict[str, Count]:
    """What waits at the entries of the menu, by address: one statement for all that the reader may see."""
    views = [v for v in current_app.extensions["admin"][0]._views if isinstance(v, Gate)]
    asked = [(v, v.waiting()) for v in views if v.is_accessible()]
    wanted = [(v, query) for v, query in asked if query is not None]
    if not wanted:
        return {}
    numbers = db.session.execute(select(*(query for _view, query in wanted))).one()
    return {
        url_for(f"{view.endpoint}.{view.entrance}"): Count(number or 0, view.urgent)
        for (view, _query), number in zip(wanted, numbers, strict=True)
    }


def register_shell(app: Flask) -> None:
    """Give the frame to all templates, and let the audit trail know the address of who asks."""

    @app.context_processor
    def shell() -> dict[str, object]:
        if not current_user.is_authenticated:
            return {"shell": None}
        return {
            "shell": Shell(
                current_user.display_name,
                tuple(sorted(current_user.roles)),
                url_for("logout"),
                search_url=url_for("search.index"),
                account_url=url_for("profile.index"),
                counts=counts(),
            )
        }

    @app.before_request
    def come_from() -> None:
        g.coming = ExitStack()
        g.coming.enter_context(coming_from(f"web {request.remote_addr}"[:64]))

    @app.teardown_request
    def gone(error: BaseException | None) -> None:
        coming = g.pop("coming", None)
        if coming is not None:
            coming.close()
