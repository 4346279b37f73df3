"""What every page must stand: nothing that axe-core finds serious, nothing that does not fit or lies under a bar."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
  v => [v.impact, v.id, ...v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.any.map(a => a.message).join(' '))])"""

# What can be pressed in the bars, as it stands in the window, and what lies there instead of it; dialogs and menus may.
COVERED = """() => document.querySelector('dialog[open], .ac-menu[open]') ? [] : ['.ac-actions', '.ac-tabbar', '.ac-top']
  .flatMap((bar) => [...document.querySelectorAll(`${bar} :is(a, button, summary)`)])
  .filter((one) => one.checkVisibility())
  .map((one) => [one, one.getBoundingClientRect()])
  .map(([one, at]) => [one, document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2)])
  .filter(([one, top]) => top && !one.contains(top) && !top.contains(one))
  .map(([one]) => one.textContent.trim() || one.getAttribute('aria-label'))"""


# What is wider than the card, button, badge or segment that holds it, which does not scroll in itself.
CUT = """() => [...document.querySelectorAll('.ac-card, .ac-seg, .ac-btn, .ac-badge, .ac-strip > div, .ac-tabbar a, dialog')]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  .filter((one) => !['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
  .map((one) => `${one.className} ${one.scrollWidth - one.clientWidth} px: ${one.textContent.trim().replace(/\\s+/g, ' ').slice(0, 60)}`)"""


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


def cut(page: Page) -> list[str]:
    """What is wider than its card, button, badge or segment."""
    found: list[str] = page.evaluate(CUT)
    return found


def layout_faults(page: Page) -> list[str]:
    """What does not fit on a page as it stands now, in the language that it speaks."""
    wide = sideways(page)
    return [
        *([f"{wide} px sideways"] if wide else []),
        *(f"covered: {label}" for label in covered(page)),
        *(f"cut: {what}" for what in cut(page)),
    ]


def faults(page: Page) -> list[str]:
    """What is wrong with a page as it stands now."""
    return [*accessibility_faults(page), *layout_faults(page)]


def healthy(page: Page) -> None:
    """Check a page as it stands now."""
    wrong = faults(page)
    assert wrong == [], f"{page.url}: {wrong}"
