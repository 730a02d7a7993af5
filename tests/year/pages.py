"""Exported workbooks as on paper: rows of cells, tables by headings, the text below."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

from python_calamine import CalamineWorkbook

Cells = list[Any]


class Paper(NamedTuple):
    """One worksheet: each row's cells, and all its text below the table in one."""

    rows: list[Cells]
    below: str

    def table(self, first: str) -> list[dict[str, Any]]:
        """Return the rows under the headings that begin with `first`; one used twice counts up."""
        start = next(place for place, row in enumerate(self.rows) if row[0] == first)
        heads = self.rows[start]
        names = [f"{head}{'2' * heads[:n].count(head)}" for n, head in enumerate(heads) if head]
        found = []
        for row in self.rows[start + 1 :]:
            about = str(row[0])
            if "（盖章）" in about or about.startswith(("注:", "在册")) or not any(row[1:]):
                break
            found.append(dict(zip(names, row, strict=False)))
        return found

    def pages(self, title: str) -> list[list[list[str]]]:
        """Return the filled cells of each row, a list for each page that begins with the title."""
        found: list[list[list[str]]] = []
        for row in self.rows:
            if row[0] == title:
                found.append([])
            if found:
                found[-1].append(list(filter(None, plain(row))))
        return found


def plain(row: Iterable[object]) -> list[str]:
    """Return cells as text, whole numbers without a point."""
    return ["" if cell is None else str(cell).removesuffix(".0") for cell in row]


def sheets(content: bytes) -> list[Paper]:
    """Return the sheets of a workbook."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [_paper(book, number) for number in range(len(book.sheet_names))]


def _paper(book: CalamineWorkbook, number: int) -> Paper:
    grid = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
    rows = [[None if cell == "" else cell for cell in row] for row in grid]
    notes = [str(row[0]) for row in rows if row[0] is not None and not any(row[1:])]
    return Paper(rows, "".join(notes))
