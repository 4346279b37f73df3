"""The versions of the parameters over the company's months, each prepared by the manager and approved by the leader."""

from dataclasses import dataclass
from decimal import Decimal

from rules.parameter import DEFINITIONS
from rules.period import Month
from seed.company.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Version:
    """What changes from a month on (months before the current one), and why."""

    months: int
    values: dict[str, str]
    reason: str

    def month(self, timeline: Timeline) -> Month:
        """The month from which it holds, the go-live month at the earliest."""
        return max(timeline.current.plus(self.months), timeline.first)


VERSIONS = (
    Version(
        -23,
        {
            "allowance_onsite": "30.00", "allowance_phone": "10.00", "allowance_online": "15.00",
            "onsite_labour_rate": "80.00", "parts_commission_rate": "0.25", "minimum_wage": "1950.00",
        },
        "试行首版：按总经理办公会纪要填写制度空白",
    ),
    Version(
        -10,
        {
            "allowance_onsite": "40.00", "allowance_phone": "15.00", "allowance_online": "20.00",
            "onsite_labour_rate": "100.00", "credit_threshold": "8000.00", "minimum_wage": "2100.00",
        },
        "试行一年后调整：提高现场补贴，放宽经理赊销审批限额，最低工资随当地标准",
    ),
)  # fmt: skip
PROPOSED = Version(
    1,
    {"no_complaint_bonus": "400.00", "complaint_limit": "2"},
    "提高无投诉奖金，同时收紧投诉上限",
)


def threshold(timeline: Timeline, month: Month) -> Decimal:
    """The credit threshold that holds in a month."""
    held = DEFINITIONS["credit_threshold"].default
    for version in VERSIONS:
        if version.month(timeline) <= month:
            held = version.values.get("credit_threshold", held)
    return Decimal(held)
