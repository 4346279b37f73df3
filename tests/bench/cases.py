"""The cases of `make bench`, by name."""

from tests.bench import register_import, settlement_draft
from tests.bench.frame import Case

CASES: dict[str, Case] = {case.name: case for case in (register_import.CASE, settlement_draft.CASE)}
