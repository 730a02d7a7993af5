"""Rows of an import, kept in a temporary file until they are written in one act. 三(四)4"""

import json
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from ledger12315.boxes.kinds import Value
from ledger12315.boxes.worded import Local, local_words_json
from ledger12315.ledger.complaints.acts import next_serial
from ledger12315.ledger.complaints.finding import complaint_columns
from ledger12315.ledger.importing.known import EntryBoxes
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger, LedgerRow, new_key, now, single, update
from ledger12315.ledger.store.history import column_names
from ledger12315.register.meaning import with_defaults
from ledger12315.register.rows import Entry, RegisterTable

_STAGE = """
    PRAGMA journal_mode = OFF;
    CREATE TABLE entry (sheet INTEGER NOT NULL, row INTEGER NOT NULL, content TEXT NOT NULL);
    CREATE TABLE key_place (key TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
    BEGIN"""


class PointTypes(NamedTuple):
    """A point with its types as (first day, type), in order of days."""

    point: Point
    since: list[tuple[date, str]]

    def type_on(self, day: date) -> str:
        """Return its type on a day."""
        return self.since[bisect_right(self.since, day, key=itemgetter(0)) - 1][1]


New = tuple[date, PointTypes, int]
"""A complaint to be written: its day of receipt, its point, its place among the entries."""
Fill = tuple[int, LedgerRow]
"""The row of a known complaint, and the boxes that are filled in it."""


class Entries:
    """Rows of a register in their order, each with its place, counted from 1."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(_STAGE)
        self._sheets: list[RegisterTable] = []
        self._length = 0
        self.extend(entries)

    def close(self) -> None:
        """Close and delete the temporary file."""
        self._file.close()

    def extend(self, entries: Iterable[Entry]) -> None:
        """Add rows."""
        done = self._file.executemany("INSERT INTO entry VALUES (?, ?, ?)", self._plain(entries))
        self._length += max(done.rowcount, 0)

    def _plain(self, entries: Iterable[Entry]) -> Iterator[tuple[int, int, str]]:
        for sheet, row, values in entries:
            if sheet not in self._sheets[-1:]:
                self._sheets.append(sheet)
            yield (
                len(self._sheets) - 1,
                row,
                json.dumps([*map(_stored_value, values)], default=_stored_day),
            )

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[tuple[int, Entry]]:
        for place, *row in self._file.execute("SELECT rowid, * FROM entry ORDER BY rowid"):
            yield place, self._entry(*row)

    def __getitem__(self, place: int) -> Entry:
        found = self._file.execute("SELECT * FROM entry WHERE rowid = ?", (place,))
        return self._entry(*found.fetchone())

    def _entry(self, sheet: int, row: int, content: str) -> Entry:
        values = [
            _loaded_value(*each) if isinstance(each, list) else each
            for each in json.loads(content)
        ]
        return Entry(self._sheets[sheet], row, tuple(values))

    def record_key(self, key: str, place: int) -> int:
        """Record a row's key and place; return the place of the first row with this key."""
        self._file.execute("INSERT OR IGNORE INTO key_place VALUES (?, ?)", (key, place))
        return self._place(key) or place

    def has_key(self, key: str) -> bool:
        """Return whether any row has this key."""
        return self._place(key) is not None

    def _place(self, key: str) -> int | None:
        place: int | None = single(self._file, "SELECT place FROM key_place WHERE key = ?", (key,))
        return place


def _stored_value(value: Value | None) -> object:
    return [str(value), value.word] if type(value) is Local else value


def _stored_day(value: date) -> list[str]:
    return [value.isoformat()]


def _loaded_value(text: str, word: str = "") -> Value:
    return Local(text, word) if word else date.fromisoformat(text)


# Of one statement, which spares the others' preparation, and between two reports of progress.
_ROWS_AT_ONCE = 1000
_NUMBERING = ("id", "year", "serial", "number")
Step = Callable[[int], object]


def lay_out_new(ledger: Ledger, entries: Entries, new: list[New]) -> None:
    """Write new complaints without numbers into a temporary table, in their order.

    It needs no lock, since the table is the connection's own.
    """
    ledger.execute("CREATE TEMP TABLE coming AS SELECT * FROM complaint LIMIT 0")
    columns = _columns_without_numbers(ledger)
    places = ", ".join("?" * len(columns))
    insert = f"INSERT INTO temp.coming ({', '.join(columns)}) VALUES ({places})"
    rows = ([row.get(column) for column in columns] for row in _taken_rows(ledger, entries, new))
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        ledger.execute("SAVEPOINT laid_out")
        ledger.executemany(insert, batch)
        ledger.execute("RELEASE laid_out")


def _columns_without_numbers(ledger: Ledger) -> list[str]:
    return [each for each in column_names(ledger, "complaint") if each not in _NUMBERING]


def _taken_rows(ledger: Ledger, entries: Entries, new: list[New]) -> Iterator[EntryBoxes]:
    moment = now()
    for received, spot, place in new:
        boxes = entries[place].boxes()
        yield {
            **complaint_columns(ledger, with_defaults(boxes)),
            "key": new_key(),
            "point_id": spot.point.id,
            "type": spot.type_on(received),
            "local_words": local_words_json(None, boxes),
            "entered": moment,
            "closed_entered": moment if "closed" in boxes else None,
            "escalated_entered": moment if "escalated" in boxes else None,
        }


def take_in(ledger: Ledger, new: list[New], filled: list[Fill], step: Step) -> None:
    """Write the laid out complaints, numbered by year, and fill known ones.

    `step` receives the number of rows written.
    """
    # While all written pages fit the cache, others can read and no index is read again.
    ledger.execute("PRAGMA cache_size = -120000")  # KiB
    moment = now()
    for row_id, boxes in filled:
        times: LedgerRow = {
            f"{key}_entered": moment for key in ("closed", "escalated") if key in boxes
        }
        before = single(ledger, "SELECT local_words FROM complaint WHERE id = ?", (row_id,))
        times["local_words"] = local_words_json(before, boxes)
        update(ledger, "complaint", row_id, {**complaint_columns(ledger, boxes), **times})
        step(1)
    columns = ", ".join(_columns_without_numbers(ledger))
    query = f"""
        INSERT INTO complaint (year, serial, number, {columns})
        SELECT :year, rowid + :more, printf('%d-%04d', :year, rowid + :more), {columns}
        FROM temp.coming WHERE rowid BETWEEN :first AND :last ORDER BY rowid"""
    row = 1
    for year, many in Counter(received.year for received, *_ in new).items():
        more, end = next_serial(ledger, year) - row, row + many
        for first in range(row, end, _ROWS_AT_ONCE):
            last = min(first + _ROWS_AT_ONCE, end) - 1
            days = {"year": year, "more": more, "first": first, "last": last}
            step(ledger.execute(query, days).rowcount)
        row = end
