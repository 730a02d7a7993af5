"""Showing rows: a table on a terminal, tab-separated text when piped, csv, JSON; masked unless revealed."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from ledger12315.boxes.masking import mask, mask_phones
from ledger12315.boxes.reading import yuan
from ledger12315.cli.face.safety import escaped, harmless_csv, safe, wide
from ledger12315.errors import Unclear
from ledger12315.locale import language, render
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


def json_value(value: Any, column: Column) -> Any:
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
        words = [column.vocabulary[code] for code in str(value).split(",")]
        return render(words if len(words) > 1 else words[0])
    return str(json_value(value, column))


def _yes() -> str:
    return "是" if language() == "zh" else "yes"


def _no() -> str:
    return "否" if language() == "zh" else "no"


def masked(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    """The rows with their personal values masked."""
    hidden = {column.key: column.personal for column in columns if column.personal}
    named = [key for key, kind in hidden.items() if kind == "name"]
    for row in rows:
        names = [row[key] for key in named if row.get(key)]
        shown = dict(row)
        for key, value in row.items():
            if isinstance(value, str):
                shown[key] = (
                    mask(hidden[key], value, names) if key in hidden else mask_phones(value)
                )
        yield shown


def cells_of(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[list[str]]:
    """The rows as they are read, on one line each."""
    # Most of a long list is the same few words and days again.
    readers = [(column.key, lru_cache(partial(_cell, column))) for column in columns]
    for row in rows:
        yield [read(row[key]) for key, read in readers]


def aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines whose cells stand below each other; a column without any text takes no room."""
    widths = [max(map(wide, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (
            cell + " " * (width - wide(cell))
            for cell, width in zip(line, widths, strict=True)
            if width
        )
        yield "  ".join(padded).rstrip()


def _cell(column: Column, value: Any) -> str:
    return safe(text(value, column))


def demand_one_form(as_json: bool, as_csv: bool) -> None:
    """Raises Unclear; for commands that do something before they show it."""
    if as_json and as_csv:
        raise Unclear("--json and --csv exclude each other.")


def show(
    rows: Iterable[Row],
    columns: Sequence[Column],
    as_json: bool = False,
    as_csv: bool = False,
    reveal: bool = False,
) -> None:
    """Print rows in the form that is asked for, or that fits where they go."""
    demand_one_form(as_json, as_csv)
    if not reveal:
        rows = masked(rows, columns)
    if as_json:
        _show_json_rows(rows, columns)
    elif as_csv:
        _show_csv(rows, columns)
    elif sys.stdout.isatty():
        _show_table(list(rows), columns)
    else:
        for cells in cells_of(rows, columns):
            print("\t".join(cells))


def show_one(
    row: Row, columns: Sequence[Column], as_json: bool = False, reveal: bool = False
) -> None:
    """Print one record: JSON, or a line for each box that is filled."""
    if not reveal:
        row = next(masked([row], columns))
    if as_json:
        show_json({column.key: json_value(row[column.key], column) for column in columns})
        return
    for column in columns:
        if (value := text(row[column.key], column)) != "":
            print(
                f"{heading(column)}\t{safe(value)}"
                if not sys.stdout.isatty()
                else f"{heading(column)}: {safe(value)}"
            )


def _show_json_rows(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    """A JSON list, a line for each row: indented, Python itself would write it, and not the C that is five times as fast."""
    import json

    encode = json.JSONEncoder(ensure_ascii=not _in_utf8(), default=date.isoformat).encode
    keys, amounts = (
        [column.key for column in columns],
        [column for column in columns if column.money],
    )
    shown = (
        {key: row[key] for key in keys}
        | {each.key: json_value(row[each.key], each) for each in amounts}
        for row in rows
    )
    lines = ",\n".join(f"  {encode(row)}" for row in shown)
    print(escaped(f"[\n{lines}\n]" if lines else "[]"))


def show_json(value: Any) -> None:
    """One JSON document, in the console's own character set."""
    import json

    print(escaped(json.dumps(value, ensure_ascii=not _in_utf8(), indent=2)))


def _in_utf8() -> bool:
    return (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"


def heading(column: Column) -> str:
    """The column's heading in the reader's language."""
    return column.zh if language() == "zh" else column.en


def _show_csv(rows: Iterable[Row], columns: Sequence[Column]) -> None:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([heading(column) for column in columns])
    writer.writerows(map(harmless_csv, cells) for cells in cells_of(rows, columns))
    # Spreadsheets take a file without this mark for the system's old character set, which it is then.
    print("\N{ZERO WIDTH NO-BREAK SPACE}" * _in_utf8() + buffer.getvalue(), end="")


def _show_table(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # What stands in no row needs no room: on a terminal of 80 columns that is dear.
    columns = [
        each
        for each in columns
        if each.screen and any(text(row[each.key], each) not in ("", _no()) for row in rows)
    ]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        right = "right" if column.right or column.money else "left"
        table.add_column(heading(column), justify=right, no_wrap=not column.narrow, overflow="fold")  # type: ignore[arg-type]
    for cells in cells_of(rows, columns):
        table.add_row(*map(Text, cells))
    Console().print(table)
