"""Warranty: last days, extensions, overrides and the gap that nobody covers for us (R1.1–R1.4, R1.8)."""

from datetime import date, datetime

import pytest

from rules.period import SHANGHAI
from rules.warranty import (
    Gap,
    chargeable,
    extended,
    extension_days,
    gap,
    in_warranty,
    out_of_warranty,
    warranty_end,
)

ACCEPTED, END = date(2023, 11, 1), date(2026, 11, 1)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("accepted", "project_months", "device_months", "end"),
    [
        pytest.param(ACCEPTED, None, None, END, id="36 months unless said otherwise"),
        pytest.param(ACCEPTED, 24, None, date(2025, 11, 1), id="the project's months"),
        pytest.param(ACCEPTED, 24, 60, date(2028, 11, 1), id="the device overrides its project"),
        pytest.param(ACCEPTED, 24, 0, ACCEPTED, id="a device without warranty: that day only"),
        pytest.param(date(2024, 2, 29), 12, None, date(2025, 2, 28), id="29 February + 12"),
        pytest.param(date(2024, 2, 29), 36, None, date(2027, 2, 28), id="29 February + 36"),
        pytest.param(date(2024, 2, 29), 48, None, date(2028, 2, 29), id="leap year to leap year"),
        pytest.param(date(2025, 8, 31), 6, None, date(2026, 2, 28), id="the 31st + 6"),
        pytest.param(date(2023, 8, 31), 6, None, date(2024, 2, 29), id="the 31st + 6, leap"),
        pytest.param(date(2023, 12, 31), 36, None, date(2026, 12, 31), id="New Year's Eve"),
        pytest.param(None, 24, 60, None, id="not accepted yet"),
    ],
)
def test_the_warranty_ends_so_many_months_after_acceptance(
    accepted: date | None, project_months: int | None, device_months: int | None, end: date | None
) -> None:
    """R1.1."""
    assert warranty_end(accepted, project_months, device_months) == end


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        pytest.param(date(2023, 10, 31), False, id="the day before acceptance"),
        pytest.param(ACCEPTED, True, id="the day of acceptance"),
        pytest.param(date(2026, 10, 31), True, id="the last day but one"),
        pytest.param(END, True, id="the last day"),
        pytest.param(date(2026, 11, 2), False, id="the day after"),
    ],
)
def test_the_last_day_of_the_warranty_is_covered(day: date, covered: bool) -> None:
    """R1.1."""
    assert in_warranty(ACCEPTED, END, day) is covered


def test_nothing_is_in_warranty_before_the_final_acceptance() -> None:
    """R1.1."""
    assert not in_warranty(None, None, END)


@pytest.mark.parametrize(
    ("covered", "human_made", "charged"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_repair_is_free_in_warranty_unless_people_did_the_damage(
    covered: bool, human_made: bool, charged: bool
) -> None:
    """R1.2, R5.2, R6.1: a part for a device in warranty is replaced free, not sold."""
    assert chargeable(covered, human_made) is charged


@pytest.mark.parametrize(
    ("restored", "days"),
    [
        pytest.param("2026-03-02 10:00:00", 0, id="at once"),
        pytest.param("2026-03-02 10:00:01", 1, id="a second"),
        pytest.param("2026-03-02 23:59:59", 1, id="until the end of the day"),
        pytest.param("2026-03-03 00:00:00", 1, id="midnight starts no other day"),
        pytest.param("2026-03-03 00:00:01", 2, id="a second into the next day"),
        pytest.param("2026-03-03 09:00:00", 2, id="less than 24 hours, yet two days"),
        pytest.param("2026-04-01 08:00:00", 31, id="2 March to 1 April: 30 + 1"),
        pytest.param("2026-03-01 10:00:00", 0, id="restored before it was reported"),
    ],
)
def test_each_started_day_out_of_service_extends_the_warranty(restored: str, days: int) -> None:
    """R1.3: reported on 2 March 2026 at 10:00."""
    assert extension_days(at("2026-03-02 10:00:00"), at(restored)) == days


def test_a_day_out_of_service_is_one_of_shanghai() -> None:
    """R1.3: 15:30 and 16:30 UTC lie on two days of Shanghai."""
    utc = datetime.fromisoformat
    assert extension_days(utc("2026-03-02T15:30+00:00"), utc("2026-03-02T16:30+00:00")) == 2


def test_extensions_add_up_and_move_the_last_day() -> None:
    """R1.3: 2 + 31 days after 2026-11-01 is 2026-12-04."""
    assert extended([2, 31]) == 33
    assert extended([]) == 0
    assert warranty_end(ACCEPTED, None, None, extended([2, 31])) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("computed", "override", "shown"),
    [
        (True, None, True),
        (False, None, False),
        (True, False, False),
        (False, True, True),
        (None, True, True),
        (None, None, None),
    ],
)
def test_the_clerks_word_stands_before_what_was_computed(
    computed: bool | None, override: bool | None, shown: bool | None
) -> None:
    """R1.4: None is a ticket without a device."""
    assert out_of_warranty(computed, override) is shown


@pytest.mark.parametrize(
    ("maker_until", "expected"),
    [
        pytest.param(None, Gap(ACCEPTED, END), id="no maker's warranty: all of ours"),
        pytest.param(date(2023, 10, 1), Gap(ACCEPTED, END), id="over before acceptance"),
        pytest.param(date(2025, 10, 31), Gap(date(2025, 11, 1), END), id="a year short"),
        pytest.param(date(2026, 10, 31), Gap(END, END), id="one day short"),
        pytest.param(END, None, id="both end on one day"),
        pytest.param(date(2026, 11, 2), None, id="the maker's is longer"),
    ],
)
def test_the_gap_is_what_we_owe_and_nobody_owes_us(
    maker_until: date | None, expected: Gap | None
) -> None:
    """R1.8."""
    assert gap(ACCEPTED, END, maker_until) == expected


def test_there_is_no_gap_before_the_warranty_begins() -> None:
    """R1.8."""
    assert gap(None, None, date(2026, 1, 1)) is None
