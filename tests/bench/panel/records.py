"""A company of any size: tickets of ten years with their visits, for a tenth as many customers and devices."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from app import create_app
from models import db
from models.customer import Customer
from models.device import Device
from models.employee import Employee
from models.project import Project
from models.ticket import Ticket, Visit, VisitPerson
from rules.employee import EmployeeKind
from rules.permissions import Role
from rules.ticket import ServiceMode, ServiceType, Severity, TicketSource, TicketState, Urgency
from workflows.account import create_account
from workflows.bulk_insert import insert_rows
from workflows.search import index_pending
from workflows.transaction import WRITE

PASSWORD = "correct horse battery"
READER = "reader"
BATCH = 5_000
EMPLOYEES = 60
FIRST = datetime(2016, 11, 1, tzinfo=UTC)
YEARS, OPEN_DAYS = timedelta(days=3650), timedelta(days=5)
PLACES = (
    "中原区",
    "金水区",
    "二七区",
    "管城区",
    "惠济区",
    "郑东新区",
    "高新区",
    "经开区",
    "荥阳市",
    "新密市",
)
TRADES = ("中学", "小学", "医院", "银行", "法院", "物流园", "酒店", "水务公司", "供电所", "商贸城")
THINGS = (
    "门禁",
    "硬盘",
    "交换机",
    "摄像机",
    "服务器",
    "电源",
    "光纤",
    "录像机",
    "防火墙",
    "打印机",
    "机柜",
    "话筒",
)
TROUBLES = ("不通电", "蓝屏", "无信号", "丢包", "异响", "过热", "无法登录", "花屏", "告警", "离线")
OPEN = [s for s in TicketState if s not in (TicketState.CLOSED, TicketState.CANCELLED)]

Row = dict[str, Any]


def number_of(n: int) -> str:
    """The number of the n-th ticket."""
    return f"FW{n:07}"


def customer_name(n: int) -> str:
    """The name of the n-th customer."""
    return f"{PLACES[n % 10]}{TRADES[n // 10 % 10]}{n:06}"


def _customers(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        yield {"id": n, "number": f"C{n:06}", "name": customer_name(n), "address": f"{PLACES[n % 10]}文化路{n}号",
               "in_town": n % 3 > 0, "contact": "张三", "phone": f"0371{n:08}"}  # fmt: skip


def _projects(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        yield {"id": n, "number": f"P{n:06}", "name": f"{customer_name(n)}弱电工程", "customer_id": n,
               "accepted_on": date(2016, 1, 1) + timedelta(days=n % 3000), "warranty_months": 36}  # fmt: skip


def _devices(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        yield {"id": n, "serial": f"SN{n:07}", "name": THINGS[n % 12], "model": f"M-{n % 97}", "project_id": n}  # fmt: skip


def _employees(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        yield {"id": n, "number": f"T{n:03}", "name": f"员工{n}", "kind": EmployeeKind.DEDICATED,
               "hired_on": date(2015, 3, 1), "base_pay": Decimal(4000)}  # fmt: skip


def _reported(n: int, count: int) -> datetime:
    return FIRST + YEARS * (n / count)


def _tickets(count: int) -> Iterator[Row]:
    """Those of the last five days are open, however long the history behind them."""
    for n in range(1, count + 1):
        at, customer = _reported(n, count), (n * 7919) % (count // 10) + 1
        is_open = n > count * (1 - OPEN_DAYS / YEARS)
        yield {"id": n, "number": number_of(n), "reported_at": at, "source": TicketSource.SERVICE_LINE,
               "customer_id": customer, "device_id": customer, "reporter": "李四", "phone": f"139{n:08}",
               "place": f"{PLACES[n % 10]}{n % 400}号机房",
               "fault": f"{THINGS[n // 10 % 12]}{TROUBLES[n % 10]}，第{n % 89}次",
               "severity": list(Severity)[n % 4], "urgency": list(Urgency)[0], "service_type": list(ServiceType)[0],
               "mode": ServiceMode.PHONE, "responded_at": at + timedelta(minutes=20),
               "completed_at": None if is_open else at + timedelta(minutes=150),
               "ended_at": None if is_open else at + timedelta(days=1),
               "status": OPEN[n % len(OPEN)] if is_open else TicketState.CLOSED}  # fmt: skip


def _visits(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        at = _reported(n, count)
        yield {"id": n, "ticket_id": n, "mode": ServiceMode.PHONE, "started_at": at + timedelta(minutes=20),
               "ended_at": at + timedelta(minutes=150), "result": "更换后恢复正常"}  # fmt: skip


def _visit_people(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        yield {"visit_id": n, "employee_id": n % EMPLOYEES + 1}


def fill(uri: str, tickets: int) -> None:
    """Fill a migrated, empty database, and give it one account that reads and exports everything."""
    tables: list[tuple[Any, Callable[[int], Iterator[Row]], int]] = [
        (Employee, _employees, EMPLOYEES),
        (Customer, _customers, tickets // 10),
        (Project, _projects, tickets // 10),
        (Device, _devices, tickets // 10),
        (Ticket, _tickets, tickets),
        (Visit, _visits, tickets),
        (VisitPerson, _visit_people, tickets),
    ]
    app = create_app({"SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        create_account(
            READER, [Role.MANAGER, Role.CLERK], employee_number=None, password=PASSWORD, actor=None
        )
        for model, rows, count in tables:
            waiting = rows(count)
            while batch := list(islice(waiting, BATCH)):
                db.session.connection(execution_options={WRITE: True})
                insert_rows(model.__table__, batch)
                index_pending()
                db.session.commit()
        db.engine.dispose()


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]))
