"""This morning at the desk: requests just come in, at every step before the work begins (R2.4, R2.5)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from models import db
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from models.project import Project
from models.ticket import Ticket
from rules.ticket import ServiceMode, Severity, TicketSource, TicketState, Urgency
from seed.company.devices import kinds
from seed.company.months import CLERK, Event
from seed.company.timeline import DAY, Timeline
from workflows import ticket_dispatch, ticket_intake
from workflows.account import account_named
from workflows.complaint import (
    Grievance,
    answer_complaint,
    assign_investigator,
    register_complaint,
)
from workflows.ticket_intake import Request
from workflows.transaction import today

MANAGER_NEEDED = "服务二组今天全部外出，请部门经理安排"
Then = Callable[[Timeline, int], None]


@dataclass(frozen=True, slots=True)
class Call:
    """A request of this morning: so many minutes ago, who wrote it down, from which customer's device; what follows."""

    minutes: int
    by: str
    source: TicketSource
    customer: str
    device: str
    fault: str
    severity: Severity
    mode: ServiceMode
    then: tuple[tuple[int, Then], ...] = ()


def employee_ids(*numbers: str) -> list[int]:
    """The ids of employees, in the order asked for."""
    rows = db.session.execute(select(Employee.number, Employee.id)).all()
    known: dict[str, int] = dict(map(tuple, rows))
    return [known[number] for number in numbers]


def _verify(_timeline: Timeline, ticket: int) -> None:
    ticket_intake.verify(ticket, actor=account_named(CLERK), note="已电话核实，客户同意先远程处理")


def _escalate(_timeline: Timeline, ticket: int) -> None:
    ticket_dispatch.escalate(ticket, actor=account_named(CLERK), note=MANAGER_NEEDED)


def _cancel(_timeline: Timeline, ticket: int) -> None:
    ticket_intake.cancel(ticket, actor=account_named(CLERK), reason="客户来电：重启后已自行恢复")


def _dispatch(number: str, timeline: Timeline, ticket: int) -> None:
    ticket_dispatch.dispatch(
        ticket, employee_ids(number), actor=account_named(CLERK), agreed_on=today() + DAY
    )


def _accept(_timeline: Timeline, ticket: int) -> None:
    ticket_dispatch.accept(ticket, actor=account_named("chenzhiqiang"))


def _refuse(_timeline: Timeline, ticket: int) -> None:
    reason = "正在车辆段处理大屏，两小时内赶不到"
    ticket_dispatch.refuse(ticket, actor=account_named("zhaohaitao"), reason=reason)


S, M, V = TicketSource, ServiceMode, Severity
CALLS = (
    Call(9, CLERK, S.WEB, "KH014", "switch", "新增工位网络端口无法上网", V.C, M.PHONE),
    Call(9, "liuyang", S.TECHNICIAN, "KH008", "camera", "夜间画面全黑，红外不亮", V.C, M.ONSITE),
    Call(8, "wanglei", S.TECHNICIAN, "KH010", "ap", "访客无线认证页面打不开", V.C, M.ONLINE, ((7, _verify),)),
    Call(7, CLERK, S.SERVICE_LINE, "KH016", "nvr", "录像机死机，全部通道无画面", V.A, M.ONSITE, ((6, _escalate),)),
    Call(6, CLERK, S.SERVICE_LINE, "KH006", "ups", "UPS转旁路运行，蜂鸣告警", V.B, M.ONSITE,
         ((5, partial(_dispatch, "T01")), (4, _accept))),
    Call(6, CLERK, S.SERVICE_LINE, "KH012", "aircon", "机房温度超过30度", V.A, M.ONSITE,
         ((5, partial(_dispatch, "T03")), (3, _refuse))),
    Call(4, CLERK, S.EMAIL, "KH017", "kiosk", "自助终端黑屏", V.B, M.PHONE, ((2, _cancel),)),
)  # fmt: skip


COMPLAINTS = (
    (2, "KH018", "T18", "道闸收费软件停了两小时，打服务电话半小时才有人接"),
    (0, "KH024", "T11", "约好上午到场，下午三点才来，没有提前说明"),
)


def _register(timeline: Timeline, call: Call, taken: dict[Call, int]) -> None:
    query = select(Device, Customer).join(Project, Project.id == Device.project_id)
    query = query.join(Customer, Customer.id == Project.customer_id)
    query = query.where(
        Customer.number == call.customer, Device.model == kinds()[call.device].model
    )
    device, customer = db.session.execute(query.order_by(Device.serial)).first()
    onsite = call.mode is ServiceMode.ONSITE
    request = Request(
        customer.id, call.source, call.fault, call.severity, call.mode, device.id,
        reporter=customer.contact, phone=customer.phone, place=customer.address,
        urgency=Urgency.EXTREME if call.severity is Severity.A else Urgency.NORMAL,
        onsite_reason="远程无法登录设备" if onsite else None,
    )  # fmt: skip
    taken[call] = ticket_intake.register(request, actor=account_named(call.by)).id


def _reopen(_timeline: Timeline) -> None:
    """What was closed last comes back."""
    query = select(Ticket.id).where(Ticket.status == TicketState.CLOSED)
    ticket = db.session.scalars(query.order_by(Ticket.reported_at.desc())).first()
    if ticket is not None:
        reason = "客户来电：同样的问题又出现了"
        ticket_intake.reopen(ticket, actor=account_named(CLERK), reason=reason)


def _complaint(days: int, customer: str, employee: str, content: str) -> None:
    """The clerk takes down what a customer complained of, so many days ago; the older one is answered already."""
    clerk = account_named(CLERK)
    row = db.session.scalars(select(Customer.id).where(Customer.number == customer)).one()
    (against, manager) = employee_ids(employee, "M01")
    grievance = Grievance(
        row, content, employee_id=against, received_on=today() - days * DAY
    )  # fmt: skip
    complaint = register_complaint(grievance, actor=clerk).id
    if days:
        assign_investigator(complaint, manager, actor=clerk)
        answer_complaint(complaint, actor=clerk, answer="已致歉，并告知三日内回复核实结果")


def desk_events(timeline: Timeline) -> Iterator[Event]:
    """The minutes before now."""
    taken: dict[Call, int] = {}
    for call in CALLS:
        yield Event(_ago(timeline, call.minutes), partial(_register, timeline, call, taken))
        for minutes, then in call.then:
            yield Event(_ago(timeline, minutes), lambda c=call, t=then: t(timeline, taken[c]))
    for days, *what in COMPLAINTS:
        yield Event(_ago(timeline, 2), partial(_complaint, days, *what))
    yield Event(_ago(timeline, 1), partial(_reopen, timeline))


def _ago(timeline: Timeline, minutes: int) -> datetime:
    return timeline.now - timedelta(minutes=minutes)
