"""What happens in a company, written on paper: people, service, complaints, money. Chance decides; a seed repeats it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.workflows.paper_register import PaperRegister
from tests.workflows.plain_company import (
    Cells,
    Company,
    Document,
    Screen,
    documents_of,
    shown,
)

CALLER = "Z1"
BASE_PAY = ["0", "1800", "2600.55", "3333.33", "5000", "8000", "15000.01"]
VERSIONS = {
    "allowance_onsite": ["30", "0", "45.50"],
    "onsite_labour_rate": ["80", "66.67"],
    "no_complaint_bonus": ["300", "0", "120"],
    "complaint_penalty": ["50", "100", "33.33"],
    "complaint_limit": ["1", "2", "3"],
    "parts_commission_rate": ["0.3", "0", "0.3333"],
    "software_commission_rate": ["0.4", "0.125"],
    "private_charge_penalty": ["200", "0", "55.55", "700"],
    "deduction_cap_rate": ["0.2", "0", "0.1999", "1"],
    "minimum_wage": ["2000", "0", "1000", "2600.54"],
}


class CompanyLife:
    """Everything written on paper so far; `today` is the day it is, `frozen` the last month already submitted."""

    def __init__(self, seed: int, effective: str) -> None:
        self.effective = effective
        self.paper, self.screen = PaperRegister(), Screen()
        self.today = date(2026, 2, 14)
        self.frozen = ""
        self.random = Random(seed)
        self.numbers = 0
        self._found()

    def happen(self, what: str, seed: int) -> None:
        """Let one thing happen, as the seed decides."""
        self.random = Random(seed)
        EVENTS[what](self)

    # What chance decides.

    def number(self, letters: str) -> str:
        """The next number of a document; as text they sort otherwise than in time."""
        self.numbers += 1
        return f"{letters}{self.numbers * 7919 % 1000:03}-{self.numbers}"

    def chance(self, share: int) -> bool:
        """True in so many of a hundred."""
        return self.random.randrange(100) < share

    def amount(self) -> str:
        most = self.random.choice([100, 5_000, 60_000, 300_000])
        return shown(self.random.randint(1, most))

    def day(self, since: date | str, until: date | None = None) -> str:
        """A day up to today, often the first or last of a month."""
        since = date.fromisoformat(str(since))
        until = max(min(until or self.today, self.today), since)
        day = since + timedelta(self.random.randint(0, (until - since).days))
        edge = self.random.choice([day, day, day.replace(day=1), day.replace(day=1) - timedelta(1)])
        return str(edge if since <= edge else day)

    def lately(self, days: int = 75) -> str:
        """A day not long ago, most often in this month or the last."""
        return self.day(self.today - timedelta(self.random.choice([20, 45, days])))

    def person(self) -> str:
        return self.random.choice(self.paper.of("员工")[1:])["工号"]

    def lacking(self, sheet: str, heading: str) -> list[Cells]:
        return [row for row in self.paper.of(sheet) if not row.get(heading)]

    def any_lacking(self, sheet: str, heading: str) -> Cells:
        """A row whose cell is still empty; an unwritten one if there is none."""
        rows = self.lacking(sheet, heading)
        return self.random.choice(rows) if rows else {}

    def any_of(self, sheet: str) -> Cells:
        rows = self.paper.of(sheet)
        return self.random.choice(rows) if rows else {}

    # The company and its people.

    def _found(self) -> None:
        write = self.paper.write
        months = self.random.choice(["1", "1", "2", "12"])
        kinds = self.random.choice(["配件销售", "配件销售、软件服务、返厂维修"])
        write("制度参数", 参数="overdue_months", 值=months, 生效月份="2020-01")
        write("制度参数", 参数="overdue_kinds", 值=kinds, 生效月份="2020-01")
        for name in self.random.sample(sorted(VERSIONS), 3):
            write("制度参数", 参数=name, 值=self.random.choice(VERSIONS[name]), 生效月份="2020-01")
        write("员工", 工号=CALLER, 姓名="经理", 类别="其他", 入职日期="2020-01-01", 底薪="1")
        write("客户", 客户编号="C1", 客户名称="客户", 区域="市内")
        write("项目", 项目编号="P1", 项目名称="项目", 客户编号="C1", 验收日期="2020-01-01")
        write("设备", 序列号="S1", 设备名称="设备", 项目编号="P1")
        for kind in ("专职", "专职", "非专职", "其他"):
            self._employ(kind)

    def _employ(self, kind: str) -> None:
        number = f"E{9 - len(self.paper.of('员工'))}"
        hired = self.random.choice(["2020-01-01", "2026-01-01", "2026-02-01", self.lately()])
        if self.chance(20):
            hired = str(self.today + timedelta(self.random.randint(1, 30)))
        probation = self.random.choice([None, None, None, "2026-01-31", "2026-02-01", "2026-03-31"])
        base = self.random.choice(BASE_PAY)
        self.paper.write("员工", 工号=number, 姓名=f"员工{number}", 类别=kind, 入职日期=hired, 试用期至=probation, 底薪=base)  # fmt: skip

    def someone_is_hired(self) -> None:
        if len(self.paper.of("员工")) < 8:
            self._employ(self.random.choice(["专职", "专职", "非专职"]))

    def someone_leaves(self) -> None:
        person = self.random.choice(self.paper.of("员工")[1:])
        if not person.get("离职日期") and person["入职日期"] <= str(self.today):
            person["离职日期"] = self.day(
                max(person["入职日期"], str(self.today - timedelta(40))), None
            )

    def base_pay_is_found(self) -> None:
        month, person = self.lately(40)[:7], self.person()
        known = {(row["工号"], row["月份"]) for row in self.paper.of("底薪核定")}
        if month > self.frozen and (person, month) not in known:
            amount = self.random.choice([*BASE_PAY, self.amount()])
            self.paper.write("底薪核定", 工号=person, 月份=month, 应发底薪=amount, 原因="考勤")

    def a_parameter_gets_a_version(self) -> None:
        names = ["private_charge_penalty", *sorted(VERSIONS)]
        name, month = self.random.choice(names), self.lately()[:7]
        known = {(row["参数"], row["生效月份"]) for row in self.paper.of("制度参数")}
        if month > self.frozen and (name, month) not in known:
            value = self.random.choice(VERSIONS[name])
            self.paper.write("制度参数", 参数=name, 值=value, 生效月份=month)

    # Service.

    def a_customer_is_served(self) -> None:
        done, number = self.lately(), self.number("FW")
        everyone = [person["工号"] for person in self.paper.of("员工")[1:]]
        people = self.random.sample(everyone, self.random.choice([1, 1, 2, 3]))
        mode = self.random.choice(["现场", "现场", "电话", "在线"])
        self.paper.write(
            "服务记录", 服务单号=number, 报修时间=f"{done} 09:00", 来源="服务电话", 客户编号="C1", 故障现象="故障", 问题等级="C",
            服务方式=mode, 现场原因="须换件", 技术员="、".join(people), 完成时间=f"{done} 10:00",
        )  # fmt: skip
        if self.chance(85):
            form = self.paper.write("反馈单", 服务单号=number, 故障现象="故障", 检查记录="检查", 处理结果="修好")  # fmt: skip
            if self.chance(75):
                self._complete(form)

    def _complete(self, form: Cells) -> None:
        ticket = next(t for t in self.paper.of("服务记录") if t["服务单号"] == form["服务单号"])
        done = ticket["完成时间"][:10]
        form.setdefault("满意度", str(self.random.randint(1, 5)))
        form["客户签字"], form["签字时间"] = "客户", f"{done} 11:00"
        if self.chance(80):
            form["审核日期"] = self.day(done)

    def a_form_is_completed(self) -> None:
        if form := self.any_lacking("反馈单", "审核日期"):
            self._complete(form)

    def the_manager_calls(self) -> None:
        if not (form := self.any_of("反馈单")):
            return
        ticket, day = form["服务单号"], str(self.today)
        result = self.random.choice(["已接通", "已接通", "未接通"])
        known = {(c["服务单号"], c["日期"], c["结果"]) for c in self.paper.of("回访记录")}
        if (ticket, day, result) not in known:
            heard = self.random.choice([None, "1", "3", "4", "5"]) if result == "已接通" else None
            self.paper.write("回访记录", 服务单号=ticket, 日期=day, 回访人=CALLER, 结果=result, 满意度=heard)  # fmt: skip

    def a_call_is_completed(self) -> None:
        """The manager adds what the customer said."""
        call = self.any_lacking("回访记录", "满意度")
        if call.get("结果") == "已接通":
            call["满意度"] = self.random.choice(["1", "5"])

    # Complaints.

    def a_customer_complains(self) -> None:
        origin = self.random.choice(["投诉电话", "回访", "来信", None, "内部"])
        kind = self.random.choice(["服务", "其他", "私自收费", "私自收费"])
        complaint = self.paper.write(
            "投诉", 投诉编号=self.number("TS"), 受理日期=self.lately(), 客户编号="C1", 投诉渠道=origin,
            被投诉人=self.person() if self.chance(85) else None, 类型=kind, 内容="不满", 核实结果="待核实",
        )  # fmt: skip
        if self.chance(60):
            self._judge(complaint)

    def _judge(self, complaint: Cells) -> None:
        upheld = self.chance(75)
        complaint["核实结果"] = "属实" if upheld else "不属实"
        complaint["核实日期"] = self.day(complaint["受理日期"])
        if upheld and complaint["类型"] == "私自收费":
            complaint["私自收费金额"] = self.amount()

    def a_complaint_is_judged(self) -> None:
        if complaint := self.any_lacking("投诉", "核实日期"):
            self._judge(complaint)

    def it_is_found_who_is_complained_of(self) -> None:
        self.any_lacking("投诉", "被投诉人").setdefault("被投诉人", self.person())

    # Money.

    def parts_are_sold(self) -> None:
        number, handler, credit = self.number("XS"), self.person(), self.chance(70)
        sold = self.lately(430) if credit else self.lately()
        terms = {"结算方式": "款到发货"}
        if credit:
            terms = {
                "结算方式": "赊销",
                "特殊情况": "急用",
                "审批级别": "公司领导",
                "审批日期": sold,
            }
        for _ in range(self.random.choice([1, 1, 2])):
            quantity = self.random.choice(["1", "3", "0.333", "2.5"])
            costs = self.amount() if self.chance(20) else None
            sale, other = Decimal(self.amount()), Decimal(self.amount())
            prices = sorted([sale, other]) if self.chance(80) else [sale, other]
            self.paper.write(
                "配件销售", 销售单号=number, 日期=sold, 经手人=handler, 客户编号="C1", 商品名称="配件", 数量=quantity,
                销售单价=str(prices[1]), 进货单价=str(prices[0]), 其他费用=costs, **terms,
            )  # fmt: skip
        if credit and self.chance(80):
            self._deliver(number)

    def _deliver(self, number: str) -> None:
        rows = [row for row in self.paper.of("配件销售") if row["销售单号"] == number]
        since = (
            rows[0].get("审批日期")
            or documents_of(self.paper.sheets, self.screen)[number].fully_paid_on()
        )
        if since is not None:
            delivered = self.day(since, date.fromisoformat(str(since)) + timedelta(40))
            for row in rows:
                row["发货日期"] = delivered

    def a_sale_is_delivered(self) -> None:
        if sale := self.any_lacking("配件销售", "发货日期"):
            self._deliver(sale["销售单号"])

    def software_is_serviced(self) -> None:
        reported = self.lately(430)
        service = self.paper.write(
            "软件服务", 单号=self.number("RJ"), 申报日期=reported, 经手人=self.person(), 客户编号="C1", 服务内容="安装",
            收费金额=self.amount(), 审批级别="公司领导", 批准日期=reported,
        )  # fmt: skip
        if self.chance(65):
            service["完成日期"] = self.day(reported)

    def a_software_service_is_completed(self) -> None:
        if service := self.any_lacking("软件服务", "完成日期"):
            service["完成日期"] = self.day(service["申报日期"])

    def a_device_is_repaired(self) -> None:
        asked = self.lately(430)
        fees = [self.amount() if self.chance(80) else None, self.amount() if self.chance(30) else None]  # fmt: skip
        self.paper.write(
            "返厂维修", 维修单号=self.number("WX"), 申请日期=asked, 经手人=self.person(), 序列号="S1", 维修费=fees[0],
            运费=fees[1], 客户确认日期=asked, 送修日期=asked, 返还客户日期=self.day(asked),
        )  # fmt: skip

    def a_customer_pays(self) -> None:
        documents = documents_of(self.paper.sheets, self.screen).values()
        owing = [document for document in documents if document.outstanding(self.today) > 0]
        if not owing:
            return
        document = self.random.choice(owing)
        left = document.outstanding(self.today)
        amount = left if self.chance(60) else self.random.randint(1, left)
        services = {row["单号"]: row["批准日期"] for row in self.paper.of("软件服务")}
        since = max(services.get(document.number, ""), str(self.today - timedelta(100)))
        since = since if self.chance(40) else max(since, str(self.today - timedelta(30)))
        self.paper.write("收款", 收款编号=self.number("SK"), 日期=self.day(since), 单据编号=document.number, 金额=shown(amount))  # fmt: skip

    def an_expense_is_claimed(self) -> None:
        ticket = self.any_of("服务记录")
        if ticket.get("服务方式") != "现场":
            return
        spent, claimant = ticket["完成时间"][:10], self.random.choice(ticket["技术员"].split("、"))
        why = {"类别": "公共交通"}
        if self.chance(50):
            why = {"类别": "出租车", "事由": "紧急", "申报日期": spent}
        claim = self.paper.write(
            "费用报销", 报销编号=self.number("BX"), 日期=spent, 工号=claimant, 服务单号=ticket["服务单号"], 金额=self.amount(), **why,
        )  # fmt: skip
        if self.chance(60):
            claim["报销批准日期"] = self.day(spent)

    def a_claim_is_approved(self) -> None:
        if claim := self.any_lacking("费用报销", "报销批准日期"):
            claim["报销批准日期"] = self.day(claim["日期"])

    def undecided(self) -> list[tuple[Document, date]]:
        return Company(self.paper.sheets, self.screen, effective=self.effective).undecided(
            self.today
        )

    def an_overdue_case_is_decided(self) -> None:
        if cases := self.undecided():
            document, opened = self.random.choice(cases)
            decided = self.day(max(opened, self.today - timedelta(60)))
            rate = self.random.choice(["0.8", "1", "0.8333"])
            self.paper.write("逾期扣款", 单据编号=document.number, 承担比例=rate, 理由="未催收", 批准日期=decided)  # fmt: skip


OFTEN = {
    "a_customer_is_served": 6, "a_parameter_gets_a_version": 3, "a_customer_pays": 5, "a_customer_complains": 3, "parts_are_sold": 3, "a_form_is_completed": 2,
    "an_overdue_case_is_decided": 3, "a_complaint_is_judged": 2, "an_expense_is_claimed": 3, "the_manager_calls": 2,
    "software_is_serviced": 3, "a_claim_is_approved": 2, "a_sale_is_delivered": 2, "a_software_service_is_completed": 2,
}  # fmt: skip
EVENTS: dict[str, Callable[[CompanyLife], None]] = {
    name: event
    for name, event in vars(CompanyLife).items()
    if not name.startswith("_") and event.__annotations__ == {"return": None}
}
WEIGHTED = [name for name in sorted(EVENTS) for _ in range(OFTEN.get(name, 1))]
