"""Finds sentences that lack their English or are said nowhere, English ones in the Chinese code, and placeholders
that differ."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from workflows.words import ENGLISH, WORDS

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "admin_views" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
FLOORS = ("rules", "models", "workflows", "admin_views", "commands", "seed")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {
    **DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "_p": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2),
}  # fmt: skip
CHINESE = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{2,}")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# Codes of languages, and the switch to the other one, which its readers must be able to read.
SWITCHES = {"zh-CN", "en", "Switch to English"}


Sentence = tuple[str, str]
"""What tells it apart from others of the same words (mostly nothing), and its words."""


def said() -> dict[Sentence, str]:
    """Every sentence handed to gettext, with the first place where it stands."""
    found: dict[Sentence, str] = {}
    for floor in FLOORS:
        extracted = extract_from_dir(ROOT / floor, METHODS, keywords=KEYWORDS)
        for name, line, message, _comments, context in extracted:
            for text in message if isinstance(message, tuple) else (message,):
                found.setdefault((context or "", text), f"{floor}/{name}:{line}")
    return found


def english() -> dict[Sentence, str]:
    """The catalogue: sentence → English."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en", abort_invalid=True)
    return {(m.context or "", str(m.id)): str(m.string) for m in catalogue if m.id and not m.fuzzy}


def _catalogue_faults() -> Iterator[str]:
    text = CATALOGUE.read_text(encoding="utf-8")
    if "fuzzy" in text:
        yield "messages.po: is marked as fuzzy, which compiles to nothing"
    heads = Counter(re.findall(r"^(?:msgctxt .*\n)?msgid .*$", text, re.MULTILINE))
    yield from (f"messages.po: {head} stands {n} times" for head, n in heads.items() if n > 1)


def _faults_of(text: str, translated: str | None) -> Iterator[str]:
    english = not CHINESE.search(text) and LETTERS.search(PLACEHOLDER.sub("", text))
    if english and text not in SWITCHES:
        yield "is not Chinese"
    if not translated:
        yield "has no English"
        return
    if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(translated)):
        yield f"has other placeholders than {translated!r}"
    if CHINESE.search(translated):
        yield f"is still Chinese in {translated!r}"


def faults() -> list[str]:
    """One line per fault: where, what, and what is wrong with it."""
    catalogue = english()
    found = [*_catalogue_faults()]
    found += [
        f"{place}: {text!r} {fault}"
        for (context, text), place in said().items()
        for fault in _faults_of(text, catalogue.get((context, text)))
    ]
    unsaid = catalogue.keys() - said().keys()
    found += [f"messages.po: {text!r} is said nowhere" for _context, text in unsaid]
    for codes, words in WORDS.items():
        missing = [code for code in words if code not in ENGLISH.get(codes, {})]
        found += [
            f"workflows/words.py: {codes.__name__}.{code.name} has no English" for code in missing
        ]
    return found


if __name__ == "__main__":
    lines = faults()
    print("\n".join(lines))
    print(f"translations: {len(lines)} faults in {len(said())} sentences")
    sys.exit(bool(lines))
