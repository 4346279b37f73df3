"""The calendar: public holidays and make-up days of 2026, adjoining weekends, overrides, later years (R3, R3.4)."""

from datetime import date, timedelta

import pytest

from rules.calendar_day import DayKind, day_kind, is_workday, provisional

OWN, MONDAY, OFF = DayKind.OWN, DayKind.MONDAY, DayKind.OFF
NOTHING: dict[date, bool] = {}

HOLIDAYS_2026 = [
    ("元旦", date(2026, 1, 1), date(2026, 1, 3)),
    ("春节", date(2026, 2, 15), date(2026, 2, 23)),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6)),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5)),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21)),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27)),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
]
MAKE_UP_2026 = [
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
]  # fmt: skip


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


OFF_2026 = {day for _, first, last in HOLIDAYS_2026 for day in days(first, last)}


@pytest.mark.parametrize(("name", "first", "last"), HOLIDAYS_2026)
def test_every_day_of_a_public_holiday_is_off(name: str, first: date, last: date) -> None:
    """R3: as published for 2026, the weekend days within and beside it included."""
    assert {day_kind(day, NOTHING) for day in days(first, last)} == {OFF}


@pytest.mark.parametrize("day", MAKE_UP_2026)
def test_a_weekend_day_worked_has_mondays_windows(day: date) -> None:
    """R3."""
    assert day.weekday() >= 5
    assert day_kind(day, NOTHING) is MONDAY
    assert is_workday(day, NOTHING)


def test_all_other_days_of_2026_are_plain_weekdays_and_weekends() -> None:
    """R3: 365 days less 33 off and 6 made up for."""
    others = set(days(date(2026, 1, 1), date(2026, 12, 31))) - OFF_2026 - set(MAKE_UP_2026)
    assert len(OFF_2026) == 33
    assert len(others) == 326
    assert {day_kind(day, NOTHING) for day in others} == {OWN}


@pytest.mark.parametrize(
    ("label", "day", "kind"),
    [
        ("清明 2025 is Friday: the Saturday after", date(2025, 4, 5), OFF),
        ("and the Sunday through it", date(2025, 4, 6), OFF),
        ("the Saturday a week later is a plain one", date(2025, 4, 12), OWN),
        ("端午 2025 is Monday: the Sunday before", date(2025, 6, 1), OFF),
        ("and the Saturday through it", date(2025, 5, 31), OFF),
        ("the Friday before is a plain one", date(2025, 5, 30), OWN),
        ("春节 2025 ends Tuesday 4 February: Saturday 8 is made up for", date(2025, 2, 8), MONDAY),
        ("and its Sunday is a plain one", date(2025, 2, 9), OWN),
        ("春节 2025 begins Tuesday 28 January: Sunday 26 is made up for", date(2025, 1, 26), MONDAY),
        ("and Saturday 25 touches no holiday", date(2025, 1, 25), OWN),
        ("元旦 2025 is Wednesday: no weekend adjoins", date(2025, 1, 4), OWN),
    ],
)  # fmt: skip
def test_weekend_days_that_adjoin_a_holiday_are_off_unless_made_up_for(
    label: str, day: date, kind: DayKind
) -> None:
    """R3."""
    assert day_kind(day, NOTHING) is kind


@pytest.mark.parametrize(
    ("day", "worked", "kind"),
    [
        pytest.param(date(2026, 6, 2), False, OFF, id="a Tuesday off"),
        pytest.param(date(2026, 6, 2), True, OWN, id="a Tuesday worked, as it is anyway"),
        pytest.param(date(2026, 6, 6), True, MONDAY, id="a Saturday worked"),
        pytest.param(date(2026, 6, 7), True, MONDAY, id="a Sunday worked"),
        pytest.param(date(2026, 6, 6), False, OFF, id="a Saturday with windows of its own, off"),
        pytest.param(date(2026, 10, 1), True, OWN, id="a public holiday worked"),
        pytest.param(date(2026, 10, 3), True, MONDAY, id="a Saturday of a holiday worked"),
        pytest.param(date(2026, 10, 10), False, OFF, id="a make-up day off all the same"),
        pytest.param(date(2027, 1, 1), False, OFF, id="a holiday of a year not yet published"),
    ],
)
def test_the_companys_day_stands_before_the_official_one(
    day: date, worked: bool, kind: DayKind
) -> None:
    """R3."""
    assert day_kind(day, {day: worked}) is kind
    beside = day + timedelta(days=1)
    assert day_kind(beside, {day: worked}) is day_kind(beside, NOTHING)


@pytest.mark.parametrize(
    ("year", "known"), [(2009, False), (2010, True), (2026, True), (2027, False), (2040, False)]
)
def test_years_without_an_official_list_say_so(year: int, known: bool) -> None:
    """R3.4."""
    assert provisional(year) is not known


@pytest.mark.parametrize("year", [2009, 2027, 2028])
def test_such_a_year_is_monday_to_friday_throughout(year: int) -> None:
    """R3.4: even on 1 January and 1 October."""
    for day in days(date(year, 1, 1), date(year, 12, 31)):
        assert day_kind(day, NOTHING) is OWN
        assert is_workday(day, NOTHING) is (day.weekday() < 5)


def test_a_known_year_ends_where_the_unknown_begins() -> None:
    """R3.4: Friday 1 January 2027 counts as worked, so the Sunday after a holiday list's end stays plain."""
    assert day_kind(date(2026, 12, 31), NOTHING) is OWN
    assert day_kind(date(2027, 1, 1), NOTHING) is OWN
    assert day_kind(date(2027, 1, 2), NOTHING) is OWN
