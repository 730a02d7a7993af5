"""A worksheet's rows as XML, streamed: a register may be larger than memory."""

import re
from array import array
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ledger12315.boxes.reading import ReadCell, join_marked_lines
from ledger12315.sheets.forms.spec import CellValue
from ledger12315.sheets.incoming.ooxml import escaped_text

# With the clock's time equal input would give unequal bytes.
PROPERTIES = {"author": "ledger12315", "created": datetime(1980, 1, 1)}

# Characters that XML cannot hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_PLAIN_TEXT = re.compile("[^\x00-\x1f\ud800-\udfff\ufffe\uffff&<>_]+")
_COLUMN_LETTERS = ["", *map(xl_col_to_name, range(100))]
# Excel refuses to open a file with a higher row.
_HIGHEST_ROW = 409.0
_A4 = 9

Placed = tuple[int, CellValue, int]
"""A column from 1, its content, and the number of its format."""


def without_illegal_characters(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


def write_text(worksheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """Write a text into a cell, counted from 0, of a workbook of XlsxWriter's own."""
    if text.startswith("<r>"):  # which XlsxWriter may take for its own markup
        worksheet.write_rich_string(row, column, *text[:2], text[2:], look)
    else:
        worksheet.write_string(row, column, text, look)


def new_book(content: IO[bytes]) -> Workbook:
    """Return a workbook of XlsxWriter that uses no temporary files.

    Widths are counted in the figures of its font, which most machines have or replace with one as
    wide.
    """
    font = {"font_name": "Arial", "font_size": 10}
    return Workbook(content, {"in_memory": True, "default_format_properties": font})


def set_on_paper(worksheet: Worksheet, heading: str = "") -> None:
    """Set a worksheet to A4, with margins, the text above each page, and page numbers."""
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.25, right=0.25, top=0.55, bottom=0.55)
    worksheet.set_header(heading, {"margin": 0.3})
    worksheet.set_footer("&C第 &P 页 共 &N 页", {"margin": 0.35})


class Rows:
    """Rows written into a part, with a hash of each to check the packed file.

    XlsxWriter takes four times as long for a cell, and would put people's data on the disk.
    """

    def __init__(self, part: IO[bytes]) -> None:
        self.part = part
        self.count = 0
        self.hashes = array("q")

    def write(self, cells: Iterable[Placed], height: float) -> None:
        """Write the next row; `height` is in points."""
        self.count += 1
        values: list[ReadCell] = []
        xml = [f'<row r="{self.count}" ht="{min(height, _HIGHEST_ROW):g}" customHeight="1">']
        for column, value, look in cells:
            cell = f'<c r="{_COLUMN_LETTERS[column]}{self.count}" s="{look}"'
            shown = value
            if isinstance(value, str) and not _PLAIN_TEXT.fullmatch(value):
                value = without_illegal_characters(value) or None
                shown = escape(escaped_text(value or ""))
            if value is None:
                xml.append(f"{cell}/>")
                continue
            if isinstance(value, str):
                # A leading = would be a formula in any other type of cell.
                space = ' xml:space="preserve"' if value != value.strip() else ""
                xml.append(f'{cell} t="inlineStr"><is><t{space}>{shown}</t></is></c>')
                value = join_marked_lines(value)
            else:
                xml.append(f"{cell}><v>{value}</v></c>")
            values += [None] * (column - 1 - len(values))
            values.append(float(value) if isinstance(value, Decimal) else value)
        xml.append("</row>")
        self.part.write("".join(xml).encode())
        self.hashes.append(hash(tuple(values)))

    def differing(self, rows: Iterable[tuple[int, list[ReadCell]]]) -> int:
        """Return the number of the first row that does not read back as written, or 0."""
        number = 0
        for number, cells in rows:
            if number > self.count or hash(tuple(cells)) != self.hashes[number - 1]:
                return number
        return 0 if number == self.count else number + 1
