"""A copy of a file from outside as text, with each problem as a comment in its cell."""

import re
from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from ledger12315.boxes.reading import cell_text
from ledger12315.errors import Unacceptable
from ledger12315.sheets.incoming.reading import Sheet
from ledger12315.sheets.paper.parts import (
    PROPERTIES,
    new_book,
    without_illegal_characters,
    write_text,
)

_MOST_ANNOTATED, _LONG = 500_000, 100
"""A cell counts once more for each _LONG characters."""
_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
Note = tuple[str | None, int, int, str]
"""Sheet, row from 1, column from 0, and the problem there."""


def annotated_copy(sheets: Iterable[Sheet], notes: Iterable[Note]) -> bytes:
    """Return the visible sheets as one xlsx file.

    Raises Unacceptable if they have too many cells for a copy.
    """
    by_sheet: defaultdict[str | None, dict[tuple[int, int], list[str]]] = defaultdict(dict)
    for name, row, column, text in notes:
        by_sheet[name].setdefault((row, column), []).append(text)
    content, left = BytesIO(), _MOST_ANNOTATED
    book = new_book(content)
    book.set_properties(PROPERTIES)
    plain, marked = book.add_format(), book.add_format({"bg_color": "#FFC000"})
    for sheet in sheets:
        if sheet.hidden:
            continue
        page, problems = _add_sheet(book, sheet.name or "csv"), by_sheet[sheet.name]
        for (row, column), texts in problems.items():
            page.write_blank(row - 1, column, None, marked)
            comment = without_illegal_characters("\n".join(texts))
            page.write_comment(row - 1, column, comment, {"author": PROPERTIES["author"]})
        for row, cells in sheet.rows:
            for column, cell in enumerate(cells):
                text = without_illegal_characters(cell_text(cell))
                if not text:
                    continue
                left -= 1 + len(text) // _LONG
                look = marked if (row, column) in problems else plain
                write_text(page, row - 1, column, text, look)
            if left < 0:
                raise Unacceptable(
                    "The file holds more than {most} cells, too many for a copy.",
                    most=f"{_MOST_ANNOTATED:,}",
                )
    book.close()
    return content.getvalue()


def _add_sheet(book: Workbook, name: str) -> Worksheet:
    """Return a new sheet with the other's name, if spreadsheet programs allow that."""
    try:
        return book.add_worksheet(_FORBIDDEN.sub("_", name)[:31])
    except XlsxWriterException:
        return book.add_worksheet(f"ledger12315 {len(book.worksheets())}")
