"""The marks that every list is full of, drawn without a template: a page has hundreds of them (look.md, anatomies)."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from admin_views.noun.column import words
from rules.period import SHANGHAI
from workflows.transaction import today

NONE = Markup('<span class="ac-none">–</span>')
ICON = Markup(
    '<svg class="ac-i %s" aria-hidden="true" width="18" height="18">'
    '<use href="/static/vendor/icons.svg#%s"></use></svg>'
)
BADGE = Markup('<span class="ac-badge ac-%s">%s</span>')
TAG = Markup('<span class="ac-tag %s">%s</span>')
AVATAR = Markup('<span class="ac-avatar %s" aria-hidden="true">%s</span>')
MOMENT = Markup('<time datetime="%s" title="%s">%s</time>')
URGENCY = Markup(' <small class="%s">%s</small>')
SMALL = Markup("<small>%s</small>")
SPACE = Markup(" ")
PERSON = Markup('<span class="ac-person">%s%s</span>')
WARNING = Markup('<span class="ac-is-red">%s</span>')
CLOCK = Markup(
    '<span class="ac-clock">%s<svg class="ac-clock-bar ac-on-%s" width="56" height="4" aria-hidden="true">'
    '<rect class="ac-bar-ground" width="56" height="4" rx="2"></rect>'
    '<rect class="ac-bar-value" width="%s" height="4" rx="2"></rect></svg><span class="%s">%s</span></span>'
)
DAY = Markup('<time datetime="%s">%s</time>')


@cache
def icon(name: str, class_: str = "") -> Markup:
    """An icon of the sprite."""
    return ICON % (class_, name)


def badge(family: str, label: str) -> Markup:
    """A state in the colour of its meaning."""
    return BADGE % (family, label)


def tag(label: str, class_: str = "") -> Markup:
    """A short word in a box."""
    return TAG % (class_, label)


def avatar(name: str, class_: str = "") -> Markup:
    """A person's first letter in a circle."""
    return AVATAR % (class_, name[:1])


def grouped(phone: str) -> str:
    """A telephone number as people read it: 139 0517 3362, 021-6888 1234; anything else as it is."""
    mobile = re.fullmatch(r"(1\d{2})(\d{4})(\d{4})(\D.*)?", re.sub(r"[\s-]", "", phone))
    if mobile:
        return " ".join(mobile.groups(default="")).strip()
    fixed = re.fullmatch(r"(0\d{2,3})[\s-]?(\d{3,4})(\d{4})(\D.*)?", phone)
    return f"{fixed[1]}-{fixed[2]} {fixed[3]}{fixed[4] or ''}" if fixed else phone


def figure(amount: Decimal) -> str:
    """Money with two decimals and thousands; U+2212 for minus."""
    return f"{amount:,.2f}".replace("-", "−")


def quantity(number: Decimal | str) -> str:
    """How much of something, without zeros that say nothing: 40, 2.5."""
    plain = f"{Decimal(number):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def money(amount: Decimal | None, sign: bool = False, dash: bool = False) -> str:
    """Money as text: with ¥ where it stands alone (`sign`), a grey dash for nothing in columns (`dash`)."""
    if amount is None or (dash and not amount):
        return NONE
    return f"{'−' if amount < 0 else ''}¥{figure(abs(amount))}" if sign else figure(amount)


def count(number: int | None) -> Markup:
    """How many; a grey dash for none."""
    return escape(number) if number else NONE


def moment(value: datetime) -> Markup:
    """A moment of Shanghai, without the year where it is this one."""
    here = value.astimezone(SHANGHAI)
    whole = f"{here:%Y-%m-%d %H:%M}"
    short = whole[5:] if here.year == today().year else whole
    return MOMENT % (value.isoformat(), whole, short)


def day(value: date) -> Markup:
    """A day."""
    return DAY % (value.isoformat(), value.isoformat())


def short_day(value: date) -> str:
    """A day in a card, without the year where it is this one."""
    return f"{value:%m-%d}" if value.year == today().year else value.isoformat()


def severity(value: Any) -> Markup:
    """A level, A outlined red, with how urgent it is."""
    grave = value.severity == "A"
    urgency = URGENCY % ("ac-is-red" if grave else "", value.urgency) if value.urgency else ""
    return tag(value.severity, "ac-sev-a" if grave else "") + urgency


def person(name: str) -> Markup:
    """A person with his first letter."""
    return PERSON % (avatar(name), name)


def clock(bar: Any) -> Markup:
    """A bar of time with its words: share 0 … 100, family as the clock's anatomy has it."""
    label = SMALL % bar.label if bar.label else ""
    width = round(bar.share * 56 / 100, 1)
    shade = f"ac-is-{bar.family}" if bar.family in ("red", "amber") else ""
    return CLOCK % (label, bar.family, width, shade, bar.text)


CELLS: dict[str, Callable[[Any], str]] = {
    "badge": lambda value: badge(value.family, value.label),
    "badges": lambda value: SPACE.join(badge(one.family, one.label) for one in value),
    "severity": severity,
    "tag": tag,
    "money": lambda value: money(value, dash=True),
    "count": count,
    "moment": moment,
    "day": day,
    "phone": grouped,
    "person": person,
    "clock": clock,
    "clocks": lambda value: Markup().join(clock(one) for one in value),
    "warning": lambda value: WARNING % value,
}


def cell(kind: str, value: Any) -> str:
    """A cell of a list by its column's kind; links are the template's, which asks what the reader may see."""
    if value is None or value in ("", (), []):
        return NONE
    return CELLS.get(kind, words)(value)
