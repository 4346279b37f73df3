"""Registers go in whole or not at all, and settle to the fen."""

import json

import pytest
from sqlalchemy import func, select

from models import db
from models.audit import AuditRecord
from models.settlement import Settlement
from models.ticket import Ticket
from rules.permissions import Role
from seed.workbook_reader import read_workbook
from tests.cast import (
    AUGUST,
    JULY,
    JUNE,
    SAMPLES,
    SEPTEMBER,
    account,
    carry_through,
    people,
    take_in,
)
from workflows.refusal import Forbidden
from workflows.settlement_report import settlement_report, statistics_report
from workflows.ticket import device_report, ticket_report
from workflows.verify import find_breaches


def expected(name):
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def without_status(report):
    return {key: value for key, value in report.items() if key != "status"}


def contains(whole, part):
    """Whether a report has everything of another; more keys may follow."""
    if isinstance(part, dict):
        return all(key in whole and contains(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(contains, whole, part))
    return whole == part


@pytest.mark.parametrize("name", ["register.xlsx", "register-untidy.xlsx"])
def test_a_register_settles_to_the_fen_and_the_minute(app, name):
    """R7, R8, R9.6, R3.1: as the samples say."""
    cast = people()
    assert not take_in(name, cast["clerk"]).faults
    statistics = expected("register.statistics.json")
    for month, settled in zip(
        (JUNE, JULY, AUGUST, SEPTEMBER), expected("register.settlements.json"), strict=True
    ):
        carry_through(month, cast)
        assert without_status(settlement_report(month)) == settled
        assert contains(statistics_report(month), statistics[str(month)])
    for number, clocks in expected("register.clocks.json").items():
        assert ticket_report(number)["clocks"] == clocks, number
    assert list(find_breaches()) == []


def test_a_register_that_grows_settles_month_by_month(app):
    """R9.3, R9.4: late events land in the next open month, once."""
    cast = people()
    for month, settled in zip(
        (JUNE, JULY, AUGUST, SEPTEMBER), expected("growing/settlements.json"), strict=True
    ):
        assert not take_in(f"growing/{month}.xlsx", cast["clerk"]).faults
        carry_through(month, cast)
        assert without_status(settlement_report(month)) == settled
    assert list(find_breaches()) == []


def test_the_same_register_twice_or_an_older_copy_changes_nothing(app):
    clerk = account("clerk", Role.CLERK)
    for month in ("06", "07", "08", "09"):
        take_in(f"growing/2026-{month}.xlsx", clerk)
    records = db.session.scalar(select(func.count()).select_from(AuditRecord))
    for month in ("09", "08", "07", "06"):
        outcome = take_in(f"growing/2026-{month}.xlsx", clerk)
        assert not outcome.faults
        assert not outcome.changed
    assert db.session.scalar(select(func.count()).select_from(AuditRecord)) == records


def test_a_faulty_register_is_refused_whole_naming_its_cells(app):
    register, layout = read_workbook(SAMPLES / "register-faults.xlsx")
    outcome = take_in("register-faults.xlsx", account("clerk", Role.CLERK))
    cells = {layout.cell(fault) for fault in outcome.faults}
    assert cells == set(
        (SAMPLES / "register-faults.expected.txt").read_text(encoding="utf-8").split()
    )
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0
    assert register.of("tickets")


def test_a_dry_run_writes_nothing(app):
    outcome = take_in("register.xlsx", account("clerk", Role.CLERK), dry_run=True)
    assert outcome.changed
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLERK])
def test_only_a_clerk_takes_a_register_in(app, role):
    """R10."""
    with pytest.raises(Forbidden):
        take_in("register.xlsx", account("someone", role))


def test_a_device_shows_both_of_its_warranties(app):
    """R1.1, R1.8."""
    take_in("register.xlsx", account("clerk", Role.CLERK))
    shown = device_report("SN-001-2")  # accepted 2022-02-13, 12 months of its own
    assert shown["warranty_start"] == "2022-02-13"
    assert shown["warranty_end"] == "2023-02-13"
    assert shown["maker_warranty_until"] == "2024-02-29"
    assert shown["in_warranty"] is False
    assert db.session.scalar(select(func.count()).select_from(Settlement)) == 0
