"""The customers in 江城 and around, and the projects delivered to them."""

from dataclasses import dataclass
from datetime import date

from seed.company.facts import Fact
from seed.company.timeline import Timeline, at, chance

# number, name, in town, address
_CUSTOMERS = """
KH001 江城市政务服务数据中心 市内 临江区政通路8号
KH002 东湖新区政务服务中心 市内 东湖新区湖滨大道66号
KH003 江城轨道运营有限公司 市内 临江区轨道大厦12楼
KH004 滨江人民医院 市内 临江区滨江路201号
KH005 明德第一中学 市内 西岭区明德街19号
KH006 云岭数据中心有限公司 市内 高新区云岭路1号
KH007 华晟精密制造有限公司 市内 开发区工业三路77号
KH008 宏远物流园管理有限公司 市内 南浦区货运大道300号
KH009 天衡检测研究院 市内 高新区科学大道58号
KH010 启航电力工程有限公司 市内 西岭区光明路45号
KH011 江城职业技术学院 市内 东湖新区学府路2号
KH012 江城市第二人民医院 市内 南浦区康复街16号
KH013 西岭区教育局 市内 西岭区文教路30号
KH014 江城市图书馆 市内 临江区文化广场5号
KH015 江城市自来水公司 市内 临江区清泉路11号
KH016 南浦区综合行政执法局 市内 南浦区城管路9号
KH017 江城市妇幼保健院 市内 东湖新区福康路88号
KH018 金桥商业广场管理有限公司 市内 临江区解放大道500号
KH019 江城会展中心 市内 东湖新区会展路1号
KH020 江城机场管理有限公司 市内 南浦区空港路1号
KH021 恒泰新材料股份有限公司 市内 开发区材料路18号
KH022 江城市公共资源交易中心 市内 临江区政通路12号
KH023 东湖实验小学 市内 东湖新区荷花街7号
KH024 瑞丰农产品批发市场 市内 南浦区瑞丰路100号
KH025 江城市档案馆 市内 临江区文化广场3号
KH026 江城市不动产登记中心 市内 西岭区房产路26号
KH027 盛达汽车零部件有限公司 市内 开发区汽车城大道9号
KH028 江城市急救中心 市内 临江区健康路120号
KH029 云湾县人民医院 市外 云湾县人民路36号
KH030 云湾县教育体育局 市外 云湾县体育路5号
KH031 白鹭县政务服务中心 市外 白鹭县政务路1号
KH032 白鹭县第一高级中学 市外 白鹭县书院街40号
KH033 松岭县融媒体中心 市外 松岭县新闻路8号
KH034 松岭县中医院 市外 松岭县杏林路21号
KH035 永湖市大数据服务中心 市外 永湖市数谷路15号
KH036 永湖市污水处理厂 市外 永湖市环保路2号
KH037 永湖港务有限公司 市外 永湖市港口大道1号
KH038 白鹭湖景区管理有限公司 市外 白鹭县环湖路188号
KH039 松岭水泥有限公司 市外 松岭县建材路6号
KH040 云湾工业园区管理委员会 市外 云湾县园区大道10号
"""
# customer, kit, accepted: months before the current one, warranty months (- is the usual 36), plan (- is the usual one), name
_PROJECTS = """
KH001 cloud  -52 60 7×24保障     政务云平台一期
KH001 cloud  -19 -  7×24保障     政务云平台二期扩容
KH001 soft   -31 -  -            一网通办综合业务系统
KH002 hall   -28 -  重点客户保障 政务大厅智能化
KH002 video  -40 -  -            大厅视频监控
KH003 wall   -33 -  快速响应     3号线调度大屏
KH003 video  -21 -  快速响应     车站视频监控二期
KH003 cloud  -46 -  7×24保障     车辆段私有云
KH004 health -26 -  7×24保障     门诊信息化改造
KH004 room   -57 -  7×24保障     中心机房改造
KH004 video  -14 -  -            住院部视频监控
KH005 campus -38 -  5×8标准      校园网升级
KH005 access -23 -  -            校门人脸门禁
KH006 room   -29 60 7×24保障     B2机房动力环境
KH006 cloud  -12 -  7×24保障     资源池扩容
KH007 campus -35 -  5×8标准      厂区工业网络
KH007 video  -48 24 -            厂区视频监控
KH008 access -27 -  -            园区道闸与门禁
KH008 video  -18 -  -            仓储视频监控二期
KH009 soft   -24 -  5×8标准      检测业务管理系统
KH009 room   -43 -  -            实验楼机房
KH010 campus -30 -  5×8标准      总部办公网
KH011 campus -22 -  -            无线校园网
KH011 cloud  -50 -  5×8标准      教学云桌面
KH012 health -37 -  7×24保障     医技楼网络与存储
KH012 room   -16 -  7×24保障     灾备机房
KH013 video  -41 -  -            校园视频监控联网
KH013 soft   -9  -  5×8标准      教育资源平台
KH014 campus -25 -  -            智慧图书馆网络
KH015 wall   -34 -  重点客户保障 调度中心大屏
KH015 room   -55 24 -            水厂机房
KH016 video  -20 -  快速响应     城市管理视频平台
KH017 health -32 -  7×24保障     妇幼信息平台硬件
KH018 access -45 -  -            停车场管理系统
KH018 video  -17 -  -            商场视频监控改造
KH019 wall   -39 -  -            会展中心信息发布
KH020 cloud  -11 -  7×24保障     航站楼业务云
KH020 access -28 -  快速响应     控制区门禁
KH021 campus -42 -  5×8标准      生产网隔离改造
KH022 soft   -27 -  重点客户保障 电子开评标系统
KH022 hall   -36 -  -            开标室智能化
KH023 campus -15 -  5×8标准      班班通网络
KH024 video  -51 24 -            市场视频监控
KH025 room   -23 -  -            恒温库房动环
KH026 hall   -13 -  重点客户保障 登记大厅自助服务
KH027 campus -29 -  5×8标准      车间无线网络
KH028 health -44 -  快速响应     急救调度系统硬件
KH029 health -31 -  -            县医院数据中心
KH030 video  -26 -  -            标准化考点监控
KH031 hall   -22 -  -            县政务大厅智能化
KH032 campus -40 -  5×8标准      校园一卡通网络
KH033 wall   -18 -  -            演播厅大屏
KH034 health -8  -  -            中医院服务器虚拟化
KH035 cloud  -34 60 7×24保障     永湖政务云
KH035 room   -47 -  -            市级机房改造
KH036 video  -30 24 -            厂区安防监控
KH037 access -24 -  快速响应     港区车辆门禁
KH038 video  -6  -  -            景区视频监控
KH039 campus -53 24 -            厂区办公网
KH040 cloud  -4  -  5×8标准      园区云服务平台
"""
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范"
_GIVEN = "伟 芳 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建华 文 辉 玲 建国 红 鹏 志强 雪梅 海燕 婷 俊 晓东 丹 少华 宏伟 倩 凯 佳慧"


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer, with the people who report faults there."""

    number: str
    name: str
    in_town: bool
    address: str
    contacts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Project:
    """One project; `kit` says what was delivered."""

    number: str
    name: str
    customer: Customer
    kit: str
    accepted_on: date
    warranty_months: int
    plan: str | None


def person_name(dice: object) -> str:
    """A name such as people have."""
    return dice.choice(_SURNAMES) + dice.choice(_GIVEN.split())  # type: ignore[attr-defined]


def customers() -> list[Customer]:
    """All customers."""
    found = []
    for line in _CUSTOMERS.strip().splitlines():
        number, name, region, address = line.split()
        dice = chance("contacts", number)
        contacts = tuple(
            (person_name(dice), f"1{dice.choice(('35', '36', '59', '80', '87'))}{dice.randrange(10**8):08}")
            for _ in range(4)
        )  # fmt: skip
        found.append(Customer(number, name, region == "市内", address, contacts))
    return found


def projects(timeline: Timeline, known: list[Customer]) -> list[Project]:
    """All projects, numbered in the order of the table."""
    by_number = {customer.number: customer for customer in known}
    found = []
    for turn, line in enumerate(_PROJECTS.strip().splitlines(), 1):
        customer, kit, months, warranty, plan, name = line.split()
        accepted = timeline.day(int(months), chance("acceptance", name).randint(3, 28))
        term = 36 if warranty == "-" else int(warranty)
        chosen = None if plan == "-" else plan
        found.append(
            Project(f"XM{turn:03}", name, by_number[customer], kit, accepted, term, chosen)
        )
    return found


def customer_facts(timeline: Timeline, known: list[Customer]) -> list[Fact]:
    """The customers' rows: all known at go-live."""
    since = at(timeline.first.first_day, 8)
    return [
        Fact("customers", since, {
            "number": c.number, "name": c.name, "address": c.address, "in_town": c.in_town,
            "contact": c.contacts[0][0], "phone": c.contacts[0][1],
        })
        for c in known
    ]  # fmt: skip


def project_facts(known: list[Project]) -> list[Fact]:
    """The projects' rows: known from their acceptance."""
    return [
        Fact("projects", at(p.accepted_on, 8), {
            "number": p.number, "name": p.name, "customer": p.customer.number,
            "accepted_on": p.accepted_on, "warranty_months": p.warranty_months, "plan": p.plan,
        })
        for p in known
    ]  # fmt: skip
