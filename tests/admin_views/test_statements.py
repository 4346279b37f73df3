"""At most twelve SQL statements on any list or details page, whatever the rows."""

import pytest
from sqlalchemy import select

from admin_views.noun.base import NounBase
from models import db
from rules.permissions import Role, reach
from tests.cast import people, take_in
from tests.statements import statements

MOST = 12
RECORDS = 5  # of each noun, spread over all there are
READERS = [
    tuple(role for role in Role if role is not Role.TECHNICIAN),  # sees all there is
    (Role.TECHNICIAN,),  # sees his own
    (Role.AUDITOR,),  # sees masks
]


def pages(app, roles):
    """Every noun's list, a list searched, and the pages of some of its records under each of two tabs."""
    for view in app.extensions["admin"][0]._views:
        if not isinstance(view, NounBase) or not reach(view.verb_of("read"), frozenset(roles)):
            continue
        yield f"{view.url}/"
        yield f"{view.url}/?q=示例"
        ids = db.session.scalars(select(view.model.id).order_by(view.model.id)).all()
        for number in ids[:: len(ids) // RECORDS + 1]:
            yield f"{view.url}/{number}/"
            yield f"{view.url}/{number}/?tab=history"


@pytest.mark.parametrize("roles", READERS, ids=lambda roles: roles[0].value)
def test_no_page_of_a_noun_asks_more_than_twelve_times(app, enter, roles):
    take_in("register.xlsx", people()["clerk"])
    client = enter(*roles, name="reader", employee="T002" if Role.TECHNICIAN in roles else None)
    too_many, shown = {}, 0
    for path in pages(app, roles):
        with statements() as found:
            status = client.get(path).status_code
        assert status == 200 or (status in (403, 404) and Role.TECHNICIAN in roles), path
        shown += status == 200
        if len(found) > MOST:
            too_many[path] = len(found)
    assert too_many == {}
    assert shown > 30
