"""Every screen as each role sees it: no sideways scroll, nothing axe-core finds serious, no button under another bar."""

from itertools import product

import pytest

from rules.permissions import Role
from tests.browser.checks import faults
from tests.browser.screens import SCREENS, examples, noun_screens
from tests.browser.story import play_sample
from tests.browser.window import PHONE

LOOKS = list(product((1440, 390), (False, True)))


def test_every_screen_stands_at_both_widths_light_and_dark(app, stranger, enter):
    play_sample()
    named, found = examples(), []
    for role in dict.fromkeys(screen.role for screen in SCREENS):
        employee = named["employee"] if role == "technician" else None
        page = enter(role, employee=employee) if role else stranger()
        for width, dark in LOOKS:
            page.set_viewport_size({"width": width, "height": 844 if width < PHONE else 900})
            look = {"name": "look", "value": "dark" if dark else "light", "url": page.url}
            if page.url.startswith("http"):
                page.context.add_cookies([look])
            for screen in (s for s in SCREENS if s.role == role):
                screen.show(page, named)
                found += [
                    f"{screen.name} {width} {'dark' if dark else 'light'}: {fault}"
                    for fault in faults(page)
                ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", list(Role))
def test_every_screen_of_the_nouns_stands_for_each_role(app, enter, role):
    """Each in one of the four looks, by turns: the nouns share their templates."""
    play_sample()
    page = enter(role, employee=examples()["employee"] if role is Role.TECHNICIAN else None)
    screens, found = list(noun_screens(app, role)), []
    assert len(screens) > 10
    for turn, screen in enumerate(screens):
        width, dark = LOOKS[turn % len(LOOKS)]
        page.set_viewport_size({"width": width, "height": 844 if width < PHONE else 900})
        page.context.add_cookies(
            [{"name": "look", "value": "dark" if dark else "light", "url": page.url}]
        )
        answer = page.goto(screen.path)
        wrong = [] if answer.status == 200 else [f"answers {answer.status}"]
        found += [
            f"{screen.path} {width} {'dark' if dark else 'light'}: {fault}"
            for fault in (*wrong, *faults(page))
        ]
    assert not found, "\n".join(found)
