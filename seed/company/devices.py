"""What the projects delivered: devices by the project's kit, and who made them."""

from dataclasses import dataclass
from datetime import date

from rules.period import last_day_of_period
from seed.company.customers import Project, person_name
from seed.company.facts import Fact
from seed.company.timeline import DAY, Timeline, at, chance

# name, comes on site, telephone
_MAKERS = """
锐联网络   是 400-810-2266
浪擎服务器 是 400-690-1180
磐石存储   是 400-600-7718
海睿视讯   否 400-700-5998
安盾科技   否 400-777-0101
恒能电源   是 400-886-3300
冰川环境   是 400-889-6610
联创显示   是 400-655-8080
通达智控   否 400-611-9020
云基软件   否 400-636-5511
达源数据库 否 400-991-6599
汇讯自助   否 400-820-7766
"""
# kind: name, model, maker, family, the maker's own warranty in months
_KINDS = """
core     核心交换机 RL-S9706 锐联网络 network 36
switch   接入交换机 RL-S5152 锐联网络 network 12
ap       无线AP RL-W680 锐联网络 network 12
firewall 防火墙 AD-F3200 安盾科技 network 36
server   机架服务器 LQ-R2288 浪擎服务器 server 36
storage  磁盘阵列 PS-V5300 磐石存储 server 36
camera   网络摄像机 HR-C4420 海睿视讯 video 24
dome     高速球机 HR-D6230 海睿视讯 video 24
nvr      网络录像机 HR-N9632 海睿视讯 video 24
ups      UPS主机 HN-U120K 恒能电源 power 24
aircon   精密空调 BC-A40 冰川环境 power 12
monitor  动环监控主机 BC-M10 冰川环境 power 12
wall     拼接大屏 LC-P55 联创显示 display 24
control  大屏控制器 LC-K36 联创显示 display 24
gate     人脸门禁一体机 TD-F8 通达智控 access 12
barrier  车牌识别道闸 TD-B5 通达智控 access 12
virtual  虚拟化平台 YJ-V6 云基软件 software 36
database 数据库软件 DY-DB8 达源数据库 software 36
platform 综合业务平台 YJ-P3 云基软件 software 36
kiosk    自助服务终端 HX-Z21 汇讯自助 display 12
caller   排队叫号系统 HX-J9 汇讯自助 display 12
"""
KITS = {
    "cloud": "core server server server storage firewall virtual switch",
    "soft": "server server database platform firewall",
    "hall": "switch kiosk kiosk caller wall camera platform",
    "video": "switch camera camera camera dome nvr nvr platform",
    "wall": "wall wall control switch server",
    "health": "core switch server server storage ups database kiosk",
    "room": "ups ups aircon aircon monitor switch",
    "campus": "core switch switch ap ap firewall",
    "access": "gate gate barrier barrier switch server",
}
_PLACES = {
    "network": "弱电间 核心机房 三楼配线间 A座汇聚间",
    "server": "中心机房 B1机房 信息科机房 二号机柜",
    "video": "东门 地下车库 一楼大厅 周界北侧 监控室",
    "power": "配电间 UPS间 中心机房 电池室",
    "display": "指挥中心 一楼大厅 会议室 调度室",
    "access": "南门岗 北门岗 员工通道 车辆入口",
    "software": "信息科 业务科室 机房 办公楼三层",
}


@dataclass(frozen=True, slots=True)
class Device:
    """One device; `kind` finds its faults, `family` its technicians."""

    serial: str
    kind: str
    family: str
    name: str
    model: str
    maker: str
    project: Project
    place: str
    maker_warranty_until: date


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device."""

    name: str
    model: str
    maker: str
    family: str
    maker_months: int


def kinds() -> dict[str, Kind]:
    """Every kind by its code."""
    found = {}
    for line in _KINDS.strip().splitlines():
        code, name, model, maker, family, months = line.split()
        found[code] = Kind(name, model, maker, family, int(months))
    return found


def devices(projects: list[Project]) -> list[Device]:
    """The devices of all projects; the maker's warranty runs from a delivery some weeks before acceptance."""
    known, found = kinds(), []
    for project in projects:
        dice = chance("devices", project.number)
        codes = KITS[project.kit].split()
        codes += dice.choices(codes, k=dice.randint(-1, 2) if len(codes) < 8 else 0)
        for turn, code in enumerate(codes, 1):
            kind = known[code]
            serial = f"{kind.model.replace('-', '')}{project.number[2:]}{turn:02}{dice.randrange(10_000):04}"
            delivered = project.accepted_on - dice.randint(30, 120) * DAY
            until = last_day_of_period(delivered, kind.maker_months)
            place = dice.choice(_PLACES[kind.family].split())
            found.append(
                Device(
                    serial,
                    code,
                    kind.family,
                    kind.name,
                    kind.model,
                    kind.maker,
                    project,
                    place,
                    until,
                )
            )
    return found


def maker_facts(timeline: Timeline) -> list[Fact]:
    """The makers' rows."""
    facts = []
    for line in _MAKERS.strip().splitlines():
        name, onsite, phone = line.split()
        values = {
            "name": name, "onsite_service": onsite == "是",
            "contact": person_name(chance("maker", name)), "phone": phone,
        }  # fmt: skip
        facts.append(Fact("makers", at(timeline.first.first_day, 8), values))
    return facts


def device_facts(known: list[Device]) -> list[Fact]:
    """The devices' rows: known with their project."""
    return [
        Fact("devices", at(d.project.accepted_on, 8), {
            "serial": d.serial, "name": d.name, "model": d.model, "maker": d.maker,
            "project": d.project.number, "warranty_months": None,
            "maker_warranty_until": d.maker_warranty_until,
        })
        for d in known
    ]  # fmt: skip
