"""Whether a ledger is sound: SQLite's own checks, the figures' controls, and the history."""

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
from ledger12315.ledger.store.explaining import sqlite_explained
from ledger12315.ledger.store.history import ACT_COLUMNS, START, digest_of, next_head, tables
from ledger12315.ledger.store.opening import connect, reading, writable
from ledger12315.rules.periods import parse_period
from ledger12315.words import TABLES


def ledger_problems(path: Path) -> list[Message]:
    """Return everything that is wrong with the ledger at `path`.

    Raises Unusable where it cannot be opened at all, also for its schema.
    """
    if _in_wal(path):  # opened it would be switched back, and nobody could tell any more
        return [
            message(
                "Another program switched it to WAL, and what that wrote last may stand in"
                " {path}-wal alone: do not lose this file. Any other command switches it back.",
                path=path,
            )
        ]
    # SQLite tests the CHECK constraints only where it could write.
    with reading(path) as ledger, closing(connect(path, "rw")) as unwritten:
        unwritten.execute("PRAGMA query_only = ON")
        found = [
            *_unsound_pages(unwritten),
            *broken_chain(ledger),
            *strayed_rows(ledger),
            *_strayed_files(ledger),
        ]
        # Figures of rows that are not what they were would only repeat it.
        return found or list(_unbalanced(ledger))


def renew_words(path: Path) -> bool:
    """Make the index of words of a sound ledger anew and return True, if it did not fit the rows.

    A ledger that may not be written is left as it is. Raises Unusable.
    """
    if not writable(path):
        return False
    with sqlite_explained(path), closing(connect(path, "rw")) as ledger:
        ledger.execute("BEGIN IMMEDIATE")
        with suppress(sqlite3.DatabaseError):
            ledger.execute("INSERT INTO wording (wording, rank) VALUES ('integrity-check', 1)")
            return False
        ledger.execute("INSERT INTO wording (wording) VALUES ('rebuild')")
        ledger.execute("COMMIT")
        return True


def _in_wal(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(20)[18:] == b"\2\2"
    return False


def _unsound_pages(ledger: Ledger) -> Iterator[Message]:
    """Yield what SQLite says, and rows that refer to nothing."""
    for (found,) in ledger.execute("PRAGMA integrity_check(20)").fetchall():
        # Of the index of words no figure and no record depends: `renew_words` looks at it.
        if found != "ok" and "FTS5 table main.wording" not in found:
            yield message("SQLite: {reason}", reason=found)
    for table, row_id, *_ in ledger.execute("PRAGMA foreign_key_check").fetchall():
        yield message(
            "{table} row {row}: refers to a row that is missing",
            table=TABLES.get(table, table),
            row=row_id,
        )


def _unbalanced(ledger: Ledger) -> Iterator[Message]:
    """Yield what the controls say of each quarter's figures."""
    first, last = ledger.execute(
        "SELECT min(received), max(coalesce(closed, received)) FROM complaint"
    ).fetchone()
    years = range(int(first[:4]), int(last[:4]) + 1) if first else ()
    for period in (f"{year}Q{quarter}" for year in years for quarter in range(1, 5)):
        try:
            figures(ledger, Scope(parse_period(period)))
        except LedgerError as error:
            yield error.message


def broken_chain(ledger: Ledger) -> Iterator[Message]:
    """Yield acts whose head does not follow from what stands in them.

    And changes whose personal values do not fit their digest, or whose act is missing.
    """
    query = (
        "SELECT id, table_name, row_id, made, common, digest, salt, personal FROM change"
        " WHERE act_id = ? ORDER BY id"
    )
    previous: str | None = START
    acts = ledger.execute(f"SELECT head, {ACT_COLUMNS} FROM act ORDER BY id").fetchall()
    for head, *row in acts:
        act, at, _, command, _ = row
        changes = ledger.execute(query, (act,)).fetchall()
        for change in changes:
            if not _fits_digest(*change[5:]):
                yield message(
                    "change {id} of act {act}: personal values are not those that were sealed",
                    id=change[0],
                    act=act,
                )
        sealed = (change[:6] for change in changes)
        if head != next_head(previous, row, sealed):
            yield message(
                "act {act} ({at}, {command}): it, or what it changed, is not as it was recorded",
                act=act,
                at=at,
                command=command,
            )
        previous = head
    for (act,) in ledger.execute(
        "SELECT DISTINCT act_id FROM change"
        " WHERE NOT EXISTS (SELECT 1 FROM act WHERE act.id = change.act_id)"
    ):
        yield message("changes of an act {act} that is missing", act=act)


def _fits_digest(digest: str | None, salt: str | None, personal: str | None) -> bool:
    """Return whether personal values are as they were sealed, or erased with their salt."""
    if personal is None:
        return salt is None
    return digest_of(str(salt), personal) == digest


def strayed_rows(ledger: Ledger) -> Iterator[Message]:
    """Yield rows that are not what their history says."""
    query = (
        "SELECT row_id, made, common, personal, digest FROM change"
        " WHERE table_name = ? ORDER BY row_id, id"
    )
    for table in tables(ledger):
        changes = groupby(ledger.execute(query, (table,)), key=itemgetter(0))
        told = {row_id: _told(table, of_row) for row_id, of_row in changes}
        rows = ledger.execute(f"SELECT rowid AS row_id, * FROM {table} ORDER BY rowid")
        names = [column[0] for column in rows.description][1:]
        for row_id, *values in rows:
            if _filled(zip(names, values, strict=True)) != told.pop(row_id, None):
                yield message(
                    "{table} row {row}: not what its history says", table=TABLES[table], row=row_id
                )
        for row_id in told:
            yield message("{table} row {row}: missing", table=TABLES[table], row=row_id)


def _told(table: str, changes: Iterable[Any]) -> dict[str, Any] | None:
    """Return what a row's changes make of it; None where they cannot be read, or do not follow."""
    row: dict[str, Any] = {}
    try:
        for _row_id, made, common, personal, digest in changes:
            values = json.loads(common or "{}") | json.loads(personal or "{}")
            if not made:
                if any(row.get(column) != was for column, (was, _) in values.items()):
                    return None
                values = {column: becomes for column, (_, becomes) in values.items()}
            row |= values
            if digest is not None and personal is None:
                row |= erased_values(table, row)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return _filled(row.items())


def _filled(row: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {column: value for column, value in row if value is not None}


def _strayed_files(ledger: Ledger) -> Iterator[Message]:
    """Yield files that are not what was handed in; their checksums stand in the history."""
    query = "SELECT sha256, content, sha256 IN (SELECT sha256 FROM submitted) FROM file"
    for digest, content, known in ledger.execute(query):
        if not known or sha256(content).hexdigest() != digest:
            yield message("file {digest}: not what was handed in", digest=digest)
