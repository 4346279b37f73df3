"""The styles keep to what Chromium 109 knows, and to the house's own tokens."""

import re
from pathlib import Path

import pytest

import admin_views

STATIC = Path(admin_views.__file__).parent / "static"
SHEETS = sorted(STATIC.glob("*.css"))
TOO_NEW = ("light-dark(", "color-mix(", "oklch(", "oklab(", ":has(", "@scope", "text-wrap: balance")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_sheet_asks_for_what_an_older_browser_does_not_know(sheet):
    text = sheet.read_text(encoding="utf-8")
    assert [word for word in TOO_NEW if word in text] == []
    assert not re.search(r"^\s+&", text, re.M), "nested rules came with Chromium 112"
