"""The customers' sites and people, which no register brings: entered by the clerk after the first one."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from models import db
from models.customer import Customer as Kept
from seed.company.customers import Customer, customers
from seed.company.months import CLERK, Event, register_moment
from seed.company.timeline import Timeline
from workflows.account import account_named
from workflows.contact import create_contact
from workflows.site import create_site

DUTIES = ("信息科主任", "设备管理员", "值班工程师")
# A place in the city and one in the county: only its own region tells how fast someone must come (R3).
SITES = {
    "KH001": (("政务云主机房", None), ("云湾县灾备机房", False)),
    "KH002": (("政务大厅", None), ("松岭县便民服务站", False)),
    "KH005": (("主校区网络中心", None), ("乡镇实训基地", False)),
    "KH009": (("检测大楼", None), ("外场试验站", False)),
    "KH013": (("机关办公楼", None), ("县区标准化考点", False)),
    "KH017": (("门诊楼弱电间", None), ("县分院机房", False)),
    "KH021": (("一号楼机房", None), ("二期厂房", None)),
    "KH030": (("教体局机关", None), ("江城市考务中心", True)),
}


def _enter(known: list[Customer]) -> None:
    clerk = account_named(CLERK)
    ids = dict(db.session.execute(select(Kept.number, Kept.id)).all())
    for customer in known:
        owner = ids[customer.number]
        first = None
        for name, in_town in SITES.get(customer.number, ()):
            values = {"customer_id": owner, "name": name, "in_town": in_town}
            site = create_site(values, actor=clerk)
            first = first or site.id
        for duty, (name, phone) in zip(DUTIES, customer.contacts, strict=False):
            values = {"customer_id": owner, "name": name, "duty": duty, "phone": phone}
            if duty == DUTIES[0]:
                values["site_id"] = first
            create_contact(values, actor=clerk)


def place_events(timeline: Timeline) -> Iterator[Event]:
    """One evening at the file, after the first register went in."""
    moment = register_moment(next(iter(timeline.months()))) + timedelta(minutes=50)
    yield Event(moment, lambda: _enter(customers()))
