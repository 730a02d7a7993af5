"""The size of letters on paper, calculated from a workbook."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from openpyxl.cell.cell import Cell
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from ledger12315.sheets.paper.layout import text_width

_WIDER = 1.06
"""So much wider than Excel some programs draw columns, and shrink what does not fit then."""
_PADDING, _INDENT = 3.75, 6.75
"""In points: left and right of a text together, and what setting it in by one takes."""


def smallest(page: Worksheet) -> float:
    """Return the size of a worksheet's smallest printed letters, in points.

    It is 0 if a column does not fit the paper and nothing shrinks it.
    """
    widths = _widths(page)
    pages = [sum(widths[column - 1] for column in columns) * _WIDER for columns in _pages(page)]
    scale, paper = (page.page_setup.scale or 100) / 100, _paper(page)
    if getattr(page.sheet_properties.pageSetUpPr, "fitToPage", False):
        scale = min(1, *(paper / each for each in pages))
    elif max(pages) * scale > paper:
        return 0
    cells = (cell for row in page.iter_rows() for cell in row if cell.value is not None)
    return scale * min(_size(page, cell, widths) for cell in cells)


def _paper(page: Worksheet) -> float:
    """Return the paper's width within its margins, in points."""
    millimetres = 297 if page.page_setup.orientation == "landscape" else 210
    return float(72 * (millimetres / 25.4 - page.page_margins.left - page.page_margins.right))


def _widths(page: Worksheet) -> list[float]:
    """Return the columns' widths in points; equal neighbours are one entry."""
    found = [0.0] * page.max_column
    for each in page.column_dimensions.values():
        for column in range(each.min or 1, (each.max or 1) + 1):
            found[column - 1] = each.width * 7 * 0.75
    return found


def _pages(page: Worksheet) -> Iterator[list[int]]:
    """Yield the columns of each page, with repeated ones."""
    titles = page.print_title_cols
    repeated: list[int] = []
    if titles:
        first, last = map(column_index_from_string, titles.replace("$", "").split(":"))
        repeated = [*range(first, last + 1)]
    start = 1
    for end in [*(each.id for each in page.col_breaks.brk), page.max_column]:
        columns = [*range(start, end + 1)]
        yield columns if start == 1 else repeated + columns
        start = end + 1


def _size(page: Worksheet, cell: Cell, widths: list[float]) -> float:
    """Return the size of a cell's letters in points, with shrinking to fit."""
    size = float(cell.font.sz)
    if not cell.alignment.shrink_to_fit:
        return size
    return size * min(1.0, _room(page, cell, widths) / (text_width(_shown(cell)) * size / 2))


def _room(page: Worksheet, cell: Cell, widths: list[float]) -> float:
    """Return the width of a cell for its text, in points."""
    last = _last_columns(page).get((cell.row, cell.column), cell.column)
    set_in = float(cell.alignment.indent) * _INDENT
    return sum(widths[cell.column - 1 : last]) - _PADDING - set_in


@cache
def _last_columns(page: Worksheet) -> dict[tuple[int, int], int]:
    """Return the last column of merged cells by their first, since the others are empty."""
    areas = page.merged_cells.ranges
    return {(area.min_row, area.min_col): area.max_col for area in areas}


_SUBSTITUTED = {False: (1.272, 1.9), True: (1.392, 2.0)}
"""How much wider than half of a letter's height DejaVu Sans draws a digit and %, bold or not.

LibreOffice draws 宋体 with it where there is none, and then draws columns that are wider, too.
"""
_COLUMNS_SUBSTITUTED = 1.144


def cut(page: Worksheet) -> list[str]:
    """Return the cells whose longest word is wider than they are, in 宋体 or in its substitute."""
    widths, found = _widths(page), []
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and not cell.alignment.shrink_to_fit:
                there = _room(page, cell, widths)
                for word in re.findall(r"[!-~（）—]+(?:改为[!-~—]+)?", cell.value):
                    as_song = text_width(word) * float(cell.font.sz) / 2
                    other = as_song + _more(word, bool(cell.font.b)) * float(cell.font.sz) / 2
                    if as_song > there or other > there * _COLUMNS_SUBSTITUTED:
                        found.append(f"{cell.coordinate} {word}")
    return found


def _more(word: str, bold: bool) -> float:
    digit, percent = _SUBSTITUTED[bold]
    # A hyphen is narrower.
    more = sum(map(str.isdigit, word)) * (digit - 1) + word.count("%") * (percent - 1)
    return more - word.count("-") * 0.28


def _shown(cell: Cell) -> str:
    """Return a text, or a figure as its format shows it."""
    if isinstance(cell.value, str):
        return cell.value
    before, _, after = cell.number_format.partition("0")
    if after == ".00":
        return f"{Decimal(str(cell.value)):.2f}"
    return f"{before}{cell.value}{after}".replace('"', "")
