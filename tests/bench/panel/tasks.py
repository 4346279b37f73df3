"""What is measured: the same thing asked of the product, of Django's admin and of the database alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from rules.period import SHANGHAI
from tests.bench.panel.records import FIRST, YEARS, customer_name, number_of

CELLS = (
    "SELECT t.id, t.number, t.reported_at, c.name, t.place, t.fault, t.severity, t.status "
    "FROM tickets t JOIN customers c ON c.id = t.customer_id"
)
NEWEST = "ORDER BY t.reported_at DESC, t.id DESC"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that people do, given the number of tickets there are.

    With `turned` our page is the one to which the address's own arrow leads. `columns`, where it is an export, are those that Django's has too. `sql` is one statement for both databases, with its values written in. `rows` divides what takes rows in bulk.
    """

    name: str
    ours: Callable[[int], str]
    django: Callable[[int], str]
    sql: Callable[[int], str]
    turned: bool = False
    columns: Sequence[str] = ()
    rows: Callable[[int], int] = lambda count: 1


def _deep(count: int) -> int:
    """Page 5,000, or the last where there are fewer."""
    return min(5_000, count // PAGE)


def _deep_sql(count: int) -> str:
    place = f"LIMIT {PAGE} OFFSET {PAGE * (_deep(count) - 1)}"
    return f"{CELLS} WHERE t.id IN (SELECT t.id FROM tickets t {NEWEST} {place}) {NEWEST}"


def _middle(count: int) -> datetime:
    return (FIRST + YEARS / 2).astimezone(SHANGHAI).replace(day=1, hour=0, minute=0)


def _days(count: int) -> timedelta:
    """The days in which 100,000 tickets were reported, or all where there are fewer."""
    return YEARS * min(1.0, 100_000 / count)


def _month(count: int) -> str:
    first = _middle(count)
    until = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return f"reported_at_from={first:%Y-%m-%d}&reported_at_to={until:%Y-%m-%d}"


def _between(first: datetime, until: datetime) -> str:
    utc = (f"{one.astimezone(FIRST.tzinfo):%Y-%m-%d %H:%M:%S}" for one in (first, until))
    return "t.reported_at >= '{}' AND t.reported_at < '{}'".format(*utc)


def _django_between(first: datetime, until: datetime) -> str:
    return urlencode(
        {"reported_at__gte": first.isoformat(sep=" "), "reported_at__lt": until.isoformat(sep=" ")}
    )


def _month_end(count: int) -> datetime:
    return (_middle(count) + timedelta(days=31)).replace(day=1)


def _export_first(count: int) -> datetime:
    last = (FIRST + YEARS).astimezone(SHANGHAI).replace(hour=0, minute=0)
    return last - _days(count)


def _named(count: int) -> str:
    return customer_name(count // 20)


TASKS = (
    Task(
        "first page",
        lambda n: "/admin/ticket/",
        lambda n: "/admin/bench/ticket/",
        lambda n: f"{CELLS} {NEWEST} LIMIT {PAGE}",
    ),
    Task(
        "page 5,000",
        lambda n: f"/admin/ticket/?page={_deep(n) - 1}",
        lambda n: f"/admin/bench/ticket/?p={_deep(n)}",
        _deep_sql,
        turned=True,
    ),
    Task(
        "page 5,000, typed",
        lambda n: f"/admin/ticket/?page={_deep(n)}",
        lambda n: f"/admin/bench/ticket/?p={_deep(n)}",
        _deep_sql,
    ),
    Task(
        "search: number",
        lambda n: f"/admin/ticket/?q={number_of(n // 2)}",
        lambda n: f"/admin/bench/ticket/?q={number_of(n // 2)}",
        lambda n: f"{CELLS} WHERE t.number = '{number_of(n // 2)}' {NEWEST} LIMIT {PAGE}",
    ),
    Task(
        "search: customer",
        lambda n: "/admin/ticket/?" + urlencode({"q": _named(n)}),
        lambda n: "/admin/bench/ticket/?" + urlencode({"q": _named(n)}),
        lambda n: f"{CELLS} WHERE c.name = '{_named(n)}' {NEWEST} LIMIT {PAGE}",
    ),
    Task(
        "search: 蓝屏",
        lambda n: "/admin/ticket/?" + urlencode({"q": "蓝屏"}),
        lambda n: "/admin/bench/ticket/?" + urlencode({"q": "蓝屏"}),
        lambda n: f"{CELLS} WHERE t.fault LIKE '%蓝屏%' {NEWEST} LIMIT {PAGE}",
    ),
    Task(
        "status and month",
        lambda n: f"/admin/ticket/?status=closed&{_month(n)}",
        lambda n: (
            f"/admin/bench/ticket/?status__exact=closed&{_django_between(_middle(n), _month_end(n))}"
        ),
        lambda n: (
            f"{CELLS} WHERE t.status = 'closed' AND {_between(_middle(n), _month_end(n))} {NEWEST} LIMIT {PAGE}"
        ),
    ),
    Task(
        "details",
        lambda n: f"/admin/ticket/{n // 2}/",
        lambda n: f"/admin/bench/ticket/{n // 2}/change/",
        lambda n: f"{CELLS} WHERE t.id = {n // 2}",
    ),
    Task(
        "edit form",
        lambda n: f"/admin/ticket/{n}/edit/",
        lambda n: f"/admin/bench/ticket/{n}/change/",
        lambda n: f"{CELLS} WHERE t.id = {n}",
    ),
    Task(
        "export, 10,000 rows",
        lambda n: f"/admin/ticket/export/csv/?reported_at_from={_export_first(n):%Y-%m-%d}",
        lambda n: (
            "/admin/bench/ticket/export/?"
            + _django_between(_export_first(n), _month_end(n) + YEARS)
        ),
        lambda n: f"{CELLS} WHERE {_between(_export_first(n), _month_end(n) + YEARS)} {NEWEST}",
        columns=("number", "reported_at", "customer", "fault", "severity", "status", "person"),
        rows=lambda n: min(n, 100_000) // 10_000,
    ),
)
