"""The company's people, and which of them have an account."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.employee import EmployeeKind
from rules.period import last_day_of_period
from rules.permissions import Role
from seed.company.facts import Fact
from seed.company.timeline import Timeline, at, chance

KINDS = {
    "专职": EmployeeKind.DEDICATED,
    "非专职": EmployeeKind.NON_DEDICATED,
    "其他": EmployeeKind.OTHER,
}
# Hired and left: months before the current one / day. Probation in months.
_TABLE = """
T01 陈志强 专职   服务一组   -118/3  3 -      7600
T02 王磊   专职   服务一组   -96/12  3 -      6800
T03 赵海涛 专职   服务一组   -71/6   3 -      6400
T04 刘洋   专职   服务二组   -64/20  3 -      6200
T05 吴婷婷 专职   服务二组   -52/9   3 -      5800
T06 孙鹏飞 专职   服务二组   -109/1  3 -      7400
T07 李国栋 专职   服务三组   -101/15 3 -      8000
T08 张丽娜 专职   服务三组   -60/4   3 -      7000
T09 周伟   专职   服务三组   -44/18  3 -      6300
T10 胡建军 专职   服务一组   -83/10  3 -      6500
T11 朱晓东 专职   服务二组   -37/6   3 -      5600
T12 何志远 专职   服务三组   -33/11  3 -      6000
T13 罗斌   专职   服务一组   -16/8   3 -      5300
T14 黄俊杰 专职   服务二组   -2/11   3 -      4600
T15 郑凯   专职   服务一组   -40/16  3 -3/18  5900
T16 唐小龙 专职   服务二组   -21/5   3 -11/12 4500
T17 冯雪   专职   服务三组   -9/13   3 -      5000
T18 袁浩   专职   服务二组   -5/7    3 -      4800
N01 马超   非专职 工程部     -75/9   3 -      6800
N02 徐文博 非专职 工程部     -58/2   3 -      6500
N03 邓宇   非专职 研发部     -49/15  3 -      7500
N04 曹阳   非专职 工程部     -14/21  3 -      5800
K01 林晓燕 其他   售后服务部 -66/5   3 -      6000
K02 沈佳   其他   售后服务部 -8/16   3 -      5000
M01 周敏   其他   售后服务部 -112/1  3 -      11000
L01 高建国 其他   总经办     -180/1  0 -      18000
F01 何静   其他   财务部     -90/7   3 -      7800
C01 谢涛   其他   商务部     -80/14  3 -      7200
C02 范晓明 其他   商务部     -30/10  3 -      5800
P01 彭立新 其他   工程部     -94/3   3 -      9500
A01 钱红   其他   审计室     -70/11  3 -      8200
I01 秦越   其他   信息中心   -55/8   3 -      7600
"""
_ACCOUNTS = """
qinyue       I01 admin
linxiaoyan   K01 clerk
shenjia      K02 clerk
chenzhiqiang T01 technician
wanglei      T02 technician
zhaohaitao   T03 technician
liuyang      T04 technician
huangjunjie  T14 technician
machao       N01 technician
xietao       C01 commerce
hejing       F01 finance
zhoumin      M01 manager
gaojianguo   L01 leader
penglixin    P01 project_manager
qianhong     A01 auditor
"""
# The group that looks after each family of devices.
GROUPS = {"服务一组": "network power", "服务二组": "video access display", "服务三组": "server software"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Employee:
    """One person; `left_on` is the last day employed."""

    number: str
    name: str
    kind: EmployeeKind
    department: str
    hired_on: date
    probation_until: date | None
    left_on: date | None
    base_pay: Decimal

    def employed_on(self, day: date) -> bool:
        """Whether this is a day of employment."""
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)


@dataclass(frozen=True, slots=True)
class Login:
    """Who has an account, as whom, in which role."""

    username: str
    employee: str
    role: Role


ACCOUNTS = [Login(name, number, Role(role)) for name, number, role in (line.split() for line in _ACCOUNTS.split("\n") if line)]  # fmt: skip


def _day(timeline: Timeline, text: str) -> date | None:
    if text == "-":
        return None
    months, day = text.split("/")
    return timeline.day(int(months), int(day))


def employees(timeline: Timeline) -> list[Employee]:
    """Everyone who works or worked here."""
    found = []
    for line in _TABLE.strip().splitlines():
        number, name, kind, department, hired, probation, left, base = line.split()
        hired_on = _day(timeline, hired)
        until = last_day_of_period(hired_on, int(probation)) if int(probation) else None
        person = Employee(
            number, name, KINDS[kind], department, hired_on, until, _day(timeline, left), Decimal(base)
        )  # fmt: skip
        found.append(person)
    return found


def employee_facts(people: list[Employee]) -> list[Fact]:
    """Their rows: known from the day on which they begin."""
    facts = []
    for person in people:
        dice = chance("phone", person.number)
        phone = f"1{dice.choice(('38', '39', '58', '77', '86'))}{dice.randrange(10**8):08}"
        values = {
            "number": person.number, "name": person.name, "kind": person.kind,
            "department": person.department, "hired_on": person.hired_on,
            "probation_until": person.probation_until, "left_on": person.left_on,
            "base_pay": person.base_pay, "phone": phone,
        }  # fmt: skip
        facts.append(Fact("employees", at(person.hired_on, 8), values))
    return facts


def base_pay_facts(timeline: Timeline, people: list[Employee]) -> list[Fact]:
    """Base pay found month by month where it isn't the rate: leave without pay, a full month's premium, seniority."""
    facts = []
    reasons = (("事假扣发", -1), ("病假扣发", -1), ("全勤奖并入底薪", 1), ("司龄工资调整", 1))
    for month in timeline.months():
        dice = chance("base pay", month)
        present = [
            p for p in people
            if p.kind is not EmployeeKind.OTHER
            and p.employed_on(month.first_day) and p.employed_on(month.last_day)
        ]  # fmt: skip
        for person in dice.sample(present, min(2, len(present))):
            reason, sign = dice.choice(reasons)
            step = (person.base_pay / 22).quantize(Decimal(1)) * dice.randint(1, 2)
            amount = person.base_pay + (
                -step if sign < 0 else Decimal(dice.choice((100, 150, 200)))
            )
            values = {"employee": person.number, "month": month, "amount": amount, "reason": reason}
            facts.append(Fact("base_pay_entries", at(month.last_day, 16), values))
    return facts
