"""The words of the audit trail: what was done, to what kind of thing (R10)."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

VERBS = {
    "accept": _p("done", "接单"), "answer": _p("done", "答复"), "approve": _p("done", "批准"), "ask_support": _p("done", "求援"), "assign": _p("done", "指派"), "attach": _p("done", "上传附件"),
    "call_back": _p("done", "回访"), "cancel": _p("done", "取消"), "change": _p("done", "修改"), "change_roles": _p("done", "改角色"),
    "charge_damage": _p("done", "按人为损坏收费"), "choose_columns": _p("done", "选择显示的列"),
    "check": _p("done", "核对质保"), "clear": _p("done", "澄清"), "close": _p("done", "关闭"),
    "collect": _p("done", "催收"), "complete": _p("done", "由登记簿补全"), "confirm": _p("done", "确认"), "confirm_proposal": _p("done", "客户认可方案"),
    "confirm_purchase": _p("done", "确认进货价"), "create": _p("done", "新建"), "decide": _p("done", "核实"), "decline": _p("done", "放弃"),
    "deliver": _p("done", "发货"), "disable": _p("done", "停用"), "dispatch": _p("done", "派工"), "draft": _p("done", "起草"), "drop_view": _p("done", "删去保存的条件"),
    "edit": _p("done", "修改"),
    "enable": _p("done", "启用"), "end_sessions": _p("done", "结束登录"), "escalate": _p("done", "转部门经理"), "export": _p("done", "导出"),
    "give_back": _p("done", "退回"), "give_up": _p("done", "无法修复"), "import": _p("done", "导入"), "judge_warranty": _p("done", "改判质保"),
    "leave": _p("done", "结束服务"), "log_in": _p("done", "登录"), "log_in_failed": _p("done", "登录失败"), "maker_comes": _p("done", "厂商上门"),
    "note": _p("done", "备注"), "pay": _p("done", "发放"), "prepare": _p("done", "起草"), "propose": _p("done", "提出"), "propose_waiver": _p("done", "提议免除"),
    "pursue": _p("done", "追偿"), "quote": _p("done", "报价"), "reassign": _p("done", "改派"), "receive_form": _p("done", "收反馈单"), "record": _p("done", "登记"),
    "refuse": _p("done", "拒绝"), "register": _p("done", "登记"), "reopen": _p("done", "重开"), "repair": _p("done", "已修复"), "replace": _p("done", "更换"),
    "request": _p("done", "申请"), "resume": _p("done", "恢复"), "return": _p("done", "退回"), "return_form": _p("done", "退回反馈单"),
    "reveal": _p("done", "查看完整信息"), "reverse": _p("done", "冲销"),
    "review": _p("done", "审核"), "save": _p("done", "暂存"), "save_view": _p("done", "保存筛选条件"), "send": _p("done", "送修"), "send_back": _p("done", "退回"), "serve": _p("done", "完成服务"),
    "set_password": _p("done", "设密码"), "set_plan": _p("done", "改服务级别"), "set_severity": _p("done", "改等级"), "start": _p("done", "开始服务"), "state": _p("done", "陈述"),
    "submit": _p("done", "提交"), "submit_form": _p("done", "交反馈单"), "verify": _p("done", "核实"), "void": _p("done", "作废"), "wait": _p("done", "挂起"), "waive": _p("done", "免除"),
    "waive_claim": _p("done", "免追偿"), "withdraw": _p("done", "撤回"), "write": _p("done", "填写"), "settle_dispute": _p("done", "处理疑问"),
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
