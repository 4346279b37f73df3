"""Parameters: their names, ranges and defaults, and the version that holds in a month (R7)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property

from rules.clause import implements
from rules.money import FEN
from rules.period import Month
from rules.receivable import ReceivableKind


class DraftState(StrEnum):
    """待审批, 已批准, 已退回: where a prepared version of the parameters stands."""

    PENDING = "pending"
    APPROVED = "approved"
    RETURNED = "returned"


class ParameterKind(StrEnum):
    """What a parameter's value is."""

    MONEY = "money"
    RATE = "rate"
    COUNT = "count"
    KINDS = "kinds"


@dataclass(frozen=True, slots=True)
class Definition:
    """A blank of the regulation: its Chinese name, kind, default, least value and clause."""

    chinese: str
    kind: ParameterKind
    default: str
    clause: str
    least: int = 0


_M, _R, _C, _K = ParameterKind
DEFINITIONS: dict[str, Definition] = {
    "allowance_onsite": Definition("现场服务补贴", _M, "30.00", "R7.2"),
    "allowance_phone": Definition("电话服务补贴", _M, "30.00", "R7.2"),
    "allowance_online": Definition("在线服务补贴", _M, "30.00", "R7.2"),
    "onsite_labour_rate": Definition("非专职人工费", _M, "80.00", "R7.3"),
    "no_complaint_bonus": Definition("无投诉奖金", _M, "300.00", "R7.4"),
    "complaint_penalty": Definition("投诉处罚", _M, "50.00", "R7.4"),
    "complaint_limit": Definition("投诉上限", _C, "3", "R7.4", 1),
    "credit_threshold": Definition("赊销审批限额", _M, "5000.00", "R6.2"),
    "parts_commission_rate": Definition("配件奖金比例", _R, "0.30", "R7.5"),
    "software_commission_rate": Definition("软件奖金比例", _R, "0.40", "R7.6"),
    "overdue_kinds": Definition("逾期扣款范围", _K, "parts_sale", "R8.2"),
    "overdue_months": Definition("逾期期限", _C, "12", "R8.2", 1),
    "deduction_rate_min": Definition("承担比例下限", _R, "0.80", "R8.3"),
    "deduction_rate_max": Definition("承担比例上限", _R, "1.00", "R8.3"),
    "private_charge_penalty": Definition("私自收费处罚", _M, "200.00", "R8.1"),
    "deduction_cap_rate": Definition("扣款上限比例", _R, "0.20", "R8.5"),
    "minimum_wage": Definition("最低工资标准", _M, "2000.00", "R8.5"),
    "callback_share": Definition("回访比例", _R, "1.00", "R4.4"),
    "complaint_answer_days": Definition("投诉答复期限", _C, "3", "R4.5", 1),
    "repeat_fault_days": Definition("重复故障期限", _C, "90", "R4.6"),
}
MOST = {_M: Decimal(10**9), _R: Decimal(1), _C: Decimal(36_500)}


def canonical(name: str, value: Decimal | Iterable[ReceivableKind]) -> str:
    """The text in which a value is kept; ValueError when it is out of the parameter's range."""
    definition = DEFINITIONS[name]
    if definition.kind is _K:
        kinds = sorted(set(value)) if not isinstance(value, Decimal) else []
        if not kinds:
            raise ValueError(name)
        return ",".join(kinds)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(name)
    places = {_M: FEN, _R: Decimal("0.0001"), _C: Decimal(1)}[definition.kind]
    try:
        kept = value.quantize(places)
    except InvalidOperation as error:
        raise ValueError(name) from error
    if kept != value or not definition.least <= value <= MOST[definition.kind]:
        raise ValueError(name)
    return str(kept)


def same_value(name: str, one: str, other: str) -> bool:
    """Whether two texts are the same value of a parameter, as ``0.20`` and ``0.2000`` are."""
    return one == other or (DEFINITIONS[name].kind is not _K and Decimal(one) == Decimal(other))


@dataclass(frozen=True)
class Parameters:
    """The version of one month: every parameter's value as text, and the month since which it holds."""

    values: Mapping[str, str]
    since: Month | None = None

    def amount(self, name: str) -> Decimal:
        """A money amount or a rate."""
        return Decimal(self.values[name])

    def count(self, name: str) -> int:
        """A whole number."""
        return int(self.values[name])

    @cached_property
    def overdue_kinds(self) -> frozenset[ReceivableKind]:
        return frozenset(ReceivableKind(kind) for kind in self.values["overdue_kinds"].split(","))


@dataclass(frozen=True)
class ParameterHistory:
    """All approved values: (name, month, text) in any order."""

    values: tuple[tuple[str, Month, str], ...]

    @implements("R7")
    def of(self, month: Month) -> Parameters:
        """The latest values that hold from the month or earlier; before the first, the defaults."""
        held = {name: definition.default for name, definition in DEFINITIONS.items()}
        since = None
        for name, start, text in sorted(self.values, key=lambda value: value[1]):
            if start <= month:
                held[name] = text
                since = start
        return Parameters(held, since)


RECEIVABLE_WORDS = {
    "配件销售": ReceivableKind.PARTS_SALE,
    "软件服务": ReceivableKind.SOFTWARE_SERVICE,
    "返厂维修": ReceivableKind.REPAIR,
}


def named(word: str) -> str | None:
    """The code of a parameter called by either of its names, with or without its unit; None if unknown."""
    short = re.sub(r"\s*\(.*\)$", "", word.strip())
    if short in DEFINITIONS:
        return short
    return next((code for code, known in DEFINITIONS.items() if known.chinese == short), None)


def read_kinds(text: str) -> tuple[ReceivableKind, ...]:
    """Read ``配件销售、软件服务``; a word that is none of them is a ValueError."""
    try:
        return tuple(
            RECEIVABLE_WORDS[word] for word in re.split(r"[、,;\s]+", text.strip()) if word
        )
    except KeyError as error:
        raise ValueError(text) from error
