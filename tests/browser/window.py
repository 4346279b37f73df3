"""A server on loopback and browser windows on it, for the tests and for the pictures."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from models import db
from models.account import Account
from rules.permissions import Role
from workflows.account import create_account

PASSWORD = "correct horse battery"
HEIGHTS = {1440: 900, 390: 844}
PHONE = 500
QUIET = [
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--no-first-run", "--disable-gpu", "--lang=zh-CN",
]  # fmt: skip


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    assert path, "Chromium is needed: run `make browser`."
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET + root)
        yield browser
        browser.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application on a free port of loopback; gives its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=8)

    def run() -> None:
        with suppress(OSError):  # its socket is closed under it when the test ends
            server.run()

    thread = Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)
    server.task_dispatcher.shutdown()


def open_page(
    browser: Browser, address: str, *, width: int = 1440, dark: bool = False, english: bool = False, scale: int = 1
) -> Page:  # fmt: skip
    """A window of its own, as wide as a desk's screen or a phone's, in a look and a language."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        device_scale_factor=scale,
        has_touch=width < PHONE,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(10_000)
    chosen = {"look": "dark" if dark else "light", "language": "en" if english else "zh_Hans_CN"}
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in chosen.items()])
    return context.new_page()


def log_in(page: Page, role: str, employee: str | None = None, known: str | None = None) -> None:
    """Log in by the form as somebody of a role, `known` by his account's name, or else with a new account."""
    name = known or f"browser-{role}-{employee or 'x'}"
    if db.session.scalar(select(Account.id).where(Account.username == name)) is None:
        create_account(name, [Role(role)], employee_number=employee, password=PASSWORD, actor=None)
    page.goto("/login")
    page.wait_for_selector("#username:focus")  # whoever types can type at once
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
