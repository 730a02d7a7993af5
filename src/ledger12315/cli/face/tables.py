"""Rows at a terminal: a table, or a list where it is too narrow."""

from collections.abc import Sequence
from shutil import get_terminal_size

from ledger12315.cli.face.answers import Column
from ledger12315.cli.face.safety import draws_double_width, on_lines, terminal_width, wrap_lines
from ledger12315.cli.face.terminals import terminal_columns

_LEAST, _BETWEEN = 8, (2, 1)
"""The least width of a column whose text is broken, and the spaces between two columns."""


def show_table(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    """Print rows as a table, or as a list if the terminal is too narrow."""
    least, room = 0, terminal_columns()
    for column, *texts in zip(columns, *cells, strict=True):
        widest = max(map(terminal_width, (column.heading, *texts)))
        least += min(widest, _LEAST) if column.narrow else widest
    for spaces in _BETWEEN:
        if least + spaces * (len(columns) - 1) <= room:
            _draw_table(columns, cells, spaces)
            return
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


def _draw_table(columns: Sequence[Column], cells: Sequence[Sequence[str]], spaces: int) -> None:
    from rich.box import SIMPLE_HEAD, Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = Box(str(SIMPLE_HEAD).replace("\u2500", "-")) if draws_double_width() else SIMPLE_HEAD
    # The box itself puts one space between two columns.
    table = Table(box=lines, pad_edge=False, show_edge=False, padding=(0, spaces - 1, 0, 0))
    for column in columns:
        table.add_column(
            column.heading,
            column.heading,
            justify="right" if column.right or column.kind.right else "left",
            no_wrap=not column.narrow,
            overflow="fold",
        )
    for row in cells:
        table.add_row(*map(Text, row))
    console, screen = Console(width=terminal_columns()), get_terminal_size().lines
    # A list longer than the screen has its headings at its end too.
    table.show_footer = len(cells) > screen or len(console.render_lines(table)) >= screen
    console.print(table)
