"""The frame around every page: who is asking, what waits for him, where to search; and from where he asks."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy import ColumnElement, select

from admin_views.base_view import Gate
from admin_views.once import once, written
from admin_views.page import Count, Entry, Shell
from models import db
from workflows.audit import coming_from

GROUPS = ("workbench", "service", "customers", "income", "month", "oversight", "settings")


def menu() -> dict[str, Any]:
    """What the reader may see of the menu, by group, with what waits there, in one statement; and what tells it apart
    from others."""
    lines = _lines()
    waiting = counts([view for view, _group, _entry in lines])
    found: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    for view, group, entry in lines:
        number = waiting.get(view.endpoint)
        found[group].append(replace(entry, count=number) if number else entry)
    shown = {group: entries for group, entries in found.items() if entries}
    return {
        "menu": shown,
        "menu_key": (frozenset(current_user.roles), frozenset(waiting.items())),
        "waiting": Count(
            sum(
                waiting[view.endpoint].number
                for view, _group, _entry in lines
                if view.endpoint in waiting and not view.waits_for_all
            )
        ),
    }


def _lines() -> list[tuple[Any, str, Entry]]:
    """(view, group, entry) of all that roles like the reader's see: found once per roles, language and place."""
    key = (frozenset(current_user.roles), str(get_locale()), request.script_root)
    return once("menu", key, _found_lines)


def _found_lines() -> list[tuple[Any, str, Entry]]:
    return [
        (view, view.category or GROUPS[0], _entry(view))
        for view in current_app.extensions["admin"][0]._views
        if isinstance(view, Gate) and view.is_visible() and view.is_accessible()
    ]


def _entry(view: Any) -> Entry:
    url = url_for(f"{view.endpoint}.{view.entrance}")
    return Entry(str(view.name), url, view.menu_icon_value or "point", view.endpoint)


def counts(views: Sequence[Any]) -> dict[str, Count]:
    """What waits for the reader at some views, by endpoint; nothing where nothing can."""
    asked = [(view, view.waiting()) for view in views]
    wanted = [(view, query) for view, query in asked if query is not None]
    if not wanted:
        return {}
    statement = _asking(tuple(query for _view, query in wanted), db.session.get_bind().dialect.name)
    numbers = db.session.connection().exec_driver_sql(statement).one()
    return {
        view.endpoint: Count(number, view.urgent)
        for (view, _query), number in zip(wanted, numbers, strict=True)
        if number
    }


@lru_cache(maxsize=1000)
def _asking(queries: tuple[ColumnElement[int], ...], _dialect: str) -> str:
    """One statement for several counts, written out once."""
    return written(select(*queries))


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
                **menu(),
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
