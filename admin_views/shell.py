"""The frame around every page: who is asking, what waits for him, where to search; and from where he asks."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from sqlalchemy import select

from admin_views.base_view import Gate
from admin_views.page import Count, Entry, Shell
from models import db
from workflows.audit import coming_from

GROUPS = ("workbench", "service", "customers", "income", "month", "oversight", "settings")


def menu() -> dict[str, list[Entry]]:
    """What the reader may see of the menu, by group, with what waits there: one statement for all of it."""
    views = [
        view
        for view in current_app.extensions["admin"][0]._views
        if isinstance(view, Gate) and view.is_visible() and view.is_accessible()
    ]
    waiting = counts(views)
    found: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    for view in views:
        url = url_for(f"{view.endpoint}.{view.entrance}")
        icon = view.menu_icon_value or "point"
        entry = Entry(str(view.name), url, icon, view.endpoint, waiting.get(view.endpoint))
        found[view.category or GROUPS[0]].append(entry)
    return {group: entries for group, entries in found.items() if entries}


def counts(views: Sequence[Any]) -> dict[str, Count]:
    """What waits for the reader at some views, by endpoint; nothing where nothing can."""
    asked = [(view, view.waiting()) for view in views]
    wanted = [(view, query) for view, query in asked if query is not None]
    if not wanted:
        return {}
    numbers = db.session.execute(select(*(query for _view, query in wanted))).one()
    return {
        view.endpoint: Count(number, view.urgent)
        for (view, _query), number in zip(wanted, numbers, strict=True)
        if number
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
                menu=menu(),
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
