"""A command's answer, and the one place that masks it and shows it in every form."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Any, NamedTuple

from ledger12315.boxes import Box
from ledger12315.boxes.kinds import LINE, Kind
from ledger12315.boxes.masking import mask_phones
from ledger12315.cli.face.desk import Desk, say, tell
from ledger12315.cli.face.safety import escaped, harmless_csv, safe, wide
from ledger12315.errors import LedgerError, Message, message
from ledger12315.locale import language, render

Row = Mapping[str, Any]
_VERSION = 1
"""Of the JSON documents: another where a key goes, or means something else. docs/json.md"""
_AT_ONCE = 1000
"""So many rows are held at most while a table is shown, and a terminal lines them up together."""


class Column(NamedTuple):
    """One value of a row: its `key` in JSON, its headings in both languages, its kind.

    A terminal of 80 columns holds few: `narrow` ones break their text there, others leave it
    out by `screen`.
    """

    key: str
    zh: str
    en: str
    kind: Kind = LINE
    right: bool = False
    narrow: bool = False
    screen: bool = True

    @classmethod
    def of(cls, box: Box, narrow: bool = False, screen: bool = True) -> "Column":
        """Return the column that shows a box."""
        words = box.key.replace("_", " ")
        return cls(box.key, box.heading, words, box.kind, narrow=narrow, screen=screen)

    @property
    def heading(self) -> str:
        """The heading in the reader's language."""
        return self.zh if language() == "zh" else self.en

    def plain(self, value: Any) -> Any:
        """Return the value as JSON holds it."""
        return None if value is None else self.kind.plain(value)

    def text(self, value: Any) -> str:
        """Return the value as people read it, in their language."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return yes_or_no(value)
        return render(self.kind.shown(value))


def yes_or_no(value: bool) -> str:
    """Return 是 or 否, yes or no."""
    zh, en = ("是", "yes") if value else ("否", "no")
    return zh if language() == "zh" else en


class Table(NamedTuple):
    """Rows with their columns; a quiet one prints nothing where there are no rows.

    The rows are taken once, as they are shown. `drawn` gives the lines of a table that has a look
    of its own on a terminal.
    """

    rows: Iterable[Row]
    columns: Sequence[Column]
    quiet: bool = False
    drawn: Callable[[list[Row]], Iterable[str]] | None = None


class Record(NamedTuple):
    """One row, shown as a line for each box that is filled."""

    row: Row
    columns: Sequence[Column]


class Aside(NamedTuple):
    """A sentence that only somebody at a terminal is told."""

    sentence: object


Part = Table | Record | Aside | Message | str
"""What an answer is made of; a Message or text is a sentence."""


class Result(NamedTuple):
    """What a command answers.

    `parts` are for people; as JSON the `document` is printed, or else the one table or record;
    as csv the table, if there is one. `before` and `notes` go to stderr, before and after.
    `about` is what was shown, for the record of what was revealed. The `error` is raised once
    all is shown.
    """

    parts: Sequence[Part] = ()
    document: object = None
    before: Sequence[object] = ()
    notes: Sequence[object] = ()
    about: str = ""
    exit_code: int = 0
    error: LedgerError | None = None


def done(sentence: Message | str, document: object = None, **more: Any) -> Result:
    """Return the answer of a command that did something: in words, or as a JSON document."""
    return Result((sentence,), document, **more)


def listing(rows: Iterable[Row], columns: Sequence[Column], **more: Any) -> Result:
    """Return the answer of a command that lists rows."""
    return Result((Table(rows, columns),), **more)


def answer(desk: Desk, result: Result) -> None:
    """Show an answer as it is asked for, masked unless names are to be revealed."""
    result = result._replace(parts=[_masked(desk, part) for part in result.parts])
    desk.disclose(result.about)
    tell(*result.before)
    _SHOW.get(desk.form, _show_to_people)(desk, result)
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
    if not tables:  # what was done is said in words
        _show_to_people(desk, result)
    for part in tables:
        # Spreadsheets take a file without this mark for the system's old character set,
        # which it is then.
        print("\N{ZERO WIDTH NO-BREAK SPACE}" * _in_utf8(), end="")
        # The system's own ends of lines are put in by stdout.
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([column.heading for column in part.columns])
        cells = cells_of(part.rows, part.columns)
        writer.writerows(map(harmless_csv, each) for each in cells)


def _show_to_people(desk: Desk, result: Result) -> None:
    on_terminal = desk.form == "table"
    for part in result.parts:
        if isinstance(part, Table):
            _ROWS.get(desk.form, _print_tabs)(part)
        elif isinstance(part, Record):
            _show_record(part, ": " if on_terminal else "\t")
        elif not isinstance(part, Aside):
            say(part)
        elif on_terminal:
            say(part.sentence)


_SHOW = {"json": _show_as_json, "csv": _show_as_csv}


def _masked(desk: Desk, part: Part) -> Part:
    if isinstance(part, Record):
        return part._replace(row=next(seen(desk, [part.row], part.columns)))
    if not isinstance(part, Table):
        return part
    rows = seen(desk, part.rows, part.columns)
    if not desk.reveal:
        return part._replace(rows=rows)
    # What is revealed must be known before it is shown; of so many rows some name somebody.
    first = list(islice(rows, _AT_ONCE))
    desk.revealed |= len(first) == _AT_ONCE
    return part._replace(rows=chain(first, rows))


def seen(desk: Desk, rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    """Yield the rows with the people in them masked, unless they are to be revealed."""
    # Of most kinds phones alone are masked, and a long list has many cells.
    hide = {
        column.key: partial(desk.mask, column.kind)
        for column in columns
        if type(column.kind).mask is not Kind.mask
    }
    for row in rows:
        hidden = {
            key: hide.get(key, mask_phones)(value) if isinstance(value, str) else value
            for key, value in row.items()
        }
        yield desk.visible(dict(row), hidden) if desk.reveal else hidden


def form_of(desk: Desk, row: Row, columns: Sequence[Column]) -> dict[str, str]:
    """Return what people see of the boxes that are filled, consumers masked."""
    shown = next(seen(desk, [row], columns))
    texts = ((column.key, column.text(shown.get(column.key))) for column in columns)
    return {key: text for key, text in texts if text}


def cells_of(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[list[str]]:
    """Yield the rows as they are read, each value on one line."""
    # Most of a long list is the same few words and days again.
    readers = [(column.key, lru_cache(partial(_cell, column))) for column in columns]
    for row in rows:
        yield [read(row[key]) for key, read in readers]


def _cell(column: Column, value: Any) -> str:
    return safe(column.text(value))


def aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield lines whose cells stand below each other; an empty column takes no room."""
    widths = [max(map(wide, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [each for each in zip(line, widths, strict=True) if each[1]]
        padded = (cell + " " * (width - wide(cell)) for cell, width in cells)
        yield "  ".join(padded).rstrip()


def _print_tabs(table: Table) -> None:
    for cells in cells_of(table.rows, table.columns):
        print("\t".join(cells))


def _print_tables(table: Table) -> None:
    coming, most = iter(table.rows), None if table.drawn else _AT_ONCE
    screens = iter(lambda: list(islice(coming, most)), [])
    for shown in chain([next(screens, [])], screens):
        if table.quiet and not shown:
            continue
        if table.drawn:
            print(*table.drawn(shown), sep="\n")
        else:
            _draw(shown, table.columns)


def _print_list(table: Table) -> None:
    from ledger12315.cli.face.tables import in_a_list

    shown = list(table.rows)
    if table.drawn:
        print(*table.drawn(shown), sep="\n")
    else:
        columns = _filled(shown, table.columns)
        print(*in_a_list(columns, cells_of(shown, columns)), sep="\n")


_ROWS = {"table": _print_tables, "mail": _print_list}


def _show_record(record: Record, between: str) -> None:
    for column in record.columns:
        if value := column.text(record.row[column.key]):
            print(f"{column.heading}{between}{safe(value)}")


def _show_json_rows(table: Table) -> None:
    """Print a JSON list, a line for each row.

    Indented, Python itself would write it, and not the C that is five times as fast.
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
        print(before + escaped(",\n".join(some)), end="")
        before = ",\n"
    print("[]" if before == "[\n" else "\n]")


def show_json(value: object) -> None:
    """Print one JSON document in the console's own character set; an object has its version."""
    import json

    if isinstance(value, Mapping):
        value = {"version": _VERSION, **value}
    text = json.dumps(value, ensure_ascii=not _in_utf8(), indent=2, default=date.isoformat)
    print(escaped(text))


def _in_utf8() -> bool:
    return (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"


def _draw(rows: Sequence[Row], columns: Sequence[Column]) -> None:
    from ledger12315.cli.face.tables import show_table  # loads what draws

    columns = _filled(rows, columns)
    show_table(columns, list(cells_of(rows, columns)))


def _filled(rows: Sequence[Row], columns: Sequence[Column]) -> list[Column]:
    """Return the columns in which something stands; others need no room, which is dear."""
    nothing = ("", yes_or_no(False))
    return [
        column
        for column in columns
        if column.screen and any(column.text(row[column.key]) not in nothing for row in rows)
    ]


def provisional_mark(provisional: bool) -> Message | str:
    """Return what stands behind a date that a notice not known yet could move."""
    if provisional:
        return message(" (provisional: the holiday notice it depends on is not known)")
    return ""
