"""A command's answer, shown in the requested form."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import Path

from ledger12315.boxes.masks import mask_numbers
from ledger12315.cli.face.answers import (
    Aside,
    Column,
    Part,
    Record,
    Result,
    Row,
    ScreenLine,
    Table,
    Toned,
    aligned,
    cells_of,
    line_width,
    masked_rows,
    yes_or_no,
)
from ledger12315.cli.face.desk import Desk, say, tell
from ledger12315.cli.face.terminals import (
    escaped_json,
    harmless_csv,
    in_colour,
    safe,
    sentence_lines,
    terminal_columns,
    wrap_lines,
)
from ledger12315.errors import message
from ledger12315.locale import render


def _draw_lines(lines: Iterable[ScreenLine]) -> None:
    """Print lines, in colour where they have tones and the terminal shows them."""
    for line in lines:
        parts = [line] if isinstance(line, str) else line
        if any(getattr(part, "tone", "") for part in parts) and in_colour(sys.stdout):
            from ledger12315.cli.face.drawing import print_in_colour  # loads rich

            print_in_colour(parts)
        else:
            print("".join(parts))


_VERSION = 1
"""The version of JSON documents: a removed or redefined key changes it. docs/json.md"""
_AMOUNT = r"-?[0-9]+\.[0-9]{2}"
"""Yuan in JSON: a province's sum has as many digits as a phone."""
_AT_ONCE = 1000
"""The most rows held while a table is shown; a terminal aligns them together."""


def show_answer(desk: Desk, result: Result) -> None:
    """Show an answer in the requested form, masked unless names are to be revealed."""
    result = result._replace(
        parts=[_masked_part(desk, part) for part in result.parts],
        document=result.document if desk.reveal else _masked_document(result.document),
    )
    desk.disclose(result.about)
    tell(*result.before)
    _SHOW.get(desk.format, _show_to_people)(desk, result)
    tell(*result.notes)
    if result.error:
        raise result.error


def _show_as_json(desk: Desk, result: Result) -> None:
    if result.document is not None:
        show_json(result.document)
        return
    for part in result.parts:
        if isinstance(part, Record):
            show_json({column.key: column.plain(part.row[column.key]) for column in part.columns})
        elif isinstance(part, Table):
            _show_json_rows(part)


def _show_as_csv(desk: Desk, result: Result) -> None:
    import csv

    tables = [part for part in result.parts if isinstance(part, Table)]
    if not tables:  # an act's answer is in words
        _show_to_people(desk, result)
    for part in tables:
        # Without this mark spreadsheets read a file in the system's old character set, which is
        # then the one it is written in.
        print("\N{ZERO WIDTH NO-BREAK SPACE}" * _in_utf8(), end="")
        # stdout writes the system's own line ends.
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([column.heading for column in part.columns])
        safely = [str if column.right else harmless_csv for column in part.columns]
        for cells in cells_of(part.rows, part.columns):
            writer.writerow([form(cell) for form, cell in zip(safely, cells, strict=True)])


def _show_to_people(desk: Desk, result: Result) -> None:
    on_terminal = desk.format == "table"
    for part in result.parts:
        if isinstance(part, Table):
            _ROWS.get(desk.format, _print_tabs)(part)
        elif isinstance(part, Record):
            _show_record(part, on_terminal)
        elif on_terminal or not isinstance(part, Aside):
            _show_sentence(part.sentence if isinstance(part, Aside) else part)


def _show_sentence(sentence: object) -> None:
    if not isinstance(sentence, Toned):
        say(sentence)
        return
    for line in sentence_lines(safe(sentence), terminal_columns()):
        _draw_lines([Toned(line, sentence.tone)])


_SHOW = {"json": _show_as_json, "csv": _show_as_csv}


def _masked_part(desk: Desk, part: Part) -> Part:
    if isinstance(part, Record):
        return part._replace(row=next(masked_rows(desk, [part.row], part.columns)))
    if not isinstance(part, Table):
        return part
    rows = masked_rows(desk, part.rows, part.columns)
    if not desk.reveal:
        return part._replace(rows=rows)
    # Revealing is recorded before it happens; among so many rows some name somebody.
    first = list(islice(rows, _AT_ONCE))
    desk.revealed |= len(first) == _AT_ONCE
    return part._replace(rows=chain(first, rows))


def _masked_document(value: object) -> object:
    """Return a document with the phones in its texts masked; paths and amounts stay."""
    if isinstance(value, str):
        masked = mask_numbers(value)
        return value if masked == value or re.fullmatch(_AMOUNT, value) else masked
    if isinstance(value, Mapping):
        return {
            key: each if isinstance(each, int) else _masked_document(each)
            for key, each in value.items()
        }
    return [*map(_masked_document, value)] if isinstance(value, list | tuple) else value


def _print_tabs(table: Table) -> None:
    for cells in cells_of(table.rows, table.columns):
        print("\t".join(cells))


def _print_tables(table: Table, as_list: bool = False) -> None:
    coming, most = iter(table.rows), None if table.drawn else _AT_ONCE
    screens = iter(lambda: list(islice(coming, most)), [])
    for shown in chain([next(screens, [])], screens):
        if not shown:
            tell(*[message("Nothing is found.")] * table.all)
            continue
        if table.drawn:
            _draw_lines(table.drawn(shown))
        else:
            from ledger12315.cli.face import drawing

            columns = _columns_with_text(shown, table.columns)
            cells = [*_toned_cells(shown, columns, table.tones)]
            if as_list:
                drawing.show_list(columns, cells)
            else:
                drawing.show_table(columns, cells)


def _toned_cells(
    rows: Sequence[Row], columns: Sequence[Column], tones: Callable[[Row], Mapping[str, str]]
) -> Iterator[list[str]]:
    """Yield the cells of each row, those with a tone in it."""
    for row, cells in zip(rows, cells_of(rows, columns), strict=True):
        tone = tones(row)
        pairs = zip(columns, cells, strict=True)
        yield [Toned(cell, tone.get(column.key, "")) for column, cell in pairs] if tone else cells


_ROWS: dict[str, Callable[[Table], None]] = {
    "table": _print_tables,
    "mail": partial(_print_tables, as_list=True),
}


def _show_record(record: Record, on_terminal: bool) -> None:
    """Print a line for each filled box; a terminal aligns them beside their groups."""
    filled = [
        (column, safe(text))
        for column in record.columns
        if (text := column.text(record.row[column.key]))
    ]
    if not on_terminal:
        for column, text in filled:
            print(f"{column.heading}\t{text}")
        return
    order = [*dict.fromkeys(column.group for column, _ in filled)]
    filled.sort(key=lambda each: order.index(each[0].group))
    groups = [column.group for column, _ in filled]
    shown = [
        render(group) if group and group != before else ""
        for group, before in zip(groups, [None, *groups], strict=False)
    ]
    names = list(zip(shown, (column.heading for column, _ in filled), strict=True))
    for name, (_, text) in zip(aligned([(*each, ".") for each in names]), filled, strict=True):
        *before, _dot = name
        start = line_width(before)
        first, *rest = wrap_lines(text, start, terminal_columns()) or [""]
        print("".join(before) + first.lstrip(), *rest, sep="\n")


def _show_json_rows(table: Table) -> None:
    """Print a JSON list, a line for each row.

    With indentation Python's own encoder would write it, five times slower than the one in C.
    """
    import json

    encode = json.JSONEncoder(ensure_ascii=not _in_utf8(), default=date.isoformat).encode
    plain = [
        (column.key, None if column.kind.as_stored else column.plain) for column in table.columns
    ]

    def line(row: Row) -> str:
        return f"  {encode({key: of(row[key]) if of else row[key] for key, of in plain})}"

    lines, before = map(line, table.rows), "[\n"
    while some := list(islice(lines, _AT_ONCE)):
        print(before + escaped_json(",\n".join(some)), end="")
        before = ",\n"
    print("[]" if before == "[\n" else "\n]")


def show_json(value: object) -> None:
    """Print one JSON document, a line for each key of an object and for each row of a list.

    An object gets its version. It is encoded as by `_show_json_rows`.
    """
    import json

    encode = json.JSONEncoder(ensure_ascii=not _in_utf8(), default=_plain_text).encode

    def listed(of: object, end: str) -> str:
        if isinstance(of, list | tuple) and of and isinstance(of[0], Mapping):
            return f"[{','.join(f'{end}  {encode(each)}' for each in of)}{end}]"
        return encode(of)

    text = listed(value, "\n")
    if isinstance(value, Mapping):
        filled, inner = {"version": _VERSION, **value}, "\n  "
        keys = (f"\n  {encode(key)}: {listed(of, inner)}" for key, of in filled.items())
        text = f"{{{','.join(keys)}\n}}"
    print(escaped_json(text))


def _plain_text(value: date | Path) -> str:
    return str(value) if isinstance(value, Path) else value.isoformat()


def _in_utf8() -> bool:
    return (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"


def _columns_with_text(rows: Sequence[Row], columns: Sequence[Column]) -> list[Column]:
    """Return the columns that are not empty, to save room."""
    nothing = ("", yes_or_no(False))
    return [
        column
        for column in columns
        if column.screen and any(column.text(row[column.key]) not in nothing for row in rows)
    ]
