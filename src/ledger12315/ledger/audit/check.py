"""Whether a ledger is sound: SQLite's own checks, the schema, the figures' controls, and the history against every row."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from ledger12315.errors import LedgerError, Message, message
from ledger12315.ledger.audit.erasing import erased_values
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import START, digest_of, next_head, tables
from ledger12315.ledger.store.opening import connect, reading, sqlite_explained
from ledger12315.rules.periods import parse_period
from ledger12315.words import TABLES

_WORDS = "FTS5 table main.wording"


def ledger_problems(path: Path) -> list[Message]:
    """Everything that is wrong with the ledger at `path`. Raises Unusable where it cannot be opened at all."""
    if _in_wal(path):  # opened it would be switched back, and nobody could tell any more
        return [
            message(
                "Another program switched it to WAL, and what that wrote last may stand in {path}-wal alone: do not lose this"
                " file. Any other command switches it back.",
                path=path,
            )
        ]
    # SQLite tests the CHECK constraints only where it could write.
    with reading(path) as ledger, closing(connect(path, "rw")) as unwritten:
        unwritten.execute("PRAGMA query_only = ON")
        found = [
            *_sqlite(unwritten),
            *broken_chain(ledger),
            *strayed_rows(ledger),
            *_strayed_files(ledger),
        ]
        # Figures of rows that are not what they were would only repeat it.
        return found or list(_figures(ledger))


def renew_words(path: Path) -> bool:
    """Make the index of words of a sound ledger anew where it does not fit the complaints; gives whether it did not.

    A ledger that may not be written is left as it is. Raises Unusable.
    """
    with sqlite_explained(path), closing(connect(path, "rw")) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_READONLY"):
                return False
            raise
        with suppress(sqlite3.DatabaseError):
            connection.execute("INSERT INTO wording (wording, rank) VALUES ('integrity-check', 1)")
            return False
        connection.execute("INSERT INTO wording (wording) VALUES ('rebuild')")
        connection.execute("COMMIT")
        return True


def _in_wal(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(20)[18:] == b"\2\2"
    return False


def _sqlite(ledger: Ledger) -> Iterator[Message]:
    for row in ledger.execute("PRAGMA integrity_check(20)").fetchall():
        # Of the index of words no figure and no record depends: `renew_words` looks at it.
        if row[0] != "ok" and _WORDS not in row[0]:
            yield message("SQLite: {reason}", reason=row[0])
    for row in ledger.execute("PRAGMA foreign_key_check").fetchall():
        yield message(
            "{table} row {row}: refers to a row that is missing",
            table=TABLES.get(row[0], row[0]),
            row=row[1],
        )


def _figures(ledger: Ledger) -> Iterator[Message]:
    first, last = ledger.execute(
        "SELECT min(received), max(coalesce(closed, received)) FROM complaint"
    ).fetchone()
    if first is None:
        return
    for year in range(int(first[:4]), int(last[:4]) + 1):
        for quarter in range(1, 5):
            try:
                figures(ledger, Scope(parse_period(f"{year}Q{quarter}")))
            except LedgerError as error:
                yield error.message


def broken_chain(ledger: Ledger) -> Iterator[Message]:
    """Acts whose head does not follow from what stands in them, and personal values that do not fit their digest."""
    changes = groupby(
        ledger.execute(
            "SELECT act_id, id, table_name, row_id, made, common, digest, salt, personal FROM change ORDER BY act_id, id"
        ),
        key=itemgetter(0),
    )
    act_id, rows = next(changes, (None, iter(())))
    before: str | None = START
    for act in ledger.execute("SELECT id, at, user, command, head FROM act ORDER BY id").fetchall():
        sealed = []
        if act_id == act[0]:
            for row in rows:
                sealed.append(row[1:7])
                if (
                    (digest_of(str(row[7]), row[8]) != row[6])
                    if row[8] is not None
                    else row[7] is not None
                ):
                    yield message(
                        "change {id} of act {act}: personal values are not those that were sealed",
                        id=row[1],
                        act=act[0],
                    )
            act_id, rows = next(changes, (None, iter(())))
        if act[4] != next_head(before, act[:4], sealed):
            yield message(
                "act {act} ({at}, {command}): it, or what it changed, is not as it was recorded",
                act=act[0],
                at=act[1],
                command=act[3],
            )
        before = act[4]
    if act_id is not None:
        yield message("changes of an act {act} that is missing", act=act_id)


def strayed_rows(ledger: Ledger) -> Iterator[Message]:
    """Rows that are not what their history says."""
    for table in tables(ledger):
        query = "SELECT row_id, made, common, personal, digest FROM change WHERE table_name = ? ORDER BY row_id, id"
        told = {
            row_id: _state(table, rows)
            for row_id, rows in groupby(ledger.execute(query, (table,)), key=itemgetter(0))
        }
        cursor = ledger.execute(f"SELECT rowid AS row_id, * FROM {table} ORDER BY rowid")
        columns = [column[0] for column in cursor.description][1:]
        for row in cursor:
            actual = {
                column: value
                for column, value in zip(columns, row[1:], strict=True)
                if value is not None
            }
            if actual != told.pop(row[0], None):
                yield message(
                    "{table} row {row}: not what its history says", table=TABLES[table], row=row[0]
                )
        for row_id in told:
            yield message("{table} row {row}: missing", table=TABLES[table], row=row_id)


def _strayed_files(ledger: Ledger) -> Iterator[Message]:
    """Files that are not what was handed in; their checksums stand in the history."""
    query = "SELECT sha256, content, sha256 IN (SELECT sha256 FROM submitted) FROM file"
    for digest, content, known in ledger.execute(query):
        if not known or sha256(content).hexdigest() != digest:
            yield message("file {digest}: not what was handed in", digest=digest)


def _state(table: str, rows: Iterable[Any]) -> dict[str, Any] | None:
    """What a row's changes make of it; None where they cannot be read, or do not follow from each other."""
    state: dict[str, Any] = {}
    try:
        for _row_id, made, common, personal, digest in rows:
            for text in (common, personal):
                values = json.loads(text) if text else {}
                if not made and any(
                    state.get(column) != was for column, (was, _) in values.items()
                ):
                    return None
                state |= (
                    values if made else {column: becomes for column, (_, becomes) in values.items()}
                )
            if digest is not None and personal is None:
                state |= erased_values(table, state)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return {column: value for column, value in state.items() if value is not None}
