"""What the database has of the rows that a register touches, in the shape of the register's own rows; and ids."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import FromClause, Select, and_, func, select

from models import db
from models.complaint import Complaint
from models.customer import Customer
from models.device import Device, WarrantyExtension
from models.employee import Employee
from models.overdue_case import OverdueCase
from models.parts_sale import PartsSaleLine
from models.project import ProjectPlan
from models.receivable import Payment, Receivable
from models.service_plan import ServicePlan, ServicePromise
from models.ticket import Ticket, Visit, VisitPerson
from workflows.register import Record, Register
from workflows.register_nouns import ARISES, LINE_KEYS, LINES, NOUNS, RECORDS, REFERENCES, Noun

Known = dict[str, dict[Any, Record]]
PROMISES = ("respond", "onsite_in_town", "onsite_out_of_town", "propose", "restore")
WHOLE = ("parameters", "service_promises", "calendar_days")
# Whose number the first key of a sheet's rows is, where it is no number of the sheet's own.
NUMBERED = dict.fromkeys((*ARISES, "decisions"), "receivables") | {
    sheet: references[NOUNS[sheet].key[0]]
    for sheet, references in REFERENCES.items()
    if NOUNS[sheet].key[0] in references
}
BATCH = 900  # parameters of one statement; SQLite of old takes 999


def _batches(keys: Collection[Any]) -> Iterator[list[Any]]:
    listed = list(keys)
    for start in range(0, len(listed), BATCH):
        yield listed[start : start + BATCH]


def _wanted(register: Register) -> dict[str, set[Any]]:
    """The numbers that a register names, by the sheet (or table) whose they are."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for sheet, noun in NOUNS.items():
        named = {noun.key[0]: NUMBERED.get(sheet, sheet)} | REFERENCES.get(sheet, {})
        if sheet == "payments":
            named["document"] = "receivables"
        for row in register.of(sheet):
            for key, target in named.items():
                wanted[target].add(row.values[key])
            if sheet == "tickets":
                wanted["employees"].update(row.values["technicians"] or ())
    for numbers in wanted.values():
        numbers.discard(None)
    return wanted


class Store:
    """The known rows by sheet, the id of each, and the next free id of each table.

    Only rows that the register names are read, whatever the size of the database.
    """

    def __init__(self, register: Register) -> None:
        self.known: Known = {sheet: {} for sheet in NOUNS}
        self.ids: dict[str, dict[Any, int]] = defaultdict(dict)
        self.document_kinds: dict[str, Any] = {}
        self._next: dict[str, int] = {}
        wanted = _wanted(register)
        self._load_plans()
        for sheet in WHOLE:
            self._load(sheet)
        self._load_documents(wanted)
        self._load_tickets(wanted["tickets"])
        for sheet in ("complaints", "expenses"):
            self._load(sheet, wanted[sheet])
        self._load_masters(wanted)

    def new_id(self, table: str) -> int:
        """The next id of a table; safe because writers queue."""
        if table not in self._next:
            column = db.metadata.tables[table].c.id
            self._next[table] = (db.session.scalar(select(func.max(column))) or 0) + 1
        self._next[table] += 1
        return self._next[table] - 1

    @property
    def used_tables(self) -> list[str]:
        """The tables of which ids were given out."""
        return list(self._next)

    def _load(self, sheet: str, keys: Collection[Any] | None = None) -> dict[int, Record]:
        """Read the rows of a sheet whose first key is among `keys`, or all; answers them by id."""
        noun = NOUNS[sheet]
        query, names = _select(noun)
        if keys is None:
            return self._take(noun, query, names)
        found: dict[int, Record] = {}
        if keys and db.session.scalar(select(noun.model.id).limit(1)) is not None:
            first = list(query.selected_columns)[1 + names.index(noun.key[0])]
            for batch in _batches(keys):
                found |= self._take(noun, query.where(first.in_(batch)), names)
        return found

    def _take(self, noun: Noun, query: Select[Any], names: list[str]) -> dict[int, Record]:
        found = {}
        for row_id, *values in db.session.execute(query):
            record = RECORDS[noun.sheet]()
            for name, value in zip(names, values, strict=True):
                record[name] = value
            if noun.sheet == "service_promises":
                self._add_promises(record, row_id)
            key = noun.key_of(record)
            self.known[noun.sheet][key] = found[row_id] = record
            self.ids[noun.sheet][key] = row_id
        return found

    def _load_plans(self) -> None:
        rows = db.session.execute(select(ServicePlan.id, ServicePlan.name, ServicePlan.hours)).all()
        self.ids["plans"] = {name: row_id for row_id, name, _ in rows}
        self.plan_hours = {name: hours for _, name, hours in rows}
        self._promises = {row.id: row for row in db.session.scalars(select(ServicePromise))}

    def _add_promises(self, record: Record, row_id: int) -> None:
        record["hours"] = self.plan_hours[record["plan"]]
        for key in PROMISES:
            record[key] = getattr(self._promises[row_id], f"{key}_minutes")

    def _load_documents(self, wanted: dict[str, set[Any]]) -> None:
        self.payments: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for batch in _batches(wanted["receivables"]):
            some = Receivable.number.in_(batch)
            query = select(Receivable.number, Receivable.id, Receivable.kind).where(some)
            for number, row_id, kind in db.session.execute(query):
                self.ids["receivables"][number] = row_id
                self.document_kinds[number] = kind
            paid = select(Receivable.number, Payment.paid_on, Payment.amount).join(
                Payment, Payment.receivable_id == Receivable.id
            )
            for number, day, amount in db.session.execute(paid.where(some)):
                self.payments[number].append((day, amount))
            cases = select(Receivable.number, OverdueCase.id).join(
                Receivable, Receivable.id == OverdueCase.receivable_id
            )
            self.ids["cases"].update(
                (number, case) for number, case in db.session.execute(cases.where(some))
            )
        numbers = self.ids["receivables"].keys()
        self._add_lines(self._load("parts_sales", numbers))
        for sheet in ("software_services", "repairs", "decisions"):
            self._load(sheet, numbers)
        self._load("payments", wanted["payments"])

    def _add_lines(self, sales: dict[int, Record]) -> None:
        for record in sales.values():
            record["lines"] = []
        columns = [getattr(PartsSaleLine, key) for key in LINE_KEYS]
        for batch in _batches(sales):
            query = select(PartsSaleLine.sale_id, *columns).where(PartsSaleLine.sale_id.in_(batch))
            order = (PartsSaleLine.sale_id, PartsSaleLine.position)
            for sale, *values in db.session.execute(query.order_by(*order)):
                sales[sale]["lines"].append(LINES(dict(zip(LINE_KEYS, values, strict=True))))

    def _load_tickets(self, numbers: set[Any]) -> None:
        """Tickets with their first visits, waits, forms and calls."""
        tickets = self._load("tickets", numbers)
        people: dict[int, list[str]] = defaultdict(list)
        for batch in _batches(tickets):
            first = and_(Visit.ticket_id.in_(batch), Visit.turn == 1)
            for ticket, visit in db.session.execute(select(Visit.ticket_id, Visit.id).where(first)):
                self.ids["visits"][tickets[ticket]["number"]] = visit
            query = (
                select(Visit.ticket_id, Employee.number)
                .where(first)
                .order_by(Visit.id, VisitPerson.position)
            )
            query = query.join(VisitPerson, VisitPerson.visit_id == Visit.id).join(
                Employee, Employee.id == VisitPerson.employee_id
            )
            for ticket, number in db.session.execute(query):
                people[ticket].append(number)
        for ticket, names in people.items():
            tickets[ticket]["technicians"] = tuple(names)
        known = self.known["tickets"].keys()
        for sheet in ("waits", "forms", "call_backs"):
            self._load(sheet, known)

    def _load_masters(self, wanted: dict[str, set[Any]]) -> None:
        self._load("devices", wanted["devices"])
        self._load_extensions()
        wanted["projects"].update(d["project"] for d in self.known["devices"].values())
        projects = self._load("projects", wanted["projects"])
        for batch in _batches(projects):
            query = select(ProjectPlan.project_id, ServicePlan.name).join(ProjectPlan.plan)
            query = query.where(ProjectPlan.project_id.in_(batch))
            for project, plan in db.session.execute(query.order_by(ProjectPlan.valid_from)):
                projects[project]["plan"] = plan
        wanted["customers"].update(p["customer"] for p in self.known["projects"].values())
        for sheet in ("customers", "makers", "employees"):
            self._load(sheet, wanted[sheet])
        self._load("base_pay_entries", self.known["employees"].keys())

    def _load_extensions(self) -> None:
        """The days by which replacements extended the warranties of known devices (R1.3)."""
        self.extended: dict[str, int] = {}
        query = select(Device.serial, func.sum(WarrantyExtension.days)).join(
            WarrantyExtension, WarrantyExtension.device_id == Device.id
        )
        for batch in _batches(self.known["devices"]):
            some = query.where(Device.serial.in_(batch)).group_by(Device.serial)
            self.extended.update((serial, int(days)) for serial, days in db.session.execute(some))

    def complained(self, tickets: Collection[str]) -> set[str]:
        """Those of the tickets that a known complaint names."""
        query = select(Ticket.number).join(Complaint, Complaint.ticket_id == Ticket.id)
        found: set[str] = set()
        for batch in _batches(tickets):
            found.update(db.session.scalars(query.where(Ticket.number.in_(batch))))
        return found


def _select(noun: Noun) -> tuple[Select[Any], list[str]]:
    """The rows of a sheet as the register has them, numbers instead of ids: their id, then these values."""
    table = noun.model.__table__
    source: FromClause = table
    columns, names = [table.c.id, *(table.c[name] for name in noun.columns)], list(noun.columns)
    for key, (column, target) in noun.refs.items():
        source, number = _join(source, table.c[column], target)
        columns.append(number)
        names.append(key)
    if noun.sheet in ARISES:
        document, handler, customer = Receivable.__table__, Employee.__table__, Customer.__table__
        source = source.join(document, document.c.id == table.c.receivable_id)
        source = source.join(handler, handler.c.id == document.c.handler_id)
        source = source.join(customer, customer.c.id == document.c.customer_id)
        columns += [document.c.number, handler.c.number, document.c.arose_on]
        names += ["number", "handler", ARISES[noun.sheet]]
        if noun.sheet != "repairs":
            columns.append(customer.c.number)
            names.append("customer")
        if noun.sheet == "software_services":
            columns.append(document.c.total)
            names.append("fee")
    query = select(*columns).select_from(source)
    return query.where(
        table.c.decided_on.is_not(None)
    ) if noun.sheet == "decisions" else query, names


def _join(source: FromClause, column: Any, target: str) -> tuple[FromClause, Any]:
    """The source with another table joined by its id, and the number of its rows."""
    if target == "visits":  # a workbook's forms are those of first visits
        visits, tickets = Visit.__table__, Ticket.__table__
        source = source.join(visits, and_(visits.c.id == column, visits.c.turn == 1))
        return source.join(tickets, tickets.c.id == visits.c.ticket_id), tickets.c.number
    if target == "plans":
        other, name = ServicePlan.__table__.alias(), "name"
    elif target == "receivables":
        other, name = Receivable.__table__.alias(), "number"
    else:
        other, name = NOUNS[target].model.__table__.alias(), NOUNS[target].key[0]
    return source.outerjoin(other, other.c.id == column), other.c[name]
