"""The buttons of a ticket: each verb of its state table with its question, its form and the workflow behind it (R2.4)."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views.noun.field import Choice, Day, Line, Number, Pick, Text, YesNo
from admin_views.noun.form import NounForm, Section
from admin_views.noun.part import Bulk, Step
from models.account import Account
from models.ticket import Ticket
from rules.ticket import ServiceMode, Severity, TicketState, WaitReason
from rules.ticket_steps import STEPS, TicketVerb
from workflows import call_back, replacement, ticket_dispatch, ticket_intake, ticket_work, visit


def _one(name: str, field: Any, **others: Any) -> type[NounForm]:
    """A small form of one or a few fields."""
    fields = {name: field, **others}
    return type(
        f"{name.title()}Form", (NounForm,), {**fields, "sections": (Section("", tuple(fields)),)}
    )


def _why(label: Any) -> Text:
    return Text(label, required=True, most=200, wide=True)


NoteForm = _one("note", Text(_l("备注"), most=200, wide=True))
DispatchForm = _one(
    "employee_id", Pick(_l("技术员"), noun="employee", required=True),
    second_id=Pick(_l("同去的人"), noun="employee"),
    mode=Choice(_l("方式"), codes=ServiceMode, hint=_l("留空按登记的方式；优先电话、在线。")),
    onsite_reason=Line(_l("现场原因"), most=200, hint=_l("上门必填：为何不能远程（R2.2）。")),
    agreed_on=Day(_l("约定日期"), hint=_l("C、D 级必填（R3.5）。")),
)  # fmt: skip
DispatchAllForm = _one(
    "employee_id", Pick(_l("技术员"), noun="employee", required=True),
    second_id=Pick(_l("同去的人"), noun="employee"), note=Line(_l("备注"), most=200),
)  # fmt: skip
ReassignForm = _one(
    "employee_id", Pick(_l("改派给"), noun="employee", required=True),
    second_id=Pick(_l("同去的人"), noun="employee"), reason=_why(_l("改派原因")),
)  # fmt: skip
WorkForm = _one(
    "content", Text(_l("做了什么"), required=True, most=2000, wide=True),
    result=Text(_l("结果"), required=True, most=2000, wide=True),
    advice=Text(_l("给客户的使用建议"), most=2000, wide=True),
)  # fmt: skip
StartForm = _one(
    "mode", Choice(_l("方式"), codes=ServiceMode, hint=_l("留空按派工的方式。")),
    place=Line(_l("地点"), most=200),
)  # fmt: skip
WaitForm = _one(
    "reason", Choice(_l("等谁"), codes=WaitReason, required=True), note=Line(_l("说明"), most=200)
)
SeverityForm = _one(
    "severity", Choice(_l("问题等级"), codes=Severity, required=True), reason=_why(_l("理由"))
)
WarrantyForm = _one(
    "out_of_warranty", YesNo(_l("判为"), yes=_l("过保"), no=_l("在保"), hint=_l("选“未定”恢复按设备计算。")),
    reason=_why(_l("理由")),
)  # fmt: skip
ConfirmForm = _one(
    "confirmed_by", Line(_l("客户方谁确认"), required=True, most=80),
    manner=Line(_l("怎么确认"), required=True, most=100, example=_l("电话、邮件、短信")),
)  # fmt: skip
CallForm = _one(
    "reached", YesNo(_l("结果"), yes=_l("已接通"), no=_l("未接通"), required=True),
    satisfaction=Number(_l("客户说的满意度"), least=1, most=5, hint=_l("1 非常不满意 … 5 非常满意。")),
    not_served=YesNo(_l("客户称没有服务"), yes=_l("是"), no=_l("否")),
    money_taken=YesNo(_l("客户称被收了钱"), yes=_l("是"), no=_l("否")),
    remarks=Text(_l("备注"), most=2000, wide=True),
)  # fmt: skip


def _people(values: dict[str, Any]) -> list[int]:
    return [values[k] for k in ("employee_id", "second_id") if values.get(k)]


def _text(values: dict[str, Any], name: str) -> str:
    return str(values.get(name) or "")


def _dispatch(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    ticket_dispatch.dispatch(
        number, _people(values), actor=actor, mode=values.get("mode"), onsite_reason=values.get("onsite_reason"),
        agreed_on=values.get("agreed_on"), version=version,
    )  # fmt: skip


def _dispatch_all(ids: Sequence[int], values: dict[str, Any], *, actor: Account) -> None:
    ticket_dispatch.dispatch_all(ids, _people(values), actor=actor, note=_text(values, "note"))


def _set_severities(ids: Sequence[int], values: dict[str, Any], *, actor: Account) -> None:
    severity, reason = values["severity"], _text(values, "reason")
    ticket_intake.set_severities(ids, severity, actor=actor, reason=reason)


def _work(values: dict[str, Any]) -> visit.Work:
    return visit.Work(_text(values, "content"), _text(values, "result"), _text(values, "advice"))


def _call(number: int, values: dict[str, Any], *, version: int | None, actor: Account) -> None:
    call = call_back.Call(
        bool(values.get("reached")), values.get("satisfaction"), _text(values, "remarks"),
        bool(values.get("not_served")), bool(values.get("money_taken")),
    )  # fmt: skip
    call_back.call_back(number, call, actor=actor, version=version)


Run = Callable[..., Any]
V, T = TicketVerb, _text


def _step(
    verb: TicketVerb, label: Any, run: Run, cause: Any, form: type[NounForm] | None = None,
    also: Callable[[Ticket], str] = lambda row: "", **look: Any,
) -> Step:  # fmt: skip
    return Step(
        verb.value, label, f"ticket.{verb}", run,
        lambda row: _("%(number)s：%(step)s？", number=row.number, step=label),
        lambda row: [told for told in (also(row), cause) if told], _open(verb), form, **look,
    )  # fmt: skip


def _once_more(row: Ticket) -> str:
    """That starting a ticket already in service is another visit."""
    again = row.status is TicketState.IN_SERVICE
    return _("已经在服务中：这是再来一次，另记一次服务。") if again else ""


def _open(verb: TicketVerb) -> Callable[[Ticket], bool]:
    return lambda row: (row.status, verb) in STEPS


TICKET_STEPS = (
    _step(V.VERIFY, _l("核实"), lambda n, v, *, version, actor: ticket_intake.verify(n, actor=actor, note=T(v, "note"), version=version),
          _l("与客户核对过，才能派工（R2.1）。"), NoteForm, primary=True),
    _step(V.DISPATCH, _l("派工"), _dispatch, _l("派给专职技术员；没有空闲的转部门经理（R2.5）。"), DispatchForm, icon="user-plus", primary=True),
    _step(V.ESCALATE, _l("转部门经理"), lambda n, v, *, version, actor: ticket_dispatch.escalate(n, actor=actor, note=T(v, "note"), version=version),
          _l("没有空闲的专职人员，请经理派人（R2.5）。"), NoteForm, icon="arrow-back-up"),
    _step(V.ACCEPT, _l("接单"), lambda n, v, *, version, actor: ticket_dispatch.accept(n, actor=actor, version=version),
          _l("响应时钟到此为止。"), primary=True),
    _step(V.REFUSE, _l("拒单"), lambda n, v, *, version, actor: ticket_dispatch.refuse(n, actor=actor, reason=T(v, "reason"), version=version),
          _l("退回派工，拒绝留痕（R2.5）。"), _one("reason", _why(_l("原因"))), icon="x", danger=True),
    _step(V.START, _l("开始服务"), lambda n, v, *, version, actor: visit.start(n, actor=actor, mode=v.get("mode"), place=T(v, "place"), version=version),
          _l("现场服务的到场时钟到此为止。"), StartForm, also=_once_more, icon="player-play", primary=True),
    _step(V.SERVE, _l("服务完成"), lambda n, v, *, version, actor: visit.serve(n, _work(v), actor=actor, version=version),
          _l("恢复时钟到此为止；随后填反馈单请客户签字（R4.2）。"), WorkForm, primary=True),
    _step(V.LEAVE, _l("本次结束，还要再来"), lambda n, v, *, version, actor: visit.leave(n, _work(v), actor=actor, version=version),
          _l("这一次记下，服务单继续。"), WorkForm, icon="logout"),
    _step(V.WAIT, _l("挂起"), lambda n, v, *, version, actor: ticket_work.wait(n, v["reason"], actor=actor, note=T(v, "note"), version=version),
          _l("只有等客户才停钟（R3.1）。"), WaitForm, icon="player-pause"),
    _step(V.RESUME, _l("结束挂起"), lambda n, v, *, version, actor: ticket_work.resume(n, actor=actor, note=T(v, "note"), version=version),
          _l("时钟接着走。"), NoteForm, icon="player-play", primary=True),
    _step(V.PROPOSE, _l("提交方案"), lambda n, v, *, version, actor: ticket_work.propose(n, actor=actor, proposal=T(v, "proposal"), version=version),
          _l("方案时钟到此为止（R3.5）。"), _one("proposal", Text(_l("方案内容"), required=True, most=500, wide=True)), icon="file-text"),
    _step(V.CONFIRM_PROPOSAL, _l("客户认可方案"), lambda n, v, *, version, actor: ticket_work.confirm_proposal(
              n, actor=actor, confirmed_by=T(v, "confirmed_by"), manner=T(v, "manner"), version=version),
          _l("留底：谁、怎样认可（R3.5）。"), ConfirmForm, icon="circle-check"),
    _step(V.ASK_SUPPORT, _l("求援"), lambda n, v, *, version, actor: ticket_work.ask_support(n, actor=actor, question=T(v, "question"), version=version),
          _l("请技术支持或厂商工程师（R3.5）。"), _one("question", _why(_l("问谁、问什么"))), icon="headset"),
    _step(V.REASSIGN, _l("改派"), lambda n, v, *, version, actor: ticket_dispatch.reassign(
              n, _people(v), actor=actor, reason=T(v, "reason"), version=version),
          _l("原来的人留痕，换人继续（R2.5）。"), ReassignForm, icon="user-plus"),
    _step(V.CALL_BACK, _l("登记回访"), _call, _l("与反馈单相差 2 分以上、称没服务或被收钱，记为有疑问（R4.4）。"), CallForm, icon="phone", primary=True),
    _step(V.CLOSE, _l("关闭"), lambda n, v, *, version, actor: ticket_intake.close(n, actor=actor, version=version),
          _l("关闭后只能重开。"), icon="check"),
    _step(V.SET_SEVERITY, _l("改等级"), lambda n, v, *, version, actor: ticket_intake.set_severity(
              n, v["severity"], actor=actor, reason=T(v, "reason"), version=version),
          _l("各时钟从报修时间起重算（R3.3）。"), SeverityForm, icon="flag"),
    _step(V.JUDGE_WARRANTY, _l("改判质保"), lambda n, v, *, version, actor: ticket_intake.judge_warranty(
              n, v.get("out_of_warranty"), actor=actor, reason=T(v, "reason"), version=version),
          _l("以您的判定为准，留痕（R1.4）。"), WarrantyForm, icon="shield-check"),
    _step(V.CHARGE_DAMAGE, _l("认定人为损坏"), lambda n, v, *, version, actor: ticket_intake.charge_damage(n, actor=actor, reason=T(v, "reason"), version=version),
          _l("在保也收费（R1.2）。"), _one("reason", _why(_l("认定的理由"))), icon="alert-triangle"),
    _step(V.REPLACE, _l("保内更换"), lambda n, v, *, version, actor: replacement.replace(n, actor=actor, note=T(v, "note"), version=version),
          _l("质保顺延停用的天数（R1.3）。"), NoteForm, icon="refresh"),
    _step(V.NOTE, _l("记一笔"), lambda n, v, *, version, actor: ticket_work.add_note(n, actor=actor, text=T(v, "text")),
          "", _one("text", Text(_l("内容"), required=True, most=500, wide=True)), icon="message"),
    _step(V.CANCEL, _l("取消"), lambda n, v, *, version, actor: ticket_intake.cancel(n, actor=actor, reason=T(v, "reason"), version=version),
          _l("单号保留，不能恢复（R2.4）。"), _one("reason", _why(_l("原因"))), icon="x", danger=True),
    _step(V.REOPEN, _l("重开"), lambda n, v, *, version, actor: ticket_intake.reopen(n, actor=actor, reason=T(v, "reason"), version=version),
          _l("回到派工，以前的经过都保留（R2.4）。"), _one("reason", _why(_l("原因"))), icon="refresh", danger=True),
)  # fmt: skip
TICKET_BULK = (
    Bulk(
        "dispatch", _l("派工"), "ticket.dispatch", _dispatch_all,
        lambda n: _("把这 %(n)s 张服务单派给同一个人？", n=n),
        lambda rows: (_("有一张不能派，就都不派；各张按登记的方式服务。"),),
        _open(V.DISPATCH), DispatchAllForm, "user-plus",
    ),
    Bulk(
        "set_severity", _l("改等级"), "ticket.set_severity", _set_severities,
        lambda n: _("改这 %(n)s 张服务单的问题等级？", n=n),
        lambda rows: (_("各时钟从报修时间起重算（R3.3）。"),),
        _open(V.SET_SEVERITY), SeverityForm, "flag",
    ),
)  # fmt: skip
