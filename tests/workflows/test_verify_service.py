"""A ticket that was pushed past its table, or a number that is gone, is found and named (I13)."""

import pytest
from sqlalchemy import text

from models import db
from rules.ticket import TicketState
from tests.workflows.service_desk import Desk
from workflows.verify import find_breaches

S = TicketState


@pytest.fixture
def ticket(app):
    desk = Desk()
    desk.bring_to(S.CANCELLED)
    return desk.bring_to(S.SERVED)


def forge(statement):
    """Change the database behind the product's back, its triggers off."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE ticket_events DISABLE TRIGGER USER"))
    else:
        for verb in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER keep_ticket_events_{verb}"))
    db.session.execute(text(statement))
    db.session.commit()


def test_what_the_workflows_did_is_in_order(ticket):
    assert list(find_breaches()) == []


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        pytest.param("UPDATE tickets SET status = 'closed' WHERE number = 'FW2611-002'",
                     ["I13：FW2611-002 的状态与经过不符"], id="a status edited by hand"),
        pytest.param("UPDATE ticket_events SET to_state = 'closed' WHERE verb = 'serve'",
                     ["有一步不合流程", "状态与经过不符"], id="a jump"),
        pytest.param("DELETE FROM ticket_events WHERE verb = 'accept'", ["经过前后不接"], id="a step taken out"),
        pytest.param("DELETE FROM ticket_events WHERE verb = 'serve'", ["状态与经过不符"], id="the last step taken out"),
        pytest.param("UPDATE tickets SET number = 'FW-1' WHERE number = 'FW2611-001'", ["缺号 FW2611-001"],
                     id="a number gone"),
    ],
)  # fmt: skip
def test_a_forgery_is_named(ticket, forgery, found):
    forge(forgery)
    breaches = list(find_breaches())
    assert len(breaches) == len(found)
    for breach, words in zip(breaches, found, strict=True):
        assert words in breach
