"""The basis of every write: an open ledger, rows added and changed, user and time."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from importlib import import_module
from itertools import chain, count
from time import time_ns
from typing import Any, TypeVar

from ledger12315.boxes.reading import YEARS
from ledger12315.errors import Message, Refused

Ledger = sqlite3.Connection
"""An open ledger, inside its one transaction."""
LedgerRow = dict[str, Any]
"""A row by column, its days as dates."""
Progress = Callable[[Message, int, int], object]
"""A function that receives a long work's name, the amount done, and the total."""
_Passed = TypeVar("_Passed")
_ROWS_A_STEP = _PIECE = 1000


def _sha256_of_python() -> Callable[[bytes], Any]:
    """Return CPython's own SHA-256: loading OpenSSL's takes a fifth of a command's time."""
    found: Callable[[bytes], Any]
    for name in ("_sha2", "_sha256", "hashlib"):  # of Python 3.12, before, and where it has none
        with suppress(ImportError):
            found = import_module(name).sha256
            break
    return found


sha256 = _sha256_of_python()

# Days are bound as ISO text; Python's own adapter is deprecated.
sqlite3.register_adapter(date, date.isoformat)
CHINA = timezone(timedelta(hours=8))


def clock_moment() -> datetime:
    """Return the current time by this computer's clock, in China's time.

    Raises Refused for a year outside the calendar.
    """
    with suppress(ValueError, OverflowError):  # beyond the years that Python knows
        if (moment := datetime.now(CHINA)).year in YEARS:
            return moment
    raise wrong_clock_error()


def wrong_clock_error() -> Refused:
    """Return the error of a clock that is not set."""
    return Refused(
        "The clock of this computer is wrong: it shows a day before 1990 or after 2199. "
        "Correct it and try again. Nothing was changed."
    )


def now() -> str:
    """Return the time of an entry, in China's time."""
    return clock_moment().isoformat(timespec="seconds")


def new_key() -> str:
    """Return a new row's key of 32 hex digits, which stays when numbers and codes are amended.

    It begins with the time in ms, so that later keys come later in the index and an import adds to
    its end. The other 80 bits are random.
    """
    return f"{time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"


def user() -> str:
    """Return the user's name: LEDGER12315_USER, else that of the system."""
    # The variables of getpass, which is slow to load.
    for name in ("LEDGER12315_USER", "LOGNAME", "USER", "LNAME", "USERNAME"):
        if named := os.environ.get(name):
            # Only text in UTF-8 can be written.
            return named.encode(errors="surrogateescape").decode(errors="replace")
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return "?"


def insert(ledger: Ledger, table: str, row: Mapping[str, object]) -> int:
    """Add a row, whose keys are the columns, and return its id."""
    columns = ", ".join(row)
    places = ", ".join(f":{column}" for column in row)
    return ledger.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", row).lastrowid or 0


def update(ledger: Ledger, table: str, row_id: int, changes: Mapping[str, object]) -> None:
    """Change columns of one row."""
    assignments = ", ".join(f"{column} = :{column}" for column in changes)
    ledger.execute(
        f"UPDATE {table} SET {assignments} WHERE id = :row_id", {**changes, "row_id": row_id}
    )


def upsert(
    ledger: Ledger, table: str, key: Mapping[str, object], row: Mapping[str, object]
) -> None:
    """Change the row of a key, or add it; `entered` is the time at which it was added."""
    changes = {column: value for column, value in row.items() if column != "entered"}
    assignments = ", ".join(f"{column} = :{column}" for column in changes)
    same = " AND ".join(f"{column} IS :{column}" for column in key)
    query = f"UPDATE {table} SET {assignments} WHERE {same}"
    if not ledger.execute(query, {**key, **changes}).rowcount:
        insert(ledger, table, {**key, **row})


def single(ledger: Ledger, query: str, values: Any = ()) -> Any:
    """Return the first value of a query's result, None for an empty one."""
    row = ledger.execute(query, values).fetchone()
    return row[0] if row else None


def copied_rows(ledger: Ledger, query: str, values: Mapping[str, object]) -> sqlite3.Cursor:
    """Return a copy of a query's rows, and end the transaction, so that others can write.

    A large copy is in a temporary file without a name. Nothing else may be read from the ledger
    meanwhile: that would keep others from writing until the end of the copy.
    """
    _copy(ledger, query, values)
    return ledger.execute("SELECT * FROM temp.found")


def copied_rows_in_pieces(
    ledger: Ledger, query: str, values: Mapping[str, object]
) -> Iterator[sqlite3.Row]:
    """Return a copy of a query's rows, and end the transaction, so that others can write.

    More may be read from the ledger between rows.
    """
    _copy(ledger, query, values)
    return chain.from_iterable(_rows_in_pieces(ledger))


def _copy(ledger: Ledger, query: str, values: Mapping[str, object]) -> None:
    ledger.execute(f"CREATE TEMP TABLE found AS {query}", values)
    ledger.execute("COMMIT")


def _rows_in_pieces(ledger: Ledger) -> Iterator[list[sqlite3.Row]]:
    for first in count(1, _PIECE):
        query = "SELECT * FROM temp.found WHERE rowid BETWEEN ? AND ?"
        if not (piece := ledger.execute(query, (first, first + _PIECE - 1)).fetchall()):
            return
        yield piece


def no_progress(_work: Message, _done: int, _total: int) -> None:
    """Show no progress."""


def count_passing(
    tell: Progress, work: Message, total: int
) -> Callable[[Iterable[_Passed]], Iterator[_Passed]]:
    """Return a function that passes items on and reports how many of the `total` have passed."""
    done = count(1)

    def passed(items: Iterable[_Passed]) -> Iterator[_Passed]:
        for number, item in zip(done, items, strict=False):
            if number % _ROWS_A_STEP == 0:
                tell(work, number, total)
            yield item

    return passed
