"""Corrections of approved months: prepared by the clerk, reviewed by the manager, approved by the leader (R9.5)."""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import func, select

from models import db
from models.account import Account
from models.correction import Correction
from models.employee import Employee
from models.settlement import Settlement, SettlementLine
from rules.clause import implements
from rules.correction import STEPS, CorrectionState
from rules.money import ZERO, round_fen
from rules.period import Month
from rules.settlement import WAGE, LineKind
from rules.settlement_steps import FINAL, SettlementVerb
from workflows.audit import record
from workflows.permission import authorise, not_for_oneself, other_person
from workflows.refusal import Forbidden, Refused
from workflows.transaction import now, today, writing
from workflows.words import word

CORRECTABLE = WAGE | {LineKind.EXPENSE_REIMBURSEMENT}


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """What an approved month lacked (+) or had too much (−): month, employee, kind and source of the line."""

    month: Month
    employee_number: str
    kind: LineKind
    source: str
    amount: Decimal
    reason: str


def _next_number(month: Month) -> str:
    prefix = f"GZ{month.year % 100:02d}{month.number:02d}-"
    taken = db.session.scalar(
        select(func.count()).select_from(Correction).where(Correction.number.startswith(prefix))
    )
    return f"{prefix}{(taken or 0) + 1:03d}"


def _line_amount(settlement: Settlement, employee: Employee, request: CorrectionRequest) -> Decimal:
    """What the corrected line came to in its month, earlier corrections of it included."""
    of_line = (SettlementLine.kind == request.kind, SettlementLine.source == request.source)
    settled = db.session.scalar(
        select(SettlementLine.amount).where(
            SettlementLine.settlement_id == settlement.id,
            SettlementLine.employee_id == employee.id,
            *of_line,
        )
    )
    corrected = db.session.scalars(
        select(Correction.amount).where(
            Correction.employee_id == employee.id,
            Correction.corrects_month == request.month,
            Correction.kind == request.kind,
            Correction.corrects_source == request.source,
            Correction.state != CorrectionState.RETURNED,
        )
    )
    return (settled or ZERO) + sum(corrected, ZERO)


@implements("R9.5")
def prepare_correction(
    request: CorrectionRequest, *, actor: Account, origin: str = "cli"
) -> Correction:
    """The clerk prepares a correction of an approved month; it takes away at most what the line came to."""
    with writing():
        authorise(actor, "correction.prepare")
        settlement = db.session.scalar(select(Settlement).where(Settlement.month == request.month))
        if settlement is None or settlement.state not in FINAL:
            raise Refused(
                _("%(month)s 还没有审批，不用更正：请重新起草。", month=request.month),
                clause="R9.5",
            )
        employee = db.session.scalar(
            select(Employee).where(Employee.number == request.employee_number)
        )
        if employee is None:
            raise Refused(_("没有工号 %(number)s。请先登记员工。", number=request.employee_number))
        not_for_oneself(actor, employee.id, clause="R9.5")
        _check(request, _line_amount(settlement, employee, request))
        correction = Correction(
            number=_next_number(Month.of(today())), employee_id=employee.id, corrects_month=request.month,
            kind=request.kind, corrects_source=request.source, amount=request.amount,
            reason=request.reason.strip(), state=CorrectionState.PREPARED,
            prepared_by_id=actor.id, prepared_at=now(),
        )  # fmt: skip
        db.session.add(correction)
        details = {"month": request.month, "employee": f"{employee.number} {employee.name}", "kind": request.kind,
                   "source": request.source, "amount": request.amount, "reason": correction.reason}  # fmt: skip
        record(actor, "prepare", "correction", correction.number, details, origin=origin)
    return correction


def _check(request: CorrectionRequest, line: Decimal) -> None:
    if request.kind not in CORRECTABLE:
        raise Refused(
            _("扣款和返还会自己跟上，不用更正：请更正收款或案件。"), clause="R8.4", status=400
        )
    if request.amount == 0 or request.amount != round_fen(request.amount):
        raise Refused(_("更正金额不能为 0，最多两位小数；少发填正数，多发填负数。"), status=400)
    if not request.reason.strip():
        raise Refused(_("请写明更正的理由，它随结算冻结。"), clause="R9.5", status=400)
    if line + request.amount < 0:
        raise Refused(
            _("那一行只有 %(amount)s，不能扣回更多。", amount=line), clause="R9.5", status=400
        )


def _step(number: str, verb: SettlementVerb, actor: Account) -> Correction:
    authorise(actor, f"correction.{verb}")
    found = db.session.scalar(select(Correction).where(Correction.number == number))
    if found is None:
        raise Refused(_("没有更正单 %(number)s。", number=number), status=404)
    step = STEPS.get((found.state, verb))
    if step is None:
        raise Refused(
            _("更正单现在是“%(state)s”，不能%(verb)s。", state=word(found.state), verb=word(verb)),
            clause="R9.5",
        )
    if not step.roles & actor.roles:
        raise Forbidden(_("您的角色不能做这一步。请联系有权限的同事。"), clause="R9.5")
    not_for_oneself(actor, found.employee_id, clause="R9.5")
    for maker in (found.prepared_by_id, found.reviewed_by_id):
        if verb is not SettlementVerb.RETURN:
            other_person(actor, maker, clause="R9.5")
    return found


def _move(
    correction: Correction, verb: SettlementVerb, actor: Account, origin: str, **details: object
) -> None:
    correction.state = STEPS[correction.state, verb].next
    db.session.flush()
    details |= {"amount": correction.amount, "reason": correction.reason}
    record(actor, verb.value, "correction", correction.number, details, origin=origin)


def review_correction(number: str, *, actor: Account, origin: str = "cli") -> None:
    """The manager passes a correction."""
    with writing():
        correction = _step(number, SettlementVerb.REVIEW, actor)
        correction.reviewed_by_id, correction.reviewed_at = actor.id, now()
        _move(correction, SettlementVerb.REVIEW, actor, origin)


def approve_correction(number: str, *, actor: Account, origin: str = "cli") -> None:
    """The leader approves a correction; it becomes a line of the first open month from today's on."""
    with writing():
        correction = _step(number, SettlementVerb.APPROVE, actor)
        correction.approved_by_id, correction.approved_on = actor.id, today()
        _move(correction, SettlementVerb.APPROVE, actor, origin)


def return_correction(number: str, *, actor: Account, reason: str, origin: str = "cli") -> None:
    """Manager or leader send a correction back with a reason; it ends there."""
    with writing():
        correction = _step(number, SettlementVerb.RETURN, actor)
        if not reason.strip():
            raise Refused(_("请写明退回的理由。"), status=400)
        _move(correction, SettlementVerb.RETURN, actor, origin, why=reason.strip())
