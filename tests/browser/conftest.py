"""The application in a real browser: a server on loopback, and pages logged in as a role.

    def test_a_clerk_reads_the_month(enter):
        page = enter("clerk")                        # logged in; addresses are relative to the server
        page.goto("/admin/settlement/2026-06/")
        healthy(page)                                # tests/browser/checks.py: axe-core, no sideways scroll

`enter(role, employee="T003", width=390, dark=True, english=True)` gives the page of that person on that screen;
asked twice for a person, it gives him a second browser. `stranger(width=…)` is nobody yet. Whatever a page says on
the console, blocks by the content policy or asks of another host fails the test when it ends; `faults` is that list.
Workflows called in the test act on the database that the server reads. A new screen goes into screens.py: then it is
checked at both widths, light and dark, and photographed by `make screenshots`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.window import chromium_running, log_in, open_page, serving

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go last: the others are quicker to fail, and want no event loop running beside them."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, once for all tests."""
    with chromium_running() as browser:
        yield browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application served on a port of its own on loopback, ended with the test."""
    with serving(app) as found:
        yield found


@pytest.fixture
def faults() -> list[str]:
    """What the pages of a test did that none of ours may do; checked when it ends."""
    return []


@pytest.fixture
def stranger(chromium: Browser, address: str, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a browser of somebody who has not logged in."""
    opened: list[Page] = []

    def open_browser(**screen: object) -> Page:
        page = open_page(chromium, address, **screen)
        watch(page.context, faults)
        opened.append(page)
        return page

    yield open_browser
    for page in opened:
        page.context.close()
    assert faults == []


@pytest.fixture
def enter(stranger: Callable[..., Page]) -> Callable[..., Page]:
    """Logs somebody in by the form and gives his page."""

    def open_as(role: str, *, employee: str | None = None, **screen: object) -> Page:
        page = stranger(**screen)
        log_in(page, role, employee)
        return page

    return open_as


def watch(context: BrowserContext, faults: list[str]) -> None:
    """Note what the pages of a context say on the console, and where they ask."""
    refused: set[str] = (
        set()
    )  # pages that rightly answer 4xx: the console says so, and that is no fault

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            refused.add(response.url)

    def said(message: ConsoleMessage) -> None:
        if message.location.get("url") not in refused:
            faults.append(f"console: {message.text} ({message.location.get('url')})")

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.hostname != "127.0.0.1" and parts.scheme not in ("data", "blob", "about"):
            faults.append(f"left the house: {request.url}")

    context.on("response", answered)
    context.on("console", said)
    context.on("request", asked)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
