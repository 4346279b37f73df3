"""The month's steps as the company takes them: who on which working day, with a word on what does not add up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from models.account import Account
from rules.period import Month
from seed.company.timeline import DAY, Timeline, at, chance, workday_from
from workflows import settlement as steps
from workflows.account import account_named

CLERK, MANAGER, LEADER, FINANCE = "linxiaoyan", "zhoumin", "gaojianguo", "hejing"
PAY_DAY = 10
RETURNED = {
    -7: (MANAGER, "冯雪有两笔出租车费与派工时间对不上，请核对后重报"),
    -15: (LEADER, "请说明本月配件奖金较上月增加较多的原因"),
}
WORDS: dict[str, tuple[str, ...]] = {
    "visit_without_form": ("客户签字人出差，反馈单下月补", "已催收反馈单，收到后计入下月", "客户只口头确认，正在补签", "反馈单缺签字，已退回技术员"),
    "form_not_called_back": ("月末审核，已排下月初回访", "客户暂不便接听，已约时间", "已排下月初回访"),
    "visit_disputed": ("回访称未到场，正在调查，暂不计发",),
    "complaint_open": ("正在核实，结论出来后计入未结月份",),
    "claim_without_visit": ("备件提前一日发运，已核对运单",),
    "invoice_twice": ("同号发票，已核对为两人同乘，已要求退回一张",),
    "case_undecided": ("经理正在收集材料，暂不扣款",),
    "carried_too_long": ("受工资20%上限限制，按月结转",),
    "bonus_without_visit": ("当月参加厂商培训，未派单", "当月休年假，未派单"),
}  # fmt: skip
OTHERWISE = ("已逐项核对",)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that people do at a moment."""

    moment: datetime
    do: Callable[[], None]


def explanations(month: Month) -> dict[tuple[str, str], str]:
    """A word on each thing that does not add up."""
    return {
        (found.kind, found.source): chance("word", month, found.source).choice(WORDS.get(found.kind, OTHERWISE))
        for found in steps.mismatches_of(month)
    }  # fmt: skip


def draft_and_submit(month: Month) -> None:
    """The clerk compiles the month, explains it and submits it."""
    clerk = account_named(CLERK)
    steps.draft(month, actor=clerk)
    steps.submit(month, actor=clerk, explanations=explanations(month))


def _taking(
    step: Callable[..., None], month: Month, username: str, **more: str
) -> Callable[[], None]:
    def take() -> None:
        actor: Account = account_named(username)
        step(month, actor=actor, **more)

    return take


def register_moment(month: Month) -> datetime:
    """When the clerk takes in a month's register: the first working morning after it."""
    return at(workday_from(month.plus(1).first_day), 9)


def settlement_events(timeline: Timeline, month: Month) -> Iterator[Event]:
    """The steps of a month in the days after it; the last month before the current one only gets submitted."""
    after = month.plus(1)
    second, third, fourth = (workday_from(after.first_day, ahead) for ahead in (1, 2, 3))
    yield Event(at(second, 10, 20), lambda: draft_and_submit(month))
    if after == timeline.current:
        return
    offset = (month.year - timeline.current.year) * 12 + month.number - timeline.current.number
    who, reason = RETURNED.get(offset, (None, ""))
    if who == LEADER:
        yield Event(at(third, 10, 5), _taking(steps.review, month, MANAGER))
    if who is not None:
        yield Event(at(third, 10, 40), _taking(steps.give_back, month, who, reason=reason))
        yield Event(at(third, 15, 30), lambda: draft_and_submit(month))
    yield Event(at(third, 16, 15), _taking(steps.review, month, MANAGER))
    yield Event(at(fourth, 9, 40), _taking(steps.approve, month, LEADER))
    pay_day = workday_from(max(after.first_day.replace(day=PAY_DAY), fourth + DAY))
    yield Event(at(pay_day, 14), _taking(steps.pay, month, FINANCE))
