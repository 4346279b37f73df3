"""Money is whole fen: no column holds a float, no line of code near money makes one (I1)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Float, Integer, Numeric, inspect

from models import db
from models.base import Money, Quantity, Rate

ROOT = Path(__file__).parents[2]
FLOORS = ("rules", "models", "workflows", "admin_views", "commands", "seed")
NEAR_MONEY = ("rules", "models", "workflows")
# Excel itself knows only floats: what it hands over is read by its shortest text, what it gets is the last step.
EDGES = {"seed/cells.py", "seed/settlement_book.py", "seed/statistics_sheet.py"}
# Decimals and fractions divided: the quotient is rounded to the fen, or is no money.
EXACT_DIVISIONS = {
    "rules/settlement.py": {"person.base_rate * days / month.days"},
    "rules/settlement_lines.py": {
        "self.quantity.numerator * self.standard / Decimal(self.quantity.denominator)"
    },
    "workflows/parameter.py": {"Decimal(text[:-1]) / 100"},
    "workflows/statistics.py": {
        "Decimal(value.numerator) / Decimal(value.denominator)",
        "sum(values, Fraction()) / len(values)",
    },
}
INEXACT_MODULES = {"math", "cmath", "statistics", "random", "numpy"}
EXACT_NAMES = {"ceil", "floor", "gcd"}
MONEY_WORDS = {
    "amount", "fee", "freight", "price", "costs", "pay", "payable", "wage", "net", "profit", "total", "charged", "paid",
    "overpaid", "deductions", "refunds", "reimbursements", "taken", "carried", "target", "deducted",
}  # fmt: skip
NO_MONEY = ("_on", "_at", "_id", "_number")


def faults(name: str, tree: ast.AST) -> Iterator[str]:
    """What could make a float in a file: literals, the name, division, rounding, modules that reckon in floats."""
    for node in ast.walk(tree):
        at = f"{name}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Constant(value=float() | complex()):
                yield f"{at}: {node.value}"
            case ast.Name(id="float") | ast.Attribute(attr="__float__" | "as_integer_ratio"):
                yield f"{at}: {ast.unparse(node)}"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                if ast.unparse(node) not in EXACT_DIVISIONS.get(name, ()):
                    yield f"{at}: {ast.unparse(node)}"
            case ast.Call(func=ast.Name(id="round")):
                yield f"{at}: {ast.unparse(node)}, to even: rules.money rounds"
            case ast.Import(names=names):
                yield from (f"{at}: {n.name}" for n in names if n.name in INEXACT_MODULES)
            case ast.ImportFrom(module=module, names=names) if module in INEXACT_MODULES:
                yield from (f"{at}: {n.name}" for n in names if n.name not in EXACT_NAMES)


def sources(*floors: str) -> Iterator[tuple[str, ast.AST]]:
    for floor in floors:
        for path in sorted((ROOT / floor).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("floor", NEAR_MONEY)
def test_nothing_near_money_makes_a_float(floor):
    assert [fault for name, tree in sources(floor) for fault in faults(name, tree)] == []


def test_floats_are_named_at_the_edge_to_excel_only():
    found = {
        name
        for name, tree in sources(*FLOORS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "float"
    }
    assert found == EDGES


@pytest.mark.parametrize(
    "planted",
    ["rate = 0.3", "float(amount)", "share = amount / 12", "amount /= 2", "round(amount, 2)", "import math",
     "from statistics import mean"],
)  # fmt: skip
def test_the_scan_finds_what_it_looks_for(planted):
    assert list(faults("rules/planted.py", ast.parse(planted)))


def columns() -> Iterator[tuple[str, object]]:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            yield f"{table.name}.{column.name}", column.type


def test_no_column_of_the_models_can_hold_a_float():
    assert [name for name, kind in columns() if isinstance(kind, Float | Numeric)] == []


def test_what_is_called_money_is_kept_as_money():
    named = {
        name: kind
        for name, kind in columns()
        if not name.endswith(NO_MONEY) and MONEY_WORDS & set(name.split(".")[1].split("_"))
        and isinstance(kind, Integer | BigInteger | Money | Rate | Quantity)
    }  # fmt: skip
    assert [name for name, kind in named.items() if not isinstance(kind, Money)] == []
    assert len(named) > 20


def test_the_database_itself_keeps_money_in_whole_numbers(app):
    inspector = inspect(db.engine)
    kept = {
        f"{table}.{column['name']}": column["type"]
        for table in inspector.get_table_names()
        for column in inspector.get_columns(table)
    }
    assert [name for name, kind in kept.items() if isinstance(kind, Float | Numeric)] == []
    scaled = [name for name, kind in columns() if isinstance(kind, Money | Rate | Quantity)]
    assert [name for name in scaled if not isinstance(kept[name], Integer)] == []
    assert scaled
