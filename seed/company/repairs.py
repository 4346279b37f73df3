"""Repairs by the maker: free in our warranty, quoted and confirmed outside of it (R5)."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.employee import EmployeeKind
from rules.period import Month, last_day_of_period
from seed.company.devices import Device
from seed.company.facts import Fact
from seed.company.people import Employee
from seed.company.requests import number_of
from seed.company.timeline import DAY, Timeline, at, chance, workday_from

PER_MONTH, HUMAN_MADE = 3, 0.08
FREE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair before it has its number."""

    requested_on: date
    handler: str
    device: Device
    fee: Decimal
    freight: Decimal
    confirmed_on: date | None
    sent_on: date
    returned_on: date
    payments: tuple[tuple[date, Decimal], ...]


def _repair(
    dice: random.Random, day: date, people: list[Employee], devices: list[Device]
) -> Repair:
    device = dice.choice(
        [d for d in devices if d.project.accepted_on < day and d.family != "software"]
    )
    handler = dice.choice(
        [p for p in people if p.employed_on(day) and p.kind is EmployeeKind.DEDICATED]
    ).number
    project = device.project
    covered = day <= last_day_of_period(project.accepted_on, project.warranty_months)
    chargeable = not covered or dice.random() < HUMAN_MADE
    confirmed = workday_from(day, dice.choice((1, 2, 3, 5))) if chargeable else None
    sent = workday_from(confirmed or day, dice.choice((1, 1, 2)))
    returned = workday_from(sent, dice.choice((8, 10, 12, 15, 20)))
    if not chargeable:
        return Repair(day, handler, device, FREE, FREE, None, sent, returned, ())
    fee, freight = Decimal(dice.randint(8, 64) * 50), Decimal(dice.choice((36, 48, 60, 85)))
    paid = workday_from(returned + dice.choice((0, 5, 15, 30, 60, 100)) * DAY)
    payments = ((paid, fee + freight),)
    return Repair(day, handler, device, fee, freight, confirmed, sent, returned, payments)


def repairs(timeline: Timeline, people: list[Employee], devices: list[Device]) -> Iterator[Repair]:
    """The repairs of every month, the current one's to its end."""
    for month in timeline.months():
        dice = chance("repairs", month)
        for _ in range(dice.randint(PER_MONTH - 1, PER_MONTH + 1)):
            day = workday_from(month.first_day + dice.randrange(month.days - 3) * DAY)
            yield _repair(dice, day, people, devices)


def repair_facts(found: list[Repair]) -> tuple[list[Fact], dict[str, Repair]]:
    """The rows of the repairs, and the repairs by their numbers."""
    facts, by_number, turns = [], {}, {}
    for repair in sorted(found, key=lambda r: (r.requested_on, r.device.serial)):
        month = Month.of(repair.requested_on)
        turns[month] = turns.get(month, 0) + 1
        number = number_of("WX", month, turns[month])
        by_number[number] = repair
        values = {
            "number": number, "requested_on": repair.requested_on, "handler": repair.handler,
            "serial": repair.device.serial, "fee": repair.fee, "freight": repair.freight,
            "confirmed_on": repair.confirmed_on, "sent_on": repair.sent_on, "returned_on": repair.returned_on,
        }  # fmt: skip
        facts.append(Fact("repairs", at(repair.requested_on, 0), values))
    return facts, by_number
