"""Writing what a register brings: new rows in bulk, completed cells one by one on record."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update

from models import db
from models.account import Account
from rules.complaint import ComplaintOrigin
from rules.overdue_case import CaseState, opening_day
from rules.parameter import ParameterHistory
from rules.parts_sale import net_profit
from rules.period import Month
from rules.ticket import TicketState
from workflows.audit import record as put_on_record
from workflows.bulk_insert import insert_rows
from workflows.register import Record
from workflows.register_documents import articles, document_total
from workflows.register_merge import Changes, Entry, Merge, Status
from workflows.register_nouns import ARISES, DOCUMENT_SHEETS, LINE_KEYS, NOUNS, Noun
from workflows.register_service import disputes, ticket_states
from workflows.transaction import now

ALWAYS = date(1900, 1, 1)
SHEET_KINDS = {sheet: kind for kind, sheet in DOCUMENT_SHEETS.items()}
CHUNK = 1_000  # rows inserted at a time
TO_THE_END = (TicketState.CLOSED, TicketState.CANCELLED)
Progress = Callable[[str, int], None]
Values = dict[str, Any]
Rows = dict[str, list[Values]]


class Writer:
    """Puts merged entries into the tables, inside the caller's transaction."""

    def __init__(self, merge: Merge, actor: Account, history: ParameterHistory) -> None:
        self.merge = merge
        self.store = merge.store
        self.actor = actor
        self.history = history
        self.rows: Rows = defaultdict(list)

    def write(self, progress: Progress | None = None) -> None:
        """Write every sheet in order, then what follows from them."""
        for sheet, noun in NOUNS.items():
            if progress and self.merge.entries[sheet]:
                progress(sheet, len(self.merge.entries[sheet]))
            gathered = 0
            for entry in self.merge.entries[sheet]:
                if entry.status is Status.NEW:
                    self._new(noun, entry.record)
                    gathered += 1
                    if gathered % CHUNK == 0:
                        self._insert()
            self._insert()
            for entry in self.merge.entries[sheet]:
                if entry.status is Status.COMPLETED:
                    self._complete(noun, entry)
        self._set_states()
        self._renumber()

    def _insert(self) -> None:
        """Insert the rows gathered, tables in the order in which they refer to each other."""
        for table in db.metadata.sorted_tables:
            insert_rows(table, self.rows.pop(table.name, ()))

    def _row(self, noun: Noun, record: Record) -> Values:
        row = {column: record[column] for column in noun.columns}
        for key, (column, target) in noun.refs.items():
            value = record[key]
            row[column] = None if value is None else self.store.ids[target][value]
        return row

    def _new(self, noun: Noun, record: Record) -> None:
        extra = getattr(self, f"_new_{noun.sheet}", None)
        if noun.sheet == "service_promises":
            self._plan(record)
        table = noun.model.__tablename__
        if noun.sheet in SHEET_KINDS:
            self._receivable(noun.sheet, record)
        if noun.sheet == "decisions" and record["document"] in self.store.ids["cases"]:
            self._decide(self.store.ids["cases"][record["document"]], record)
            return
        row = {"id": self.store.new_id(table), **self._row(noun, record)}
        if noun.sheet not in ("payments",):
            row["row_version"] = 1
        self.store.ids[noun.sheet][noun.key_of(record)] = row["id"]
        if extra is not None:
            extra(row, record)
        self.rows[table].append(row)

    def _plan(self, record: Record) -> None:
        name = record["plan"]
        if name not in self.store.ids["plans"]:
            plan = {
                "id": self.store.new_id("service_plans"),
                "name": name,
                "hours": record["hours"],
                "preset": False,
                "row_version": 1,
            }
            self.store.ids["plans"][name] = plan["id"]
            self.rows["service_plans"].append(plan)

    def _new_parameters(self, row: Values, record: Record) -> None:
        at = now()
        row |= {
            "prepared_by_id": self.actor.id,
            "prepared_at": at,
            "approved_at": at,
        }

    def _new_service_promises(self, row: Values, record: Record) -> None:
        for key in NOUNS["service_promises"].elsewhere[1:]:
            row[f"{key}_minutes"] = record[key]

    def _new_projects(self, row: Values, record: Record) -> None:
        if record["plan"] is not None:
            self._project_plan(row["id"], record["plan"])

    def _project_plan(self, project: int, plan: str) -> None:
        self.rows["project_plans"].append(
            {"id": self.store.new_id("project_plans"), "row_version": 1, "project_id": project,
             "plan_id": self.store.ids["plans"][plan], "valid_from": ALWAYS}
        )  # fmt: skip

    def _new_tickets(self, row: Values, record: Record) -> None:
        row["status"] = TicketState.DISPATCHED
        self._visit(row["id"], record)

    def _visit(self, ticket: int, record: Record) -> None:
        """The visit of a ticket, with its people."""
        visit = self.store.new_id("visits")
        self.store.ids["visits"][record["number"]] = visit
        self.rows["visits"].append(
            {"id": visit, "row_version": 1, "ticket_id": ticket, "turn": 1, "mode": record["mode"],
             "started_at": record["arrived_at"], "ended_at": record["completed_at"], "advice": None}
        )  # fmt: skip
        self.rows["visit_people"].extend(
            {
                "visit_id": visit,
                "employee_id": self.store.ids["employees"][number],
                "position": position,
            }
            for position, number in enumerate(record["technicians"], 1)
        )

    def _new_complaints(self, row: Values, record: Record) -> None:
        row["origin"] = record["origin"] or ComplaintOrigin.COMPLAINT_LINE

    def _receivable(self, sheet: str, record: Record) -> None:
        customer = record["customer"] if sheet != "repairs" else None
        if customer is None:
            device = self.merge.picture["devices"][record["serial"]]
            customer = self.merge.picture["projects"][device["project"]]["customer"]
        row = {
            "id": self.store.new_id("receivables"), "row_version": 1, "number": record["number"],
            "kind": SHEET_KINDS[sheet], "customer_id": self.store.ids["customers"][customer],
            "handler_id": self.store.ids["employees"][record["handler"]],
            "total": document_total(sheet, record), "arose_on": record[ARISES[sheet]],
        }  # fmt: skip
        self.store.ids["receivables"][record["number"]] = row["id"]
        self.rows["receivables"].append(row)

    def _new_parts_sales(self, row: Values, record: Record) -> None:
        row |= {
            "receivable_id": self.store.ids["receivables"][record["number"]],
            "purchase_confirmed": True,
            **self._sale_sums(record["lines"]),
        }
        for position, line in enumerate(record["lines"], 1):
            self.rows["parts_sale_lines"].append(
                {
                    "id": self.store.new_id("parts_sale_lines"),
                    "row_version": 1,
                    "sale_id": row["id"],
                    "position": position,
                    **self._line(line),
                }
            )

    def _line(self, line: Record) -> Values:
        """A line's columns; other costs are 0 where the cell is empty."""
        values = {key: line[key] for key in LINE_KEYS}
        return values | {"other_costs": line["other_costs"] or Decimal(0)}

    def _sale_sums(self, lines: list[Record]) -> Values:
        costs = sum((line["other_costs"] or Decimal(0) for line in lines), Decimal(0))
        return {"other_costs": costs, "net_profit": net_profit(articles(lines))}

    def _new_software_services(self, row: Values, record: Record) -> None:
        row["receivable_id"] = self.store.ids["receivables"][record["number"]]

    _new_repairs = _new_software_services

    def _decision(self, record: Record) -> Values:
        statement = record["statement"] or ""
        agrees = True if statement.startswith("同意") else (False if statement else None)
        return {
            "state": CaseState.DECIDED,
            "agrees": agrees,
            "decided_by_id": self.actor.id,
        }

    def _new_decisions(self, row: Values, record: Record) -> None:
        sheet = next(s for s in ARISES if record["document"] in self.merge.picture[s])
        arose = self.merge.picture[sheet][record["document"]][ARISES[sheet]]
        months = self.history.of(Month.of(arose)).count("overdue_months")
        row |= {
            "opened_on": opening_day(arose, months),
            "waiver_proposed": False,
            **self._decision(record),
        }
        self.store.ids["cases"][record["document"]] = row["id"]

    def _decide(self, case: int, record: Record) -> None:
        table = NOUNS["decisions"].model.__table__
        values = {key: record[key] for key in NOUNS["decisions"].columns} | self._decision(record)
        db.session.execute(update(table).where(table.c.id == case).values(**values))

    def _complete(self, noun: Noun, entry: Entry) -> None:
        """Fill the cells of one known row, with what was there before on record."""
        key = noun.key_of(entry.record)
        row_id = self.store.ids[noun.sheet][key]
        changes = entry.changes or {}
        values: Values = {}
        for name, (_before, after) in changes.items():
            if name in noun.columns:
                values[name] = after
            elif name in noun.refs:
                column, target = noun.refs[name]
                values[column] = self.store.ids[target][after]
            else:
                values |= self._complete_elsewhere(noun.sheet, row_id, name, after, entry.record)
        table = noun.model.__table__
        statement = update(table).where(table.c.id == row_id)
        if "row_version" in table.c:
            values["row_version"] = table.c.row_version + 1
        if values:
            db.session.execute(statement.values(**values))
        self._follow(noun.sheet, key, entry)
        subject = "/".join(map(str, key)) if isinstance(key, tuple) else str(key)
        put_on_record(self.actor, "complete", noun.sheet, subject, _on_record(changes))

    def _complete_elsewhere(
        self, sheet: str, row_id: int, name: str, after: Any, record: Record
    ) -> Values:
        """Fill what stands in other tables; what it means for the row's own columns is answered."""
        if name == "plan":
            self._project_plan(row_id, after)
            self._insert()
        elif name == "technicians":
            self._visit(row_id, record)
            self._insert()
        elif sheet == "service_promises":
            return {f"{name}_minutes": after}
        elif name == ARISES.get(sheet):
            self._update_receivable(record["number"], {"arose_on": after})
        elif name == "lines":
            lines = db.metadata.tables["parts_sale_lines"]
            for position, line in enumerate(after, 1):
                one = (lines.c.sale_id == row_id) & (lines.c.position == position)
                db.session.execute(update(lines).where(one).values(**self._line(line)))
            return self._sale_sums(after)
        return {}

    def _update_receivable(self, number: str, values: Values) -> None:
        table = db.metadata.tables["receivables"]
        statement = update(table).where(table.c.id == self.store.ids["receivables"][number])
        db.session.execute(statement.values(row_version=table.c.row_version + 1, **values))

    def _follow(self, sheet: str, key: Any, entry: Entry) -> None:
        """What stands a second time in another table moves along."""
        changed = (entry.changes or {}).keys()
        if sheet == "tickets" and changed & {"completed_at", "arrived_at"}:
            visits = db.metadata.tables["visits"]
            values = {
                "started_at": entry.record["arrived_at"],
                "ended_at": entry.record["completed_at"],
            }
            db.session.execute(
                update(visits).where(visits.c.id == self.store.ids["visits"][key]).values(**values)
            )
        if sheet == "repairs" and changed & {"fee", "freight"}:
            self._update_receivable(key, {"total": document_total("repairs", entry.record)})

    def _set_states(self) -> None:
        tickets, forms = (
            db.metadata.tables["tickets"],
            db.metadata.tables["feedback_forms"],
        )
        for state, numbers in ticket_states(self.merge).items():
            ids = [self.store.ids["tickets"][number] for number in numbers]
            for start in range(0, len(ids), 500):
                some = tickets.c.id.in_(ids[start : start + 500])
                going = tickets.c.status.not_in(TO_THE_END)
                db.session.execute(update(tickets).where(some, going).values(status=state))
        for number, day in disputes(self.merge).items():
            form = forms.c.id == self.store.ids["forms"][number]
            db.session.execute(
                update(forms).where(form, forms.c.disputed_on.is_(None)).values(disputed_on=day)
            )

    def _renumber(self) -> None:
        """Let PostgreSQL's sequences go on after the ids given out here."""
        if db.session.get_bind().dialect.name != "postgresql":
            return
        for name in self.store.used_tables:
            last = select(func.max(db.metadata.tables[name].c.id)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(name, "id")
            db.session.execute(select(func.setval(sequence, last)))


def _on_record(changes: Changes) -> Values:
    """What was there before and what is there now, as it can be written down."""
    return {name: [_written(before), _written(after)] for name, (before, after) in changes.items()}


def _written(value: Any) -> Any:
    if isinstance(value, Record):
        return {key: value[key] for key in value}
    return [_written(part) for part in value] if isinstance(value, list) else value
