"""The company's own days over the official calendar, and what the official one says (R3, R3.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from admin_views.noun.column import Badge, Column
from admin_views.noun.field import Day, Line, YesNo
from admin_views.noun.filter import DayFilter, YesNoFilter
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Fact, Head
from admin_views.noun.view import NounView
from models.service_plan import CalendarDay
from rules.calendar_day import is_workday, provisional
from workflows.calendar_day import create_calendar_day, update_calendar_day
from workflows.transaction import today

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Break:
    """Days in a row that the official calendar takes from the plain week, or gives to it."""

    first: date
    last: date
    working: bool


def breaks(year: int) -> Iterator[Break]:
    """The official days off on weekdays, each with the weekend beside it, and the weekend days worked, of a year."""
    day, end = date(year, 1, 1), date(year, 12, 31)
    while day <= end:
        first, plain = day, day.weekday() < 5
        worked = is_workday(day, {})
        if not plain and worked:
            yield Break(day, day, working=True)
        elif not worked:
            while day < end and not is_workday(day + DAY, {}):
                day += DAY
            if any((first + DAY * n).weekday() < 5 for n in range((day - first).days + 1)):
                yield Break(first, day, working=False)
        day += DAY


def says(working: bool) -> Badge:
    """Whether the company works."""
    return Badge("blue", _("上班")) if working else Badge("grey", _("休息"))


class CalendarForm(NounForm):
    """A day on which the company differs."""

    day = Day(_l("日期"), required=True)
    working = YesNo(_l("上班或休息"), yes=_l("上班"), no=_l("休息"), required=True)
    note = Line(_l("说明"), most=200, example=_l("公司年会；项目抢工"))
    only_new = ("day",)
    sections = (
        Section(_l("哪一天"), ("day", "working", "note"), _l("只登记与国家日历不同的日子。按工作时间计的时钟随之重算，已提交的月份不变（R3.4）。")),
    )  # fmt: skip


class CalendarView(NounView):
    """工作日历."""

    noun = "calendar_day"
    title = _p("list", "工作日历")
    unit = _p("calendar_day", "天")
    group = "settings"
    icon = "calendar-event"
    clauses = ("R3", "R3.4")
    model = CalendarDay
    label = CalendarDay.day
    default_order = (CalendarDay.day.desc(), CalendarDay.id)
    empty = (_l("公司日历与国家日历一致"), _l("公司自己的调休、放假登记在这里，时钟按它计。"))
    columns = (
        Column("day", _l("日期"), CalendarDay.day, kind="day", sort=True, card="title"),
        Column(
            "working", _l("上班或休息"), CalendarDay.working, kind="badge", show=says, card="badge"
        ),
        Column("note", _l("说明"), CalendarDay.note, card="sub"),
    )
    filters = (
        DayFilter("day", _l("日期"), CalendarDay.day),
        YesNoFilter(
            "working", _l("上班或休息"), CalendarDay.working, yes=_l("上班"), no=_l("休息")
        ),
    )
    form_class = CalendarForm
    create_with = staticmethod(create_calendar_day)
    update_with = staticmethod(update_calendar_day)
    create_label = _l("登记一天")
    list_template = "noun/calendar.html"

    def subjects(self, row: Any) -> list[tuple[str, str]]:
        return [("calendar_day", str(row.day)), ("calendar_days", str(row.day))]

    def head(self, row: Any) -> Head:
        usual = _("国家日历：上班") if is_workday(row.day, {}) else _("国家日历：休息")
        return Head(str(row.day), says(row.working), (Fact(usual, "calendar"), Fact(row.note)))

    def official(self) -> list[tuple[int, bool, list[Break]]]:
        """This year and the next: whether its official list is not known yet, and the days that it changes."""
        years = (today().year, today().year + 1)
        return [(year, provisional(year), list(breaks(year))) for year in years]
