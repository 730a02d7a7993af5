"""The forms on paper: tests/on_paper has a folder for each station, with its story and pages.

A page begins with the line that exports it. Below are its rows as `printed` returns them, and
… for further ones. `drawn.txt` has worksheets as they are drawn, without their texts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from itertools import chain, groupby
from pathlib import Path

import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.printing import ON_PAPER, opened, printed, story_of
from tests.rows import for_all

PAGES = [page for page in sorted(ON_PAPER.glob("*/*.txt")) if page.stem != "story"]
# Older ones round widths to pixels.
_WIDTHS = [*map(int, xlsxwriter.__version__.split(".")[:2])] >= [3, 3]
_WHOLE = (ON_PAPER / "drawn.txt").read_text("utf-8").strip()
_TOLD = _WHOLE if _WIDTHS else re.sub("^columns .*\n", "", _WHOLE, flags=re.M)
DRAWN = dict(each.split("\n", 1) for each in _TOLD.split("\n\n"))
"""What `drawn` returns, by the line that exports it."""


@for_all("page", PAGES)
def test_what_is_printed(page: Path) -> None:
    line, _, expected = page.read_text("utf-8").partition("\n\n")
    sheet = opened(story_of(page.parent.name), line.removeprefix("$ export ")).worksheets[0]
    seen, whole = printed(sheet), expected.removesuffix("…\n")
    assert seen[: len(whole) if whole != expected else None] == whole


def drawn(book: Workbook) -> str:
    """Return a workbook's sheets as they are drawn, to be compared with DRAWN."""
    return "\n".join(chain(*map(_drawn, book)))


@for_all("form", [form for form in DRAWN if not form.startswith("county")])
def test_how_sheets_are_drawn(form: str) -> None:
    station, _, words = form.partition(" $ export ")
    found = drawn(opened(story_of(station), words))
    assert found == DRAWN[form], found


def _drawn(page: Worksheet) -> Iterator[str]:
    """Yield the paper, columns, rows and merged cells of a sheet, and how often it has a look."""
    paper = chain(page.page_setup, page.print_options, page.page_margins)
    yield f"{page.title}: {page.sheet_state} {page.oddHeader}{page.oddFooter} {_told(paper)}"
    areas = page.print_area, page.print_title_rows, page.print_title_cols, page.freeze_panes
    yield f"{areas} {[each.id for each in chain(page.row_breaks.brk, page.col_breaks.brk)]}"
    for each in page.column_dimensions.values() if _WIDTHS else ():
        yield f"columns {each.min}-{each.max}: {each.width:.2f}{' hidden' * each.hidden}"
    heights = (page.row_dimensions[row].height for row in range(1, page.max_row + 1))
    for high, rows in groupby(heights):
        yield f"{len([*rows])} rows: {high}"
    yield " ".join(["merged", *sorted(map(str, page.merged_cells.ranges))])
    cells = {cell.style_id: cell for row in page.rows for cell in row}
    for look, many in Counter(cell.style_id for row in page.rows for cell in row).items():
        font, border, how = cells[look].font, cells[look].border, copy(cells[look].alignment)
        letters = f"{font.name} {font.sz}{' bold' * font.b} {border.left.style}"
        yield f"{many} cells: {letters} {_told(how)} {cells[look].number_format}"


def _told(facts: Iterable[tuple[str, str]]) -> str:
    return ", ".join(map(" ".join, facts))
