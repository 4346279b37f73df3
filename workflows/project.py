"""Projects: taking them into the file, their acceptance, and their service plans by date (R1.1, R3)."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from models import db
from models.account import Account
from models.customer import Customer
from models.project import Project, ProjectPlan
from models.service_plan import ServicePlan
from workflows.audit import record
from workflows.change import Values, apply_changes, as_created, found, only
from workflows.numbering import next_in_file
from workflows.permission import authorise
from workflows.refusal import Refused
from workflows.transaction import today, writing

FIELDS = ("name", "customer_id", "accepted_on", "warranty_months", "seal_required")
PREFIX = "XM-"


def _check(accepted_on: date | None) -> None:
    if accepted_on is not None and accepted_on > today():
        sentence = _("终验合格日期不能晚于今天：质保从这一天起算。")
        raise Refused(sentence, clause="R1.1", field="accepted_on")


def create_project(values: Values, *, actor: Account) -> Project:
    """Take a project into the file; without a number of its own it gets the next."""
    with writing():
        authorise(actor, "project.create")
        given = only(values, ("number", *FIELDS))
        given["number"] = given.get("number") or next_in_file(PREFIX, Project.number)
        if db.session.scalar(select(Project.id).where(Project.number == given["number"])):
            sentence = _("编号 %(number)s 已有项目使用。", number=given["number"])
            raise Refused(sentence, field="number")
        found(Customer, given["customer_id"])
        _check(given.get("accepted_on"))
        given["seal_required"] = bool(given.get("seal_required"))
        row = Project(**given)
        db.session.add(row)
        record(actor, "create", "project", row.number, as_created(given))
    return row


def update_project(
    project_id: int, values: Values, *, version: int | None, actor: Account
) -> Project:
    """Change a project's file; its acceptance starts the warranties of its devices."""
    with writing():
        authorise(actor, "project.change")
        row = found(Project, project_id)
        given = only(values, FIELDS)
        _check(given.get("accepted_on"))
        if "seal_required" in given:
            given["seal_required"] = bool(given["seal_required"])
        changes = apply_changes(row, given, version)
        if changes:
            record(actor, "change", "project", row.number, changes)
    return row


def set_plan(project_id: int, values: Values, *, version: int | None, actor: Account) -> Project:
    """Let a service plan hold from a day on; tickets reported before keep theirs (R3)."""
    with writing():
        authorise(actor, "project.change")
        row = found(Project, project_id)
        given = only(values, ("plan_id", "valid_from"))
        plan = found(ServicePlan, given["plan_id"])
        day = given.get("valid_from") or today()
        same_day = (ProjectPlan.project_id == row.id, ProjectPlan.valid_from == day)
        if db.session.scalar(select(ProjectPlan.id).where(*same_day)):
            sentence = _("从 %(day)s 起已定过服务级别。请换一天。", day=day)
            raise Refused(sentence, clause="R3", field="valid_from")
        before = row.plans[-1].plan.name if row.plans else None
        apply_changes(row, {}, version)
        row.row_version = row.row_version + 1
        db.session.add(ProjectPlan(project_id=row.id, plan_id=plan.id, valid_from=day))
        changes = {"plan": [before, plan.name], "valid_from": [None, day]}
        record(actor, "set_plan", "project", row.number, changes)
    return row
