"""The clocks on a list of tickets: the tightest of each, how much is used, and in how few statements (R3.1)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from models import db
from models.project import ProjectPlan
from models.service_plan import ServicePlan
from models.ticket import Ticket
from rules.clock import ClockName, ClockState
from rules.period import SHANGHAI
from rules.ticket import ServiceMode, Severity, TicketState, WaitReason
from tests.workflows.service_desk import WORK, Desk, accept, dispatch
from workflows import ticket_intake, ticket_work, visit
from workflows.ticket_clocks import clock_faces, clocks_of, tightest
from workflows.transaction import living_at, writing

N, C, S = ClockName, ClockState, TicketState


@pytest.fixture
def desk(app):
    return Desk()


def at(text):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def seen(ticket, moment):
    """The tightest clock at a moment, as (name, state, percent, minutes left, minutes over)."""
    with living_at(at(moment)):
        face = tightest(clock_faces([ticket.id])[ticket.id])
    minutes = [
        None if span is None else span // timedelta(minutes=1) for span in (face.left, face.over)
    ]
    return (face.name, face.state, face.percent, *minutes)


def reported(desk, moment="11-02 08:00", **overrides):
    """A ticket of severity A, on site in town: 2 h to arrive, 48 h to propose."""
    desk.moment = at(moment)
    return desk.register(**{"severity": Severity.A, "reported_at": at(moment)} | overrides)


def ordered(desk, ticket):
    with desk.after(1):
        dispatch(desk, ticket.id)


@pytest.mark.parametrize(
    ("moment", "face", "urgent"),
    [
        ("11-02 08:30", (N.ONSITE, C.RUNNING, 25, 90, None), False),
        ("11-02 09:29", (N.ONSITE, C.RUNNING, 74, 31, None), False),
        ("11-02 09:30", (N.ONSITE, C.RUNNING, 75, 30, None), True),
        ("11-02 10:00", (N.ONSITE, C.RUNNING, 100, 0, None), True),
        ("11-02 10:01", (N.ONSITE, C.MISSED, 100, None, 1), False),
    ],
)
def test_the_clock_due_first_is_the_tightest(desk, moment, face, urgent):
    """R3.2: from three quarters of its time on it is urgent."""
    ticket = reported(desk)
    assert seen(ticket, moment) == face
    with living_at(at(moment)):
        assert tightest(clock_faces([ticket.id])[ticket.id]).urgent is urgent


def test_a_wait_for_the_customer_pauses_and_what_is_done_gives_way_to_the_next(desk):
    """R3.1: 20 minutes used, an hour's wait, arrival 10 minutes later; then the proposal is next."""
    ticket = reported(desk)
    ordered(desk, ticket)
    with living_at(at("11-02 08:20")):
        ticket_work.wait(ticket.id, WaitReason.CUSTOMER, actor=desk.clerk)
    assert seen(ticket, "11-02 09:00") == (N.ONSITE, C.PAUSED, 16, 100, None)
    with living_at(at("11-02 09:20")):
        ticket_work.resume(ticket.id, actor=desk.clerk)
        accept(desk, ticket.id)
    assert seen(ticket, "11-02 09:25") == (N.ONSITE, C.RUNNING, 20, 95, None)
    with living_at(at("11-02 09:30")):
        visit.start(ticket.id, actor=desk.wang)
    assert seen(ticket, "11-02 09:30")[:2] == (N.PROPOSE, C.RUNNING)
    assert clocks_of(Ticket.id == ticket.id)[ticket.id][0].due == at("11-02 11:00")


def test_a_wait_for_parts_pauses_nothing(desk):
    """R3.1."""
    ticket = reported(desk)
    ordered(desk, ticket)
    with living_at(at("11-02 08:20")):
        ticket_work.wait(ticket.id, WaitReason.PARTS, actor=desk.clerk)
    assert seen(ticket, "11-02 09:00") == (N.ONSITE, C.RUNNING, 50, 60, None)


def test_when_all_is_done_the_missed_one_is_shown(desk):
    """R3.1: arrived after 3 h of 2 h, proposed by completion in time."""
    ticket = reported(desk)
    ordered(desk, ticket)
    with desk.after(1):
        accept(desk, ticket.id)
    with living_at(at("11-02 11:00")):
        visit.start(ticket.id, actor=desk.wang)
    with living_at(at("11-02 12:00")):
        visit.serve(ticket.id, WORK, actor=desk.wang)
    assert seen(ticket, "11-10 12:00") == (N.ONSITE, C.MISSED, 150, None, 60)


def test_a_ticket_without_a_promise_has_no_clock(desk):
    """R3: D is agreed with the customer."""
    ticket = reported(desk, severity=Severity.D)
    assert tightest(clock_faces([ticket.id])[ticket.id]) is None


def test_changing_the_severity_counts_all_anew_from_the_report(desk):
    """R3.3: B gives 48 h to arrive, counted from the report."""
    ticket = reported(desk)
    with living_at(at("11-02 09:00")):
        ticket_intake.set_severity(ticket.id, Severity.B, actor=desk.clerk, reason="业务未停")
    assert seen(ticket, "11-02 20:00") == (N.ONSITE, C.RUNNING, 25, 36 * 60, None)


def test_a_cancelled_ticket_keeps_the_clock_it_missed_and_no_other(desk):
    """R3.1, R4.3: cancelling hides no missed clock, and nothing is promised afterwards."""
    late, soon = reported(desk), reported(desk)
    with living_at(at("11-02 09:00")):
        ticket_intake.cancel(soon.id, actor=desk.clerk, reason="客户自行解决")
    with living_at(at("11-02 10:30")):
        ticket_intake.cancel(late.id, actor=desk.clerk, reason="客户自行解决")
    with living_at(at("11-20 10:00")):
        found = clocks_of(Ticket.id.in_([late.id, soon.id]))
    assert [(c.name, c.state) for c in found[late.id]] == [(N.ONSITE, C.MISSED)]
    assert found[soon.id] == ()


def test_working_hours_count_working_time_only(desk):
    """R3.4: 5×8 from Friday 16:00, 2 h to respond: one hour on Friday, one on Monday."""
    with writing():
        plan = db.session.scalar(db.select(ServicePlan).where(ServicePlan.name == "5×8标准"))
        db.session.add(
            ProjectPlan(
                project_id=desk.project.id, plan_id=plan.id, valid_from=at("01-01 00:00").date()
            )
        )
    ticket = reported(desk, "11-06 16:00", mode=ServiceMode.PHONE)
    assert seen(ticket, "11-07 12:00") == (N.RESPOND, C.RUNNING, 50, 60, None)
    assert seen(ticket, "11-09 09:45") == (N.RESPOND, C.RUNNING, 87, 15, None)


@pytest.mark.parametrize("count", [1, 12])
def test_the_clocks_of_a_list_take_two_statements_however_long_it_is(desk, count):
    tickets = [reported(desk) for _ in range(count)]
    ids, statements = [ticket.id for ticket in tickets], []
    db.session.commit()

    def counted(_conn, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", counted)
    assert len(clock_faces(ids)) == count
    event.remove(db.engine, "before_cursor_execute", counted)
    assert len(statements) == 2
