"""Sales on credit that were not paid in time, and how each of their cases went (R8.2, R8.3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rules.parts_sale import PaymentTerms
from seed.company.customers import Customer
from seed.company.sales import Sale, articles, line_of
from seed.company.timeline import Timeline, workday_from

When = tuple[int, int]
"""Months before the current one (negative), and the day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The customer was asked for the money."""

    when: When
    by: str
    manner: str
    answer: str


@dataclass(frozen=True, slots=True)
class Stated:
    """The employee made his statement himself."""

    when: When
    by: str
    agrees: bool
    statement: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """The manager put the case before the leader; `draft` only kept what he had."""

    when: When
    rate: str
    reason: str
    finding: str = ""
    basis: str = ""
    notified: When | None = None
    agrees: bool | None = None
    statement: str = ""
    waive: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class SentBack:
    """The leader sent it back."""

    when: When
    reason: str


@dataclass(frozen=True, slots=True)
class Approved:
    """The leader approved it."""

    when: When


@dataclass(frozen=True, slots=True)
class Waived:
    """The leader waived it."""

    when: When
    reason: str


Step = Asked | Stated | Proposed | SentBack | Approved | Waived


@dataclass(frozen=True, slots=True)
class Story:
    """One sale on credit; `paid` are (when, percent of the total), `registered` the day on which they came to the books."""

    code: str
    handler: str
    customer: str
    delivered: When
    articles: tuple[tuple[str, int], ...]
    circumstance: str
    steps: tuple[Step, ...]
    paid: tuple[tuple[When, int], ...] = ()
    registered: When | None = None


RULE = "售后服务管理制度 六.1(1)C；劳动合同附件三第4条"
STORIES = (
    Story(
        "long", "T02", "KH010", (-31, 16), (("UPS蓄电池", 40), ("UPS功率模块", 1)), "大修期间停产，不能等付款流程",
        (
            Asked((-21, 12), "wanglei", "电话", "财务称工程款未结，年后安排"),
            Asked((-19, 8), "hejing", "函件", "催款函：已签收，未回复"),
            Asked((-18, 20), "xietao", "上门", "承认欠款，无付款日期"),
            Stated((-17, 9), "wanglei", True, "同意，请按月从工资中扣。"),
            Proposed((-17, 12), "0.80", "发货前未核实客户资金，配合催收，按下限承担",
                     "赊销申请未附客户付款承诺，到期前90天未上报", RULE, (-17, 6)),
            Approved((-17, 20)),
        ),
    ),
    Story(
        "half", "T03", "KH021", (-23, 9), (("空调压缩机", 1), ("UPS功率模块", 1)), "应急抢修，先供货后付款",
        (
            Asked((-13, 15), "zhaohaitao", "电话", "采购换人，让重新提供送货单"),
            Asked((-11, 25), "hejing", "函件", "对账单：盖章回传，确认欠款"),
            Stated((-9, 6), "zhaohaitao", False, "送货单交给了商务，不应全由我承担。"),
            Proposed((-9, 9), "0.85", "送货单未及时交回，客户无法入账，责任明确",
                     "送货单丢失，致客户半年未入账", RULE, (-9, 3)),
            Approved((-9, 18)),
            Asked((-5, 20), "xietao", "上门", "同意先付一半"),
        ),
        (((-4, 12), 50),),
    ),
    Story(
        "refunded", "T06", "KH024", (-21, 22), (("监控专用硬盘", 6),), "客户年底统一付款",
        (
            Asked((-12, 10), "hejing", "电话", "市场改制，等新公司接手"),
            Asked((-9, 16), "xietao", "函件", "律师函：回函承诺半年内付清"),
            Proposed((-8, 8), "0.80", "已多次催收，按下限承担", "未在约定付款日上报逾期", RULE,
                     (-8, 4), True, "同意，客户付了请退还给我。"),
            Approved((-8, 15)),
        ),
        (((-3, 19), 100),),
    ),
    Story(
        "leaver", "T15", "KH007", (-20, 11), (("接入交换机", 5),), "老客户月结",
        (
            Asked((-9, 6), "hejing", "电话", "称验收单有异议"),
            Asked((-7, 18), "xietao", "上门", "异议已澄清，付款仍拖延"),
            Proposed((-6, 13), "0.80", "交货未取得签收，责任明确", "送货未取得客户签收单", RULE,
                     (-6, 7), True, "同意承担八成。"),
            Approved((-6, 21)),
        ),
    ),
    Story(
        "taken", "T10", "KH037", (-18, 5), (("道闸机芯", 1),), "应急抢修，先供货后付款",
        (
            Asked((-7, 9), "hejing", "电话", "尾款待领导签字"),
            Proposed((-5, 11), "0.90", "尾款金额小，屡催不付，经手人两次失约", "约定上门催收两次未去", RULE,
                     (-5, 5), True, "同意。"),
            Approved((-5, 17)),
        ),
        (((-17, 20), 40),),
    ),
    Story(
        "waived", "T05", "KH039", (-17, 14), (("网络摄像机", 6),), "老客户月结",
        (
            Asked((-8, 12), "hejing", "电话", "停产，无力支付"),
            Asked((-5, 7), "xietao", "上门", "已进入破产重整，让申报债权"),
            Proposed((-4, 18), "0.80", "", "按规定催收并及时上报，未见过错", RULE,
                     (-4, 14), False, "我按规定催收并上报，请求免除。", draft=True),
            Proposed((-4, 20), "0.80", "客户破产重整，经手人及时上报，建议免除", waive=True),
            Waived((-3, 25), "客户破产重整，债权已申报，非员工过错"),
        ),
    ),
    Story(
        "sent back", "T01", "KH018", (-16, 8), (("虚拟化平台许可", 1),), "客户年底统一付款",
        (
            Asked((-6, 10), "chenzhiqiang", "电话", "商场调整，预算冻结"),
            Asked((-4, 16), "hejing", "函件", "催款函：已签收"),
            Proposed((-3, 8), "0.80", "按下限承担", "到期前60天未上报", RULE, (-3, 3), False, "当时主任口头同意赊销。"),
            SentBack((-3, 12), "员工称有口头同意，请向当时的主任核实后再报"),
            Asked((-3, 15), "xietao", "上门", "答应下季度付三成"),
            Proposed((-3, 18), "0.85", "口头同意无记录，未走赊销审批；认错并配合催收，高于下限5个百分点",
                     "未按6.1(1)B报批即交货，到期前60天内未上报", RULE, (-3, 3), False, "交货是主任口头同意的，愿意承担，请分月扣。"),
            Approved((-3, 24)),
        ),
    ),
    Story(
        "withdrawn", "T08", "KH027", (-15, 10), (("企业级固态硬盘", 2),), "客户年底统一付款",
        (Asked((-2, 9), "hejing", "电话", "称当日已付款，请核对银行流水"),),
        (((-3, 9), 100),),
        (-1, 5),
    ),
    Story(
        "fresh", "T04", "KH008", (-14, 6), (("道闸机芯", 2), ("红外补光灯板", 6)), "应急抢修，先供货后付款",
        (
            Asked((-3, 11), "liuyang", "电话", "物流园换股东，付款暂停"),
            Asked((-2, 21), "hejing", "函件", "催款函：已签收，无回复"),
            Proposed((-1, 10), "0.80", "按下限承担", "未取得约定付款日的书面承诺", RULE, (-1, 4), True, "同意，分月扣。"),
            Approved((-1, 16)),
        ),
    ),
    Story(
        "waiting", "T01", "KH002", (-13, 21), (("触控屏组件", 4), ("热敏打印头", 10)), "财政资金待下达",
        (
            Asked((-4, 15), "chenzhiqiang", "电话", "年度预算未批"),
            Asked((-2, 2), "hejing", "上门", "经办人出差"),
            Asked((-1, 8), "xietao", "函件", "催款函：已收文"),
            Asked((-1, 22), "hejing", "电话", "承诺年底付款"),
            Stated((-1, 24), "chenzhiqiang", False, "交货是主任口头同意的，我愿意承担八成，请分月扣。"),
            Proposed((-1, 25), "0.85", "口头同意无记录，未走赊销审批；认错并配合催收，故高于下限5个百分点",
                     "未按6.1(1)B报批即赊销交货，到期前60天内未上报", RULE, (-1, 23)),
        ),
        (((-9, 12), 30),),
    ),
    Story(
        "no statement", "T03", "KH006", (-13, 5), (("RAID卡缓存电池", 2), ("服务器内存", 4)), "老客户月结",
        (
            Asked((-3, 20), "zhaohaitao", "电话", "发票抬头有误，要求重开"),
            Asked((-1, 12), "hejing", "电话", "新发票已收，排款中"),
            Proposed((-1, 19), "0.80", "待员工陈述后再定", "发票开错拖延四个月", RULE, draft=True),
        ),
    ),
    Story(
        "bare", "T11", "KH038", (-13, 26), (("网络摄像机", 6), ("监控专用硬盘", 2)), "客户年底统一付款",
        (Asked((-1, 26), "hejing", "电话", "旺季过后付款"),),
        (((-10, 18), 20),),
    ),
)  # fmt: skip


def story_sale(timeline: Timeline, story: Story, customers: dict[str, Customer]) -> Sale:
    """The sale of a story."""
    delivered = timeline.day(*story.delivered)
    known = articles()
    lines = tuple(line_of(known[name], quantity) for name, quantity in story.articles)
    total = sum((line["quantity"] * line["sale_price"] for line in lines), Decimal(0))
    payments = tuple(
        (timeline.day(*when), (total * percent / 100).quantize(Decimal(1)) if percent < 100 else total)
        for when, percent in story.paid
    )  # fmt: skip
    sold: date = delivered - timedelta(days=4)
    return Sale(
        sold, story.handler, customers[story.customer], lines, PaymentTerms.CREDIT, delivered, payments, sold,
        story.circumstance, workday_from(delivered + timedelta(days=60)), story.code,
    )  # fmt: skip
