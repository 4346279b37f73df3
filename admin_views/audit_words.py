"""The words of the audit trail: what was done, to what kind of thing (R10)."""

from flask_babel import lazy_gettext as _l

VERBS = {
    "accept": _l("接单"), "answer": _l("答复"), "approve": _l("批准"), "ask_support": _l("求援"), "assign": _l("指派"), "attach": _l("上传附件"),
    "call_back": _l("回访"), "cancel": _l("取消"), "change": _l("修改"), "change_roles": _l("改角色"),
    "charge_damage": _l("按人为损坏收费"), "choose_columns": _l("选择显示的列"),
    "check": _l("核对质保"), "clear": _l("澄清"), "close": _l("关闭"),
    "collect": _l("催收"), "complete": _l("由登记簿补全"), "confirm": _l("确认"), "confirm_proposal": _l("客户认可方案"),
    "confirm_purchase": _l("确认进货价"), "create": _l("新建"), "decide": _l("核实"), "decline": _l("放弃"),
    "deliver": _l("发货"), "disable": _l("停用"), "dispatch": _l("派工"), "draft": _l("起草"), "drop_view": _l("删去保存的条件"),
    "edit": _l("修改"),
    "enable": _l("启用"), "end_sessions": _l("结束登录"), "escalate": _l("转部门经理"), "export": _l("导出"),
    "give_back": _l("退回"), "give_up": _l("无法修复"), "import": _l("导入"), "judge_warranty": _l("改判质保"),
    "leave": _l("结束服务"), "log_in": _l("登录"), "log_in_failed": _l("登录失败"), "maker_comes": _l("厂商上门"),
    "note": _l("备注"), "pay": _l("发放"), "prepare": _l("起草"), "propose": _l("提出"), "propose_waiver": _l("提议免除"),
    "pursue": _l("追偿"), "quote": _l("报价"), "reassign": _l("改派"), "receive_form": _l("收反馈单"), "record": _l("登记"),
    "refuse": _l("拒绝"), "register": _l("登记"), "reopen": _l("重开"), "repair": _l("已修复"), "replace": _l("更换"),
    "request": _l("申请"), "resume": _l("恢复"), "return": _l("退回"), "return_form": _l("退回反馈单"),
    "reveal": _l("查看完整信息"), "reverse": _l("冲销"),
    "review": _l("审核"), "save": _l("暂存"), "save_view": _l("保存筛选条件"), "send": _l("送修"), "send_back": _l("退回"), "serve": _l("完成服务"),
    "set_password": _l("设密码"), "set_plan": _l("改服务级别"), "set_severity": _l("改等级"), "start": _l("开始服务"), "state": _l("陈述"),
    "submit": _l("提交"), "submit_form": _l("交反馈单"), "verify": _l("核实"), "void": _l("作废"), "wait": _l("挂起"), "waive": _l("免除"),
    "waive_claim": _l("免追偿"), "withdraw": _l("撤回"), "write": _l("填写"), "settle_dispute": _l("处理疑问"),
}  # fmt: skip
NOUNS = {
    "base_pay": _l("底薪核定"),
    "account": _l("账号"), "attachment": _l("附件"), "audit": _l("审计记录"), "calendar_day": _l("工作日历"),
    "call_back": _l("回访"), "complaint": _l("投诉"), "contact": _l("联系人"), "correction": _l("更正"), "customer": _l("客户"),
    "demonstration": _l("示例公司"), "device": _l("设备"), "employee": _l("员工"), "expense": _l("报销"), "feedback_form": _l("反馈单"),
    "form": _l("反馈单"), "invoice": _l("发票"), "maker": _l("厂商"), "overdue": _l("逾期扣款"),
    "overdue_case": _l("逾期扣款"), "parameters": _l("参数"), "parts_sale": _l("配件销售"), "payment": _l("收款"),
    "private_charge_case": _l("私自收费"), "project": _l("项目"), "receivable": _l("应收款"), "repair": _l("返厂维修"),
    "service_plan": _l("服务级别"), "settlement": _l("月度结算"), "setting": _l("设置"), "site": _l("客户地点"),
    "software_service": _l("软件服务"), "ticket": _l("服务单"), "visit": _l("服务实施"), "write_off": _l("核销"),
    # What an import puts on record goes by the sheets of the register.
    "base_pay_entries": _l("底薪核定"), "calendar_days": _l("工作日历"), "call_backs": _l("回访"),
    "complaints": _l("投诉"), "customers": _l("客户"), "decisions": _l("逾期扣款"), "devices": _l("设备"),
    "employees": _l("员工"), "expenses": _l("报销"), "forms": _l("反馈单"), "makers": _l("厂商"),
    "parts_sales": _l("配件销售"), "payments": _l("收款"), "projects": _l("项目"), "repairs": _l("返厂维修"),
    "service_promises": _l("服务级别"), "software_services": _l("软件服务"), "tickets": _l("服务单"), "waits": _l("挂起"),
}  # fmt: skip
ORIGINS = {"cli": _l("命令行"), "web": _l("网页")}


def verb_words(verb: str) -> str:
    """What was done, in words."""
    return str(VERBS.get(verb, verb))


def noun_words(noun: str) -> str:
    """To what kind of thing, in words."""
    return str(NOUNS.get(noun, noun))


def origin_words(origin: str) -> str:
    """From where, in words; an address as it is."""
    kind, _space, address = origin.partition(" ")
    return f"{ORIGINS.get(kind, kind)} {address}".strip()


def subject_words(subject: str, noun: str) -> str:
    """The number of what was touched; nothing where it was the list as a whole, as in an export."""
    return "" if subject == noun else subject
