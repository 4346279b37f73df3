"""What of a register the database already has, in the shape of the register's own rows; and its ids."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models import db
from models.overdue_case import OverdueCase
from models.parts_sale import PartsSale, PartsSaleLine
from models.project import ProjectPlan
from models.receivable import Payment, Receivable
from models.repair import Repair
from models.service_plan import ServicePlan, ServicePromise
from models.software_service import SoftwareService
from models.ticket import Visit, VisitPerson
from rules.parts_sale import Article, sale_total
from rules.receivable import ReceivableKind
from rules.service_plan import PRESETS
from workflows.register import Record
from workflows.register_nouns import LINE_KEYS, NOUNS

Known = dict[str, dict[Any, Record]]
ARISES = {
    "parts_sales": "delivered_on",
    "software_services": "completed_on",
    "repairs": "returned_on",
}
DOCUMENT_SHEETS = {
    ReceivableKind.PARTS_SALE: "parts_sales",
    ReceivableKind.SOFTWARE_SERVICE: "software_services",
    ReceivableKind.REPAIR: "repairs",
}
PROMISES = ("respond", "onsite_in_town", "onsite_out_of_town", "propose", "restore")


class Store:
    """The rows known so far by sheet and key, the id of each, and the next free id of each table."""

    def __init__(self) -> None:
        self.known: Known = {sheet: {} for sheet in NOUNS}
        self.ids: dict[str, dict[Any, int]] = defaultdict(dict)
        self._next: dict[str, int] = {}
        self._names: dict[str, dict[int, Any]] = {}
        self._load_receivables()
        self._load_plans()
        for sheet in NOUNS:
            self._load(sheet)

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

    def _name(self, sheet: str, number: int | None) -> Any:
        if number is None:
            return None
        if sheet not in self._names:
            self._names[sheet] = {row: key for key, row in self.ids[sheet].items()}
        return self._names[sheet][number]

    def _load(self, sheet: str) -> None:
        noun = NOUNS[sheet]
        table = noun.model.__table__
        names = [*noun.columns, *noun.refs]
        columns = [
            table.c[c] for c in (*noun.columns, *(column for column, _ in noun.refs.values()))
        ]
        query = select(table.c.id, *columns)
        if sheet == "decisions":
            query = query.where(OverdueCase.decided_on.is_not(None))
        extras = self._extras(sheet)
        for row_id, *values in db.session.execute(query):
            record: Record = dict(zip(names, values, strict=True))
            for key, (_column, target) in noun.refs.items():
                record[key] = self._name(target, record[key])
            record.update(extras.get(row_id, {}))
            self.known[sheet][noun.key_of(record)] = record
            self.ids[sheet][noun.key_of(record)] = row_id
        if sheet == "tickets":
            self._load_visits()

    def _load_plans(self) -> None:
        rows = db.session.execute(select(ServicePlan.id, ServicePlan.name, ServicePlan.hours)).all()
        self.ids["plans"] = {name: row_id for row_id, name, _ in rows}
        self.plan_hours = {name: hours for _, name, hours in rows}
        self.plan_names = set(PRESETS) | set(self.plan_hours)

    def _load_receivables(self) -> None:
        self.receivables: dict[int, tuple[Any, ...]] = {}
        for row in db.session.execute(
            select(Receivable.id, Receivable.number, Receivable.customer_id, Receivable.handler_id,
                   Receivable.total, Receivable.arose_on)
        ):  # fmt: skip
            self.receivables[row[0]] = tuple(row[1:])
            self.ids["receivables"][row[1]] = row[0]
        query = select(Receivable.number, OverdueCase.id).join(
            Receivable, Receivable.id == OverdueCase.receivable_id
        )
        self.ids["cases"] = dict(db.session.execute(query).all())

    def _load_visits(self) -> None:
        people: dict[int, list[str]] = defaultdict(list)
        for visit, person in db.session.execute(
            select(VisitPerson.visit_id, VisitPerson.employee_id).order_by(
                VisitPerson.visit_id, VisitPerson.position
            )
        ):
            people[visit].append(self._name("employees", person))
        for visit, ticket in db.session.execute(
            select(Visit.id, Visit.ticket_id).where(Visit.turn == 1)
        ):
            number = self._name("tickets", ticket)
            self.ids["visits"][number] = visit
            self.known["tickets"][number]["technicians"] = tuple(people[visit])

    def _extras(self, sheet: str) -> dict[int, Record]:
        """What of a sheet's rows stands in other tables, by the row's id."""
        if sheet == "service_promises":
            return self._promises()
        if sheet == "projects":
            query = select(ProjectPlan.project_id, ProjectPlan.plan_id).order_by(
                ProjectPlan.valid_from.desc()
            )
            plans = {
                project: self._name("plans", plan) for project, plan in db.session.execute(query)
            }
            every = db.session.scalars(select(NOUNS["projects"].model.id))
            return {project: {"plan": plans.get(project)} for project in every}
        if sheet in ARISES:
            return self._documents(sheet)
        return {}

    def _promises(self) -> dict[int, Record]:
        extras = {}
        for promise in db.session.scalars(select(ServicePromise)):
            extra = {key: getattr(promise, f"{key}_minutes") for key in PROMISES}
            plan = self._name("plans", promise.plan_id)
            extras[promise.id] = {**extra, "hours": self.plan_hours[plan]}
        return extras

    def _documents(self, sheet: str) -> dict[int, Record]:
        model: Any = {
            "parts_sales": PartsSale,
            "software_services": SoftwareService,
            "repairs": Repair,
        }[sheet]
        lines = self._lines() if sheet == "parts_sales" else {}
        extras: dict[int, Record] = {}
        for row_id, receivable in db.session.execute(select(model.id, model.receivable_id)):
            number, customer, handler, total, arose_on = self.receivables[receivable]
            extra: Record = {
                "number": number,
                "handler": self._name("employees", handler),
                ARISES[sheet]: arose_on,
            }
            if sheet != "repairs":
                extra["customer"] = self._name("customers", customer)
            if sheet == "software_services":
                extra["fee"] = total
            if sheet == "parts_sales":
                extra["lines"] = lines[row_id]
            extras[row_id] = extra
        return extras

    def _lines(self) -> dict[int, list[Record]]:
        lines: dict[int, list[Record]] = defaultdict(list)
        columns = [getattr(PartsSaleLine, key) for key in LINE_KEYS]
        query = select(PartsSaleLine.sale_id, *columns).order_by(
            PartsSaleLine.sale_id, PartsSaleLine.position
        )
        for sale, *values in db.session.execute(query):
            lines[sale].append(dict(zip(LINE_KEYS, values, strict=True)))
        return lines

    def payments(self) -> dict[str, list[tuple[date, Decimal]]]:
        """What was paid on each document, reversals included."""
        paid: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for receivable, day, amount in db.session.execute(
            select(Payment.receivable_id, Payment.paid_on, Payment.amount)
        ):
            paid[self.receivables[receivable][0]].append((day, amount))
        return paid


def articles(lines: list[Record]) -> list[Article]:
    """The lines of a sale as the rules want them; unreadable numbers count as nothing."""
    nothing = Decimal(0)
    return [
        Article(
            line["quantity"] or nothing,
            line["sale_price"] or nothing,
            line["purchase_price"] or nothing,
            line["other_costs"] or nothing,
        )
        for line in lines
    ]


def document_total(sheet: str, record: Record) -> Decimal:
    """What the customer owes for a document."""
    if sheet == "parts_sales":
        return sale_total(articles(record["lines"]))
    if sheet == "software_services":
        return record["fee"] or Decimal(0)
    return (record["fee"] or Decimal(0)) + (record["freight"] or Decimal(0))
