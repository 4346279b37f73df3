"""What all templates can ask for: moments in Shanghai, telephone numbers in groups, values in words."""

import re
from datetime import datetime
from decimal import Decimal

from flask import Flask

from admin_views.noun.column import words
from rules.period import SHANGHAI
from workflows.transaction import today


def grouped(phone: str) -> str:
    """A telephone number as people read it: 139 0517 3362, 021-6888 1234; anything else as it is."""
    mobile = re.fullmatch(r"(1\d{2})(\d{4})(\d{4})(\D.*)?", re.sub(r"[\s-]", "", phone))
    if mobile:
        return " ".join(mobile.groups(default="")).strip()
    fixed = re.fullmatch(r"(0\d{2,3})[\s-]?(\d{3,4})(\d{4})(\D.*)?", phone)
    return f"{fixed[1]}-{fixed[2]} {fixed[3]}{fixed[4] or ''}" if fixed else phone


def percent(rate: Decimal) -> str:
    """A rate as people write it: 0.3 → 30 %, with a thin space."""
    return f"{(rate * 100).normalize():f}\u2009%"


def register_drawing(app: Flask) -> None:
    """Put the filters and functions into the templates."""

    @app.template_filter("shanghai")
    def shanghai(moment: datetime) -> datetime:
        return moment.astimezone(SHANGHAI)

    app.add_template_filter(grouped, "phone")
    app.add_template_filter(words, "words")
    app.add_template_global(lambda: today().year, "this_year")
