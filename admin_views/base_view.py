"""The views under every screen: deny by default, by endpoint, from the table of permissions."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, redirect, request, url_for
from flask_admin import BaseView
from flask_login import current_user
from sqlalchemy import ColumnElement

from models.account import Account
from rules.permissions import Reach, reach
from workflows.desk import Work, waiting_at


class Gate:
    """Asks who it is and whether he may, before any endpoint of a view; nothing unlisted is allowed."""

    permissions: Mapping[str, str] = {}
    entrance = "index"
    urgent = False
    works: tuple[Work, ...] = ()
    waits_for_all = False

    @property
    def actor(self) -> Account:
        """Who is asking."""
        account: Account = current_user._get_current_object()
        return account

    def permission_of(self, endpoint: str, **arguments: Any) -> str | None:
        """The verb of rules/permissions.py that an endpoint asks for; None where it is for nobody."""
        return self.permissions.get(endpoint)

    def reach_of(self, endpoint: str, **arguments: Any) -> Reach:
        """How far the reader's permission for an endpoint goes; none for an endpoint not listed."""
        verb = self.permission_of(endpoint, **arguments)
        return Reach.NONE if verb is None else self.reach_for(verb)

    def reach_for(self, verb: str) -> Reach:
        """How far the reader's permission for a verb goes."""
        account = current_user._get_current_object()  # None where nobody asks at all
        if account is None or not account.is_authenticated:
            return Reach.NONE
        return reach(verb, account.roles)

    def may(self, verb: str) -> bool:
        """Whether the reader may do a verb to some record at least."""
        return self.reach_for(verb) is not Reach.NONE

    def is_accessible(self) -> bool:
        """Whether the menu shows this view."""
        return self.reach_of(self.entrance) is not Reach.NONE

    def waiting(self) -> ColumnElement[int] | None:
        """How many things wait here for the reader, as an expression that stays the same object for the same answer; the
        menu shows it, red where `urgent`. With `waits_for_all` it tells what waits at all, not for him."""
        return waiting_at(self.actor, self.works) if self.works else None

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        """Ask who it is, then whether he may; Flask-Admin calls this before every endpoint."""
        if not current_user.is_authenticated:
            return redirect(url_for("login", next=request.full_path.rstrip("?")))
        if self.reach_of(name, **kwargs) is Reach.NONE:
            abort(403)
        return None

    def _run_view(self, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call an endpoint once; Flask-Admin would call it again after a TypeError of ours."""
        return view(self, *args, **kwargs)


class ProjectView(Gate, BaseView):
    """A screen of ours. `permissions` maps each of its endpoints to a verb of rules/permissions.py."""

    icon = "point"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, menu_icon_value=self.icon, **kwargs)
