"""What every page must stand: nothing that axe-core finds serious, no scrolling sideways, no button under another bar."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
  v => [v.impact, v.id, ...v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.any.map(a => a.message).join(' '))])"""

# What can be pressed in the bars, as it stands in the window, and what lies there instead of it.
COVERED = """() => document.querySelector('dialog[open]') ? [] : ['.ac-actions', '.ac-tabbar', '.ac-top']
  .flatMap((bar) => [...document.querySelectorAll(`${bar} :is(a, button, summary)`)])
  .filter((one) => one.checkVisibility())
  .map((one) => [one, one.getBoundingClientRect()])
  .map(([one, at]) => [one, document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2)])
  .filter(([one, top]) => top && !one.contains(top) && !top.contains(one))
  .map(([one]) => one.textContent.trim() || one.getAttribute('aria-label'))"""


@cache
def _axe() -> str:
    assert AXE.exists(), "axe-core is needed: run `make browser`."
    return AXE.read_text(encoding="utf-8")


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds serious or worse on the page, one line each."""
    page.evaluate(_axe())
    return [" · ".join(found) for found in page.evaluate(RUN) if found[0] in SERIOUS]


def sideways(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


def covered(page: Page) -> list[str]:
    """The buttons of the page's bars that cannot be pressed, because something else lies on them."""
    found: list[str] = page.evaluate(COVERED)
    return found


def faults(page: Page) -> list[str]:
    """What is wrong with a page as it stands now."""
    wide = sideways(page)
    return [
        *accessibility_faults(page),
        *([f"{wide} px sideways"] if wide else []),
        *(f"covered: {label}" for label in covered(page)),
    ]


def healthy(page: Page) -> None:
    """Check a page as it stands now."""
    wrong = faults(page)
    assert wrong == [], f"{page.url}: {wrong}"
