"""A copy of a file from outside as text, each problem marked in its cell and told there as a comment."""

import re
from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from ledger12315.errors import Unacceptable
from ledger12315.register.columns import cell_text
from ledger12315.sheets.incoming.reading import Sheet
from ledger12315.sheets.paper.parts import harmless_xml

_MOST_CELLS, _LONG = 500_000, 100
"""A cell counts once more for every so many characters."""
_MARKED = PatternFill("solid", fgColor="FFFFC000")
Note = tuple[str | None, int, int, str]
"""Sheet, row from 1, column from 0, and what is wrong there."""


def annotated(sheets: Iterable[Sheet], notes: Iterable[Note]) -> bytes:
    """The sheets that are not hidden, as one xlsx file. Raises Unacceptable where they are too many cells for that."""
    told: defaultdict[tuple[str | None, int, int], list[str]] = defaultdict(list)
    for sheet_name, row, column, text in notes:
        told[sheet_name, row, column].append(text)
    book, count = Workbook(), 0
    book.remove(book.worksheets[0])
    for sheet in sheets:
        if sheet.hidden:
            continue
        page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", "_", sheet.name or "csv")[:31])
        for row, cells in sheet.rows:
            for column, cell in enumerate(cells, 1):
                if text := harmless_xml(cell_text(cell)):
                    written = page.cell(row, column, text)
                    written.data_type = "s"  # a leading = would make it a formula
                    count += 1 + len(text) // _LONG
            if count > _MOST_CELLS:
                raise Unacceptable(
                    "The file holds more than {most} cells, too many for a copy.",
                    most=f"{_MOST_CELLS:,}",
                )
        for (sheet_name, row, column), texts in told.items():
            if sheet_name == sheet.name:
                marked = page.cell(row, column + 1)
                marked.fill, marked.comment = (
                    _MARKED,
                    Comment(harmless_xml("\n".join(texts)), "ledger12315"),
                )
    out = BytesIO()
    _InMemory(book, ZipFile(out, "w", ZIP_DEFLATED)).save()
    return out.getvalue()


class _InMemory(ExcelWriter):
    """openpyxl puts each sheet into a temporary file, and people's data would stay there after a crash."""

    def write_worksheet(self, ws: Worksheet) -> None:
        out = BytesIO()
        writer = WorksheetWriter(ws, out)
        writer.write()
        ws._drawing, ws._rels = None, writer._rels  # type: ignore[attr-defined]  # the stubs leave out what is inner
        self._archive.writestr(ws.path[1:], out.getvalue())  # type: ignore[attr-defined]
        self.manifest.append(ws)
