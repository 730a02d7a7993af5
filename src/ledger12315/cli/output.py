"""Showing rows: a table on a terminal, tab-separated text when piped, csv, JSON; masked unless revealed."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ledger12315.cli.safety import escaped, harmless, mask, mask_phones, safe
from ledger12315.errors import Unclear
from ledger12315.locale import language, render
from ledger12315.rules.reading import yuan
from ledger12315.words import Vocabulary

Row = Mapping[str, Any]


class Column(NamedTuple):
    """One value of a row: `key` in JSON, headings in both languages, how it is shown and whose it is.

    A terminal of 80 columns holds few: `narrow` ones break their text there, others leave it out by `screen`.
    """

    key: str
    zh: str
    en: str
    vocabulary: Vocabulary | None = None
    money: bool = False
    personal: str = ""
    right: bool = False
    narrow: bool = False
    screen: bool = True


def plain(value: Any, column: Column) -> Any:
    """The value as JSON holds it: money and areas as decimal strings, days as ISO text."""
    if column.money and value is not None:
        return yuan(value)
    return value.isoformat() if isinstance(value, date) else value


def text(value: Any, column: Column) -> str:
    """The value as people read it, in their language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _yes() if value else _no()
    if column.vocabulary:
        separator = "、" if language() == "zh" else ", "
        return separator.join(render(column.vocabulary[code]) for code in str(value).split(","))
    return str(plain(value, column))


def _yes() -> str:
    return "是" if language() == "zh" else "yes"


def _no() -> str:
    return "否" if language() == "zh" else "no"


def masked(row: Row, columns: Iterable[Column]) -> dict[str, Any]:
    """The row with its personal values masked."""
    columns = list(columns)
    names = [row[column.key] for column in columns if column.personal == "name" and row.get(column.key)]
    hidden = {column.key: column.personal for column in columns if column.personal}
    return {
        key: value if not isinstance(value, str) else mask(hidden[key], value, names) if key in hidden else mask_phones(value)
        for key, value in row.items()
    }


def show(
    rows: Iterable[Row], columns: Sequence[Column], as_json: bool = False, as_csv: bool = False, reveal: bool = False
) -> None:
    """Print rows in the form that is asked for, or that fits where they go."""
    if as_json and as_csv:
        raise Unclear("--json and --csv exclude each other.")
    if not reveal:
        rows = [masked(row, columns) for row in rows]
    if as_json:
        show_json([{column.key: plain(row[column.key], column) for column in columns} for row in rows])
    elif as_csv:
        _show_csv(rows, columns)
    elif sys.stdout.isatty():
        _show_table(list(rows), columns)
    else:
        for row in rows:
            print("\t".join(safe(text(row[column.key], column)) for column in columns))


def show_one(row: Row, columns: Sequence[Column], as_json: bool = False, reveal: bool = False) -> None:
    """Print one record: JSON, or a line for each box that is filled."""
    if not reveal:
        row = masked(row, columns)
    if as_json:
        show_json({column.key: plain(row[column.key], column) for column in columns})
        return
    for column in columns:
        if (value := text(row[column.key], column)) != "":
            print(f"{heading(column)}\t{safe(value)}" if not sys.stdout.isatty() else f"{heading(column)}: {safe(value)}")


def show_json(value: Any) -> None:
    """One JSON document, in the console's own character set."""
    import json

    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(escaped(json.dumps(value, ensure_ascii=not utf8, indent=2)))


def heading(column: Column) -> str:
    """The column's heading in the reader's language."""
    return column.zh if language() == "zh" else column.en


def _show_csv(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([heading(column) for column in columns])
    writer.writerows([harmless(safe(text(row[column.key], column))) for column in columns] for row in rows)
    # Spreadsheets take a file without this mark for the system's old character set.
    print("\N{ZERO WIDTH NO-BREAK SPACE}" + buffer.getvalue(), end="")


def _show_table(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # What stands in no row needs no room: on a terminal of 80 columns that is dear.
    columns = [each for each in columns if each.screen and any(text(row[each.key], each) not in ("", _no()) for row in rows)]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        right = "right" if column.right or column.money else "left"
        table.add_column(heading(column), justify=right, no_wrap=not column.narrow, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(safe(text(row[column.key], column))) for column in columns))
    Console().print(table)
