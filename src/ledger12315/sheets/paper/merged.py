"""The merged cells of a worksheet from outside, however many they are."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from openpyxl.utils.cell import get_column_letter

from ledger12315.boxes.reading import Misread
from ledger12315.sheets.incoming.ooxml import MOST_COLUMNS, column_number

_CORNER = "([A-Z]{1,3})([1-9][0-9]{0,6})"
_CORNERS = re.compile(f"{_CORNER}:{_CORNER}")
_MOST_MERGED = 200_000
"""The most columns of all merged areas together."""


class MergedArea(NamedTuple):
    """Cells by the first of their rows and columns, and the last."""

    row: int
    column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first, last = get_column_letter(self.column), get_column_letter(self.last_column)
        return f"{first}{self.row}:{last}{self.last_row}"


class MergedCells:
    """Areas of merged cells, found by any of their cells. Raises Misread for too many."""

    def __init__(self, references: Iterable[str]) -> None:
        self._of_column = defaultdict[int, list[MergedArea]](list)
        left = _MOST_MERGED
        for area in sorted(_areas(references)):
            columns = range(area.column, min(area.last_column, MOST_COLUMNS) + 1)
            left -= len(columns)
            if left < 0:
                raise Misread("it holds more merged cells than spreadsheet programs write")
            for column in columns:
                self._of_column[column].append(area)

    def around(self, row: int, column: int) -> MergedArea:
        """Return the area that a cell is in, mostly that cell alone."""
        areas = self._of_column.get(column, [])
        above = bisect_right(areas, row, key=lambda area: area.row)
        if above and areas[above - 1].last_row >= row:
            return areas[above - 1]
        return MergedArea(row, column, row, column)


def _areas(references: Iterable[str]) -> Iterable[MergedArea]:
    for reference in references:
        if found := _CORNERS.fullmatch(reference):
            left, top, right, bottom = found.groups()
            yield MergedArea(int(top), column_number(left), int(bottom), column_number(right))
