"""The room of text on paper, in half-width characters of the body's size and points."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import LINE_BREAK_MARK
from ledger12315.sheets.forms.spec import GRID, Cell, CellValue, FormSheet, cell_of

BODY, SMALL, LARGE = 10.5, 9.0, 18.0
"""五号, 小五, 小二 in points."""
PADDING = 1
"""The width of a column beyond its text."""
SET_IN, _FIGURES_SET_IN = 2, 1.5
"""The distance of an indented text or figure from the border."""
# The heights of the first line and of each further one, as multiples of the letters' size.
_FIRST_LINE, _FURTHER_LINE = 1.35, 1.45
# Without 宋体 another font's figures are up to a fifth wider, and bold ones more; texts have few
# figures.
_WIDE_FIGURES, _WIDE_BOLD_FIGURES, _WIDE_TEXT = 1.2, 1.25, 0.96
_LINES_IN_ROW = 3
_LINES_IN_PIECE = 8
# Sixteen columns of this width fill a sheet of A4, upright and at full size.
_GRID_WIDTH = 4.4
# Of A4 within its margins, upright and across, in pixels; a half-width character of BODY has 7.
# A sixteenth is left: programs draw columns wider than Excel, and would shrink the letters.
PIXELS = 7
_PRINTABLE = {False: 700, True: 1008}
PAGE_HEIGHT = {False: 750, True: 503}
"""The height of an upright and a landscape page within its margins, in points."""
_NARROWED = 2 / 3
# 91.76%（78/85）, 34改为35, a phone.
_FIGURES_ALONE = re.compile("[ -~（）—]+(?:改为[ -~—]+)?")
_TWO_WIDE, _SIGNED = 4, 10
# A line may end after any wide character, but not before what closes a sentence or a bracket, nor
# inside a Latin word or a number, a day, or a box and its label.
_CLOSING_SIGNS = "[，。；：、！？）〕》”’]*"
_DAY_PRINTED = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"
_BOX_OR_DAY = re.compile(rf"[□☑][^□☑；\s]*|{_DAY_PRINTED}")
_UNBROKEN = re.compile(
    rf"(?:{_BOX_OR_DAY.pattern}|[!-~]+?(?={_DAY_PRINTED})|[!-~]+|.){_CLOSING_SIGNS}", re.DOTALL
)


@lru_cache(4096)
def text_width(text: str) -> int:
    """Return the width of a text in half-width characters; Chinese fonts draw “ and — wide."""
    wide = sum(unicodedata.east_asian_width(char) in "FWA" for char in text)
    return len(text) + wide - text.count(LINE_BREAK_MARK)


def broken_lines(text: str, width: int) -> list[str]:
    """Return the text broken into lines of `width`; joined they are the text.

    No line begins with a blank: programs let blanks hang over the edge.
    """
    found, used = [""], 0
    for word in _UNBROKEN.findall(text):
        if word == " " and used:
            found[-1] += word
            used += 1
            continue
        if word == "\n":
            used = 0
            found[-1] += word
            found.append("")
            continue
        if used and used + text_width(word) > width:
            used = 0
            found.append("")
        for piece in word if text_width(word) > width else (word,):
            if used + text_width(piece) > width:
                used = 0
                found.append("")
            found[-1] += piece
            used += text_width(piece)
    return found


@lru_cache(4096)
def text_height(text: str, width: float, size: float = BODY) -> float:
    """Return the height of a text in lines of `width`, in points, at `size` points."""
    width = int(width * BODY / size + 0.5)
    short = len(text) * (1 if text.isascii() else 2) <= width and "\n" not in text
    further = 0 if short else len(broken_lines(text, width)) - 1
    return (_FIRST_LINE + further * _FURTHER_LINE) * size


@lru_cache(4096)
def width_left_by_figures(text: str, width: float) -> float:
    """Return the width that remains where figures among words are drawn wider."""
    figures = 0 if text.isascii() else len(re.findall("[!-~]", text))
    return width / (1 + (_WIDE_FIGURES - 1) * figures / max(text_width(text), 1))


def is_day(text: str) -> bool:
    """Return whether a text is a day and nothing else."""
    return text.endswith("日") and re.fullmatch(_DAY_PRINTED, text) is not None


def with_line_ends(text: str, width: int) -> str:
    """Return a text with line ends where a program would divide a day or a box's label."""
    if not any(text_width(each) <= width for each in _BOX_OR_DAY.findall(text)):
        return text
    return "\n".join(
        line.rstrip(" ") for each in text.split("\n") for line in broken_lines(each, width)
    )


def pieces(text: str, width: int) -> list[str]:
    """Return a text in pieces that fit a row each, so that no row is split between pages.

    A piece that ends within a line has a mark at its end.
    """
    found = broken_lines(text, width)
    starts = range(0, len(found), _LINES_IN_PIECE)
    *groups, last = ("".join(found[first : first + _LINES_IN_PIECE]) for first in starts)
    return [
        *(
            group.removesuffix("\n") if group[-1] == "\n" else group + LINE_BREAK_MARK
            for group in groups
        ),
        last,
    ]


class Measured(NamedTuple):
    """The size of a sheet's letters, whether it is landscape, and widths in characters of BODY.

    `scale` is below 1 if the columns do not fit on the paper.
    """

    size: float
    across: bool
    widths: list[float]
    scale: float = 1.0


def fit_to_paper(sheet: FormSheet) -> Measured:
    """Return the sizes with which a sheet's columns fit the paper.

    Letters are SMALL if the columns do not fit otherwise: 9 pt are legible, smaller ones are not.
    A column has its declared width, or that of its longest figure; if that is too much, columns of
    texts lose up to a third, at last also those whose texts would fit in a line. A sheet that
    still does not fit is landscape. If the rows can be read only once, figures shrink instead.
    """
    if not sheet.columns:
        return Measured(BODY, sheet.landscape, [_GRID_WIDTH] * GRID)
    # In this order, so that a reader loses as little as possible: full size as declared; then
    # smaller letters and narrower columns, first such that texts still fit a line, then broken;
    # both upright, then both across; at last the whole sheet is scaled down. Widths count
    # half-width characters of BODY, so they grow by BODY / SMALL when letters shrink; the padding
    # of a column does not.
    columns = [_widths_of_column(sheet, place) for place in range(len(sheet.columns))]
    wanted, short, least = ([*each] for each in zip(*columns, strict=True))
    found, paddings = least, PADDING * len(columns)
    for across in sorted({sheet.landscape, True}):
        room_ = _PRINTABLE[across] / PIXELS
        if sum(wanted) + paddings <= room_:
            return Measured(BODY, across, wanted)
        enough = room_ * BODY / SMALL - paddings
        fitting = (few for few in (short, least) if sum(few) <= enough)
        if few := next(fitting, None):
            found = _widths_between(wanted, few, enough)
            break
    small = [(wide + PADDING) * SMALL / BODY - PADDING for wide in found]
    whole = PIXELS * (sum(small) + PADDING * len(small))
    return Measured(SMALL, across, small, min(1.0, _PRINTABLE[across] / whole))


def _widths_of_column(sheet: FormSheet, place: int) -> tuple[float, float, float]:
    """Return a column's wanted width, its least with texts in a line, and with broken ones."""
    column, set_in = sheet.columns[place], 0.0
    known = sheet.rows if isinstance(sheet.rows, tuple) else ()
    room_of = _longest_line if column.align == "left" else _room_needed
    needed = max((room_of(row[place]) for row in known), default=0.0)
    figures = 0.0 if column.align == "left" else needed
    if column.align == "right":
        set_in = _FIGURES_SET_IN
    least = max(column.width * _NARROWED, min(column.width, _TWO_WIDE), figures)
    if not known:
        least = column.width
    short = max(least, min(needed, column.width))
    return max(column.width, figures) + set_in, short + set_in, least + set_in


def _widths_between(wanted: Sequence[float], least: Sequence[float], enough: float) -> list[float]:
    """Return widths between these that add up to at most `enough`."""
    over = max(0, sum(wanted) - enough)
    share = over and over / (sum(wanted) - sum(least))
    return [wide - share * (wide - few) for wide, few in zip(wanted, least, strict=True)]


def _longest_line(cell: Cell | CellValue) -> float:
    """Return the width of a text's longest line, which may be indented."""
    return SET_IN + max(map(text_width, str(cell_of(cell).value or "").split("\n")))


def _room_needed(cell: Cell | CellValue) -> float:
    value, _, bold, _ = cell_of(cell)
    if isinstance(value, date):  # which is shrunk where figures are wider
        return text_width(DAY.printed(value))
    text = f"{value:.2f}" if isinstance(value, Decimal) else str(value or "")
    # Other texts may be broken anywhere.
    wider = _WIDE_BOLD_FIGURES if bold else _WIDE_FIGURES
    if is_day(text):
        figures = len(re.findall("[0-9]", text))
        return text_width(text) + (wider - 1) * figures
    lines = [text_width(line) for line in text.split("\n") if _FIGURES_ALONE.fullmatch(line)]
    return max(lines, default=0) * wider


def note_rows(text: str, width: int, size: float) -> Iterator[str]:
    """Yield a long note in rows of a few lines, without cutting a name or a sum."""
    enough, row = _LINES_IN_ROW * width * BODY / size, ""
    for item in re.findall("[^、；]*[、；]?", text):
        if row and text_width(row + item) > enough:
            yield row
            row = ""
        row += item
    yield row


class Span(NamedTuple):
    """Columns from `first` to `last`, from 1, and the width of their common text."""

    first: int
    last: int
    width: int


def span_of_columns(across: Sequence[float], first: int, last: int) -> Span:
    """Return the columns from `first` to `last` as one span."""
    width = sum(each + PADDING for each in across[first - 1 : last])
    return Span(first, last, int(width * _WIDE_TEXT))


def _last_columns(ends: Sequence[float], count: int, least: float) -> list[int] | None:
    """Return each span's last possible column, which leaves the least width to the others."""
    found = [len(ends) - 1]
    for _ in range(count):
        enough = [last for last, end in enumerate(ends) if ends[found[-1]] - end >= least]
        if not enough:
            return None
        found.append(enough[-1])
    return found[::-1]


def spans(across: Sequence[float], count: int) -> list[Span]:
    """Return the columns in `count` spans of about the same width, none of them empty.

    Each has room for a word of a signature, or as much as the columns allow.
    """
    ends = list(accumulate((width + PADDING for width in across), initial=0))
    least = float(_SIGNED)
    while (latest := _last_columns(ends, count, least)) is None:
        least -= PADDING
    lasts = [0]
    for part in range(1, count + 1):
        off = [abs(end - ends[-1] * part / count) for end in ends]
        last = max(lasts[-1] + 1, latest[part])
        possible = range(lasts[-1] + 1, min(last + 1, len(ends) - count + part))
        wide = [last for last in possible if ends[last] - ends[lasts[-1]] >= least]
        lasts.append(min(wide or possible, key=off.__getitem__))
    return [span_of_columns(across, before + 1, last) for before, last in pairwise(lasts)]
