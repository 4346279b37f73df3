"""One's own page: who I am, my password, where I am logged in (R10)."""

from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views.base_view import ProjectView
from admin_views.login import own_token
from models.log_in import LogIn
from workflows import log_in as workflow
from workflows.refusal import Refused

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
MACHINES = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def browser_words(agent: str) -> str:
    """What a browser calls itself, in two words."""
    found = (
        next((name for mark, name in names if mark in agent), "") for names in (BROWSERS, MACHINES)
    )
    return " · ".join(name for name in found if name) or _("未知浏览器")


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """One's log-ins, the one of this browser first, and what was wrong with a new password, by field."""

    here: LogIn | None
    elsewhere: list[LogIn]
    wrong: dict[str, str] = field(default_factory=dict)


class ProfileView(ProjectView):
    """我的账号."""

    icon = "user"
    permissions = dict.fromkeys(("index", "password", "end", "end_others"), "profile.use")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name=_l("我的账号"), **kwargs)

    def is_visible(self) -> bool:
        return False  # it is behind one's own name in the top bar

    def _page(self, wrong: dict[str, str] | None = None) -> str:
        rows, token = workflow.open_log_ins(self.actor), own_token()
        here = next((row for row in rows if workflow.is_this(row, token)), None)
        page = ProfilePage(here, [row for row in rows if row is not here], wrong or {})
        return self.render("admin/profile.html", page=page, browser_words=browser_words)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The page."""
        return self._page()

    @expose("/password", methods=["POST"])
    def password(self) -> ResponseReturnValue:
        """A new password for oneself."""
        old, new, again = (request.form.get(name, "")[:256] for name in ("old", "new", "again"))
        if new != again:
            return self._page({"again": _("两次输入的新密码不一样。")}), 400
        try:
            workflow.change_own_password(old, new, token=own_token(), actor=self.actor)
        except Refused as refused:
            return self._page({refused.field or "new": refused.sentence}), refused.status
        flash(_("密码已修改，其他地方的登录都已结束。"), "success")
        return redirect(url_for(".index"))

    @expose("/end", methods=["POST"])
    def end(self) -> ResponseReturnValue:
        """End one log-in elsewhere."""
        number = request.form.get("id", "")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            abort(400)
        workflow.end_log_in(int(number), actor=self.actor)
        flash(_("那次登录已结束。"), "success")
        return redirect(url_for(".index"))

    @expose("/end-others", methods=["POST"])
    def end_others(self) -> ResponseReturnValue:
        """End all of them but this."""
        workflow.end_others(own_token(), actor=self.actor)
        flash(_("其他地方的登录都已结束。"), "success")
        return redirect(url_for(".index"))
