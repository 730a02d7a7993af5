"""Exported workbooks as paper shows them: rows of cells, tables by their headings, what stands below."""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook

from tests.year.station import Station

Cells = list[Any]


class Paper(NamedTuple):
    """One worksheet: each row's filled cells; and all its text below the table in one."""

    rows: list[Cells]
    below: str

    def table(self, first: str) -> list[dict[str, Any]]:
        """The rows under the headings, whose first is `first`, as long as they are as wide; a heading used twice counts up."""
        start = next(place for place, row in enumerate(self.rows) if row[0] == first)
        headings = [
            f"{head}{'2' * self.rows[start][:place].count(head)}"
            for place, head in enumerate(self.rows[start])
            if head
        ]
        found = []
        for row in self.rows[start + 1 :]:
            if (
                "（盖章）" in str(row[0])
                or str(row[0]).startswith(("注:", "在册"))
                or not any(row[1:])
            ):
                break
            found.append(dict(zip(headings, row, strict=False)))
        return found


def read(path: Path, sheet: int = 0) -> Paper:
    book = load_workbook(path, read_only=True)
    rows = [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]
    book.close()
    notes = [str(row[0]) for row in rows if row[0] is not None and not any(row[1:])]
    return Paper(rows, "".join(notes))


def written(station: Station, line: str, today: date, sheet: int = 0) -> Paper:
    """The form that this command line writes."""
    target = station.cli.path.with_name("form.xlsx")
    station.run(today, f"{line} -o {target}")
    return read(target, sheet)


def pages(paper: Paper, title: str) -> list[list[Cells]]:
    """The filled cells of each row, a list for each page that begins with the title."""
    found: list[list[Cells]] = []
    for row in paper.rows:
        if row[0] == title:
            found.append([])
        if found:
            found[-1].append([cell for cell in row if cell is not None])
    return found
