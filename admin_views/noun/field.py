"""The fields of a noun's form: each reads what was typed, says in words what is wrong, and keeps what was typed.

`kind` names the macro of noun/fields.html that draws it; `wide` fields take both columns.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TextInput

from admin_views.marks import grouped
from admin_views.noun.column import money
from admin_views.noun.mask import masked
from admin_views.noun.number import MOST_MONEY, read_number
from rules.period import SHANGHAI, Month
from workflows.attachment import LARGEST, Upload
from workflows.words import word

# Characters that turn the direction of a line: a name with them reads as another.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class NounField(Field):
    """What all fields share. `verb` is the permission without which the field does not exist for the writer;
    `private` values are masked for auditors until they ask; `autofill` is what a browser may fill in by itself."""

    kind = "text"
    widget = TextInput()

    def __init__(
        self,
        label: Any = None,
        *,
        required: bool = False,
        hint: Any = "",
        wide: bool = False,
        verb: str | None = None,
        example: Any = "",
        private: bool = False,
        autofill: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.required, self.hint, self.wide = required, hint, wide
        self.verb, self.example = verb, example
        self.private, self.autofill = private, autofill
        self.hidden = False
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.typed = valuelist[0]
        text = valuelist[0].strip()
        self.data = None
        self.data = self.parse(text) if text else None

    def parse(self, text: str) -> Any:
        """The value of a text that is not empty; a ValueError says what is wrong."""
        return text

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation
        if self.required and self.data is None:
            raise StopValidation(_("请填写。"))

    def text(self, value: Any) -> str:
        """A value as it stands in the input."""
        return "" if value is None else str(value)

    def words(self, value: Any) -> str:
        """A value as people read it, in the history and beside another's."""
        return self.text(value)

    def read(self, value: Any) -> str:
        """A value as this reader may read it."""
        return masked(self.words(value)) if self.hidden else self.words(value)

    @property
    def shown(self) -> str:
        """What stands in the input: what was typed, else the value."""
        return self.typed if self.typed is not None else self.text(self.data)


class Line(NounField):
    """One line of text."""

    several = False

    def __init__(
        self, label: Any = None, *, most: int = 120, least: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.most, self.least = most, least

    def parse(self, text: str) -> str:
        allowed = "\n\t" if self.several else ""
        text = text.replace("\r\n", "\n").replace("\r", "\n") if self.several else text
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text):
            raise ValueError(_("有看不见的控制字符。请重新输入。"))
        if TURNING.search(text):
            raise ValueError(_("有改变文字方向的字符。请重新输入。"))
        if len(text) > self.most:
            raise ValueError(
                _("最多 %(most)s 个字，现在 %(now)s 个。", most=self.most, now=len(text))
            )
        if len(text) < self.least:
            raise ValueError(_("至少 %(least)s 个字。", least=self.least))
        return text


class Text(Line):
    """Several lines of text."""

    kind = "lines"
    several = True

    def __init__(self, label: Any = None, *, most: int = 2000, **kwargs: Any) -> None:
        super().__init__(label, most=most, **{"wide": True, **kwargs})


class Phone(Line):
    """A telephone number, kept as it was written."""

    kind = "phone"

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **{"most": 40, **kwargs})

    def parse(self, text: str) -> str:
        text = super().parse(text)
        if not re.fullmatch(r"[\d\s()+\-转,;/、，；#*]+", text) or len(re.sub(r"\D", "", text)) < 3:
            raise ValueError(_("这不像电话号码。分机写作“转8001”。"))
        return text

    def words(self, value: Any) -> str:
        return grouped(super().words(value))


SEGMENTS = 5
ROOM = 296  # px that a question on a phone, and a column of a form at a desk, has for segments side by side


def _wide(label: str) -> int:
    """About how wide a segment stands on a phone, in px."""
    return 28 + sum(15 if character > "\u2e7f" else 8 for character in label)


class Choice(NounField):
    """One of a few codes: segments side by side, a list where they are more than five or have no room."""

    def __init__(
        self, label: Any = None, codes: type[StrEnum] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.codes = codes

    @property
    def kind(self) -> str:  # type: ignore[override]
        labels = [label for _value, label in self.options()]
        room = sum(map(_wide, labels if self.required else [_("未定"), *labels])) <= ROOM
        return "segments" if room and len(labels) <= SEGMENTS else "list"

    def options(self) -> list[tuple[str, str]]:
        return [(code.value, _(word(code))) for code in self.codes or ()]

    def parse(self, text: str) -> Any:
        try:
            return self.codes(text) if self.codes else text
        except ValueError:
            raise ValueError(_("请从所列的项目中选择。")) from None

    def text(self, value: Any) -> str:
        return "" if value is None else str(value)

    def words(self, value: Any) -> str:
        return dict(self.options()).get(self.text(value), self.text(value))


class YesNo(Choice):
    """Yes or no, in words of its own."""

    def __init__(
        self, label: Any = None, *, yes: Any = None, no: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.yes, self.no = yes, no

    def options(self) -> list[tuple[str, str]]:
        return [("yes", str(self.yes or _("是"))), ("no", str(self.no or _("否")))]

    def parse(self, text: str) -> bool:
        if text not in ("yes", "no"):
            raise ValueError(_("请从所列的项目中选择。"))
        return text == "yes"

    def text(self, value: Any) -> str:
        return "" if value is None else ("yes" if value is True or value == "yes" else "no")


class Several(NounField):
    """Any number of a few codes."""

    kind = "several"

    def __init__(
        self, label: Any = None, codes: type[StrEnum] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.codes = codes

    def options(self) -> list[tuple[str, str]]:
        return [(code.value, _(word(code))) for code in self.codes or ()]

    def process_formdata(self, valuelist: list[str]) -> None:
        given = [text for text in valuelist if text]
        known = {code.value: code for code in self.codes or ()}
        if any(text not in known for text in given):
            raise ValueError(_("请从所列的项目中选择。"))
        self.data = [known[text] for text in dict.fromkeys(given)] or None

    def text(self, value: Any) -> str:
        return ",".join(str(one) for one in value or ())

    def words(self, value: Any) -> str:
        named = dict(self.options())
        return _("、").join(named.get(str(one), str(one)) for one in value or ())

    def has(self, option: str) -> bool:
        """Whether an option is ticked."""
        return option in {str(one) for one in self.data or ()}


class File(NounField):
    """A file to hand in; `accept` tells the browser which to offer."""

    kind = "file"

    def __init__(
        self, label: Any = None, *, accept: str = "image/png,image/jpeg", **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.accept = accept

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        given = next((one for one in valuelist if getattr(one, "filename", "")), None)
        if given is not None:
            content = given.stream.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise ValueError(
                    _("文件最大 %(most)s MB，请压缩后再传。", most=LARGEST // 1024 // 1024)
                )
            self.data = Upload(given.filename, content)

    def text(self, value: Any) -> str:
        return value.name if value else ""


class Day(NounField):
    """A day."""

    kind = "day"

    def parse(self, text: str) -> date:
        try:
            found = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("日期写作 2026-11-03。")) from None
        if not EARLIEST <= found <= LATEST:
            raise ValueError(_("日期应在 1900 年至 2199 年之间。"))
        return found


class MonthOf(NounField):
    """A calendar month."""

    kind = "month"

    def parse(self, text: str) -> Month:
        try:
            return Month.parse(text)
        except ValueError:
            raise ValueError(_("月份写作 2026-11。")) from None


class Moment(NounField):
    """A minute in Shanghai, kept as an instant."""

    kind = "moment"

    def parse(self, text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text.replace(" ", "T"))
        except ValueError:
            raise ValueError(_("时间写作 2026-11-03 09:30。")) from None
        if found.tzinfo is not None or not EARLIEST <= found.date() <= LATEST:
            raise ValueError(_("时间写作 2026-11-03 09:30。"))
        return found.replace(tzinfo=SHANGHAI)

    def text(self, value: Any) -> str:
        if not isinstance(value, datetime):
            return "" if value is None else str(value)
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")

    def words(self, value: Any) -> str:
        return self.text(value).replace("T", " ")


class Number(NounField):
    """A decimal with so many places, from `least` to `most`; a rate of 0.85 may be written 85%."""

    kind = "number"

    def __init__(
        self,
        label: Any = None,
        *,
        places: int = 0,
        least: Decimal | int = 0,
        most: Decimal | int = 10**6,
        unit: Any = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.places, self.least, self.most, self.unit = places, least, most, unit

    def parse(self, text: str) -> Any:
        return read_number(text, self.places, self.least, self.most)

    def words(self, value: Any) -> str:
        if value is None or not self.places:
            return self.text(value)
        return f"{Decimal(str(value)):,.{self.places}f}".replace("-", "−")


class Amount(Number):
    """An amount of money in yuan."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **{"places": 2, "most": MOST_MONEY, "unit": _l("元"), **kwargs})

    def words(self, value: Any) -> str:
        return "" if value is None else money(Decimal(str(value)))


class Pick(NounField):
    """A record of another noun, picked by typing; only one that the writer may see can be picked.

    `lookup` is set by the view: it gives the labels of ids within the writer's scope. `within` is the filter of the
    other noun's look-up that the same form's pick of that noun narrows: a customer's devices, a device's tickets.
    """

    kind = "pick"
    lookup: Any = None

    def __init__(self, label: Any = None, *, noun: str, within: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.noun, self.within = noun, within

    def parse(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError(_("请从所列的项目中选择。"))
        return int(text)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if (
            self.data is not None
            and not validation_stopped
            and self.data not in self.labels([self.data])
        ):
            raise ValidationError(_("没有这一项，或不归您选。请重新选择。"))

    def labels(self, ids: list[int]) -> Mapping[int, str]:
        """The labels of the ids that the writer may pick."""
        return self.lookup(self.noun, ids) if self.lookup else {}

    def words(self, value: Any) -> str:
        if value is None or not str(value).isdigit():
            return ""
        return self.labels([int(value)]).get(int(value), f"#{value}")
