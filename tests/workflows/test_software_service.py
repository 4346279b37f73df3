"""Software services: reported, approved before the customer is charged, completed (R6.3)."""

from decimal import Decimal

import pytest

from models import db
from rules.parts_sale import ApprovalLevel
from rules.permissions import Role
from rules.software_service_steps import SERVICE_STEPS, ServiceState, ServiceVerb
from tests.cast import account
from tests.workflows.money_cast import cast_of_money, customer_id, employee_id
from workflows import software_service as services
from workflows.receivable import PaymentReceived, record_payment
from workflows.refusal import Forbidden, Refused
from workflows.transaction import today


@pytest.fixture
def cast(app):
    return cast_of_money()


def report(cast, fee="2000.00", actor=None, **overrides):
    values = {"content": "系统安装", "invoice_wanted": True, "customer_id": customer_id(),
              "handler_id": employee_id(), "total": Decimal(fee)}  # fmt: skip
    return services.create_software_service(values | overrides, actor=actor or cast["commerce"])


def do(verb, row, actor, **values):
    getattr(services, f"{verb}_software_service")(row.id, values, version=None, actor=actor)
    db.session.expire_all()


def pay(cast, row):
    received = PaymentReceived("SK-1", today(), row.receivable.total)
    record_payment(row.receivable.number, received, actor=cast["finance"])


def test_the_customer_is_charged_only_after_the_approval(cast):
    row = report(cast)
    with pytest.raises(Refused, match="批准前不能收费"):
        pay(cast, row)
    do("approve", row, cast["manager"])
    pay(cast, row)
    do("complete", row, cast["commerce"])
    assert row.state is ServiceState.COMPLETED
    assert row.receivable.arose_on == today()


@pytest.mark.parametrize(
    ("fee", "by", "level"),
    [("4999.99", "manager", ApprovalLevel.MANAGER), ("5000.00", "leader", ApprovalLevel.LEADER)],
)
def test_the_levels_are_those_of_credit(cast, fee, by, level):
    row = report(cast, fee)
    do("approve", row, cast[by])
    assert row.approval_level is level


def test_the_manager_does_not_approve_from_the_threshold_on(cast):
    row = report(cast, "5000.00")
    with pytest.raises(Refused, match="公司领导"):
        do("approve", row, cast["manager"])


def test_a_refused_service_is_reported_anew_by_changing_it(cast):
    row = report(cast)
    do("refuse", row, cast["manager"], reason="太便宜")
    assert row.state is ServiceState.REFUSED
    values = {"content": "系统安装", "invoice_wanted": False, "customer_id": customer_id(),
              "handler_id": employee_id(), "total": Decimal("2500.00")}  # fmt: skip
    services.update_software_service(row.id, values, version=None, actor=cast["commerce"])
    db.session.expire_all()
    assert (row.state, row.receivable.total) == (ServiceState.REPORTED, Decimal("2500.00"))


def test_nobody_approves_what_he_handles_or_reported(cast):
    row = report(cast)
    with pytest.raises(Forbidden, match="本人"):
        do("approve", row, account("h", Role.MANAGER, employee="T001"))
    both = account("b", Role.COMMERCE, Role.MANAGER)
    with pytest.raises(Forbidden, match="另一个人"):
        do("approve", report(cast, actor=both), both)


def test_no_step_can_be_skipped(cast):
    row = report(cast)
    with pytest.raises(Refused, match="待审批"):
        do("complete", row, cast["commerce"])
    do("cancel", row, cast["commerce"], reason="客户撤单")
    for verb in ("approve", "complete", "cancel"):
        actor = cast["manager"] if verb == "approve" else cast["commerce"]
        with pytest.raises(Refused, match="已取消"):
            do(verb, row, actor, reason="x")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", [v for v in ServiceVerb if v is not ServiceVerb.CHANGE])
def test_each_step_is_for_its_roles_only(cast, verb, role):
    allowed = {r for (_, known), step in SERVICE_STEPS.items() if known is verb for r in step.roles}
    if role in allowed:
        return
    with pytest.raises(Forbidden):
        do(verb.value, report(cast), account("x", role), reason="x")
