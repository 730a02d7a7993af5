"""How much room text needs on paper: pure arithmetic in half-width characters of the body's size, and points."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from math import ceil

from ledger12315.sheets.spec import Sheet, Value

BODY, SMALL, LARGE = 10.5, 9.0, 18.0
"""五号, 小五, 小二 in points."""
PADDING = 1
"""What a column is wider than the text it holds."""
_LINE = 1.35
# Where 宋体 is missing, another font's figures are up to a fifth wider; in running text they are few.
_FIGURES, _TEXT = 1.2, 0.96
_LINES_IN_ROW = 3
# A line may end after any wide character, but not inside a Latin word or a number.
_UNBROKEN = re.compile(r"[!-~]+|.")


def room(text: str) -> int:
    """Half-width characters that `text` takes; a Chinese font draws ambiguous ones (“, —) wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "FWA" else 1 for char in text)


def height(text: str, width: int, size: float = BODY) -> float:
    """Points that `text` needs once it is broken into lines of `width`, at `size` points."""
    width, lines = int(width * BODY / size), 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0
        for word in _UNBROKEN.findall(paragraph):
            if used and used + room(word) > width:
                lines, used = lines + 1, 0
            more, used = divmod(used + room(word) - 1, width)  # more: for a word longer than a line
            lines, used = lines + more, used + 1
    return lines * size * _LINE


def widths(sheet: Sheet) -> list[int]:
    """Each column's declared width, or what its longest figure needs: Excel shows #### for a number that does not fit."""
    found = [column.width for column in sheet.columns]
    for row in sheet.rows:
        for place, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
            if column.align != "left":
                found[place] = max(found[place], *(ceil(room(line) * _FIGURES) for line in _shown(cell.value).split("\n")))
    return found


def _shown(value: Value) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def rows(text: str, width: int, size: float) -> Iterator[str]:
    """A long text in rows of a few lines, since none is split between pages; ends only after 、 so that a name stays whole."""
    enough, row = _LINES_IN_ROW * width * BODY / size, ""
    for item in re.findall("[^、]*、?", text):
        if row and room(row + item) > enough:
            yield row
            row = ""
        row += item
    yield row


@dataclass(frozen=True, slots=True)
class Span:
    """Columns from `first` to `last`, from 1, and the text they hold together."""

    first: int
    last: int
    width: int


def spans(across: Sequence[int], count: int) -> list[Span]:
    """The columns in `count` stretches of about the same width."""
    ends = list(accumulate((width + PADDING for width in across), initial=0))

    def nearest(part: int) -> int:
        return min(range(len(ends)), key=lambda place: abs(ends[place] - ends[-1] * part / count))

    edges = pairwise(nearest(part) for part in range(count + 1))
    return [Span(before + 1, last, int((ends[last] - ends[before]) * _TEXT)) for before, last in edges]
