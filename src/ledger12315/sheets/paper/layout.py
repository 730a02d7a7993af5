"""How much room text needs on paper, in half-width characters of the body's size and points."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil
from typing import NamedTuple

from ledger12315.sheets.forms.spec import GRID, Cell, FormSheet, Value, cell_of

BODY, SMALL, LARGE = 10.5, 9.0, 18.0
"""五号, 小五, 小二 in points."""
PADDING = 1
"""What a column is wider than the text it holds."""
INDENT = 1
"""How far a figure stands from the border on its right."""
# Of the size: the first line, and each further one.
_FIRST_LINE, _LINE = 1.35, 1.45
# Where 宋体 is missing, another font's figures are up to a fifth wider; text has few of them.
_FIGURES, _TEXT = 1.2, 0.96
_LINES_IN_ROW = 3
_LINES_IN_PIECE = 8
# Sixteen columns of this width fill a sheet of A4, upright and at full size.
_GRID_WIDTH = 4.4
# Of A4 within its margins, upright and across, in pixels; a half-width character of BODY has 7.
# A twentieth is left: programs draw columns a little wider, and would shrink the letters.
PIXELS = 7
_PRINTABLE = {False: 711, True: 1025}
_NARROWED = 2 / 3
# A line may end after any wide character, but not inside a Latin word or a number.
_UNBROKEN = re.compile(r"[!-~]+|.", re.DOTALL)


def room(text: str) -> int:
    """Return how many half-width characters a text takes; Chinese fonts draw “ and — wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "FWA" else 1 for char in text)


def lines(text: str, width: int) -> list[str]:
    """Return the text broken into lines of `width`; joined they are the text."""
    found, used = [""], 0
    for word in _UNBROKEN.findall(text):
        if used and used + room(word) > width:
            used = 0
            found.append("")
        for piece in word if room(word) > width else (word,):
            if used + room(piece) > width:
                used = 0
                found.append("")
            found[-1] += piece
            used += room(piece)
        if word == "\n":
            used = 0
            found.append("")
    return found


@lru_cache(4096)
def height(text: str, width: float, size: float = BODY) -> float:
    """Return the points that a text needs, broken into lines of `width`, at `size` points."""
    width = int(width * BODY / size + 0.5)
    short = len(text) * (1 if text.isascii() else 2) <= width and "\n" not in text
    further = 0 if short else len(lines(text, width)) - 1
    return (_FIRST_LINE + further * _LINE) * size


@lru_cache(4096)
def without_figures(text: str, width: float) -> float:
    """Return what of a width is left where figures among words are drawn wider."""
    figures = 0 if text.isascii() else len(re.findall("[ -~]", text))
    return width / (1 + (_FIGURES - 1) * figures / max(room(text), 1))


def pieces(text: str, width: int) -> list[str]:
    """Return a text in pieces that fit a row each: none is split between pages."""
    found = lines(text, width)
    return [
        "".join(found[first : first + _LINES_IN_PIECE]).removesuffix("\n")
        for first in range(0, len(found), _LINES_IN_PIECE)
    ]


def measured(sheet: FormSheet) -> tuple[float, list[float]]:
    """Return the size of a sheet's letters, and each column's width in characters of BODY.

    Letters are SMALL where the columns would not fit the paper otherwise: 9 pt are legible, and
    less is not. A column has its declared width, or what its longest figure needs; where that is
    too much, those whose texts are long have up to a third less. Where rows are gone through only
    once, figures shrink instead.
    """
    if not sheet.columns:
        return BODY, [_GRID_WIDTH] * GRID
    found, least = list[float](), list[float]()
    known = sheet.rows if isinstance(sheet.rows, tuple) else ()
    for place, column in enumerate(sheet.columns):
        needs = _needed if column.align != "left" else _longest
        needed = max((needs(row[place]) for row in known), default=0)
        indent, figures = INDENT * (column.align == "right"), needed * (needs is _needed)
        found.append(max(column.width, figures) + indent)
        short = min(needed, column.width)
        least.append(max(column.width * _NARROWED, figures, short) + indent)
    if sum(width + PADDING for width in found) * PIXELS <= _PRINTABLE[sheet.landscape]:
        return BODY, found
    enough = _PRINTABLE[sheet.landscape] / PIXELS * BODY / SMALL - PADDING * len(found)
    if known and (slack := sum(found) - sum(least)) > 0:
        share = min(1, max(0, sum(found) - enough) / slack)
        found = [wide - share * (wide - few) for wide, few in zip(found, least, strict=True)]
    return SMALL, [(width + PADDING) * SMALL / BODY - PADDING for width in found]


def _longest(cell: Cell | Value) -> int:
    """Return the room of a text that is set in, perhaps."""
    return INDENT * 2 + max(map(room, str(cell_of(cell).value or "").split("\n")))


def _needed(cell: Cell | Value) -> int:
    value = cell_of(cell).value
    text = f"{value:.2f}" if isinstance(value, Decimal) else str(value or "")
    if not text.isascii():  # it may be broken anywhere
        return 0
    return max(ceil(room(line) * _FIGURES) for line in text.split("\n"))


def rows(text: str, width: int, size: float) -> Iterator[str]:
    """Yield a long note in rows of a few lines, cut only where a name or a sum stays whole."""
    enough, row = _LINES_IN_ROW * width * BODY / size, ""
    for item in re.findall("[^、；]*[、；]?", text):
        if row and room(row + item) > enough:
            yield row
            row = ""
        row += item
    yield row


class Span(NamedTuple):
    """Columns from `first` to `last`, from 1, and the text they hold together."""

    first: int
    last: int
    width: int


def stretch(across: Sequence[float], first: int, last: int) -> Span:
    """Return the columns from `first` to `last` as one."""
    width = sum(each + PADDING for each in across[first - 1 : last])
    return Span(first, last, int(width * _TEXT))


def spans(across: Sequence[float], count: int) -> list[Span]:
    """Return the columns in `count` stretches of about the same width, none of them empty."""
    ends = list(accumulate((width + PADDING for width in across), initial=0))
    lasts = [0]
    for part in range(1, count + 1):
        off = [abs(end - ends[-1] * part / count) for end in ends]
        lasts.append(min(range(lasts[-1] + 1, len(ends) - count + part), key=off.__getitem__))
    return [stretch(across, before + 1, last) for before, last in pairwise(lasts)]
