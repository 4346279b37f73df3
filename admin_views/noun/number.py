"""Numbers as people type them."""

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

MOST_MONEY = Decimal(10) ** 10


def read_number(
    text: str, places: int = 0, least: Decimal | int = 0, most: Decimal | int = 10**6
) -> Any:
    """A number as typed, an int where it has no places; a ValueError says what is wrong."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("¥", "").replace("−", "-")
    try:
        found = Decimal(plain.removesuffix("%"))
    except InvalidOperation:
        raise ValueError(_("请填数字。")) from None
    if not found.is_finite() or abs(found) > MOST_MONEY:
        raise ValueError(_("请填数字。"))
    found = found / 100 if plain.endswith("%") else found
    if found != round(found, places):
        raise ValueError(
            _("最多 %(places)s 位小数。", places=places) if places else _("请填整数。")
        )
    if not least <= found <= most:
        raise ValueError(_("应在 %(least)s 至 %(most)s 之间。", least=least, most=most))
    return round(found, places) + 0 if places else int(found)
