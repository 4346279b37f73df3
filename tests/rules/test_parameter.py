"""Parameters: names, ranges, defaults, and the version that holds in a month (R7)."""

from decimal import Decimal as D

import pytest

from rules.parameter import (
    DEFINITIONS,
    ParameterHistory,
    ParameterKind,
    canonical,
    named,
    read_kinds,
    same_value,
)
from rules.period import Month
from rules.receivable import ReceivableKind

MAY, JUNE, JULY = (Month(2026, number) for number in (5, 6, 7))
PARTS, SOFTWARE, REPAIR = (
    ReceivableKind.PARTS_SALE,
    ReceivableKind.SOFTWARE_SERVICE,
    ReceivableKind.REPAIR,
)

# fmt: off
REGULATION = [
    ("allowance_onsite", "现场服务补贴", "30.00"), ("overdue_kinds", "逾期扣款范围", "parts_sale"),
    ("allowance_phone", "电话服务补贴", "30.00"), ("overdue_months", "逾期期限", "12"),
    ("allowance_online", "在线服务补贴", "30.00"), ("deduction_rate_min", "承担比例下限", "0.80"),
    ("onsite_labour_rate", "非专职人工费", "80.00"), ("deduction_rate_max", "承担比例上限", "1.00"),
    ("no_complaint_bonus", "无投诉奖金", "300.00"), ("private_charge_penalty", "私自收费处罚", "200.00"),
    ("complaint_penalty", "投诉处罚", "50.00"), ("deduction_cap_rate", "扣款上限比例", "0.20"),
    ("complaint_limit", "投诉上限", "3"), ("minimum_wage", "最低工资标准", "2000.00"),
    ("credit_threshold", "赊销审批限额", "5000.00"), ("callback_share", "回访比例", "1.00"),
    ("parts_commission_rate", "配件奖金比例", "0.30"), ("complaint_answer_days", "投诉答复期限", "3"),
    ("software_commission_rate", "软件奖金比例", "0.40"), ("repeat_fault_days", "重复故障期限", "90"),
]
# fmt: on


@pytest.mark.parametrize(("name", "chinese", "default"), REGULATION)
def test_every_parameter_has_both_names_and_the_regulations_default(
    name: str, chinese: str, default: str
) -> None:
    """R7."""
    assert named(name) == named(chinese) == name
    assert ParameterHistory(()).of(JUNE).values[name] == default


def test_there_are_no_other_parameters() -> None:
    """R7."""
    assert set(DEFINITIONS) == {name for name, *_ in REGULATION}


@pytest.mark.parametrize(
    "written", ["投诉处罚(元/次)", "投诉处罚 (元/次)", "  投诉处罚 ", "complaint_penalty"]
)
def test_a_name_is_known_with_or_without_its_unit(written: str) -> None:
    """R7."""
    assert named(written) == "complaint_penalty"


@pytest.mark.parametrize("written", ["", "投诉", "Complaint_Penalty2", "(元/次)"])
def test_an_unknown_name_is_no_parameter(written: str) -> None:
    """R7."""
    assert named(written) is None


HISTORY = ParameterHistory(
    (("minimum_wage", JULY, "2690.00"), ("minimum_wage", MAY, "2500.00"), ("complaint_limit", JULY, "2"))
)  # fmt: skip


@pytest.mark.parametrize(
    ("month", "wage", "limit", "since"),
    [
        pytest.param(Month(2026, 4), "2000.00", 3, None, id="before the first: defaults"),
        pytest.param(MAY, "2500.00", 3, MAY, id="from its month on"),
        pytest.param(JUNE, "2500.00", 3, MAY, id="still holds a month later"),
        pytest.param(JULY, "2690.00", 2, JULY, id="the next version"),
        pytest.param(Month(2030, 1), "2690.00", 2, JULY, id="years later"),
    ],
)
def test_the_latest_version_from_the_month_or_earlier_holds(
    month: Month, wage: str, limit: int, since: Month | None
) -> None:
    """R7: in whatever order the values are kept."""
    for history in (HISTORY, ParameterHistory(HISTORY.values[::-1])):
        held = history.of(month)
        found = (held.amount("minimum_wage"), held.count("complaint_limit"), held.since)
        assert found == (D(wage), limit, since)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("minimum_wage", "0", "0.00"),
        ("minimum_wage", "2690.5", "2690.50"),
        ("minimum_wage", "1000000000", "1000000000.00"),
        ("deduction_cap_rate", "0", "0.0000"),
        ("deduction_cap_rate", "0.2", "0.2000"),
        ("deduction_cap_rate", "1", "1.0000"),
        ("complaint_limit", "1", "1"),
        ("overdue_months", "12.0", "12"),
        ("repeat_fault_days", "0", "0"),
    ],
)
def test_a_value_in_range_is_kept_with_its_places(name: str, value: str, kept: str) -> None:
    """R7: money in fen, rates to the hundredth of a percent, counts whole."""
    assert canonical(name, D(value)) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("minimum_wage", "-0.01", id="money below zero"),
        pytest.param("minimum_wage", "0.001", id="a tenth of a fen"),
        pytest.param("minimum_wage", "1000000000.01", id="money without end"),
        pytest.param("minimum_wage", "NaN", id="no number"),
        pytest.param("minimum_wage", "Infinity", id="infinite"),
        pytest.param("minimum_wage", "1E+40", id="too long to count in fen"),
        pytest.param("deduction_rate_min", "-0.0001", id="a rate below zero"),
        pytest.param("deduction_rate_max", "1.0001", id="a rate above one"),
        pytest.param("callback_share", "30", id="percent without the sign"),
        pytest.param("callback_share", "0.12345", id="a rate too fine"),
        pytest.param("complaint_limit", "0", id="limit below 1 (R7.4)"),
        pytest.param("overdue_months", "0", id="no month to pay (R8.2)"),
        pytest.param("complaint_answer_days", "0", id="no day to answer (R4.5)"),
        pytest.param("complaint_limit", "1.5", id="half a complaint"),
        pytest.param("overdue_kinds", "1", id="a number for kinds"),
    ],
)
def test_a_value_out_of_range_is_refused(name: str, value: str) -> None:
    """R7."""
    with pytest.raises(ValueError, match=name):
        canonical(name, D(value))


def test_kinds_are_read_in_chinese_and_kept_in_one_order() -> None:
    """R7, R8.2: joined by 、 or what people type for it."""
    assert read_kinds("配件销售、返厂维修") == (PARTS, REPAIR)
    assert read_kinds(" 软件服务,配件销售 ") == (SOFTWARE, PARTS)
    assert canonical("overdue_kinds", (REPAIR, PARTS, REPAIR)) == "parts_sale,repair"
    history = ParameterHistory((("overdue_kinds", JUNE, "parts_sale,repair"),))
    assert history.of(JUNE).overdue_kinds == {PARTS, REPAIR}


@pytest.mark.parametrize("text", ["配件", "配件销售、其他", "parts_sale"])
def test_an_unknown_kind_is_refused(text: str) -> None:
    """R7."""
    with pytest.raises(ValueError, match=text):
        read_kinds(text)


def test_no_kind_at_all_is_refused() -> None:
    """R7."""
    with pytest.raises(ValueError, match="overdue_kinds"):
        canonical("overdue_kinds", ())


def test_defaults_are_in_their_own_ranges() -> None:
    """R7."""
    for name, definition in DEFINITIONS.items():
        if definition.kind is not ParameterKind.KINDS:
            assert D(canonical(name, D(definition.default))) == D(definition.default)


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("deduction_cap_rate", "0.20", "0.2000", True),
        ("deduction_cap_rate", "0.20", "0.2001", False),
        ("minimum_wage", "2000.00", "2000.01", False),
        ("overdue_kinds", "parts_sale", "parts_sale", True),
        ("overdue_kinds", "parts_sale", "parts_sale,repair", False),
    ],
)
def test_a_value_is_the_same_with_however_many_places(name, one, other, same):
    assert same_value(name, one, other) is same
