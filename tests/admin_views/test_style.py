"""The styles keep to what Chromium 109 knows, and to the house's own tokens."""

import re
from pathlib import Path

import pytest

import admin_views
from admin_views.assets import BOOTSTRAP, VENDOR

TEMPLATES = Path(admin_views.__file__).parent / "templates"
CLASS = re.compile(r'\bclass="([^"]*)"')
STATIC = Path(admin_views.__file__).parent / "static"
SHEETS = sorted(STATIC.glob("*.css"))
TOO_NEW = ("light-dark(", "color-mix(", "oklch(", "oklab(", ":has(", "@scope", "text-wrap: balance")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_sheet_asks_for_what_an_older_browser_does_not_know(sheet):
    text = sheet.read_text(encoding="utf-8")
    assert [word for word in TOO_NEW if word in text] == []
    assert not re.search(r"^\s+&", text, re.M), "nested rules came with Chromium 112"


def test_the_sheet_at_the_base_has_all_of_its_classes_that_a_screen_names():
    whole, cut = (
        set(re.findall(r"\.([A-Za-z][\w-]*)", sheet.read_text(encoding="utf-8")))
        for sheet in (BOOTSTRAP, VENDOR / BOOTSTRAP.name)
    )
    drawn = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    named = {word for classes in CLASS.findall(drawn) for word in classes.split()} & whole
    assert {"form-control", "form-select", "form-check-input"} <= named <= cut
    assert len(cut) < len(whole) / 10
