"""The application in a real browser: a server on loopback, and pages logged in as a role.

    def test_a_clerk_reads_the_month(enter):
        page = enter("clerk")                        # logged in; addresses are relative to the server
        page.goto("/admin/settlement/2026-06/")
        healthy(page)                                # tests/browser/checks.py: axe-core, no sideways scroll

`enter(role, employee="T003", width=390, dark=True, english=True)` gives the page of that person on that screen;
asked twice for a person, it gives him a second browser. `stranger(width=…)` is nobody yet. Whatever a page says on
the console, blocks by the content policy or asks of another host fails the test when it ends; `faults` is that list.
Workflows called in the test act on the database that the server reads.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from models import db
from models.account import Account
from rules.permissions import Role
from workflows.account import create_account

PASSWORD = "correct horse battery"
HEIGHT = {1440: 900, 390: 844}
QUIET = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--no-first-run", "--disable-gpu",
)  # fmt: skip
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go last: the others are quicker to fail, and want no event loop running beside them."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, once for all tests."""
    path = shutil.which("chromium")
    assert path, "Chromium is needed: run `make browser`."
    quiet = (*QUIET, "--no-sandbox") if os.getuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(quiet))
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application served on a port of its own on loopback, ended with the test."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def faults() -> list[str]:
    """What the pages of a test did that none of ours may do; checked when it ends."""
    return []


@pytest.fixture
def stranger(chromium: Browser, address: str, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a browser of somebody who has not logged in."""
    opened: list[BrowserContext] = []

    def open_browser(*, width: int = 1440, dark: bool = False, english: bool = False) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": HEIGHT.get(width, 900)},
            has_touch=width < 500,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        chosen = {"look": "dark"} if dark else {}
        chosen |= {"language": "en"} if english else {}
        context.add_cookies([{"name": n, "value": v, "url": address} for n, v in chosen.items()])
        _watch(context, faults)
        opened.append(context)
        return context.new_page()

    yield open_browser
    for context in opened:
        context.close()
    assert faults == []


def _watch(context: BrowserContext, faults: list[str]) -> None:
    refused: set[str] = (
        set()
    )  # pages that rightly answer 4xx: the console says so, and that is no fault

    def said(message: ConsoleMessage) -> None:
        if message.location.get("url") not in refused:
            faults.append(f"console: {message.text} ({message.location.get('url')})")

    context.on(
        "response",
        lambda r: (
            refused.add(r.url) if r.request.is_navigation_request() and r.status >= 400 else None
        ),
    )
    context.on("console", said)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
    context.on("request", lambda r: _stays(r.url) or faults.append(f"left the house: {r.url}"))


def _stays(url: str) -> bool:
    parts = urlsplit(url)
    return parts.hostname == "127.0.0.1" or parts.scheme in ("data", "blob", "about")


@pytest.fixture
def enter(app: Flask, stranger: Callable[..., Page]) -> Callable[..., Page]:
    """Logs somebody in by the form and gives his page; makes his account when there is none."""

    def log_in(role: str, *, employee: str | None = None, **screen: object) -> Page:
        name = f"browser-{role}-{employee or 'x'}"
        if db.session.scalar(select(Account.id).where(Account.username == name)) is None:
            create_account(
                name, [Role(role)], employee_number=employee, password=PASSWORD, actor=None
            )
        page = stranger(**screen)
        page.goto("/login")
        page.fill("#username", name)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return log_in
