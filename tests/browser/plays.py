"""What is done on a page before it is looked at: screens that no address alone leads to."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from playwright.sync_api import Page

from admin_views.workbook import XLSX
from seed.workbook_template import write_template
from tests.browser.window import PHONE
from tests.cast import SAMPLES

FAULTY = SAMPLES / "register-faults.xlsx"
Play = Callable[[Page], None]


def on_phone(page: Page) -> bool:
    """Whether the window is as narrow as a phone's."""
    return (page.viewport_size or {"width": PHONE})["width"] < PHONE


def settled(page: Page) -> None:
    """Wait until no part of the page is being fetched: leaving before is an error on its console."""
    page.wait_for_selector(".htmx-request", state="detached")


def key(name: str) -> Play:
    """Press a key."""
    return lambda page: page.keyboard.press(name)


def opened(inside: str) -> Play:
    """Open the menu or filter with something inside; a phone may not have it."""

    def play(page: Page) -> None:
        menu = page.locator(f"details:has({inside}) > summary:visible")
        assert menu.count() or on_phone(page), f"no menu with {inside}"
        if menu.count():
            menu.first.click()

    return play


def pressed(selector: str) -> Play:
    """Press what leads to another page."""

    def play(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return play


def clause(page: Page) -> None:
    """Open the words of the page's first clause."""
    page.locator("a.ac-clause:visible").first.click()
    page.wait_for_selector("#ac-clause[open]")


def ticked(verb: str) -> Play:
    """Tick the list's first two records and ask for a bulk action; a phone has no boxes to tick."""

    def play(page: Page) -> None:
        boxes = page.locator("[data-tick]:visible").all()[:2]
        assert boxes or on_phone(page), "nothing to tick"
        for box in boxes:
            box.check()
        if boxes:
            pressed(f"#bulk [value={verb}]")(page)

    return play


def typed(values: dict[str, str], submit: str = "[data-save]") -> Play:
    """Fill fields in and send them."""

    def play(page: Page) -> None:
        for name, value in values.items():
            page.fill(f"main [name={name}]", value)
        page.wait_for_timeout(300)  # what a change sets going waits for more of them
        settled(page)
        pressed(submit)(page)

    return play


def overtaken(name: str) -> Play:
    """Save a field of a form that has meanwhile been saved in another window, each time with something new."""
    turns = count(1)

    def play(page: Page) -> None:
        other = page.context.new_page()
        other.goto(page.url)
        typed({name: f"江城市云岭路 {next(turns)} 号"})(other)
        other.close()
        typed({name: f"江城市云岭路 {next(turns)} 号"})(page)

    return play


def one_customer() -> bytes:
    """A register with nothing but a new customer."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write_template(path)
        book = load_workbook(path)
        book["客户"].append(["KH-9001", "云岭数据中心", "江城市云岭路 1 号", "市内"])
        book.save(path)
        return path.read_bytes()


def uploaded(register: Callable[[], bytes]) -> Play:
    """Upload a register and wait until it is checked."""

    def play(page: Page) -> None:
        file = {"name": "register.xlsx", "mimeType": XLSX, "buffer": register()}
        page.set_input_files("#file", file)
        pressed("form.ac-upload button")(page)
        page.wait_for_selector(".ac-cells, [data-main]", timeout=60_000)

    return play
