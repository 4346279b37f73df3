"""The regulation's clauses on screen: every clause chip leads here, to its words and what its blanks are set to."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path

from flask import Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin_views.base_view import ProjectView
from admin_views.drawing import percent
from admin_views.page import Clause
from rules.parameter import DEFINITIONS, ParameterKind, Parameters
from rules.period import Month
from rules.receivable import ReceivableKind
from workflows.parameter import parameter_history
from workflows.transaction import today
from workflows.words import word

FILE = Path(__file__).with_name("clauses.txt")
PER_VISIT, PER_MONTH, YUAN, TIMES = _l("元/次"), _l("元/月"), _l("元"), _l("次/月")
MONTHS, WORKDAYS, DAYS = _l("个月"), _l("个工作日"), _l("天")
UNITS = {
    "allowance_onsite": PER_VISIT, "allowance_phone": PER_VISIT, "allowance_online": PER_VISIT,
    "onsite_labour_rate": PER_VISIT, "no_complaint_bonus": PER_MONTH, "complaint_penalty": PER_VISIT,
    "complaint_limit": TIMES, "credit_threshold": YUAN, "overdue_months": MONTHS, "private_charge_penalty": PER_VISIT,
    "minimum_wage": PER_MONTH, "complaint_answer_days": WORKDAYS, "repeat_fault_days": DAYS,
}  # fmt: skip
# What the screens call the parameters, in the reader's language.
NAMES = {
    "allowance_onsite": _l("现场服务补贴"), "allowance_phone": _l("电话服务补贴"), "allowance_online": _l("在线服务补贴"),
    "onsite_labour_rate": _l("非专职人工费"), "no_complaint_bonus": _l("无投诉奖金"), "complaint_penalty": _l("投诉处罚"),
    "complaint_limit": _l("投诉上限"), "credit_threshold": _l("赊销审批限额"), "parts_commission_rate": _l("配件奖金比例"),
    "software_commission_rate": _l("软件奖金比例"), "overdue_kinds": _l("逾期扣款范围"), "overdue_months": _l("逾期期限"),
    "deduction_rate_min": _l("承担比例下限"), "deduction_rate_max": _l("承担比例上限"),
    "private_charge_penalty": _l("私自收费处罚"), "deduction_cap_rate": _l("扣款上限比例"),
    "minimum_wage": _l("最低工资标准"), "callback_share": _l("回访比例"), "complaint_answer_days": _l("投诉答复期限"),
    "repeat_fault_days": _l("重复故障期限"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """One clause in both languages: heading and words."""

    code: str
    titles: tuple[str, str]
    words: tuple[str, str]

    @property
    def title(self) -> str:
        return self.titles[_language()]

    @property
    def text(self) -> str:
        return self.words[_language()]

    @property
    def chapter(self) -> str:
        return self.code.partition(".")[0]


def _language() -> int:
    locale = get_locale()
    return 0 if locale is None or locale.language == "zh" else 1


@cache
def clause_texts() -> dict[str, Text]:
    """All clauses by code, in the order of the regulation."""
    found = {}
    for block in FILE.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.strip().splitlines() if not line.startswith("#")]
        if not lines:
            continue
        head, chinese, english = lines
        code, _space, titles = head.partition(" ")
        first, _bar, second = titles.partition(" | ")
        found[code] = Text(code, (first, second), (chinese, english))
    return found


def clause_of(code: str) -> Clause:
    """A clause with its heading and address; only the code where its words are not here."""
    known = clause_texts().get(code)
    if known is None:
        return Clause(code)
    return Clause(code, known.title, url_for("regulation.clause", code=code))


@dataclass(frozen=True, slots=True)
class Blank:
    """A parameter as the screens print it: its name, value and unit."""

    code: str
    name: str
    value: str
    unit: str


def shown_value(code: str, text: str) -> str:
    """A parameter's value as people write it: ``30 %``, ``1,200.00``, ``配件销售、软件服务``."""
    kind = DEFINITIONS[code].kind
    if kind is ParameterKind.KINDS:
        return _("、").join(word(ReceivableKind(one)) for one in text.split(","))
    if kind is ParameterKind.RATE:
        return percent(Decimal(text))
    return f"{Decimal(text):,.2f}" if kind is ParameterKind.MONEY else text


def blanks(version: Parameters, clause: str) -> tuple[Blank, ...]:
    """The parameters of a clause."""
    return tuple(
        Blank(
            code,
            str(NAMES[code]),
            shown_value(code, version.values[code]),
            str(UNITS.get(code, "")),
        )
        for code, definition in DEFINITIONS.items()
        if definition.clause == clause
    )


class RegulationView(ProjectView):
    """制度条款."""

    icon = "book"
    permissions = {"index": "parameter.read", "clause": "parameter.read"}

    def __init__(self, **kwargs: str) -> None:
        super().__init__(name=_l("制度条款"), category="oversight", **kwargs)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All clauses, with the parameters as they are in a month."""
        try:
            month = Month.parse(request.args.get("month") or str(Month.of(today())))
        except ValueError:
            abort(404)
        version = parameter_history().of(month)
        chapters = [
            (code, list(texts))
            for code, texts in groupby(clause_texts().values(), key=lambda text: text.chapter)
        ]
        filled = {code: blanks(version, code) for code in clause_texts()}
        return self.render(
            "admin/regulation.html", chapters=chapters, blanks=filled, version=version, month=month
        )

    @expose("/<code>")
    def clause(self, code: str) -> ResponseReturnValue:
        """One clause: beside the page that asks for it, or in its place among the others."""
        text = clause_texts().get(code)
        if text is None:
            abort(404)
        if "HX-Request" not in request.headers:
            return redirect(url_for(".index", _anchor=code))
        version = parameter_history().of(Month.of(today()))
        return render_template(
            "admin/regulation_clause.html", text=text, blanks=blanks(version, code), version=version
        )


def register_regulation(app: Flask) -> None:
    """Let every template turn a clause's code into its chip."""
    app.jinja_env.globals["clause_of"] = clause_of
