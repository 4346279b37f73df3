"""Service plans: hours and durations as people write them, and the four presets (R3)."""

from itertools import product

import pytest

from rules.clock import ClockName
from rules.service_plan import (
    DEFAULT_PLAN,
    OFFICE,
    PRESETS,
    ROUND_THE_CLOCK,
    Hours,
    Promise,
    onsite_minutes,
    parse_duration,
    parse_hours,
)
from rules.ticket import ServiceMode, Severity

NONE: tuple[tuple[int, int], ...] = ()
MORNING, AFTERNOON = (510, 720), (810, 1050)  # 08:30–12:00, 13:30–17:30


@pytest.mark.parametrize("text", ["7×24", "7x24", "7X24", " 7 * 24 ", "24x7", "24×7"])
def test_round_the_clock_is_written_in_several_ways(text: str) -> None:
    """R3."""
    assert parse_hours(text) is ROUND_THE_CLOCK
    assert parse_hours(text).round_the_clock


@pytest.mark.parametrize(
    "text", ["5×8", "5x8", "5 X 8", "周一至周五 09:00-17:00", "周一到周五 9:00~17:00"]
)
def test_five_by_eight_is_monday_to_friday_nine_to_five(text: str) -> None:
    """R3."""
    assert parse_hours(text) == OFFICE
    assert Hours((((540, 1020),),) * 5 + (NONE, NONE)) == OFFICE


@pytest.mark.parametrize(
    ("text", "week"),
    [
        (
            "周一至周五 08:30-12:00 13:30-17:30; 周六 09:00-12:00",
            ((MORNING, AFTERNOON),) * 5 + (((540, 720),), NONE),
        ),
        (
            "周一至周五 08：30—12：00、13：30至17：30；周六 9:00–12:00",
            ((MORNING, AFTERNOON),) * 5 + (((540, 720),), NONE),
        ),
        ("星期一、星期三 08:30-12:00", ((MORNING,), NONE, (MORNING,), NONE, NONE, NONE, NONE)),
        ("周六、周日 00:00-24:00", (NONE,) * 5 + (((0, 1440),),) * 2),
        ("周天 00:00-00:01", (NONE,) * 6 + (((0, 1),),)),
        ("周一 08:00-12:00 12:00-17:00", (((480, 720), (720, 1020)),) + (NONE,) * 6),
    ],
)
def test_weekly_windows_are_read_as_people_write_them(text: str, week: tuple[object, ...]) -> None:
    """R3: minutes of the day, Monday first."""
    assert parse_hours(text).week == week


@pytest.mark.parametrize(
    "text",
    [
        "", ";", "8", "周一", "周八 09:00-12:00", "周一 12:00-09:00", "周一 09:00-09:00", "周一 09:00-12:00 11:59-13:00",
        "周一 25:00-26:00", "周一 23:00-24:01", "周一 09:60-10:00", "周一 09:00-12:00; 周一 13:00-17:00",
        "周五至周一 09:00-12:00", "周一至周五 09:00", "09:00-12:00", "6x8",
    ],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    """R3: overlapping, backward, empty, twice the same day, or over midnight."""
    with pytest.raises(ValueError):
        parse_hours(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30分钟", 30), ("30 分", 30), ("30min", 30), ("1.5小时", 90), ("2个小时", 120), ("0.5h", 30), ("2时", 120),
        ("2天", 2880), ("1日", 1440), ("108小时", 6480), ("366天", 527_040),
    ],
)  # fmt: skip
def test_durations_are_read_as_people_write_them(text: str, minutes: int) -> None:
    """R3."""
    assert parse_duration(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "0分钟", "-1小时", "1.5分钟", "两小时", "30", "1.2.3小时", "367天", ".小时"]
)
def test_durations_that_make_no_sense_are_refused(text: str) -> None:
    """R3."""
    with pytest.raises(ValueError):
        parse_duration(text)


# plan, severity: respond, on-site in town, on-site out of town, propose, restore; in hours
# fmt: off
TABLE = [
    ("分级响应", "A", (None, 2, 24, 48, None)),
    ("分级响应", "B", (None, 48, 48, 72, None)),
    ("分级响应", "C", (72, None, None, 108, None)),
    ("快速响应", "A", (0.5, None, None, None, 2)),
    ("快速响应", "B", (0.5, None, None, None, 2)),
    ("快速响应", "C", (0.5, None, None, None, 2)),
    ("快速响应", "D", (0.5, None, None, None, None)),
    ("7×24保障", "A", (2, 12, 12, None, 48)),
    ("7×24保障", "B", (2, 12, 12, None, 48)),
    ("7×24保障", "C", (2, 12, 12, None, 48)),
    ("7×24保障", "D", (2, None, None, None, None)),
    ("5×8标准", "A", (2, 12, 12, None, 48)),
    ("5×8标准", "B", (2, 12, 12, None, 48)),
    ("5×8标准", "C", (2, 12, 12, None, 48)),
    ("5×8标准", "D", (2, None, None, None, None)),
]
# fmt: on


@pytest.mark.parametrize(("plan", "severity", "hours"), TABLE)
def test_a_preset_promises_what_the_regulations_table_says(
    plan: str, severity: str, hours: tuple[float | None, ...]
) -> None:
    """R3."""
    minutes = tuple(None if h is None else int(h * 60) for h in hours)
    assert PRESETS[plan][1].promises[Severity(severity)] == Promise(*minutes)


def test_the_presets_promise_nothing_else() -> None:
    """R3: 分级响应 has no clock for D, which is agreed with the customer."""
    promised = {(name, s) for name, (_, plan) in PRESETS.items() for s in plan.promises}
    assert promised == {(plan, severity) for plan, severity, _ in TABLE}
    assert DEFAULT_PLAN == "分级响应"


@pytest.mark.parametrize(
    ("plan", "hours"),
    [("分级响应", ROUND_THE_CLOCK), ("快速响应", ROUND_THE_CLOCK), ("7×24保障", ROUND_THE_CLOCK), ("5×8标准", OFFICE)],
)  # fmt: skip
def test_a_preset_runs_in_its_hours(plan: str, hours: Hours) -> None:
    """R3."""
    text, preset = PRESETS[plan]
    assert preset.hours == parse_hours(text) == hours


def test_only_service_on_site_has_a_clock_for_arriving() -> None:
    """R3: in town and out of town apart."""
    promise = Promise(onsite_in_town=120, onsite_out_of_town=1440)
    found = {
        (mode, in_town): onsite_minutes(promise, mode, in_town)
        for mode, in_town in product(ServiceMode, (True, False))
    }
    assert found.pop((ServiceMode.ONSITE, True)) == 120
    assert found.pop((ServiceMode.ONSITE, False)) == 1440
    assert set(found.values()) == {None}
    assert len(ClockName) == 4
