"""Rows at a terminal: columns side by side, or where these do not fit a list of lines."""

from collections.abc import Iterable, Iterator, Sequence
from shutil import get_terminal_size
from typing import NamedTuple

from ledger12315.cli.face.safety import doubles, wide, wrapped

_LEAST, _BETWEEN = 8, 2
"""Columns of a terminal that a text needs at least to be broken in its own, and between two."""


class Look(NamedTuple):
    """How one column is drawn; the texts of a `narrow` one may be broken."""

    heading: str
    right: bool
    narrow: bool


def show_table(looks: Sequence[Look], cells: Sequence[Sequence[str]]) -> None:
    """Print rows as a table, or as a list where the terminal is too narrow for it."""
    least = 0
    for look, *texts in zip(looks, *cells, strict=True):
        widest = max(map(wide, (look.heading, *texts)))
        least += _BETWEEN + (min(widest, _LEAST) if look.narrow else widest)
    if least - _BETWEEN <= get_terminal_size().columns:
        _draw(looks, cells)
    else:
        print(*in_a_list([look.heading for look in looks], cells), sep="\n")


def in_a_list(headings: Sequence[str], cells: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield for each row its first cell, and below it the others, each behind its heading."""
    room = get_terminal_size().columns
    for first, *others in cells:
        yield from wrapped(first, 0, room)
        line = ""
        for name, text in zip(headings[1:], others, strict=True):
            told = f"  {name}: {text}" if name and text else ""
            if line and wide(line + told) > room:
                yield from wrapped(line.strip(), 2, room)
                line = ""
            line += told
        yield from wrapped(line.strip(), 2, room)


def _draw(looks: Sequence[Look], cells: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD, Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = Box(str(SIMPLE_HEAD).replace("\u2500", "-")) if doubles() else SIMPLE_HEAD
    table = Table(box=lines, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for look in looks:
        table.add_column(
            look.heading,
            justify="right" if look.right else "left",
            no_wrap=not look.narrow,
            overflow="fold",
        )
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table)
