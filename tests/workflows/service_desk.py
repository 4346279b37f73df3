"""A small service department for the tests: its people, a customer with a device, and tickets brought to any state."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from models import db
from models.account import Account, AccountRole
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from models.project import Project
from models.ticket import Ticket
from rules.employee import EmployeeKind
from rules.feedback_form import ConfirmationWay
from rules.period import SHANGHAI
from rules.permissions import Role
from rules.ticket import ServiceMode, Severity, TicketSource, TicketState
from workflows import call_back, feedback_form, ticket_dispatch, ticket_intake, ticket_work, visit
from workflows.attachment import PICTURES, Upload, keep_file
from workflows.service_plan import ensure_presets
from workflows.transaction import living_at, now, writing

MORNING = datetime(2026, 11, 3, 9, 0, tzinfo=SHANGHAI)
S = TicketState
STAFF = {
    "clerk": ("Z01", "林晓燕", EmployeeKind.OTHER, Role.CLERK),
    "other_clerk": ("Z02", "许静", EmployeeKind.OTHER, Role.CLERK),
    "manager": ("M01", "周敏", EmployeeKind.OTHER, Role.MANAGER),
    "leader": ("L01", "方正", EmployeeKind.OTHER, Role.LEADER),
    "wang": ("T01", "王磊", EmployeeKind.DEDICATED, Role.TECHNICIAN),
    "huang": ("T02", "黄俊杰", EmployeeKind.DEDICATED, Role.TECHNICIAN),
    "sun": ("N01", "孙倩", EmployeeKind.NON_DEDICATED, Role.TECHNICIAN),
    "commerce": ("S01", "钱多", EmployeeKind.OTHER, Role.COMMERCE),
}
OTHERS = (Role.FINANCE, Role.AUDITOR, Role.PROJECT_MANAGER, Role.ADMIN)


class Desk:
    """The department; every attribute of STAFF is that person's account, and `role` has one account per role."""

    def __init__(self) -> None:
        self.moment = MORNING
        self.people = {key: self._employee(*row[:3]) for key, row in STAFF.items()}
        self.customer = Customer(
            number="KH-0042", name="云岭数据中心", address="江城市云岭路 1 号", in_town=True
        )
        self.project = Project(number="XM-017", name="云岭数据中心二期", customer=self.customer,
                               accepted_on=date(2024, 6, 14), warranty_months=36)  # fmt: skip
        self.device = Device(
            serial="7F21-00983", name="精密空调", model="CRV-40", project=self.project
        )
        self.old_device = Device(
            serial="7F21-00001", name="精密空调", project=self.project, warranty_months=12
        )
        self.accounts = {
            key: self._account(key, row[3], self.people[key]) for key, row in STAFF.items()
        } | {role.value: self._account(role.value, role) for role in OTHERS}
        with writing():
            ensure_presets()
            db.session.add_all([*self.accounts.values(), self.device, self.old_device])
        self.clerk, self.manager, self.wang, self.huang, self.sun = (
            self.accounts[key] for key in ("clerk", "manager", "wang", "huang", "sun")
        )
        self._pictures = count(1)

    def _employee(self, number: str, name: str, kind: EmployeeKind) -> Employee:
        return Employee(
            number=number, name=name, kind=kind, hired_on=date(2024, 1, 1), base_pay=Decimal(4000)
        )

    def _account(self, name: str, role: Role, employee: Employee | None = None) -> Account:
        return Account(username=name, employee=employee, role_rows=[AccountRole(role=role)])

    def id(self, person: str) -> int:
        """A person's employee id."""
        return self.people[person].id

    def in_role(self, role: Role) -> Account:
        """An account of a role; the technician is the one in charge of the desk's tickets."""
        key = {Role.TECHNICIAN: "wang"}.get(role, role.value)
        return self.accounts[key]

    def after(self, minutes: int = 10) -> object:
        """Let the time of the workflows go on."""
        self.moment += timedelta(minutes=minutes)
        return living_at(self.moment)

    def request(self, **overrides: object) -> ticket_intake.Request:
        """An on-site request of severity B by the service line."""
        plain = {
            "customer_id": self.customer.id, "source": TicketSource.SERVICE_LINE, "device_id": self.device.id,
            "fault": "精密空调漏水告警", "severity": Severity.B, "mode": ServiceMode.ONSITE,
            "onsite_reason": "需更换部件", "reporter": "韩雪", "phone": "13905173362", "place": "B2 机房",
        }  # fmt: skip
        return ticket_intake.Request(**plain | overrides)

    def register(self, actor: Account | None = None, **overrides: object) -> Ticket:
        with self.after():
            return ticket_intake.register(self.request(**overrides), actor=actor or self.clerk)

    def picture(self) -> int:
        """An attachment to sign with."""
        picture = Upload(f"签字{next(self._pictures)}.png", b"\x89PNG\r\n\x1a\n")
        with writing():
            row = keep_file(picture, "feedback_form", "", self.wang, PICTURES)
        return row.id

    def form(self, **overrides: object) -> feedback_form.FormContent:
        """A complete form, signed now."""
        plain = {
            "fault": "泵不启动", "inspection": "电机卡死", "result": "更换排水泵", "satisfaction": 5,
            "signed_by": "韩雪", "signed_at": now(), "signature_id": self.picture(),
        }  # fmt: skip
        return feedback_form.FormContent(**plain | overrides)

    def confirmed(self, **overrides: object) -> feedback_form.FormContent:
        """A complete form of phone service, confirmed by message."""
        words = {
            "signature_id": None,
            "confirmation": ConfirmationWay.MESSAGE,
            "confirmation_text": "已解决，谢谢",
        }
        return self.form(**words | overrides)

    def bring_to(self, state: TicketState, **overrides: object) -> Ticket:
        """A ticket brought to a state by the workflows."""
        ticket = self.register(**overrides)
        if state is S.CANCELLED:
            with self.after():
                ticket_intake.cancel(ticket.id, actor=self.clerk, reason="客户自行解决")
        for step in PATHS.get(state, ()):
            with self.after():
                step(self, ticket.id)
        assert ticket.status is state
        return ticket


WORK = visit.Work("更换排水泵与浮球开关", "恢复正常")


def verify(desk: Desk, ticket_id: int) -> None:
    ticket_intake.verify(ticket_id, actor=desk.clerk)


def dispatch(desk: Desk, ticket_id: int) -> None:
    ticket_dispatch.dispatch(ticket_id, [desk.id("wang")], actor=desk.clerk)


def accept(desk: Desk, ticket_id: int) -> None:
    ticket_dispatch.accept(ticket_id, actor=desk.wang)


def start(desk: Desk, ticket_id: int) -> None:
    visit.start(ticket_id, actor=desk.wang)


def wait(desk: Desk, ticket_id: int) -> None:
    ticket_work.wait(ticket_id, ticket_work.WaitReason.CUSTOMER, actor=desk.wang)


def serve(desk: Desk, ticket_id: int) -> None:
    visit.serve(ticket_id, WORK, actor=desk.wang)


def hand_in(desk: Desk, ticket_id: int, **overrides: object) -> int:
    """Submit the form of the last visit; its id."""
    last = feedback_form.visits_of(ticket_id)[-1]
    content = (desk.form if last.mode is ServiceMode.ONSITE else desk.confirmed)(**overrides)
    return feedback_form.submit_form(last.id, content, actor=desk.wang).id


def receive(desk: Desk, ticket_id: int) -> None:
    feedback_form.accept_form(hand_in(desk, ticket_id), actor=desk.clerk)


def reach(desk: Desk, ticket_id: int) -> None:
    call_back.call_back(ticket_id, call_back.Call(reached=True, satisfaction=5), actor=desk.manager)


def close(desk: Desk, ticket_id: int) -> None:
    ticket_intake.close(ticket_id, actor=desk.clerk)


_WHOLE = (verify, dispatch, accept, start, serve, receive, reach, close)
PATHS = {
    S.VERIFIED: _WHOLE[:1], S.DISPATCHED: _WHOLE[:2], S.ACCEPTED: _WHOLE[:3], S.IN_SERVICE: _WHOLE[:4],
    S.WAITING: (*_WHOLE[:3], wait), S.SERVED: _WHOLE[:5], S.FORM_RECEIVED: _WHOLE[:6],
    S.CALLED_BACK: _WHOLE[:7], S.CLOSED: _WHOLE,
}  # fmt: skip
