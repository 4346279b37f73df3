"""How private values stand where they are not to be read."""

import re
from typing import Any

from flask_login import current_user

from rules.permissions import allowed


def sees_private() -> bool:
    """Whether the reader sees private values without asking."""
    return bool(current_user) and allowed("private.see", current_user.roles)


def masked(value: Any) -> str:
    """A private value as it stands where it is not to be read: 139 •••• 3362, 解放路•••."""
    text = "" if value is None else str(value)
    if not text:
        return ""
    if re.fullmatch(r"[\d\s()+\-转]{7,}", text):
        digits = re.sub(r"\D", "", text)
        return f"{digits[:3]} •••• {digits[-4:]}" if len(digits) >= 11 else f"•••• {digits[-4:]}"
    return "•••" if re.fullmatch(r"[\d.,\s−-]+", text) else f"{text[:3]}•••"
