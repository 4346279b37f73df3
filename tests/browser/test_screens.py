"""Every screen as each role sees it: no sideways scroll, nothing axe-core finds serious, no word on the console."""

from itertools import product

from tests.browser.checks import accessibility_faults, sideways
from tests.browser.screens import SCREENS, examples
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
                page.goto(screen.path.format(**named))
                if screen.press:
                    page.keyboard.press(screen.press)
                faults = accessibility_faults(page) + [
                    f"{n} px sideways" for n in [sideways(page)] if n
                ]
                found += [
                    f"{screen.name} {width} {'dark' if dark else 'light'}: {fault}"
                    for fault in faults
                ]
    assert found == []
