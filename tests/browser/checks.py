"""What every page must stand: nothing that axe-core finds serious, and no scrolling sideways."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
  v => [v.impact, v.id, ...v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.any.map(a => a.message).join(' '))])"""


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


def healthy(page: Page) -> None:
    """Check a page as it stands now."""
    assert sideways(page) == 0, page.url
    assert accessibility_faults(page) == [], page.url
