"""Triggers that keep ledgers as they are written, on SQLite and PostgreSQL (I8, I10).

Each guard is (name, table, event, condition): the event is refused where the condition holds.
"""

from typing import NamedTuple

FROZEN = "('submitted', 'reviewed', 'approved', 'paid')"
FINAL = "('approved', 'paid')"
LEDGERS = ("payments", "settlement_steps", "audit_records", "collection_entries")
# Ledgers that came later are guarded by the revision that made them.
EVENTS = ("ticket_events",)
FIGURES = (
    "settlement_sums",
    "settlement_lines",
    "settlement_debts",
    "settlement_mismatches",
)
UNCHANGED = "OLD.month <> NEW.month OR OLD.digest <> NEW.digest OR OLD.parameters <> NEW.parameters OR OLD.counted <> NEW.counted"
SETTLEMENT_UPDATE = (
    f"(OLD.state IN {FROZEN} AND NEW.state <> 'returned' AND ({UNCHANGED}"
    " OR COALESCE(OLD.statistics, '') <> COALESCE(NEW.statistics, '')))"
    " OR (OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'paid'))"
    " OR (OLD.state = 'paid' AND NEW.state <> 'paid')"
)


# A payment's money facts never change; how it came and a remark may be filled in once where they were empty.
PAYMENT_UPDATE = (
    "OLD.id <> NEW.id OR OLD.number <> NEW.number OR OLD.paid_on <> NEW.paid_on"
    " OR OLD.receivable_id <> NEW.receivable_id OR OLD.amount <> NEW.amount"
    " OR COALESCE(OLD.reverses_id, 0) <> COALESCE(NEW.reverses_id, 0)"
    " OR OLD.method <> COALESCE(NEW.method, '') OR OLD.remark <> COALESCE(NEW.remark, '')"
)


class Guard(NamedTuple):
    """One trigger."""

    name: str
    table: str
    event: str
    condition: str


def _state_of(row: str, states: str) -> str:
    state = f"SELECT state FROM settlements WHERE id = {row}.settlement_id"  # noqa: S608 (constants)
    return f"({state}) IN {states}"


def ledger_guards(tables: tuple[str, ...]) -> list[Guard]:
    """The guards of tables whose rows are only ever added."""
    return [
        Guard(f"keep_{table}_{event.lower()}", table, event, "1 = 1")
        for table in tables
        for event in ("UPDATE", "DELETE")
    ]


def payment_guard(condition: str = PAYMENT_UPDATE) -> list[Guard]:
    """The guard of a payment's changes."""
    return [Guard("keep_payments_update", "payments", "UPDATE", condition)]


def guards() -> list[Guard]:
    """The guards of the first schema."""
    found = ledger_guards((*LEDGERS, "settled_sources"))
    for table in FIGURES:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            condition = _state_of(row, FROZEN)
            found.append(Guard(f"freeze_{table}_{event.lower()}", table, event, condition))
    reviewed = _state_of("NEW", "('reviewed')")
    late = f"NOT ({reviewed})"
    found.append(Guard("freeze_settled_sources_insert", "settled_sources", "INSERT", late))
    found.append(Guard("freeze_settlements_update", "settlements", "UPDATE", SETTLEMENT_UPDATE))
    found.append(Guard("freeze_settlements_delete", "settlements", "DELETE", "1 = 1"))
    return found


def create_statements(
    dialect: str, chosen: list[Guard] | None = None, ledgers: tuple[str, ...] = LEDGERS
) -> list[str]:
    """The DDL that puts guards on, and on PostgreSQL keeps the ledgers from being emptied."""
    chosen = guards() if chosen is None else chosen
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {g.name} BEFORE {g.event} ON {g.table} WHEN {g.condition} "
            f"BEGIN SELECT RAISE(ABORT, 'aftercare: {g.table} is frozen'); END"
            for g in chosen
        ]
    statements = []
    for guard in chosen:
        row = "OLD" if guard.event == "DELETE" else "NEW"
        statements.append(
            f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {guard.condition} THEN RAISE EXCEPTION 'aftercare: {guard.table} is frozen'; END IF; "
            f"RETURN {row}; END $$"
        )
        statements.append(
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
        )
    for table in ledgers:
        statements.append(
            f"CREATE TRIGGER keep_{table}_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION keep_{table}_delete()"
        )
    return statements


def drop_statements(
    dialect: str, chosen: list[Guard] | None = None, ledgers: tuple[str, ...] = LEDGERS
) -> list[str]:
    """The DDL that takes guards off."""
    chosen = guards() if chosen is None else chosen
    if dialect == "sqlite":
        return [f"DROP TRIGGER {guard.name}" for guard in chosen]
    truncates = [f"DROP TRIGGER keep_{table}_truncate ON {table}" for table in ledgers]
    return truncates + [
        statement
        for guard in chosen
        for statement in (
            f"DROP TRIGGER {guard.name} ON {guard.table}",
            f"DROP FUNCTION {guard.name}()",
        )
    ]
