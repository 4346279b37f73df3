"""The register as a company keeps it on paper: rows of cells as text, handed in now and then."""

from copy import deepcopy
from random import Random

from seed.cells import parameter_value
from seed.sheets import SHEETS, Sheet
from tests.workflows.plain_company import Cells, Paper
from workflows.register import Register, Row

BY_MONTH = {"制度参数": "生效月份", "底薪核定": "月份"}


class PaperRegister:
    """The sheets as written so far, and as they were when they were last handed in."""

    def __init__(self) -> None:
        self.sheets: Paper = {sheet.name: [] for sheet in SHEETS}
        self.known: Paper = deepcopy(self.sheets)

    def write(self, sheet: str, **cells: str | None) -> Cells:
        """A new row; empty cells are left out."""
        row = {heading: cell for heading, cell in cells.items() if cell}
        self.sheets[sheet].append(row)
        return row

    def of(self, sheet: str) -> list[Cells]:
        return self.sheets[sheet]

    def news(self) -> Paper:
        """Only the rows that are new or have cells filled in since; a sale's rows stay together."""
        found: Paper = {}
        for name, rows in self.sheets.items():
            before = self.known[name]
            changed = [row for at, row in enumerate(rows) if before[at : at + 1] != [row]]
            if name == "配件销售":
                numbers = {row["销售单号"] for row in changed}
                changed = [row for row in rows if row["销售单号"] in numbers]
            found[name] = changed
        return found

    def forget_closed(self, last_frozen: str) -> None:
        """Strike out rows for months that closed before they were handed in: they would be faults."""
        for name, heading in BY_MONTH.items():
            late = self.sheets[name][len(self.known[name]) :]
            kept = [row for row in late if row[heading] > last_frozen]
            self.sheets[name][len(self.known[name]) :] = kept

    def handed_in(self) -> None:
        self.known = deepcopy(self.sheets)


def shuffled(paper: Paper, random: Random) -> Paper:
    """The same rows in another order; the rows of one sale keep theirs."""
    found = {}
    for name, rows in paper.items():
        found[name] = random.sample(rows, len(rows))
        if name == "配件销售":
            place = {id(row): at for at, row in enumerate(rows)}
            first = {row["销售单号"]: at for at, row in reversed(list(enumerate(found[name])))}
            found[name].sort(key=lambda row: (first[row["销售单号"]], place[id(row)]))
    return found


def _read(sheet: Sheet, at: int, cells: Cells) -> Row:
    columns = {column.heading: column for column in sheet.columns}
    values = {column.key: None for column in sheet.columns}
    values |= {columns[heading].key: columns[heading].parse(c) for heading, c in cells.items()}
    if sheet.key == "parameters":
        values["value"] = parameter_value(values["name"], values["value"])
    return Row(at, values)


def register_of(paper: Paper) -> Register:
    """The rows as the workbook reader hands them over."""
    return Register(
        {
            sheet.key: [_read(sheet, at, cells) for at, cells in enumerate(paper[sheet.name], 2)]
            for sheet in SHEETS
        }
    )
