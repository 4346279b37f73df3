"""The regulation's sentences that have blanks, chapter by chapter; ``{name}`` stands where a parameter goes (R7)."""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One clause's sentence, and a remark on how its blanks are read."""

    clause: str
    text: Any
    remark: Any = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sentences under one heading."""

    key: str
    title: Any
    sentences: tuple[Sentence, ...]


CHAPTERS = (
    Chapter(
        "pay", _l("绩效管理"),
        (
            Sentence(
                "R7.2",
                _l("服务补贴按当月统计发放，每次：现场 {allowance_onsite} 元，电话 {allowance_phone} 元，在线 {allowance_online} 元。没有反馈单或反馈单不完整的，不计次数。"),
                _l("按反馈单审核通过的月份计次"),
            ),
            Sentence("R7.3", _l("非专职人员每次上门服务，人工费 {onsite_labour_rate} 元，不另发补贴和奖金。")),
            Sentence(
                "R7.4",
                _l("当月无投诉奖励 {no_complaint_bonus} 元；有投诉，每次扣 {complaint_penalty} 元；满 {complaint_limit} 次，当月奖金全部扣除。试用期内不参加。"),
                _l("只计属实投诉，按受理的月份计"),
            ),
            Sentence("R7.5", _l("本人经手的配件销售，发货且收清的月份，按净利润的 {parts_commission_rate} 发奖金。"), _l("进货价须经财务确认")),
            Sentence("R7.6", _l("本人经手的软件服务，完成且收清的月份，按收费的 {software_commission_rate} 发奖金。")),
        ),
    ),
    Chapter(
        "money", _l("收款与扣款"),
        (
            Sentence("R6.2", _l("赊销、收费服务满 {credit_threshold} 元由公司领导批准，不满的由部门经理批准。")),
            Sentence("R8.1", _l("私自收费属实的，收取的金额之外每次另罚 {private_charge_penalty} 元。"), _l("按核实属实的月份的版本")),
            Sentence("R8.2", _l("{overdue_kinds} 的应收款，{overdue_months} 个月内未收清的，由经手人承担。"), _l("按应收款产生的月份的版本")),
            Sentence(
                "R8.3",
                _l("经手人承担未收部分的 {deduction_rate_min} 至 {deduction_rate_max}，由部门经理定、公司领导批准。"),
                _l("按作决定的月份的版本"),
            ),
            Sentence(
                "R8.5",
                _l("每月扣款不超过当月工资的 {deduction_cap_rate}，扣后不低于最低工资 {minimum_wage} 元；扣不完的结转。"),
                _l("工资支付暂行规定第十六条"),
            ),
        ),
    ),
    Chapter(
        "service", _l("反馈与投诉"),
        (
            Sentence("R4.4", _l("每月的反馈单按 {callback_share} 回访；不满意的、有投诉的一律回访。")),
            Sentence("R4.5", _l("投诉在 {complaint_answer_days} 个工作日内答复客户。")),
            Sentence("R4.6", _l("同一设备同样的故障在 {repeat_fault_days} 天内再报，记为重复故障。")),
        ),
    ),
)  # fmt: skip


def pieces(sentence: Sentence) -> list[tuple[str, str | None]]:
    """A sentence as (words, name of the blank after them or None)."""
    found, at = [], 0
    text = str(sentence.text)
    for match in BLANK.finditer(text):
        found.append((text[at : match.start()], match[1]))
        at = match.end()
    return [*found, (text[at:], None)]
