"""Software services outside upkeep: reported, approved, done, paid (R6.3)."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.employee import EmployeeKind
from rules.parts_sale import required_level
from rules.period import Month
from seed.company.customers import Customer
from seed.company.facts import Fact
from seed.company.parameters import threshold
from seed.company.people import Employee
from seed.company.requests import number_of
from seed.company.timeline import DAY, Timeline, at, chance, workday_from

PER_MONTH = 4
# content, fee in yuan from, to
_CONTENTS = """
服务器操作系统安装与加固|600|1500
数据库迁移与双机配置|2800|7200
业务系统报表定制开发|3200|8600
虚拟化平台扩容实施|2000|5600
历史数据清洗与导入|1800|5200
等保整改配合与加固|2000|5600
接口联调（第三方系统）|1800|4800
监控平台级联配置|900|2400
网络安全评估与报告|2800|5600
系统性能优化咨询|1500|4200
"""


@dataclass(frozen=True, slots=True)
class Service:
    """A software service before it has its number."""

    reported_on: date
    handler: str
    customer: Customer
    content: str
    fee: Decimal
    approved_on: date
    completed_on: date
    payments: tuple[tuple[date, Decimal], ...]


def _service(dice: random.Random, day: date, people: list[Employee], customers: list[Customer]) -> Service:  # fmt: skip
    content, least, most = dice.choice(_CONTENTS.strip().splitlines()).split("|")
    fee = Decimal(dice.randint(int(least) // 50, int(most) // 50) * 50)
    own = [p for p in people if p.employed_on(day) and p.kind is EmployeeKind.DEDICATED]
    software = [p for p in own if p.department == "服务三组"]
    handler = dice.choice(software if software and dice.random() < 0.7 else own)
    approved = workday_from(day, dice.choice((0, 1, 1, 2)))
    completed = workday_from(approved, dice.choice((2, 3, 5, 8, 12)))
    paid = workday_from(completed + dice.choice((-4, 3, 12, 28, 45, 75, 110)) * DAY)
    payments: tuple[tuple[date, Decimal], ...] = ((max(paid, approved), fee),)
    if fee >= 6000 and dice.random() < 0.5:
        part = (fee * 3 / 10).quantize(Decimal(1))
        payments = ((approved, part), (max(paid, completed), fee - part))
    return Service(
        day, handler.number, dice.choice(customers), content, fee, approved, completed, payments
    )


def software_services(timeline: Timeline, people: list[Employee], customers: list[Customer]) -> Iterator[Service]:  # fmt: skip
    """The services of every month, the current one's to its end."""
    for month in timeline.months():
        dice = chance("software", month)
        for _ in range(dice.randint(PER_MONTH - 1, PER_MONTH + 1)):
            day = workday_from(month.first_day + dice.randrange(month.days - 3) * DAY)
            yield _service(dice, day, people, customers)


def software_facts(timeline: Timeline, found: list[Service]) -> tuple[list[Fact], dict[str, Service]]:  # fmt: skip
    """The rows of the services, and the services by their numbers."""
    facts, by_number, turns = [], {}, {}
    for service in sorted(found, key=lambda s: (s.reported_on, s.handler, s.content)):
        month = Month.of(service.reported_on)
        turns[month] = turns.get(month, 0) + 1
        number = number_of("RJ", month, turns[month])
        by_number[number] = service
        limit = threshold(timeline, Month.of(service.approved_on))
        values = {
            "number": number, "reported_on": service.reported_on, "handler": service.handler,
            "customer": service.customer.number, "content": service.content, "fee": service.fee,
            "approval_level": required_level(service.fee, limit), "approved_on": service.approved_on,
            "completed_on": service.completed_on,
        }  # fmt: skip
        facts.append(Fact("software_services", at(service.reported_on, 0), values))
    return facts, by_number
