"""The parameters on screen: a version drafted by one, compared, approved or returned by the leader (R7)."""

import re

import pytest
from sqlalchemy import select

from admin_views.parameter import effect_of
from models import db
from models.audit import AuditRecord
from models.employee import Employee
from models.parameter import ParameterDraft, ParameterValue
from rules.parameter import DEFINITIONS, DraftState
from rules.period import Month
from tests.cast import JUNE, carry_through, people, take_in
from workflows import settlement as steps
from workflows.parameter import parameter_history
from workflows.parameter_draft import draft_values
from workflows.transaction import today, writing

HOME = "/admin/parameter/"
NEW = HOME + "new"
WORDS = {"month": "2027-01", "reason": "差旅成本上涨"}


def drafts():
    return db.session.scalars(select(ParameterDraft).order_by(ParameterDraft.id)).all()


def values():
    rows = db.session.scalars(select(ParameterValue).order_by(ParameterValue.id))
    return [(row.name, row.month, row.value) for row in rows]


def prepare(client, **form):
    return client.send(NEW, seen=NEW, **{**WORDS, "allowance_onsite": "40", **form})


def errors(page):
    return re.findall(r'class="ac-note ac-red[^"]*".*?</div>', page, re.S)


@pytest.fixture
def manager(app, enter):
    return enter("manager")


@pytest.fixture
def leader(app, enter):
    return enter("leader")


def test_every_blank_of_the_regulation_stands_in_a_sentence_of_some_chapter(manager):
    page = manager.page(HOME)
    shown = 0
    for url in re.findall(r'href="(/admin/parameter/\?[^"]*chapter=[^"]+)"', page):
        text = manager.page(url.replace("&amp;", "&"))
        shown += len(re.findall(r'<mark class="ac-filled', text))
    assert shown >= len(DEFINITIONS)


def test_a_draft_is_compared_in_place_and_changes_nothing_yet(manager):
    assert prepare(manager).location.endswith("view=draft")
    page = manager.page(HOME + "?view=draft&chapter=pay")
    assert "<del>30.00</del> 40.00" in page
    assert f"其余 {len(DEFINITIONS) - 1} 项不变" in page
    assert WORDS["reason"] in page
    assert parameter_history().of(Month(2027, 1)).values["allowance_onsite"] == "30.00"


def test_the_effect_on_the_latest_month_stands_beside_and_is_only_tried(app, enter):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)
    manager, before = enter("manager"), values()
    prepare(manager, allowance_onsite="60")
    page = manager.page(HOME + "?view=draft")
    assert "若用于 2026-06" in page
    assert re.search(r'应发合计.*ac-is-green">\+', page, re.S)
    assert values() == before


def test_what_an_effect_shows_adds_up_and_says_what_else_went_on(app, enter, monkeypatch):
    """R9.8: those changed most, the others together, and what was drafted where the data are not the same now."""
    monkeypatch.setattr("admin_views.parameter.SHOWN", 1)
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    steps.draft(JUNE, actor=cast["clerk"])
    manager = enter("manager")
    prepare(manager, allowance_onsite="60")
    found = effect_of({"allowance_onsite": "60.00"})
    assert len(found.people) == 1 and found.others and found.settled is None
    assert found.people[0][1] >= found.of_others / found.others
    assert found.people[0][1] + found.of_others == found.difference
    page = manager.page(HOME + "?view=draft")
    assert f"另有 {found.others} 人" in page and "此后数据有变化" not in page
    with writing():
        db.session.scalars(select(Employee).order_by(Employee.number)).first().base_pay += 100
    assert effect_of({"allowance_onsite": "60.00"}).settled == found.before
    assert f"起草时合计 {found.before:,.2f}；此后数据有变化" in manager.page(HOME + "?view=draft")


def test_a_value_is_typed_as_it_is_shown(manager):
    """What every field shows may be sent back as it stands, thousands and the sign of a share included."""
    page = manager.page(NEW)
    shown = dict(
        re.findall(
            r'<input class="form-control" id="\w+" name="(\w+)" value="([^"]*)" maxlength="80">',
            page,
        )
    )
    assert (shown["minimum_wage"], shown["deduction_cap_rate"]) == ("2,000.00", "20\u2009%")
    assert prepare(manager, **(shown | {"credit_threshold": "12,000.00"})).status_code == 302
    (draft,) = drafts()
    assert draft_values(draft) == {"credit_threshold": "12000.00"}


def test_the_leader_approves_what_he_saw_and_it_holds_from_its_month_on(manager, leader):
    prepare(manager)
    (draft,) = drafts()
    page = leader.page(HOME + "?view=draft")
    assert draft.digest in page
    assert leader.send(f"{HOME}{draft.id}/approve", HOME, digest=draft.digest).status_code == 302
    assert parameter_history().of(Month(2026, 12)).values["allowance_onsite"] == "30.00"
    assert parameter_history().of(Month(2027, 1)).values["allowance_onsite"] == "40.00"
    versions = leader.page(HOME + "?view=versions")
    assert "2027-01 起" in versions
    assert "web-leader" in versions


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_what_was_not_seen_is_not_approved(manager, leader, digest):
    prepare(manager)
    (draft,) = drafts()
    leader.send(f"{HOME}{draft.id}/approve", HOME, digest=digest)
    assert "提交后内容有变化" in leader.page(HOME)
    assert drafts()[0].state is DraftState.PENDING


def test_a_returned_draft_holds_nowhere_and_needs_a_reason(manager, leader):
    prepare(manager)
    (draft,) = drafts()
    leader.send(f"{HOME}{draft.id}/return", HOME, reason=" ")
    assert "请写明退回的理由" in leader.page(HOME)
    leader.send(f"{HOME}{draft.id}/return", HOME, reason="先看一季度")
    assert drafts()[0].state is DraftState.RETURNED
    assert leader.get(HOME + "?view=draft").status_code == 404
    leader.send(f"{HOME}{draft.id}/approve", HOME, digest=draft.digest)
    assert "已经决定过" in leader.page(HOME)


def test_nobody_approves_his_own(enter):
    both = enter("manager", "leader")
    prepare(both)
    (draft,) = drafts()
    assert "dlg-approve" not in both.page(HOME + "?view=draft")
    both.send(f"{HOME}{draft.id}/approve", HOME, digest=draft.digest)
    assert drafts()[0].state is DraftState.PENDING


@pytest.mark.parametrize("role", ["technician", "commerce", "finance", "auditor", "admin"])
def test_others_neither_draft_nor_approve(manager, enter, role):
    prepare(manager)
    (draft,) = drafts()
    other = enter(role, employee=None)
    for path in (NEW, f"{HOME}{draft.id}/approve", f"{HOME}{draft.id}/return"):
        answer = other.send(path, "/admin/profile/", **WORDS, digest=draft.digest)
        assert answer.status_code == 403
    assert drafts()[0].state is DraftState.PENDING


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"month": "明年一月"}, "生效月份应写成"),
        ({"month": "2027-13"}, "生效月份应写成"),
        ({"reason": "  "}, "请写明为什么改"),
        ({"allowance_onsite": "三十"}, "“三十”"),
        ({"allowance_onsite": "-5"}, "-5"),
        ({"deduction_cap_rate": "130%"}, "130%"),
        ({"allowance_onsite": "30.00"}, "没有一项与现行的不同"),
    ],
)
def test_what_cannot_be_read_is_told_and_what_was_typed_is_kept(manager, form, sentence):
    answer = prepare(manager, **form)
    page = answer.get_data(as_text=True)
    assert answer.status_code in (400, 409)
    (told,) = errors(page)
    assert sentence in told
    for name, text in form.items():
        assert f'name="{name}"' in page
        assert text.strip() in page
    assert drafts() == []


def test_a_month_whose_settlement_was_submitted_keeps_its_version(app, enter):
    cast = people()
    take_in("register.xlsx", cast["clerk"])
    carry_through(JUNE, cast)
    manager = enter("manager")
    page = prepare(manager, month="2026-06").get_data(as_text=True)
    assert "2026-06 已提交结算" in page
    assert "2026-07 起生效" in page
    assert prepare(manager, month="2026-07").status_code == 302


def test_who_drafted_and_who_decided_is_on_record(manager, leader):
    prepare(manager)
    (draft,) = drafts()
    leader.send(f"{HOME}{draft.id}/approve", HOME, digest=draft.digest)
    query = select(AuditRecord).where(AuditRecord.noun == "parameters").order_by(AuditRecord.id)
    found = [(r.actor.username, r.verb, r.subject, r.origin) for r in db.session.scalars(query)]
    assert found == [
        ("web-manager", "prepare", "2027-01", "web"),
        ("web-leader", "approve", "2027-01", "web"),
    ]


def test_a_draft_may_start_with_next_month(manager):
    assert f'value="{Month.of(today()).plus(1)}"' in manager.page(NEW)


@pytest.mark.parametrize(
    "query", ["?view=nothing", "?chapter=nothing", "?view=draft", "?view=' OR 1=1--"]
)
def test_what_is_not_there_is_not_found(manager, query):
    assert manager.get(HOME + query).status_code == 404
