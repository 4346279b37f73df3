"""Every screen as each role sees it: nothing axe-core finds serious, nothing that does not fit, in both languages."""

from itertools import product

import pytest

from rules.permissions import Role
from tests.browser.checks import faults, layout_faults
from tests.browser.plays import settled
from tests.browser.screens import SCREENS, examples, noun_screens
from tests.browser.story import play_sample
from tests.browser.window import PHONE

LOOKS = list(product((1440, 390), (False, True)))


def look(page, width, *, dark=False, english=False):
    """Change how a page will look; what it shows now it keeps."""
    page.set_viewport_size({"width": width, "height": 844 if width < PHONE else 900})
    chosen = {"look": "dark" if dark else "light", "language": "en" if english else "zh_Hans_CN"}
    if page.url.startswith("http"):
        cookies = [{"name": n, "value": v, "url": page.url} for n, v in chosen.items()]
        page.context.add_cookies(cookies)


def test_every_screen_stands_at_both_widths_light_and_dark(app, stranger, enter):
    play_sample()
    named, found = examples(), []
    for role in dict.fromkeys(screen.role for screen in SCREENS):
        employee = named["employee"] if role == "technician" else None
        page = enter(role, employee=employee) if role else stranger()
        mine = [screen for screen in SCREENS if screen.role == role]
        for width, dark in LOOKS:
            look(page, width, dark=dark)
            for screen in mine:
                screen.show(page, named)
                seen = f"{screen.name} {width} {'dark' if dark else 'light'}"
                found += [f"{seen}: {fault}" for fault in faults(page)]
        for width in (1440, 390):
            look(page, width, english=True)
            for screen in mine:
                screen.show(page, named)
                found += [f"{screen.name} {width} en: {fault}" for fault in layout_faults(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", list(Role))
def test_every_screen_of_the_nouns_stands_for_each_role(app, enter, role):
    """Each in one of the four looks, by turns, and once in English: the nouns share their templates."""
    play_sample()
    page = enter(role, employee=examples()["employee"] if role is Role.TECHNICIAN else None)
    screens, found = list(noun_screens(app, role)), []
    assert len(screens) > 10
    for turn, screen in enumerate(screens):
        width, dark = LOOKS[turn % len(LOOKS)]
        look(page, width, dark=dark)
        answer = page.goto(screen.path)
        settled(page)
        wrong = [] if answer.status == 200 else [f"answers {answer.status}"]
        found += [
            f"{screen.path} {width} {'dark' if dark else 'light'}: {fault}"
            for fault in (*wrong, *faults(page))
        ]
        look(page, width, english=True)
        page.reload()
        settled(page)
        found += [f"{screen.path} {width} en: {fault}" for fault in layout_faults(page)]
    assert not found, "\n".join(found)
