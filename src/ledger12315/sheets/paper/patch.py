"""A worksheet from outside with some cells filled; all others stay unchanged."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape

from ledger12315.boxes.reading import Misread
from ledger12315.sheets.forms.spec import CellValue
from ledger12315.sheets.incoming.elements import Edit, Element, apply_edits, elements
from ledger12315.sheets.incoming.names import Place
from ledger12315.sheets.incoming.ooxml import (
    MOST_COLUMNS,
    MergedArea,
    column_of,
    escaped_text,
    merged_area,
)

_DATA_PATH, _MERGED_PATH = ("sheetData",), ("mergeCells", "mergeCell")
_ROW_PATH, _CELL_PATH = (*_DATA_PATH, "row"), (*_DATA_PATH, "row", "c")
_FORMULA_PATH, _RESULT_PATH = (*_CELL_PATH, "f"), (*_CELL_PATH, "v")
_SHEET_PATHS = _DATA_PATH, _ROW_PATH, _CELL_PATH, _FORMULA_PATH, _RESULT_PATH, _MERGED_PATH
_CALCULATION_PATH = ("calcPr",)
# The elements of a workbook's own part that come before its calcPr.
_BEFORE_CALCULATION_PATHS = {
    (name,) for name in ("sheets", "functionGroups", "externalReferences", "definedNames")
}
_CELL_KIND = re.compile(rb"""\st=["']\w+["']""")
_NOW, _ON_LOAD = b' fullCalcOnLoad="1"', re.compile(rb"""\sfullCalcOnLoad=["']\w+["']""")


class Patch:
    """A worksheet's XML and its edits; `bytes` returns the result."""

    def __init__(self, xml: bytes) -> None:
        """Take a worksheet apart. Raises Misread, ValueError, and expat's errors."""
        found = defaultdict[tuple[str, ...], list[Element]](list)
        for each in elements(xml, _SHEET_PATHS):
            found[each.path].append(each)
        self._xml, [self._data] = xml, found[_DATA_PATH]
        self._rows = dict(_numbered_rows(found[_ROW_PATH]))
        inside = _by_outer(found[_ROW_PATH], found[_CELL_PATH])
        self._cells = {
            number: dict(_lettered_cells(inside[row.start])) for number, row in self._rows.items()
        }
        worked_out = _by_outer(found[_CELL_PATH], found[_FORMULA_PATH])
        self._formulas = {
            each.start: each for each in found[_CELL_PATH] if each.start in worked_out
        }
        self._worked_out = worked_out
        self._results = _by_outer(found[_CELL_PATH], found[_RESULT_PATH])
        self._merged = MergedCells(each.attributes["ref"] for each in found[_MERGED_PATH])
        self._put = defaultdict[int, dict[int, bytes]](dict)

    @property
    def calculates(self) -> bool:
        """Whether it has cells with formulas."""
        return bool(self._formulas)

    @property
    def last(self) -> int:
        """The last existing row."""
        return max(self._rows, default=0)

    def merged_around(self, place: Place) -> str:
        """Return the merged cells around a place, unless it is the first of them."""
        area = self.area(place)
        return "" if (area.row, area.column) == (place.row, place.column) else area.cells

    def area(self, place: Place) -> MergedArea:
        """Return the merged cells of a place, mostly that place alone."""
        return self._merged.around(place.row, place.column)

    def merged_in(self, column: int, first: int, last: int) -> Iterator[MergedArea]:
        """Yield the merged cells that touch a column between two rows."""
        return self._merged.between(column, first, last)

    def is_formula(self, place: Place) -> bool:
        """Return whether a place has a formula."""
        cell = self._cell(place)
        return cell is not None and cell.start in self._formulas

    def formula(self, place: Place) -> str:
        """Return the formula of a place, or nothing."""
        cell = self._cell(place)
        found = self._worked_out.get(cell.start, []) if cell else []
        return "".join(unescape(self._xml[each.inside : each.close].decode()) for each in found)

    def _cell(self, place: Place) -> Element | None:
        return self._cells.get(place.row, {}).get(place.column)

    def put(self, place: Place, value: CellValue, like: Place) -> None:
        """Fill a cell, or empty it; its format stays, and a new one has that of another cell."""
        cell, prefix = self._cell(place), self._data.prefix
        nothing = value in (None, "")
        if nothing and not cell:
            return
        formatted = cell or self._cell(like)
        look = formatted.attributes.get("s") if formatted else None
        attributes = f' r="{place.cell}"' + (f' s="{escape(look)}"' if look else "")
        inside = "" if nothing else f"<{prefix}v>{value}</{prefix}v>"
        if value and isinstance(value, str):
            attributes += ' t="inlineStr"'
            text = escape(escaped_text(value))
            inside = f'<{prefix}t xml:space="preserve">{text}</{prefix}t>'
            inside = f"<{prefix}is>{inside}</{prefix}is>"
        whole = f"<{prefix}c{attributes}>{inside}</{prefix}c>"
        self._put[place.row][place.column] = whole.encode("ascii", "xmlcharrefreplace")

    def __bytes__(self) -> bytes:
        return apply_edits(self._xml, [*self._forgotten(), *self._filled()])

    def _forgotten(self) -> Iterator[Edit]:
        """Yield the edits that remove results of formulas, so that programs recalculate them."""
        for start, cell in self._formulas.items():
            yield start, cell.inside, _CELL_KIND.sub(b"", self._xml[start : cell.inside])
            yield from ((each.start, each.end, b"") for each in self._results[start])

    def _filled(self) -> Iterator[Edit]:
        """Yield the edits that write values, with the rows they need."""
        tag, rows = f"{self._data.prefix}row".encode(), dict[int, bytes]()
        for number, cells in self._put.items():
            if row := self._rows.get(number):
                yield from _edits_among(cells, self._cells[number], row)
            else:
                inside = b"".join(cells[column] for column in sorted(cells))
                rows[number] = b'<%b r="%d">%b</%b>' % (tag, number, inside, tag)
        yield from _edits_among(rows, self._rows, self._data)


def _numbered_rows(rows: Iterable[Element]) -> Iterator[tuple[int, Element]]:
    """Yield rows with their numbers; one without a number follows the one before."""
    number = 0
    for row in rows:
        number = int(row.attributes.get("r", number + 1))
        yield number, row


def _lettered_cells(cells: Iterable[Element]) -> Iterator[tuple[int, Element]]:
    """Yield a row's cells with their columns; one without a column follows the one before."""
    column = 0
    for cell in cells:
        column = column_of(cell.attributes, column)
        yield column, cell


def _by_outer(around: Iterable[Element], inside: Iterable[Element]) -> Mapping[int, list[Element]]:
    """Return the elements inside each outer one, by its first byte."""
    starts, held = [each.start for each in around], defaultdict[int, list[Element]](list)
    for each in inside:
        held[starts[bisect_right(starts, each.start) - 1]].append(each)
    return held


def _edits_among(
    new: Mapping[int, bytes], there: Mapping[int, Element], around: Element
) -> Iterator[Edit]:
    """Yield the edits that replace numbered elements, or insert them in order."""
    numbers, last = sorted(there), list[bytes]()
    for number in sorted(new):
        at = bisect_right(numbers, number)
        if number in there:
            yield there[number].start, there[number].end, new[number]
        elif at < len(numbers):
            start = there[numbers[at]].start
            yield start, start, new[number]
        else:
            last.append(new[number])
    if last:
        yield around.with_more(b"".join(last))


def with_recalculation(workbook: bytes) -> bytes:
    """Return the workbook's own part, with formulas recalculated when it is opened."""
    for each in elements(workbook, (_CALCULATION_PATH,)):
        tag, name = workbook[each.start : each.inside], f"<{each.tag}".encode()
        others = _ON_LOAD.sub(b"", tag).removeprefix(name)
        return apply_edits(workbook, [(each.start, each.inside, name + _NOW + others)])
    *_, last = elements(workbook, _BEFORE_CALCULATION_PATHS)
    added = f"<{last.prefix}calcPr".encode() + _NOW + b"/>"
    return apply_edits(workbook, [(last.end, last.end, added)])


_MOST_MERGED = 200_000
"""The most columns of all merged areas together."""


class MergedCells:
    """Areas of merged cells, found by any of their cells. Raises Misread for too many."""

    def __init__(self, references: Iterable[str]) -> None:
        self._of_column = defaultdict[int, list[MergedArea]](list)
        left = _MOST_MERGED
        for area in sorted(filter(None, map(merged_area, references))):
            columns = range(area.column, min(area.last_column, MOST_COLUMNS) + 1)
            left -= len(columns)
            if left < 0:
                raise Misread("it holds more merged cells than spreadsheet programs write")
            for column in columns:
                self._of_column[column].append(area)

    def between(self, column: int, first: int, last: int) -> Iterator[MergedArea]:
        """Yield the areas that touch a column between two rows."""
        areas = self._of_column.get(column, [])
        for area in areas[bisect_left(areas, first, key=lambda area: area.last_row) :]:
            if area.row > last:
                return
            yield area

    def around(self, row: int, column: int) -> MergedArea:
        """Return the area of a cell, mostly that cell alone."""
        areas = self._of_column.get(column, [])
        above = bisect_right(areas, row, key=lambda area: area.row)
        if above and areas[above - 1].last_row >= row:
            return areas[above - 1]
        return MergedArea(row, column, row, column)
