"""Reading a cell as people type it: trimmed, full width as half width, dates and amounts in their many forms."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
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
NUMBER = re.compile(r"[-+]?\d+(\.\d*)?|[-+]?\.\d+")
LONGEST = 2000


class BadCell(ValueError):
    """A cell that can't be read; the text says what would be right."""


def plain(cell: Cell) -> str:
    """A cell as trimmed text in half width; whole numbers without a decimal point."""
    if isinstance(cell, str):
        return unicodedata.normalize("NFKC", cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return str(cell)


def text(limit: int = 200) -> Parser:
    """Text up to a length."""

    def parse(cell: Cell) -> str:
        value = plain(cell)
        if len(value) > limit:
            raise BadCell(_("太长，最多 %(limit)s 个字", limit=limit))
        if any(ch < " " and ch not in "\n\t\r" for ch in value):
            raise BadCell(_("含有看不见的控制字符，请重新输入"))
        return value

    return parse


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
    if not 1990 <= value.year <= 2100:
        raise BadCell(_("年份不对，应写成 2026-10-15"))
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
        return round(Decimal(repr(cell)), 9).normalize()
    typed = re.sub(r"[,\s]|^[¥￥]|^(RMB|CNY)|元$|圆$", "", plain(cell).replace("−", "-"))
    typed = re.sub(r"^[¥￥]|元$", "", typed)
    if not NUMBER.fullmatch(typed):
        raise BadCell(_("不是数字，应写成 1200.50"))
    try:
        return Decimal(typed)
    except InvalidOperation as error:
        raise BadCell(_("不是数字，应写成 1200.50")) from error


def _with_places(value: Decimal, places: int) -> Decimal:
    unit = Decimal(1).scaleb(-places)
    if abs(value) >= 10**12:
        raise BadCell(_("数字太大"))
    kept = value.quantize(unit)
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
    """A rate, ``0.3`` or ``30%``."""
    if isinstance(cell, str) and plain(cell).endswith("%"):
        return _with_places(number(plain(cell)[:-1]) / 100, 4)
    return _with_places(number(cell), 4)


def whole(least: int, most: int) -> Parser:
    """A whole number in a range."""

    def parse(cell: Cell) -> int:
        value = number(cell)
        if value != value.to_integral_value() or not least <= value <= most:
            raise BadCell(_("应是 %(least)s 到 %(most)s 的整数", least=least, most=most))
        return int(value)

    return parse


def month(cell: Cell) -> Month:
    """A month, ``2026-01``; a date gives its month."""
    if isinstance(cell, date):
        return Month.of(cell)
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", plain(cell))
    if match is None or not 1 <= int(match[2]) <= 12 or not 1990 <= int(match[1]) <= 2100:
        raise BadCell(_("不是月份，应写成 2026-01"))
    return Month(int(match[1]), int(match[2]))


def choice(words: Mapping[str, Any]) -> Parser:
    """One of a list of words."""

    def parse(cell: Cell) -> Any:
        try:
            return words[plain(cell).replace(" ", "").upper()]
        except KeyError:
            raise BadCell(_("应是：%(words)s", words="、".join(dict.fromkeys(words)))) from None

    return parse


def names(cell: Cell) -> tuple[str, ...]:
    """Several numbers joined by 、 (or commas, semicolons, blanks), each once, in order."""
    found = [name for name in re.split(r"[、,;/\s]+", plain(cell)) if name]
    return tuple(dict.fromkeys(found))


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
