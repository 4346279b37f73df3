"""Who may do what: every cell of the table, and what R10 says of each role (R10)."""

from itertools import product

import pytest

from rules.permissions import PERMISSIONS, Reach, Role, allowed, reach

CELLS = list(product(PERMISSIONS, Role))
# Pay is seen, a search used, a masked phone number revealed with a reason: all of it is reading.
READING = {"pay", "read", "export", "what_if", "use", "reveal"}
PAY = ("settlement.", "statistics.", "overdue.")


def holders(verb: str) -> set[Role]:
    """The roles that may do a verb to any record."""
    return {role for role in Role if allowed(verb, frozenset({role}))}


@pytest.mark.parametrize(("verb", "role"), CELLS)
def test_a_cell_decides_alone_whether_own_and_foreign_records_are_open(
    verb: str, role: Role
) -> None:
    """R10."""
    cell = PERMISSIONS[verb][role]
    roles = frozenset({role})
    assert reach(verb, roles) is cell
    assert allowed(verb, roles) is (cell is Reach.ALL)
    assert allowed(verb, roles, own=True) is (cell is not Reach.NONE)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    "verb", ["", "settlement", "settlement.", "settlement.delete", "*", "SETTLEMENT.READ"]
)
def test_what_the_table_does_not_name_nobody_may_do(verb: str, own: bool) -> None:
    """R10: deny by default, for all roles together too."""
    assert not allowed(verb, frozenset(Role), own=own)


@pytest.mark.parametrize("verb", PERMISSIONS)
def test_without_a_role_nothing_is_allowed(verb: str) -> None:
    """R10."""
    assert not allowed(verb, frozenset(), own=True)


@pytest.mark.parametrize("verb", PERMISSIONS)
def test_several_roles_give_the_widest_reach_of_any_of_them(verb: str) -> None:
    """R10."""
    order = [Reach.NONE, Reach.OWN, Reach.ALL]
    for one, other in product(Role, repeat=2):
        widest = max((PERMISSIONS[verb][one], PERMISSIONS[verb][other]), key=order.index)
        assert reach(verb, frozenset({one, other})) is widest


@pytest.mark.parametrize("verb", PERMISSIONS)
def test_an_auditor_reads_and_exports_and_changes_nothing(verb: str) -> None:
    """R10."""
    assert PERMISSIONS[verb][Role.AUDITOR] is not Reach.OWN
    if verb.split(".")[1] not in READING:
        assert PERMISSIONS[verb][Role.AUDITOR] is Reach.NONE


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        ("settlement.draft", Role.CLERK),
        ("settlement.submit", Role.CLERK),
        ("settlement.review", Role.MANAGER),
        ("settlement.approve", Role.LEADER),
        ("settlement.pay", Role.FINANCE),
        ("overdue.propose", Role.MANAGER),
        ("overdue.approve", Role.LEADER),
        ("overdue.waive", Role.LEADER),
        ("parameter.approve", Role.LEADER),
        ("payment.record", Role.FINANCE),
        ("payment.reverse", Role.FINANCE),
        ("account.change", Role.ADMIN),
        ("setting.change", Role.ADMIN),
    ],
)
def test_what_one_role_decides_no_other_may(verb: str, role: Role) -> None:
    """R10, R9.1, R8.3, R6.4, R7."""
    assert holders(verb) == {role}


@pytest.mark.parametrize("verb", [verb for verb in PERMISSIONS if verb.endswith((".approve", ".review", ".pay", ".waive"))])  # fmt: skip
def test_no_business_approval_is_the_administrators(verb: str) -> None:
    """R10: accounts and settings, no business approvals."""
    assert PERMISSIONS[verb][Role.ADMIN] is Reach.NONE


@pytest.mark.parametrize("verb", [verb for verb in PERMISSIONS if verb.startswith(PAY)])
def test_a_technician_sees_his_own_pay_and_never_his_colleagues(verb: str) -> None:
    """R10."""
    assert PERMISSIONS[verb][Role.TECHNICIAN] is not Reach.ALL
