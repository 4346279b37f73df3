"""Fills the overdue page: the cases that the reader may see, by case, by employee, by month."""

from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _

from admin_views.overdue_case_fill import fill_case
from admin_views.overdue_known import own_only, sees_pay
from admin_views.overdue_ledger import by_employee, by_month, latest, total_row
from admin_views.overdue_page import CaseGroup, CaseItem, OverduePage, Retry
from admin_views.page import Clause, Tab
from models.account import Account
from rules.money import ZERO, total
from rules.permissions import Reach, reach
from workflows.overdue_proposal import percent
from workflows.overdue_record import missing_evidence
from workflows.overdue_standing import GROUPS, Known, Standing, known_cases, sums_over
from workflows.transaction import today

VIEWS = ("case", "employee", "month")
MOST_ENDED = 50
CLAUSES = ("R8.2", "R8.4", "R8.5")


def fill(
    actor: Account, view: str, case_id: int | None = None, retry: Retry | None = None
) -> OverduePage | None:
    """The page under one of its views; None if the reader has no such case or view."""
    cases, taken = known_cases(own_only(actor))
    picked = next((known for known in cases if known.case.id == case_id), None)
    if view not in views_for(actor) or (case_id is not None and picked is None):
        return None
    pay, sums, last = sees_pay(actor, own_only(actor)), sums_over(cases), latest(taken)
    claims = {known.case.receivable.number for known in cases if known.group == "claims"}
    page = OverduePage(
        view, tuple(Tab(key, url_for("overdue.index", view=key), None, key == view) for key in views_for(actor)),
        sums.outstanding, sums.undecided, sums.deducted, total(row.carried for row in last),
        total(row.carried for row in last if row.source in claims), tuple(Clause(code) for code in CLAUSES),
        chosen=picked is not None, list_url=url_for("overdue.index"), sees_pay=pay,
        exports=_exports(view, actor),
    )  # fmt: skip
    if view == "case":
        shown = picked or _first(cases)
        case = fill_case(shown, actor, taken, retry) if shown else None
        return replace(page, groups=_groups(cases, shown, actor), case=case)
    rows = by_employee(cases, taken) if view == "employee" else by_month(cases, taken)
    return replace(page, rows=rows, total=total_row(cases, taken))


def views_for(actor: Account) -> tuple[str, ...]:
    """The views of the page; those by employee and month show pay, and are for who may see it."""
    return VIEWS if sees_pay(actor, own_only(actor)) else VIEWS[:1]


def _exports(view: str, actor: Account) -> tuple[tuple[str, str], ...]:
    if reach("overdue.export", actor.roles) is Reach.NONE:
        return ()
    return tuple(
        (label, url_for("overdue.export", kind=kind, view=view))
        for label, kind in (("Excel", "xlsx"), ("CSV", "csv"))
    )


def _first(cases: list[Known]) -> Known | None:
    return next((k for group in GROUPS for k in cases if k.group == group), None)


def _groups(cases: list[Known], shown: Known | None, actor: Account) -> tuple[CaseGroup, ...]:
    """The groups that have cases; of those that ended the latest ones, and the one that is open."""
    found = []
    for key in GROUPS:
        some = [known for known in cases if known.group == key]
        if key == "ended":
            some.reverse()
        kept = some[:MOST_ENDED] if key == "ended" else some
        kept += [known for known in some[len(kept) :] if known is shown]
        items = tuple(_item(known, known is shown, actor) for known in kept)
        if items:
            found.append(CaseGroup(key, items, len(some) - len(items)))
    return tuple(found)


def _item(known: Known, selected: bool, actor: Account) -> CaseItem:
    case, sums, row = known.case, known.sums, known.case.receivable
    open_case = known.group in ("undecided", "proposed")
    pay = sees_pay(actor, row.handler_id)
    return CaseItem(
        row.number, url_for("overdue.case", pk=case.id), row.handler.name, row.customer.name,
        sums.outstanding, known.standing, row.handler.left_on is not None and row.handler.left_on < today(),
        (today() - case.opened_on).days + 1 if open_case else None,
        missing_evidence(case) if open_case else (),
        None if case.rate is None else percent(case.rate),
        sums.net if pay else None, max(sums.still_open, ZERO) if pay else None,
        _ending(known), known.group != "ended", selected,
    )  # fmt: skip


def _ending(known: Known) -> str | None:
    """How a case ended, in a line."""
    case = known.case
    if known.standing is Standing.WAIVED:
        return _("领导免除：%(reason)s", reason=case.waived_reason or "")
    if known.standing is Standing.CLAIM_WAIVED:
        return _("免追偿：%(reason)s", reason=case.claim_reason or "")
    notes = {
        Standing.WITHDRAWN: _("查明按期付清"),
        Standing.PAID: _("客户付清，没有扣款"),
        Standing.REFUNDED: _("客户付清，扣款已全部返还"),
        Standing.OUTSIDE: _("上线前决定，已在系统外结算"),
    }
    return notes.get(known.standing)
