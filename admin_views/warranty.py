"""The two warranty clocks of a device, side by side, and the gap between them (R1.8)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from admin_views.page import Family
from models.device import Device, WarrantyExtension
from models.project import Project
from rules.warranty import gap, in_warranty, warranty_end
from workflows.transaction import today

SOON = 30
MONTH, YEAR = 30, 365
ONE_DAY = timedelta(days=1)

EXTENDED = (
    select(func.coalesce(func.sum(WarrantyExtension.days), 0))
    .where(WarrantyExtension.device_id == Device.id)
    .scalar_subquery()
)
# What a device's clocks are computed from, as columns of a query with its project.
WARRANTY = (
    Project.accepted_on,
    Project.warranty_months,
    Device.warranty_months,
    EXTENDED,
    Device.maker_warranty_until,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock as noun/cells.html draws it: `share` 0 … 100 of its time is over."""

    label: str
    share: int
    family: Family
    text: str


@dataclass(frozen=True, slots=True)
class Warranties:
    """What is known of a device's two warranties today."""

    accepted_on: date | None
    end: date | None
    maker_until: date | None
    day: date

    @property
    def ours(self) -> bool:
        return in_warranty(self.accepted_on, self.end, self.day)

    @property
    def makers(self) -> bool:
        return self.maker_until is not None and self.day <= self.maker_until

    @property
    def gap_days(self) -> int:
        """Days to come in which we owe a repair that the maker does not owe us (R1.8). Like the days left of each warranty
        they are a period from today, which excludes today (R0): 余 243 天 without a maker's cover is 缺口 243 天."""
        found = gap(self.accepted_on, self.end, self.maker_until)
        if found is None:
            return 0
        return max((found.last - max(found.first - ONE_DAY, self.day)).days, 0)


def warranties(value: tuple[Any, ...]) -> Warranties:
    """The warranties of a row of `WARRANTY`."""
    accepted, project_months, device_months, extended, maker_until = value
    end = warranty_end(accepted, project_months, device_months, int(extended or 0))
    return Warranties(accepted, end, maker_until, today())


def span(days: int) -> str:
    """A stretch of days in words: 223 天, 1 年 7 个月."""
    if days < YEAR:
        return _("%(days)s 天", days=days)
    years, rest = divmod(days, YEAR)
    months = rest // MONTH
    if not months:
        return _("%(years)s 年", years=years)
    return _("%(years)s 年 %(months)s 个月", years=years, months=min(months, 11))


def _text(until: date, day: date) -> str:
    left = (until - day).days
    return _("余 %(span)s", span=span(left)) if left >= 0 else _("已过 %(span)s", span=span(-left))


def _share(start: date | None, until: date, day: date) -> int:
    if start is None or until <= start:
        return 100
    return min(max((day - start).days * 100 // (until - start).days, 0), 100)


def bars(found: Warranties) -> tuple[Bar, ...]:
    """Both clocks. The maker's is amber when it ends soon and red when ours goes on without it."""
    day = found.day
    if found.end is None:
        ours = Bar(_("我方"), 0, "grey", _("未验收"))
    else:
        family: Family = "green" if found.ours else "grey"
        ours = Bar(
            _("我方"), _share(found.accepted_on, found.end, day), family, _text(found.end, day)
        )
    if found.maker_until is None:
        return ours, Bar(_("厂商"), 0, "grey", _("未填"))
    left = (found.maker_until - day).days
    late: Family = "red" if found.ours else "grey"
    family = late if left < 0 else "amber" if left <= SOON else "green"
    share = _share(found.accepted_on, found.maker_until, day)
    return ours, Bar(_("厂商"), share, family, _text(found.maker_until, day))


def show_bars(value: tuple[Any, ...]) -> tuple[Bar, ...]:
    """A cell with both clocks."""
    return bars(warranties(value))
