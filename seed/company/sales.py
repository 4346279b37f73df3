"""Parts sales: most paid before delivery, some on credit, with their payments (R6.1, R6.2)."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.employee import EmployeeKind
from rules.parts_sale import PaymentTerms, required_level
from rules.period import Month
from seed.company.customers import Customer
from seed.company.facts import Fact
from seed.company.parameters import threshold
from seed.company.people import Employee
from seed.company.requests import number_of
from seed.company.timeline import DAY, Timeline, at, chance, workday_from
from workflows.register import Record

PER_MONTH, ON_CREDIT, BY_OTHERS = 15, 0.3, 0.1
# article, specification, unit, sale and purchase price in yuan, usual quantities
_ARTICLES = """
企业级硬盘|4TB SATA 7200转|块|980|720|1 2 2 4
企业级固态硬盘|960GB SATA|块|1480|1120|1 2 4
服务器内存|32GB DDR4 ECC|条|1150|860|1 2 4 8
服务器电源模块|800W 铂金|个|1350|980|1 2
RAID卡缓存电池|原厂|块|860|610|1 2
监控专用硬盘|8TB|块|1280|1010|2 4 8
UPS蓄电池|12V 100Ah|节|640|515|8 16 32
UPS功率模块|20kVA|个|6800|5300|1
万兆光模块|SFP+ 10km|个|420|235|2 4 8
六类网线|305米/箱|箱|620|470|1 2 5
光纤跳线|LC-LC 3米|条|45|22|6 10 20
接入交换机|24口千兆|台|2380|1890|1 2
网络摄像机|400万 红外|台|680|480|2 4 6
摄像机电源|12V 2A|个|58|31|4 10
人脸门禁一体机|7寸|台|3260|2540|1 2
道闸机芯|直流变频|套|2950|2260|1
红外补光灯板|30米|块|165|95|2 6
空调压缩机|10匹|台|8600|6700|1
空调滤网|定制|套|260|140|2 4
大屏电源板|55寸|块|980|640|1 2 3
触控屏组件|21.5寸|套|1460|1050|1 2
热敏打印头|80mm|个|390|245|1 2 4
防火墙特征库授权|1年|项|9800|7900|1
虚拟化平台许可|2路CPU|套|12800|10400|1
数据库维保授权|1年|项|7600|6100|1
机柜PDU|8位16A|个|320|210|2 4
"""
REASONS = ("客户年底统一付款", "财政资金待下达", "应急抢修，先供货后付款", "老客户月结", "大修期间停产，不能等付款流程")  # fmt: skip
METHODS = ("银行转账", "银行转账", "银行转账", "银行承兑", "支票", "微信对公")


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the price list."""

    name: str
    specification: str
    unit: str
    sale: Decimal
    purchase: Decimal
    quantities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale before it has its number: its lines, and what was paid when."""

    sold_on: date
    handler: str
    customer: Customer
    lines: tuple[Record, ...]
    terms: PaymentTerms
    delivered_on: date
    payments: tuple[tuple[date, Decimal], ...]
    approved_on: date | None = None
    circumstance: str | None = None
    agreed_on: date | None = None
    story: str = ""

    @property
    def total(self) -> Decimal:
        """What the customer pays."""
        return total_of(self.lines)


def articles() -> dict[str, Article]:
    """The price list by name."""
    found = {}
    for line in _ARTICLES.strip().splitlines():
        name, specification, unit, sale, purchase, quantities = line.split("|")
        usual = tuple(int(q) for q in quantities.split())
        found[name] = Article(name, specification, unit, Decimal(sale), Decimal(purchase), usual)
    return found


def total_of(lines: tuple[Record, ...]) -> Decimal:
    """The sum of the lines; the quantities are whole, so nothing is rounded."""
    return sum((line["quantity"] * line["sale_price"] for line in lines), Decimal(0))


def line_of(article: Article, quantity: int, *, percent: int = 100, freight: int = 0) -> Record:
    """A sale's line at so many percent of the list price."""
    return {
        "article": article.name, "specification": article.specification, "unit": article.unit,
        "quantity": Decimal(quantity), "sale_price": (article.sale * percent).scaleb(-2),
        "purchase_price": article.purchase, "other_costs": Decimal(freight) if freight else None,
    }  # fmt: skip


def _lines(dice: random.Random) -> tuple[Record, ...]:
    chosen = dice.sample(list(articles().values()), dice.choice((1, 1, 1, 2, 2, 3)))
    return tuple(
        line_of(a, dice.choice(a.quantities), percent=dice.randint(94, 108), freight=dice.choice((0, 0, 0, 18, 35, 60)))
        for a in chosen
    )  # fmt: skip


def _handler(dice: random.Random, people: list[Employee], day: date) -> str:
    here = [p for p in people if p.employed_on(day)]
    own = [p for p in here if p.kind is EmployeeKind.DEDICATED]
    others = [p for p in here if p.number[0] in "NC"]
    return dice.choice(others if others and dice.random() < BY_OTHERS else own).number


def _prepaid(dice: random.Random, day: date, total: Decimal) -> tuple[date, list[tuple[date, Decimal]]]:  # fmt: skip
    """Paid within days, at times in two parts, then delivered."""
    paid = workday_from(day, dice.choice((0, 1, 1, 2, 4, 8)))
    payments = [(paid, total)]
    if total >= 5000 and dice.random() < 0.2:
        half = (total / 2).quantize(Decimal(1))
        payments = [(day, half), (paid, total - half)]
    return workday_from(paid, dice.choice((0, 1, 1, 2, 3))), payments


def _credit(dice: random.Random, delivered: date, total: Decimal) -> list[tuple[date, Decimal]]:
    """Paid some weeks or months after delivery, at times in parts, in good time before the last day."""
    days = dice.choice((25, 38, 55, 70, 92, 120, 150, 185, 240, 290)) + dice.randint(-6, 6)
    last = workday_from(delivered + days * DAY)
    if dice.random() < 0.35:
        part = (total * dice.choice((3, 4, 5)) / 10).quantize(Decimal(1))
        return [(workday_from(delivered + days // 2 * DAY), part), (last, total - part)]
    return [(last, total)]


def _sale(dice: random.Random, day: date, people: list[Employee], customers: list[Customer]) -> Sale:  # fmt: skip
    lines = _lines(dice)
    total, handler, customer = total_of(lines), _handler(dice, people, day), dice.choice(customers)
    if dice.random() >= ON_CREDIT:
        delivered, payments = _prepaid(dice, day, total)
        return Sale(day, handler, customer, lines, PaymentTerms.PREPAID, delivered, tuple(payments))
    approved = workday_from(day, dice.choice((0, 0, 1, 2)))
    delivered = workday_from(approved, dice.choice((0, 1, 2, 3)))
    agreed = workday_from(delivered + dice.choice((30, 60, 90)) * DAY)
    payments = _credit(dice, delivered, total)
    return Sale(
        day, handler, customer, lines, PaymentTerms.CREDIT, delivered, tuple(payments), approved,
        dice.choice(REASONS), agreed,
    )  # fmt: skip


def sales(timeline: Timeline, people: list[Employee], customers: list[Customer]) -> Iterator[Sale]:
    """The sales of every month, the current one's to its end."""
    for month in timeline.months():
        dice = chance("sales", month)
        for _ in range(dice.randint(PER_MONTH - 3, PER_MONTH + 3)):
            day = workday_from(month.first_day + dice.randrange(month.days - 3) * DAY)
            yield _sale(dice, day, people, customers)


def sale_facts(timeline: Timeline, found: list[Sale]) -> tuple[list[Fact], dict[str, Sale]]:
    """The rows of the sales, one per article, and the sales by their numbers."""
    facts, by_number, turns = [], {}, {}
    for sale in sorted(found, key=lambda s: (s.sold_on, s.handler, s.customer.number)):
        month = Month.of(sale.sold_on)
        turns[month] = turns.get(month, 0) + 1
        number = number_of("XS", month, turns[month])
        by_number[number] = sale
        level = None
        if sale.approved_on is not None:
            level = required_level(sale.total, threshold(timeline, Month.of(sale.approved_on)))
        for line in sale.lines:
            values = {
                "number": number, "sold_on": sale.sold_on, "handler": sale.handler,
                "customer": sale.customer.number, "terms": sale.terms, "circumstance": sale.circumstance,
                "agreed_payment_on": sale.agreed_on, "approval_level": level,
                "approved_on": sale.approved_on, "delivered_on": sale.delivered_on,
            }  # fmt: skip
            facts.append(Fact("parts_sales", at(sale.sold_on, 0), values | line))
    return facts, by_number
