"""`make screenshots`: every screen at two widths, light and dark, in both languages, into build/screenshots.

The pictures are of a copy of the database (the demonstration company's, or your own); where there is none, of the
sample register. Nothing is written to the original.
"""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from app import ROOT, create_app
from models import db
from models.account import Account
from models.settlement import Settlement
from rules.permissions import Role
from tests.browser.screens import SCREENS, Screen, examples, screens_of_nouns
from tests.browser.story import play_sample
from tests.browser.window import PASSWORD, chromium_running, log_in, open_page, serving
from workflows.account import HASHER
from workflows.transaction import writing

TARGET = ROOT / "build" / "screenshots"
WIDTHS = {1440: 1, 390: 2}


def _copy(folder: Path) -> str:
    """A copy of the configured SQLite database to photograph, or the place for a new one."""
    mine = make_url(str(create_app().config["SQLALCHEMY_DATABASE_URI"]))
    target = folder / "pictures.sqlite"
    if mine.get_backend_name() == "sqlite" and mine.database and Path(mine.database).exists():
        shutil.copy(mine.database, target)
    return f"sqlite:///{target}"


@contextmanager
def _company() -> Iterator[tuple[Flask, str, dict[str, str]]]:
    """A server with something on every screen, its address, and what its addresses name."""
    with TemporaryDirectory() as folder:
        key = secrets.token_hex(32)
        app = create_app({"SQLALCHEMY_DATABASE_URI": _copy(Path(folder)), "SECRET_KEY": key})
        with app.app_context():
            upgrade()
            if not db.session.scalar(select(func.count()).select_from(Settlement)):
                play_sample()
            with serving(app) as address:
                yield app, address, examples()
            db.engine.dispose()


def take_over(role: str, employee: str) -> str | None:
    """Give somebody who has a name and this role alone the pictures' password, in the copy; None if there is nobody."""
    with writing():
        for account in db.session.scalars(select(Account).order_by(Account.id)):
            person = account.employee
            right = person is not None and (role != "technician" or person.number == employee)
            if right and account.roles == {role} and account.is_active:
                account.password_hash = HASHER.hash(PASSWORD)
                return account.username
    return None


def _sessions(browser: Browser, address: str, employee: str) -> dict[str, list]:
    """The cookies of one logged-in person per role."""
    found = {}
    for role in Role:
        page = open_page(browser, address)
        log_in(page, role, employee if role == "technician" else None, take_over(role, employee))
        found[role] = page.context.cookies()
        page.context.close()
    return found


def _shoot(page: Page, screen: Screen, named: dict[str, str], target: Path) -> None:
    screen.show(page, named)
    dialog = page.locator("dialog[open]").count() > 0
    if (size := page.viewport_size) is not None and not dialog:
        # As tall as the page: what is fixed to the window's foot then stands at the page's.
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(tall, size["height"])})
    page.wait_for_timeout(100)
    page.screenshot(path=target, full_page=not dialog)


def _with_session(context: BrowserContext, cookies: list) -> None:
    context.add_cookies([c for c in cookies if c["name"] not in ("look", "language")])


def main(wanted: list[str]) -> None:
    """Photograph the screens whose names begin with one of `wanted`, or all."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with _company() as (app, address, named), chromium_running() as browser:
        sessions = _sessions(browser, address, named["employee"])
        every = (*SCREENS, *screens_of_nouns(app))  # once there is somebody who may see them
        screens = [s for s in every if not wanted or s.name.startswith(tuple(wanted))]
        for (width, scale), dark, english in product(WIDTHS.items(), (False, True), (False, True)):
            for screen in screens:
                page = open_page(
                    browser, address, width=width, scale=scale, dark=dark, english=english
                )
                _with_session(page.context, sessions.get(screen.role, []))
                marks = f"{width}{'-dark' if dark else ''}{'-en' if english else ''}"
                _shoot(page, screen, named, TARGET / f"{screen.name}-{marks}.png")
                page.context.close()
    print(f"{len(screens) * 8} pictures in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
