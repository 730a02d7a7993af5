"""The history of every change, sealed act by act into a chain of SHA-256 heads.

An act is one command's transaction: who, when, which command. Triggers write its changes: new rows
in full, and old and new values of changed columns. Texts about people are kept apart with a salt:
only their digest enters the chain, so that they can be erased without breaking it.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger12315.errors import Refused
from ledger12315.ledger.store import Ledger, insert, now, sha256, single, update, user

START = "0" * 64
ACT_COLUMNS = "id, at, user, command, rehearsed"
_LONGEST_SILENCE = timedelta(days=366)


class WallClock(NamedTuple):
    """The day that a command uses as today; `sure` if somebody confirmed it."""

    day: date
    rehearsed: bool = False
    sure: bool = False


class Misdated(Refused):
    """A day that somebody has to confirm before anything is written."""


def tables(ledger: Ledger) -> list[str]:
    """Return the tables whose history is kept.

    The history itself is not, nor files, which their checksums name.
    """
    # pragma_table_list would first work out the columns of every view.
    query = """
        SELECT name FROM main.sqlite_master WHERE type = 'table'
        AND name NOT IN ('act', 'change', 'file') AND name NOT GLOB 'sqlite[_]*' ORDER BY name"""
    return [row[0] for row in ledger.execute(query)]


def column_names(ledger: Ledger, table: str) -> list[str]:
    """Return the names of a table's columns."""
    return [row[1] for row in ledger.execute(f"PRAGMA main.table_info({table})")]


def new_values(made: bool, values: dict[str, Any]) -> dict[str, Any]:
    """Return the new values of a change: a new row's columns, or the changed ones."""
    return values if made else {column: becomes for column, (_, becomes) in values.items()}


def written_values(*parts: str | None) -> dict[str, Any]:
    """Return the columns that a change wrote, from its parts as JSON."""
    import json  # loads slowly, and what only reads needs none

    return {column: value for part in parts for column, value in json.loads(part or "{}").items()}


def row_after(changes: Iterable[tuple[bool, str | None]]) -> dict[str, Any]:
    """Return a row's columns after its changes, given as (whether it is new, its JSON)."""
    row: dict[str, Any] = {}
    for made, written in changes:
        row |= new_values(made, written_values(written))
    return row


def begin(ledger: Ledger, command: str, clock: WallClock | None = None) -> None:
    """Open the act of the changes that follow.

    Raises Misdated if its day is before the last one, or more than a year after it. Rehearsals are
    compared with rehearsals, real days with real ones, if there are any.
    """
    row: dict[str, object] = {"at": now(), "user": user(), "command": command}
    if clock:
        _demand_timely(ledger, clock)
        if clock.rehearsed:
            row["rehearsed"] = clock.day
    insert(ledger, "act", row)


def _demand_timely(ledger: Ledger, clock: WallClock) -> None:
    alike = "NOT NULL" if clock.rehearsed else "NULL"
    query = f"""
        SELECT coalesce(rehearsed, substr(at, 1, 10)) FROM act WHERE id =
        coalesce((SELECT max(id) FROM act WHERE rehearsed IS {alike}), (SELECT max(id) FROM act))
        """
    last = single(ledger, query) or clock.day.isoformat()
    if not isinstance(last, str):  # another table's page is in this one's place
        raise sqlite3.DatabaseError("database disk image is malformed")
    timely = (clock.day - _LONGEST_SILENCE).isoformat() <= last <= clock.day.isoformat()
    if not timely and not clock.sure:
        raise Misdated(
            "Today's date is {day}, but the last entry in the ledger is of {last}. Correct the "
            "clock. If it is right, run: `--clock-is-right COMMAND`",
            day=clock.day,
            last=last,
        )


def newest_day(ledger: Ledger) -> date | None:
    """Return the day of the newest act that was not rehearsed, by the clock of that time."""
    query = "SELECT substr(at, 1, 10) FROM act WHERE rehearsed IS NULL ORDER BY id DESC LIMIT 1"
    day = single(ledger, query)
    return date.fromisoformat(day) if day else None


def first_day(ledger: Ledger) -> date:
    """Return the day on which the ledger was made, by the clock of that time."""
    return date.fromisoformat(single(ledger, "SELECT substr(at, 1, 10) FROM act ORDER BY id"))


def seal(ledger: Ledger) -> None:
    """Close the open act: salt personal values, and add a head to the chain.

    An act without changes is removed; a sealed one stays as it is.
    """
    act, sealed = ledger.execute("SELECT id, head FROM act ORDER BY id DESC LIMIT 1").fetchone()
    if sealed:
        return
    if not single(ledger, "SELECT 1 FROM change WHERE act_id = ?", (act,)):
        ledger.execute("DELETE FROM act WHERE id = ?", (act,))
        return
    # Read one by one: an act may be an import of many thousands of complaints.
    ledger.executemany("UPDATE change SET salt = ?, digest = ? WHERE id = ?", _salts(ledger, act))
    before = "SELECT head FROM act WHERE id < ? ORDER BY id DESC LIMIT 1"
    previous = single(ledger, before, (act,)) or START
    of_act = ledger.execute(f"SELECT {ACT_COLUMNS} FROM act WHERE id = ?", (act,))
    changes = ledger.execute(
        "SELECT id, table_name, row_id, made, common, digest FROM change"
        " WHERE act_id = ? ORDER BY id",
        (act,),
    )
    update(ledger, "act", act, {"head": next_head(previous, of_act.fetchone(), changes)})


def _salts(ledger: Ledger, act: int) -> Iterator[tuple[str, str, int]]:
    # Of what this act erases, the digest is there already.
    query = """
        SELECT id, personal FROM change
        WHERE act_id = ? AND personal IS NOT NULL AND digest IS NULL ORDER BY id"""
    for change, personal in ledger.execute(query, (act,)):
        salt = os.urandom(16).hex()
        yield salt, digest_of(salt, personal), change


def digest_of(salt: str, personal: str) -> str:
    """Return the digest that replaces personal values in the chain."""
    return str(sha256(f"{salt}{personal}".encode()).hexdigest())


def next_head(previous: str | None, act: Iterable[Any], changes: Iterable[Iterable[Any]]) -> str:
    """Return the chain's next head: over the previous one, the act's columns and its changes."""
    from json import JSONEncoder  # as above

    # Values of a damaged page get a text too, so that their head does not match.
    encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=repr).encode
    digest = sha256(f"[{encode(previous)},{encode(list(act))},[".encode())
    for number, change in enumerate(changes):
        digest.update(f"{',' if number else ''}{encode(list(change))}".encode())
    digest.update(b"]]")
    return str(digest.hexdigest())


def last_act(ledger: Ledger) -> int:
    """Return the number of the last act."""
    return int(single(ledger, "SELECT max(id) FROM act"))


def head(ledger: Ledger) -> str:
    """Return the chain's current head.

    Printed on forms, it proves later whether the history was rewritten.
    """
    query = "SELECT head FROM act WHERE head IS NOT NULL ORDER BY id DESC LIMIT 1"
    return str(single(ledger, query))
