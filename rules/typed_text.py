"""What a text that someone typed may be made of."""

import unicodedata

UNSEEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SPACES = frozenset("\n\r\t")


def has_unseen(text: str) -> bool:
    """Whether a text holds control characters, lone surrogates or marks that turn its direction."""
    return any(
        letter in UNSEEN or (unicodedata.category(letter) in ("Cc", "Cs") and letter not in SPACES)
        for letter in text
    )
