"""The audit trail: every change, filtered, and the check that the chain is whole (R10, I15)."""

import json
from functools import partial
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import func, select

from admin_views.audit_words import (
    NOUNS,
    VERBS,
    noun_words,
    origin_words,
    subject_words,
    verb_words,
)
from admin_views.noun.column import Column, words
from admin_views.noun.filter import DayFilter, PickFilter, WordFilter
from admin_views.noun.mask import sees_private
from admin_views.noun.part import Fact, Head, Tab
from admin_views.noun.view import NounView
from admin_views.value_words import ValueWords, is_change, name_words
from models import db
from models.account import Account
from models.audit import AuditRecord
from models.employee import Employee
from workflows.audit import breaches


class AuditView(NounView):
    """审计记录."""

    noun = "audit"
    title = _p("list", "审计记录")
    unit = _p("audit", "条")
    group = "oversight"
    icon = "history"
    clauses = ("R10",)
    model = AuditRecord
    label = AuditRecord.subject
    joins = (
        (Account, Account.id == AuditRecord.actor_id),
        (Employee, Employee.id == Account.employee_id),
    )
    default_order = (AuditRecord.id.desc(),)
    empty = (_l("还没有记录"), _l("谁在何时改了什么，都会记在这里，一环扣一环。"))
    columns = (
        Column("id", _l("序号"), AuditRecord.id, kind="id", card="top"),
        Column("at", _l("时间"), AuditRecord.at, kind="moment", card="right"),
        Column(
            "actor", _l("谁"), (Employee.name, Account.username), card="sub",
            show=lambda v: v[0] or v[1] or _("系统"),
        ),
        Column("verb", _l("做了什么"), AuditRecord.verb, show=verb_words, card="title"),
        Column("noun", _l("对象"), AuditRecord.noun, kind="tag", show=noun_words, card="badge"),
        Column("subject", _l("编号"), (AuditRecord.subject, AuditRecord.noun), show=lambda v: subject_words(*v), card="sub"),
        Column("origin", _l("从哪里"), AuditRecord.origin, show=origin_words),
    )  # fmt: skip
    filters = (
        DayFilter("at", _l("时间"), AuditRecord.at, moment=True),
        WordFilter("verb", _l("做了什么"), AuditRecord.verb, words=VERBS),
        WordFilter("noun", _l("对象"), AuditRecord.noun, words=NOUNS),
        PickFilter("actor", _l("账号"), AuditRecord.actor_id, noun="account"),
    )
    tabs = (
        Tab("all", _l("全部")),
        Tab("exports", _l("导出"), {"verb": "export"}),
        Tab("log_ins", _l("登录失败"), {"verb": "log_in_failed"}),
    )
    list_template = "noun/audit_list.html"
    details_template = "noun/audit.html"

    def permission_of(self, endpoint: str, **arguments: Any) -> str | None:
        if endpoint == "verify":
            return self.verb_of("read")
        return super().permission_of(endpoint, **arguments)

    def name_of(self, row: Any) -> str:
        return f"#{row.id}"

    def head(self, row: Any) -> Head:
        who = row.actor.display_name if row.actor else _("系统")
        facts = (
            Fact(words(row.at), "clock"),
            Fact(who, "user"),
            Fact(origin_words(row.origin), "map-pin"),
        )
        of = f"{noun_words(row.noun)} {subject_words(row.subject, row.noun)}".strip()
        return Head(f"#{row.id} {verb_words(row.verb)} · {of}", facts=facts)

    def hub(self, row: Any) -> Any:
        """The details as (name, value before, value after) in words, and the link of the chain."""
        details = json.loads(row.details)
        said, hidden = ValueWords.of([(row.noun, details)]), not sees_private()

        def read(name: str, value: Any) -> str:
            return said.read(row.noun, row.verb, name, value, hidden=hidden) or "–"

        found = [
            (name_words(name, row.verb), *map(partial(read, name), value))
            if is_change(name, value)
            else (name_words(name, row.verb), "", read(name, value))
            for name, value in details.items()
        ]
        return {"said": found, "chain": row.chain}

    def file(self, row: Any) -> list[Any]:
        """Nothing: all of it stands above."""
        return []

    @expose("/verify", methods=("POST",))
    def verify(self) -> ResponseReturnValue:
        """Check the whole chain now."""
        records = db.session.scalars(
            select(AuditRecord).order_by(AuditRecord.id).execution_options(yield_per=1000)
        )
        found = list(breaches(records))
        count = db.session.scalar(select(func.count()).select_from(AuditRecord))
        if found:
            flash(
                _("审计链有 %(n)s 处不符，首处：%(first)s", n=len(found), first=found[0]),
                "error:R10",
            )
        else:
            flash(_("%(n)s 条记录环环相扣，没有被改动。", n=count), "success")
        return redirect(url_for(".index_view"))
