"""A register's rows in a temporary file without a name, however many they are."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

from ledger12315.boxes.kinds import Value
from ledger12315.boxes.worded import Local
from ledger12315.ledger.store import single
from ledger12315.register.rows import Entry, RegisterTable

_STAGE = """
    PRAGMA journal_mode = OFF;
    CREATE TABLE entry (sheet INTEGER NOT NULL, row INTEGER NOT NULL, content TEXT NOT NULL);
    CREATE TABLE key_place (key TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
    BEGIN"""


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
