"""What goes wrong with each kind of device, what the technician finds, and what he does about it."""

from dataclasses import dataclass
from functools import lru_cache

from rules.ticket import ServiceMode, ServiceType, Severity

# [kind], then: fault | severities by likelihood | modes by likelihood (o on site, p phone, n online) | found | done
# A result that names a part (更换…) may wait for it.
_TABLE = """
[core]
核心交换机单板重启，楼层网络中断|AAB|oon|业务板日志显示电源欠压复位，主控正常|更换业务板并升级固件，网络恢复
核心交换机CPU占用持续90%以上|BBC|nno|抓包发现接入层环路，ARP报文激增|定位并断开环路端口，启用环路检测
双机热备切换后部分网段不通|ABB|no|备机路由表缺少两条静态路由|补录路由并做主备切换演练，业务正常
核心交换机风扇告警|CCB|o|2号风扇转速为零，轴承磨损|更换风扇模块，温度恢复正常
光模块收光功率低告警|CC|on|光模块老化，收光-24dBm|更换光模块并清洁尾纤，收光-9dBm
[switch]
接入交换机掉电，一层办公网络中断|BBA|oo|电源适配器损坏，配电回路正常|更换电源模块，网络恢复
交换机端口大面积不通|BBC|onp|雷雨后4个端口击穿|更换备用交换机，重新下发配置
新增工位网络端口无法上网|CCD|pnn|端口未划入办公VLAN|远程调整VLAN配置，测试正常
网络间歇性丢包，视频会议卡顿|BBC|no|上联光纤弯折过大，误码率高|重新整理尾纤并更换跳线，丢包消失
交换机忘记管理密码，无法登录|DC|pn|设备运行正常，仅口令遗失|按流程重置口令并交付客户保管
[ap]
无线信号弱，会议室经常掉线|CCD|on|两台AP同频干扰，功率过低|调整信道与发射功率，信号-55dBm
AP离线，一层无线不可用|BCC|on|PoE端口供电异常|更换PoE端口并重启AP，恢复上线
访客无线认证页面打不开|CC|nnp|认证证书过期|更新证书并重启认证服务
无线终端频繁重新认证|CC|n|漫游阈值设置过高|调整漫游参数，观察两日正常
[firewall]
互联网出口中断，外网全部无法访问|AAB|non|运营商线路正常，防火墙会话表耗尽|清理异常会话并限制并发，业务恢复
VPN拨入失败，异地人员无法办公|BBC|nnp|VPN证书过期|续签证书并推送客户端，拨入正常
防火墙策略变更后业务系统无法访问|BB|nn|新策略顺序在放行策略之前|调整策略顺序并备份配置
入侵防御特征库到期提醒|D|np|特征库授权已到期，设备运行正常|协助客户办理续保并升级特征库
[server]
服务器无法启动，业务系统停止|AAB|oo|主板自检停在内存初始化，一条内存故障|更换故障内存，系统启动正常
服务器硬盘亮红灯告警|BBC|oo|RAID5中一块硬盘预故障|更换硬盘并完成重建，阵列正常
服务器频繁蓝屏重启|BB|on|网卡驱动与补丁冲突|回退补丁并升级驱动，运行48小时正常
服务器电源模块告警|CCB|o|冗余电源一路无输出|更换电源模块，告警消除
系统盘空间不足，服务自动停止|BBC|nn|日志文件占满C盘|清理并设置日志轮转，服务恢复
服务器时间不同步，日志时间错乱|D|np|NTP服务未启动|启用NTP并校时
[storage]
存储双控之一离线，读写变慢|ABB|on|B控制器缓存电池失效|更换缓存电池，控制器恢复双活
存储掉盘2块，RAID降级|AB|oo|2块硬盘介质错误，热备盘已顶替|更换硬盘，重建完成后巡检正常
存储空间告警，剩余不足5%|CB|nn|历史快照未清理|清理过期快照并调整保留策略
业务系统读写延迟高|BBC|no|单条光纤链路降速|更换光纤跳线，链路恢复双路径
[camera]
摄像机离线，画面丢失|CCB|oo|现场供电适配器进水烧毁|更换电源并做防水处理，画面恢复
夜间画面全黑，红外不亮|CC|o|红外灯板老化|更换红外灯板，夜视正常
监控画面模糊|CDC|op|镜头积灰、焦距偏移|清洁镜头并重新调焦，画面清晰
摄像机IP冲突，画面时有时无|CC|np|新增设备占用同一地址|重新分配地址并登记台账
[dome]
球机云台不转动|CCB|oo|云台电机齿轮卡死|更换云台组件，预置位重新设置
球机画面抖动|CC|o|立杆基础松动|加固立杆并调整防抖参数
球机控制失灵，预置位丢失|CC|no|固件异常，参数复位|重刷固件并恢复预置位
[nvr]
录像机硬盘报错，录像中断|BBC|oo|2块监控硬盘坏道|更换监控硬盘，恢复录像计划
录像查询不到一周前的数据|BC|np|存储天数被改为7天|恢复为30天并核对容量
录像机时间不准，无法对时|CD|np|NTP地址填写错误|修正校时服务器，时间一致
录像机死机，全部通道无画面|AB|on|电源老化导致反复重启|更换录像机电源，运行稳定
[ups]
UPS转旁路运行，蜂鸣告警|ABB|oo|逆变模块过热，风道堵塞|清理风道并更换功率模块，恢复逆变
UPS电池后备时间不足10分钟|BBC|o|蓄电池内阻普遍超标|更换蓄电池组并放电测试，后备65分钟
UPS电池鼓包|BB|o|12节电池鼓包，一节漏液|更换整组蓄电池并清洁电池柜
UPS监控通信中断|CC|no|SNMP卡死机|重启SNMP卡并升级固件
[aircon]
精密空调漏水告警|BBA|oo|排水管堵塞，接水盘溢水|疏通排水管并更换漏水绳，告警消除
机房温度超过30度|AAB|oo|压缩机高压保护，室外机滤网堵塞|清洗室外机并补充制冷剂，温度22度
精密空调加湿报警|CC|op|加湿罐结垢|更换加湿罐，湿度恢复50%
空调频繁启停|CB|o|温度探头漂移|更换温度探头并校准
[monitor]
动环平台不报警，短信收不到|BBC|nn|短信网关欠费停用|更换短信通道，测试告警到达
温湿度数据不更新|CC|no|RS485总线接头松动|重新压接端子，数据恢复
烟感误报|CB|op|探测器积尘|清洁探测器并做吹烟测试
[wall]
大屏一块单元黑屏|BBC|oo|拼接单元电源板损坏|更换电源板，色彩重新校正
大屏显示偏色，拼缝明显|CC|o|单元色温漂移|逐屏校色，亮度一致
大屏信号无显示|AB|onp|HDMI光纤延长器故障|更换光纤延长器，信号恢复
[control]
调度大屏黑屏，切换信号源无效|AAB|on|控制器输出板死机|重启后更换输出板，切换正常
大屏预案调用失败|BC|nn|预案文件损坏|恢复备份预案并培训值班员
大屏控制软件无法登录|CC|np|授权狗松动|重新插接授权狗，登录正常
[gate]
人脸门禁识别失败，人员无法进入|BBC|on|识别算法库损坏|重装算法库并重新下发人脸
门禁读卡无反应|CC|oop|读卡头进水|更换读卡头并做防水
门禁记录不上传|CC|nn|数据库连接数用尽|重启服务并调整连接池
电磁锁无法吸合|BC|o|锁体供电线断线|重新布线，开关各30次正常
[barrier]
道闸不抬杆，车辆滞留|ABB|oo|机芯弹簧断裂|更换弹簧并润滑机芯，抬杆正常
车牌识别率低|CC|on|补光灯老化，角度偏移|更换补光灯并调整角度，识别率98%
道闸收费软件无法结算|BB|nnp|本地服务停止|重启服务并加入开机自启
地感线圈失灵，频繁砸杆|BB|o|地感线圈破损|重新切割埋设线圈
[virtual]
虚拟机无法迁移|CBC|nn|共享存储锁未释放|清除锁文件，迁移正常
云平台管理页面打不开|BB|nn|管理节点磁盘写满|清理日志并扩容，服务恢复
一台虚拟机异常关机|BBA|nn|宿主机内存不足触发回收|调整资源预留并重启业务
虚拟化平台告警：许可即将到期|D|np|许可30天后到期|申请并导入新许可
[database]
数据库连接数占满，业务卡顿|AAB|nn|应用连接未释放|重启应用连接池，调大连接上限
数据库备份任务失败|CB|nn|备份目录权限变更|恢复权限，补做全量备份
查询报表超时|CC|nn|统计信息过期，缺少索引|重建索引，查询由90秒降至2秒
[platform]
平台登录缓慢|CCB|nnp|认证服务线程阻塞|重启认证服务，登录2秒内完成
业务系统报错，单据无法提交|BBA|nn|升级后字段长度不一致|补丁修复并重新发布
附件上传失败|CC|nn|文件服务器磁盘只读|重新挂载磁盘，上传正常
用户权限丢失，菜单不显示|CC|np|角色缓存未刷新|刷新缓存并核对权限
数据统计结果与台账不一致|CD|nn|定时任务漏跑两天|补跑任务并增加失败告警
[kiosk]
自助终端卡纸，无法打印凭条|CCB|oop|出纸口胶辊磨损|更换胶辊并清理纸屑
自助终端触摸失灵|BC|o|触控板排线松动|重新插接排线并校准
自助终端读不出身份证|CB|on|读卡模块固件异常|升级固件，读取正常
自助终端黑屏|BB|on|工控机硬盘损坏|更换硬盘并恢复系统
[caller]
叫号屏显示乱码|CC|onp|控制卡字库丢失|重新下载字库，显示正常
叫号没有声音|CC|op|功放保险烧断|更换功放保险
排队叫号无法取号|BB|on|取号机打印头故障|更换打印头，取号正常
[none]
年度巡检|D|o|逐台检查运行状态、告警与备份，清洁除尘|巡检完成，发现的问题已列入巡检报告
咨询：如何导出统计报表|D|pn|客户需要按科室导出|电话指导导出步骤，客户已会操作
咨询：新增用户如何授权|D|pn|客户新入职3人|指导建立账号并授权
咨询：设备搬迁注意事项|D|pp|客户机房计划搬迁|说明下电顺序与包装要求，已发清单
培训：新任值班员操作培训|D|on|客户更换值班人员|培训2小时，参训人员能独立操作
培训：平台管理员进阶培训|D|no|客户管理员希望自行维护|完成备份与恢复演练培训
"""
MODES = {"o": ServiceMode.ONSITE, "p": ServiceMode.PHONE, "n": ServiceMode.ONLINE}
TYPES = {
    "年度巡检": ServiceType.INSPECTION,
    "咨询": ServiceType.CONSULTING,
    "培训": ServiceType.TRAINING,
}
INSPECTION = "年度巡检"
ONSITE_REASONS = ("需更换硬件", "远程无法登录设备", "需现场测量供电", "客户无网络条件，不能远程", "电话指导后仍未恢复")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with what follows from it."""

    text: str
    severities: tuple[Severity, ...]
    modes: tuple[ServiceMode, ...]
    found: str
    done: str

    @property
    def needs_part(self) -> bool:
        """Whether something had to be replaced."""
        return "更换" in self.done

    @property
    def service_type(self) -> ServiceType:
        """What kind of service it is."""
        named = TYPES.get(self.text.partition("：")[0])
        if named is not None:
            return named
        return (
            ServiceType.DEFECT
            if self.needs_part and "老化" not in self.found
            else ServiceType.MAINTENANCE
        )


@lru_cache(maxsize=1)
def faults() -> dict[str, tuple[Fault, ...]]:
    """Every fault by the kind of device; ``none`` are requests without one."""
    found: dict[str, list[Fault]] = {}
    kind = ""
    for line in _TABLE.strip().splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
            continue
        text, severities, modes, inspection, result = line.split("|")
        fault = Fault(
            text, tuple(Severity(s) for s in severities), tuple(MODES[m] for m in modes), inspection, result
        )  # fmt: skip
        found.setdefault(kind, []).append(fault)
    return {kind: tuple(rows) for kind, rows in found.items()}
