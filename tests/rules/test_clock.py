"""SLA clocks with moments worked by hand (R3.1, R3.3, R3.4)."""

from datetime import date, datetime

import pytest

from rules.clock import ClockState, TicketTimes, Wait, WorkCalendar, clocks, spent
from rules.period import SHANGHAI
from rules.service_plan import ROUND_THE_CLOCK, Promise, ServicePlan, parse_hours
from rules.ticket import ServiceMode, Severity

OFFICE = parse_hours("周一至周五 09:00-12:00 13:00-18:00; 周六 09:00-12:00")
NOW = datetime(2026, 11, 1, tzinfo=SHANGHAI)


def at(text):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def respond(reported, minutes, *, hours=OFFICE, done=None, waits=(), now=NOW, overrides=None):
    """The response clock of a ticket."""
    plan = ServicePlan("plan", hours, {Severity.A: Promise(respond=minutes)})
    times = TicketTimes(
        at(reported), Severity.A, ServiceMode.PHONE, True,
        responded_at=done and at(done), waits=tuple(Wait(at(a), b and at(b)) for a, b in waits),
    )  # fmt: skip
    (clock,) = clocks(times, plan, WorkCalendar(overrides or {}), now)
    return clock


@pytest.mark.parametrize(
    ("label", "reported", "minutes", "due"),
    [
        ("within a window", "06-01 09:00", 60, "06-01 10:00"),
        ("over the lunch break", "06-01 11:30", 60, "06-01 13:30"),
        ("ends exactly at closing", "06-01 17:00", 60, "06-01 18:00"),
        ("a minute more: next opening", "06-01 17:00", 61, "06-02 09:01"),
        ("reported before opening", "06-01 07:00", 60, "06-01 10:00"),
        ("reported on Sunday", "06-07 10:00", 60, "06-08 10:00"),
        ("Saturday has its own window", "06-06 11:00", 120, "06-08 10:00"),
        ("Friday of the Dragon Boat Festival and its weekend are off", "06-18 17:30", 60, "06-22 09:30"),
        ("National Day: 1–7 October off, Thursday 8th worked", "09-30 17:30", 60, "10-08 09:30"),
        ("Sunday 20 September is a make-up workday with Monday's windows", "09-19 11:30", 60, "09-20 09:30"),
    ],
)  # fmt: skip
def test_an_allowance_counts_working_time_only(label, reported, minutes, due):
    """R3.4."""
    assert respond(reported, minutes).due == at(due)


@pytest.mark.parametrize(
    ("label", "waits", "done", "due"),
    [
        ("a wait pushes the rest on", [("06-01 09:30", "06-01 10:30")], None, "06-01 11:00"),
        ("overlapping waits count once", [("06-01 09:30", "06-01 10:30"), ("06-01 10:00", "06-01 11:00")], None, "06-01 11:30"),
        ("a night within the wait costs nothing", [("06-01 09:30", "06-02 09:00")], None, "06-02 09:30"),
        ("a wait from the due moment on changes nothing", [("06-01 10:00", "06-01 11:00")], None, "06-01 10:00"),
        ("a wait that spans the done moment counts up to it", [("06-01 09:30", "06-01 11:00")], "06-01 10:00", "06-01 10:30"),
        ("a wait that starts at the done moment does not count", [("06-01 09:30", "06-01 11:00")], "06-01 09:30", "06-01 10:00"),
    ],
)  # fmt: skip
def test_waiting_for_the_customer_stops_the_clock(label, waits, done, due):
    """R3.1: 60 minutes from 09:00."""
    assert respond("06-01 09:00", 60, waits=waits, done=done).due == at(due)


def test_an_open_wait_before_the_due_moment_pauses_the_clock():
    """R3.1."""
    paused = respond("06-01 09:00", 60, waits=[("06-01 09:59", None)])
    assert (paused.state, paused.due) == (ClockState.PAUSED, None)
    late = respond("06-01 09:00", 60, waits=[("06-01 10:00", None)])
    assert (late.state, late.due) == (ClockState.MISSED, at("06-01 10:00"))


@pytest.mark.parametrize(
    ("done", "now", "state"),
    [
        ("06-01 10:00", NOW, ClockState.MET),
        ("06-01 10:01", NOW, ClockState.MISSED),
        (None, at("06-01 10:00"), ClockState.RUNNING),
        (None, at("06-01 10:01"), ClockState.MISSED),
    ],
)
def test_done_at_the_due_moment_is_met(done, now, state):
    """R3.1."""
    assert respond("06-01 09:00", 60, done=done, now=now).state is state


def test_the_companys_calendar_overrides_the_official_one_day_by_day():
    """R3."""
    assert respond("06-01 17:30", 60, overrides={date(2026, 6, 2): False}).due == at("06-03 09:30")
    assert respond("06-06 11:30", 60, overrides={date(2026, 6, 7): True}).due == at("06-07 09:30")


PLAN = ServicePlan(
    "plan",
    ROUND_THE_CLOCK,
    {
        Severity.A: Promise(respond=30, onsite_in_town=120, onsite_out_of_town=1440, restore=240),
        Severity.C: Promise(respond=60, propose=120),
    },
)


def found(severity=Severity.A, mode=ServiceMode.ONSITE, in_town=True, **moments):
    """Every clock of a ticket reported on 1 June at 09:00, by name."""
    moments = {name: at(text) for name, text in moments.items()}
    times = TicketTimes(at("06-01 09:00"), severity, mode, in_town, **moments)
    return {clock.name.value: clock for clock in clocks(times, PLAN, WorkCalendar(), NOW)}


def test_a_changed_severity_counts_all_clocks_anew_from_the_report():
    """R3.3: what was done stays done, and is judged by the new promise."""
    before = found(severity=Severity.A, responded_at="06-01 09:45")
    after = found(severity=Severity.C, responded_at="06-01 09:45")
    assert (before["respond"].due, before["respond"].state) == (
        at("06-01 09:30"),
        ClockState.MISSED,
    )
    assert (after["respond"].due, after["respond"].state) == (at("06-01 10:00"), ClockState.MET)
    assert (set(before), set(after)) == ({"respond", "onsite", "restore"}, {"respond", "propose"})


@pytest.mark.parametrize("severity", [Severity.B, Severity.D])
def test_a_severity_without_a_promise_has_no_clock(severity):
    """R3.1."""
    assert found(severity=severity) == {}


@pytest.mark.parametrize(("in_town", "due"), [(True, "06-01 11:00"), (False, "06-02 09:00")])
def test_arriving_is_due_sooner_in_town(in_town, due):
    """R3: 2 hours and 24 hours."""
    assert found(in_town=in_town)["onsite"].due == at(due)
    assert "onsite" not in found(in_town=in_town, mode=ServiceMode.PHONE)


@pytest.mark.parametrize(
    ("proposed", "completed", "done"),
    [
        ("06-01 10:00", "06-01 12:00", "06-01 10:00"),
        ("06-01 12:00", "06-01 10:00", "06-01 10:00"),
        (None, "06-01 10:30", "06-01 10:30"),
        ("06-01 10:30", None, "06-01 10:30"),
    ],
)
def test_what_is_repaired_needs_no_proposal_any_more(proposed, completed, done):
    """R3.1: the earlier of both stops the clock."""
    moments = {"proposed_at": proposed, "completed_at": completed}
    clock = found(severity=Severity.C, **{k: v for k, v in moments.items() if v})["propose"]
    assert (clock.done, clock.state) == (at(done), ClockState.MET)


@pytest.mark.parametrize(
    ("label", "waits", "until", "minutes"),
    [
        ("nothing yet", [], "06-01 09:00", 0),
        ("an hour", [], "06-01 10:00", 60),
        ("over the lunch break", [], "06-01 13:30", 210),
        ("a night costs nothing", [], "06-02 09:00", 480),
        ("a wait is left out", [("06-01 09:30", "06-01 10:30")], "06-01 11:00", 60),
        ("overlapping waits once", [("06-01 09:30", "06-01 10:30"), ("06-01 10:00", "06-01 11:00")], "06-01 12:00", 90),
        ("an open wait stops it", [("06-01 09:30", None)], "06-01 12:00", 30),
        ("a wait that goes on beyond", [("06-01 09:30", "06-02 09:00")], "06-01 12:00", 30),
    ],
)  # fmt: skip
def test_the_time_spent_is_working_time_without_waits(label, waits, until, minutes):
    """R3.1: what the bar of a clock shows."""
    times = TicketTimes(
        at("06-01 09:00"), Severity.A, ServiceMode.PHONE, True,
        waits=tuple(Wait(at(a), b and at(b)) for a, b in waits),
    )  # fmt: skip
    used = spent(times, OFFICE, WorkCalendar({}), at(until))
    assert used.total_seconds() == minutes * 60
