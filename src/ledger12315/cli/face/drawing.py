"""Rows and toned lines as a terminal shows them: loaded only there, as rich is by it."""

from collections.abc import Sequence
from itertools import product
from shutil import get_terminal_size
from typing import NamedTuple

from ledger12315.cli.face.answers import Column, Toned
from ledger12315.cli.face.terminals import (
    draws_double_width,
    on_lines,
    terminal_columns,
    terminal_width,
    unbroken_parts,
    wrap_lines,
)
from ledger12315.locale import by_language

_LEAST = 8
"""The least width of a column whose text is broken."""
_STYLES = {
    "late": "red",
    "soon": "yellow",
    "met": "green",
    "provisional": "dim",
    "title": "bold",
    "": "",
}
"""Tone -> its style on a terminal in colour."""


def print_in_colour(line: Sequence[str]) -> None:
    """Print a line whose parts have tones."""
    from rich.console import Console
    from rich.text import Text

    parts = [(part, _STYLES[part.tone]) if isinstance(part, Toned) else part for part in line]
    Console().print(Text.assemble(*parts), soft_wrap=True)


class _Fit(NamedTuple):
    """The headings and widths of a table's columns, and the spaces between two of them."""

    headings: list[str]
    widths: list[int]
    spaces: int


def show_table(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    """Print rows as a table, or as a list if the terminal is too narrow."""
    if fit := _fitted(columns, cells, terminal_columns()):
        _draw_table(columns, cells, fit)
    else:
        show_list(columns, cells)


def show_list(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    """Print the first cell of each row, and below it the others with their headings."""
    room = terminal_columns()
    names = [column.heading for column in columns[1:]]
    for first, *others in cells:
        lines = wrap_lines(first, 0, room)
        pairs = zip(names, others, strict=True)
        for line in on_lines(
            (f"  {name}: {text}" for name, text in pairs if name and text), room - 2
        ):
            lines += wrap_lines(line, 2, room)
        print(*lines, sep="\n")


def _fitted(columns: Sequence[Column], cells: Sequence[Sequence[str]], room: int) -> _Fit | None:
    """Return the first fit that breaks no word: of whole texts, with whole headings, if it can."""
    texts = list(zip(*cells, strict=True))
    wide = [max(map(terminal_width, each)) for each in texts]
    least = [
        _least_width(each, width) if column.narrow else width
        for column, each, width in zip(columns, texts, wide, strict=True)
    ]
    for lows, broken, spaces in (*product((wide,), (False, True), (2, 1)), (least, True, 1)):
        named = zip(columns, lows, strict=True)
        headings = [_heading(column, low if broken else room) for column, low in named]
        lows = [max(low, _heading_width(head)) for low, head in zip(lows, headings, strict=True)]
        left = room - sum(lows) - spaces * (len(columns) - 1)
        if left >= 0:
            return _Fit(headings, _filled_up(lows, wide, left), spaces)
    return None


def _least_width(texts: Sequence[str], widest: int) -> int:
    """Return the least width in which texts can be broken between their words."""
    longest = max(terminal_width(part) for text in texts for part in unbroken_parts(text) or [""])
    return max(min(widest, _LEAST), longest)


def _heading(column: Column, width: int) -> str:
    """Return a heading, shorter or on several lines if it is wider than its column."""
    if terminal_width(column.heading) <= width:
        return column.heading
    return by_language(column.zh, column.short or column.heading).replace(" ", "\n")


def _heading_width(heading: str) -> int:
    return max(map(terminal_width, heading.split("\n")))


def _filled_up(widths: Sequence[int], wide: Sequence[int], left: int) -> list[int]:
    """Return the widths, with the room that is left given to those that lack least first."""
    found = list(widths)
    pairs = enumerate(zip(widths, wide, strict=True))
    lacking = sorted((most - has, at) for at, (has, most) in pairs if most > has)
    for place, (lack, at) in enumerate(lacking):
        more = min(lack, left // (len(lacking) - place))
        found[at] += more
        left -= more
    return found


def _draw_table(columns: Sequence[Column], cells: Sequence[Sequence[str]], fit: _Fit) -> None:
    from rich.box import SIMPLE_HEAD, Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = Box(str(SIMPLE_HEAD).replace("\u2500", "-")) if draws_double_width() else SIMPLE_HEAD
    # The box itself puts one space between two columns.
    table = Table(box=lines, pad_edge=False, show_edge=False, padding=(0, fit.spaces - 1, 0, 0))
    for column, heading, width in zip(columns, fit.headings, fit.widths, strict=True):
        table.add_column(
            heading,
            heading,
            justify="right" if column.right or column.kind.right else "left",
            width=width,
            no_wrap=True,
        )
    for row in cells:
        tones = [_STYLES[getattr(cell, "tone", "")] for cell in row]
        texts = map(_wrapped, row, fit.widths)
        table.add_row(*map(Text, texts, tones))
    screen = get_terminal_size().lines
    # Without its height a terminal that only prints would be taken for one of 80 columns.
    console = Console(width=terminal_columns(), height=screen)
    # A list longer than the screen has its headings at its end too.
    table.show_footer = len(cells) > screen or len(console.render_lines(table)) >= screen
    console.print(table)


def _wrapped(text: str, width: int) -> str:
    """Return a cell's text, on several lines if it is too wide."""
    if terminal_width(text) <= width:
        return text
    return "\n".join(wrap_lines(text, len(text) - len(text.lstrip()), width))
