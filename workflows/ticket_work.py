"""Working on tickets between the visits: waits, proposals, support asked for, notes (R3.1, R3.5)."""

from flask_babel import gettext as _

from models import db
from models.account import Account
from models.ticket import TicketWait
from rules.clause import implements
from rules.ticket import OrderState, WaitReason
from rules.ticket_steps import TicketVerb, after_wait
from workflows.refusal import Refused
from workflows.ticket_dispatch import live_orders
from workflows.ticket_facts import latest_visit
from workflows.ticket_intake import end_wait
from workflows.ticket_step import required, taking
from workflows.transaction import now


def wait(
    ticket_id: int, reason: WaitReason, *, actor: Account, note: str = "", version: int | None = None
) -> None:  # fmt: skip
    """Let a ticket wait; only for the customer do its clocks stop (R3.1)."""
    with taking(ticket_id, TicketVerb.WAIT, actor=actor, version=version) as step:
        db.session.add(TicketWait(ticket_id=ticket_id, started_at=now(), reason=reason))
        step.facts["wait"], step.note = reason, note.strip()


@implements("R2.4")
def resume(ticket_id: int, *, actor: Account, note: str = "", version: int | None = None) -> None:
    """End the wait; the ticket goes on where it was."""
    with taking(ticket_id, TicketVerb.RESUME, actor=actor, version=version) as step:
        end_wait(step.ticket)
        visit = latest_visit(ticket_id)
        orders = live_orders(step.ticket)
        accepted = any(order.state is OrderState.ACCEPTED for order in orders)
        # A ticket of a workbook has no orders: who responded had accepted.
        on_paper = not orders and step.ticket.responded_at is not None
        step.to = after_wait(visit is not None and visit.begun, accepted or on_paper)
        step.note = note.strip()


@implements("R3.5")
def propose(ticket_id: int, *, actor: Account, proposal: str, version: int | None = None) -> None:
    """Put a solution before the customer; the first one stops the clock of proposals."""
    with taking(ticket_id, TicketVerb.PROPOSE, actor=actor, version=version) as step:
        step.note = required(proposal, _("请写明方案。"), field="proposal", clause="R3.5")
        step.ticket.proposed_at = step.ticket.proposed_at or now()


@implements("R3.5")
def confirm_proposal(
    ticket_id: int, *, actor: Account, confirmed_by: str, manner: str, version: int | None = None
) -> None:
    """Note who of the customer reviewed the proposal, and how he said so."""
    with taking(ticket_id, TicketVerb.CONFIRM_PROPOSAL, actor=actor, version=version) as step:
        if not confirmed_by.strip() or not manner.strip():
            sentence = _("请写明客户方谁、怎样确认的方案。")
            raise Refused(sentence, clause="R3.5", status=400, field="confirmed_by")
        step.note = f"{confirmed_by.strip()}：{manner.strip()}"


@implements("R3.5")
def ask_support(
    ticket_id: int, *, actor: Account, question: str, version: int | None = None
) -> None:
    """A technician who is stuck asks technical support or the maker's engineer."""
    with taking(ticket_id, TicketVerb.ASK_SUPPORT, actor=actor, version=version) as step:
        step.note = required(question, _("请写明问谁、问什么。"), field="question", clause="R3.5")


def add_note(ticket_id: int, *, actor: Account, text: str) -> None:
    """Put a word on a ticket's timeline."""
    with taking(ticket_id, TicketVerb.NOTE, actor=actor) as step:
        step.note = required(text, _("请写点什么。"), field="text")
