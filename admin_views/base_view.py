"""The view under every screen: denies by default, by endpoint, from the table of permissions."""

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, request, url_for
from flask_admin import BaseView
from flask_login import current_user

from models.account import Account
from rules.permissions import Reach, reach


class ProjectView(BaseView):
    """A screen of ours. `permissions` maps each of its endpoints to a verb of rules/permissions.py."""

    permissions: Mapping[str, str] = {}
    icon = "point"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, menu_icon_value=self.icon, **kwargs)

    @property
    def actor(self) -> Account:
        """Who is asking."""
        account: Account = current_user._get_current_object()
        return account

    def reach_of(self, endpoint: str) -> Reach:
        """How far the reader's permission for an endpoint goes; none for an endpoint not listed."""
        verb = self.permissions.get(endpoint)
        if verb is None or not current_user or not current_user.is_authenticated:
            return Reach.NONE
        return reach(verb, current_user.roles)

    def is_accessible(self) -> bool:
        """Whether the menu shows this view."""
        return self.reach_of("index") is not Reach.NONE

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        """Ask who it is, then whether he may; Flask-Admin calls this before every endpoint."""
        if not current_user.is_authenticated:
            return redirect(url_for("login", next=request.full_path.rstrip("?")))
        if self.reach_of(name) is Reach.NONE:
            abort(403)
        return None
