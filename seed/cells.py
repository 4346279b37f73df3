"""Reading a cell as people type it: trimmed, full width as half width, dates and amounts in their many forms."""

import functools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from rules.parameter import DEFINITIONS, ParameterKind, canonical, read_kinds
from rules.period import SHANGHAI, Month
from rules.service_plan import parse_duration

Cell = Any
Parser = Callable[[Cell], Any]
DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?[分秒]?)?"
)
NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[-+]?\.\d+")
CURRENCY = re.compile(r"^(¥|RMB|CNY|人民币)|[元圆]整?$")
# Full-width forms, the ideographic space and the wide yen; what has no width is dropped.
WIDE = re.compile("[\u3000\uff01-\uff5e\uffe5\u200b\ufeff]")
NARROW: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
NARROW |= {0x3000: " ", 0xFFE5: "¥", 0x200B: None, 0xFEFF: None}
# Control characters but tab and line ends, lone surrogates, and those that turn the direction of writing.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST = 10**12
REMEMBERED = 1_000


class BadCell(ValueError):
    """A cell that can't be read; the text says what would be right."""


def plain(cell: Cell) -> str:
    """A cell as trimmed text in half width; whole numbers without a decimal point."""
    if isinstance(cell, str):
        wide = not cell.isascii() and WIDE.search(cell)
        return (cell.translate(NARROW) if wide else cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return str(cell)


def shown(cell: Cell) -> str:
    """A cell as a message quotes it: short, and on one line."""
    return " ".join(HIDDEN.sub("?", plain(cell)[:40]).split())


def remembered(parse: Parser) -> Parser:
    """A parser that knows its latest answers: a column repeats its words, and equal ones then share their memory."""
    known: dict[str, Any] = {}

    @functools.wraps(parse)
    def answer(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return parse(cell)
        found = known.get(cell)
        if found is None:
            if len(known) >= REMEMBERED:
                known.clear()
            found = known[cell] = parse(cell)
        return found

    return answer


def text(limit: int = 200) -> Parser:
    """Text up to a length."""

    @remembered
    def parse(cell: Cell) -> str:
        value = plain(cell)
        if len(value) > limit:
            raise BadCell(_("太长，最多 %(limit)s 个字", limit=limit))
        if not value.isprintable() and HIDDEN.search(value):
            raise BadCell(_("含有看不见的控制字符，请重新输入"))
        return value

    return parse


def raw(cell: Cell) -> Cell:
    """A cell as it is, for values that are read by what stands beside them."""
    return cell


def moment(cell: Cell) -> datetime:
    """A date, with or without time, in Asia/Shanghai; to the whole second."""
    if isinstance(cell, datetime):
        value = cell
    elif isinstance(cell, date):
        value = datetime(cell.year, cell.month, cell.day)
    else:
        match = DATE.fullmatch(plain(cell))
        if match is None:
            raise BadCell(_("不是日期，应写成 2026-10-15 或 2026-10-15 09:30"))
        try:
            value = datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]
        except ValueError as error:
            raise BadCell(_("没有这一天或这个时刻，应写成 2026-10-15 09:30")) from error
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise BadCell(_("年份不对，应写成 2026-10-15"))
    if value.microsecond:
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return value.replace(tzinfo=SHANGHAI)


def day(cell: Cell) -> date:
    """A date; a time of day is left away."""
    return moment(cell).date()


def number(cell: Cell) -> Decimal:
    """A number, or text such as ``1,200.50``, ``¥1200.5``, ``1200元``."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise BadCell(_("不是数字"))
        if abs(cell) >= MOST:
            raise BadCell(_("数字太大"))
        return round(Decimal(repr(cell)), 9).normalize()  # a double's last digits are noise
    typed = re.sub(r"\s", "", plain(cell).replace("−", "-"))
    typed = CURRENCY.sub("", typed)
    if not NUMBER.fullmatch(typed):
        raise BadCell(_("不是数字，应写成 1200.50"))
    value = Decimal(typed.replace(",", ""))
    if abs(value) >= MOST:
        raise BadCell(_("数字太大"))
    return value


def _with_places(value: Decimal, places: int) -> Decimal:
    kept = round(value, places)
    if kept != value:
        raise BadCell(_("最多 %(places)s 位小数", places=places))
    return kept


def amount(cell: Cell) -> Decimal:
    """Yuan > 0 with at most two decimals."""
    value = _with_places(number(cell), 2)
    if value <= 0:
        raise BadCell(_("必须大于 0"))
    return value


def amount_or_zero(cell: Cell) -> Decimal:
    """Yuan ≥ 0 with at most two decimals."""
    value = _with_places(number(cell), 2)
    if value < 0:
        raise BadCell(_("不能小于 0"))
    return value


def quantity(cell: Cell) -> Decimal:
    """A quantity > 0 with at most three decimals (R6.1)."""
    value = _with_places(number(cell), 3)
    if value <= 0:
        raise BadCell(_("必须大于 0"))
    return value


def share(cell: Cell) -> Decimal:
    """A rate between 0 and 1, ``0.3`` or ``30%``."""
    percent = isinstance(cell, str) and plain(cell).endswith("%")
    value = number(plain(cell)[:-1]) / 100 if percent else number(cell)
    if not 0 <= value <= 1:
        raise BadCell(_("比例应在 0 到 1 之间，如 0.8 或 80%"))
    return _with_places(value, 4)


def whole(least: int, most: int) -> Parser:
    """A whole number in a range."""

    def count(cell: Cell) -> int:
        value = number(cell)
        if value != value.to_integral_value() or not least <= value <= most:
            raise BadCell(_("应是 %(least)s 到 %(most)s 的整数", least=least, most=most))
        return int(value)

    return count


def renamed(words: Mapping[str, str], limit: int) -> Parser:
    """Text, in which some names have other names too."""
    one = text(limit)

    def parse(cell: Cell) -> str:
        name = one(cell)
        return words.get(name, name)

    return parse


def month(cell: Cell) -> Month:
    """A month, ``2026-01``; a date gives its month. A number is none: 2026.1 may have been typed as 2026.10."""
    if isinstance(cell, date):
        year, number_ = cell.year, cell.month
    else:
        match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", plain(cell))
        if match is None or isinstance(cell, float):
            raise BadCell(_("不是月份，应写成 2026-01"))
        year, number_ = int(match[1]), int(match[2])
    if not 1 <= number_ <= 12 or not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell(_("不是月份，应写成 2026-01"))
    return Month(year, number_)


def choice(words: Mapping[str, Any], offered: Iterable[str]) -> Parser:
    """One of a list of words; a refusal offers those of the contract."""
    meant = {_folded(word): meaning for word, meaning in words.items()}

    @remembered
    def parse(cell: Cell) -> Any:
        try:
            return meant[_folded(plain(cell))]
        except KeyError:
            raise BadCell(_("应是：%(words)s", words="、".join(offered))) from None

    return parse


def _folded(word: str) -> str:
    """A word without blanks, in upper case, and with the look-alikes that come from PDF files made plain."""
    return unicodedata.normalize("NFKC", word).replace(" ", "").upper()


def names(limit: int) -> Parser:
    """Several numbers joined by 、 (or commas, semicolons, blanks), each once, in order."""
    one = text(limit)

    @remembered
    def parse(cell: Cell) -> tuple[str, ...]:
        found = [one(name) for name in re.split(r"[、,;/\s]+", plain(cell)) if name]
        return tuple(dict.fromkeys(found))

    return parse


def duration(cell: Cell) -> int:
    """A duration such as ``30分钟`` or ``1.5小时``, in minutes."""
    try:
        return parse_duration(plain(cell))
    except ValueError:
        raise BadCell(_("不是时长，应写成 30分钟 或 1.5小时")) from None


def parameter_value(name: str, cell: Cell) -> str:
    """A parameter's value in the text in which it is kept."""
    kind = DEFINITIONS[name].kind
    try:
        if kind is ParameterKind.KINDS:
            return canonical(name, read_kinds(plain(cell)))
        return canonical(name, share(cell) if kind is ParameterKind.RATE else number(cell))
    except BadCell:
        raise
    except ValueError:
        raise BadCell(_("超出“%(name)s”允许的范围", name=DEFINITIONS[name].chinese)) from None
