"""The ledger's one file: making it, opening it, and the one transaction in which a command reads or writes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from ledger12315.errors import LedgerError, Refused, Unusable, message, reason
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import begin, seal
from ledger12315.ledger.store.known_backups import newest_backup

APPLICATION_ID = 0x12315
SCHEMA_VERSION = 4
# SHA-256 over every table, index and trigger of each version: whatever somebody else put in or took out shows.
FINGERPRINTS = {
    1: "80e170fa2692049f3310b5689f0bef0a851eecf93a6b90d9b176fb18bbf38eab",
    2: "be919246c6d22e954f9ff5db89b66ca5fe2b4f46164dd5975d1461191aef9406",
    3: "9b846862909b28f6b86d0420347ab22668a374afc7231ab4a3389ace444a4566",
    4: "c9b6de1122a63613f4f57a170654529138addc660aa67a0e6c64466e216e557b",
}
BUSY_SECONDS = 30.0
_MAGIC = b"SQLite format 3\0"
_WAL = 2  # the highest way of writing that the head may name
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    # With FULL, a power cut just after the commit can bring the old journal back and undo it.
    "PRAGMA synchronous = EXTRA",
)


@contextmanager
def reading(path: Path) -> Iterator[Ledger]:
    """One read transaction: all that is read in it is of one moment. Raises Unusable."""
    with _open(path, "ro") as connection:
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(path: Path, command: str = "") -> Iterator[Ledger]:
    """One durable write transaction, an act of the history: committed as a whole when the block ends, undone when it raises.

    Raises Unusable.
    """
    with _open(path, "rw") as connection:
        if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o222:
            raise Unusable(
                "The ledger {path} is read-only. Remove the write protection, or copy it to a place where you may write.",
                path=path,
            )
        connection.execute("BEGIN IMMEDIATE")
        begin(connection, command)
        yield connection
        if not connection.in_transaction:
            raise RuntimeError("something ended the transaction early")
        seal(connection)
        connection.execute("COMMIT")


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to a file that is there, `mode` ro or rw, with all that makes it careful."""
    uri = f"file:{quote(str(path.resolve()))}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


@contextmanager
def _open(path: Path, mode: str) -> Iterator[Ledger]:
    switched = _look_at(path)[18:20] == bytes((_WAL, _WAL))  # to WAL, by another program
    # What a crash left half done is rolled back by whoever comes next, and that takes writing.
    if Path(f"{path}-journal").exists():
        mode = "rw"
    with sqlite_explained(path):
        if switched:
            # A ledger in two files is soon copied as half of itself.
            with closing(connect(path, "rw")) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")
        connection = connect(path, mode)
        try:
            if _version(path, connection) < SCHEMA_VERSION:
                from ledger12315.ledger.store.making import migrate

                connection.close()
                migrate(path)
                connection = connect(path, mode)
            check_schema(path, connection)
            connection.row_factory = sqlite3.Row
            yield connection
        finally:
            # Closing rolls back whatever was not committed.
            connection.close()


def _look_at(path: Path) -> bytes:
    """The file's first bytes; refuses what is not even an SQLite file, before SQLite says less about it."""
    try:
        if path.exists() and not path.is_file():
            raise Unusable(
                "{path} is a folder or device, not a ledger. Name the ledger's file with --db.",
                path=path,
            )
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        raise Unusable(
            "There is no ledger at {path}. Make one: ledger12315 --db {path} init --station NAME --county NAME",
            path=path,
        ) from None
    except OSError as error:
        raise Unusable(
            "The ledger {path} cannot be read: {reason}.", path=path, reason=reason(error)
        ) from error
    if not head:
        raise Unusable(
            "{path} is empty (0 bytes) and no ledger. Put a backup in its place, or delete it and run init.",
            *newest_backup(path),
            path=path,
        )
    if not head.startswith(_MAGIC):
        raise Unusable(
            "{path} is not a ledger but some other file. Name the ledger's file with --db.",
            *newest_backup(path),
            path=path,
        )
    if max(head[18:20], default=0) > _WAL:
        raise damaged(path, message("its head is not as SQLite writes it"))
    return head


def _version(path: Path, connection: sqlite3.Connection) -> int:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Unusable(
            "{path} is the database of another program, not a ledger. Name the ledger's file with --db.",
            *newest_backup(path),
            path=path,
        )
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise Unusable(
            "The ledger {path} was made by a newer program (schema {version}, known here {known}). Update the program.",
            *newest_backup(path),
            path=path,
            version=version,
            known=SCHEMA_VERSION,
        )
    if version < 1:
        raise damaged(path, message("schema version {version}", version=version))
    return version


def fingerprint(connection: sqlite3.Connection) -> str:
    """SHA-256 over the whole schema."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def check_schema(path: Path, connection: sqlite3.Connection, version: int = SCHEMA_VERSION) -> None:
    """Refuse a ledger into which somebody put a trigger, a view or anything else of their own, before any of it can run."""
    if fingerprint(connection) != FINGERPRINTS[version]:
        from ledger12315.ledger.store.making import foreign_objects

        raise Unusable(
            "The ledger {path} was altered by another program: {names}. Put a backup in its place.",
            *newest_backup(path),
            path=path,
            names=foreign_objects(connection, version),
        )


@contextmanager
def sqlite_explained(path: Path) -> Iterator[None]:
    """Turn what SQLite reports into what a clerk can do about it."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explanation(path, error) from error
    except UnicodeDecodeError as error:
        raise damaged(path, message("a text in it is not readable")) from error


def _explanation(path: Path, error: sqlite3.Error) -> LedgerError:
    name = getattr(error, "sqlite_errorname", "")
    if str(error).startswith("Could not decode"):  # and then comes the text itself
        return damaged(path, message("a text in it is not readable"))
    if name.startswith("SQLITE_CONSTRAINT"):
        return Refused(
            "The ledger refuses this entry: {reason}. Nothing was changed.", reason=error
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unusable(
            "The ledger {path} stayed in use by another program for {seconds} seconds. Close that program and try again.",
            path=path,
            seconds=round(BUSY_SECONDS),
        )
    if name == "SQLITE_READONLY_DBMOVED":
        return Unusable(
            "The ledger {path} was just replaced by another. Nothing was changed; try again.",
            path=path,
        )
    if name.startswith("SQLITE_READONLY"):
        return Unusable(
            "The ledger {path} is read-only. Remove the write protection, or copy it to a place where you may write.",
            path=path,
        )
    if name.startswith("SQLITE_FULL"):
        return Unusable(
            "The disk of {path} is full. Nothing was changed; make room and try again.", path=path
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(path, error)
    return Unusable(
        "The ledger {path} cannot be used: {reason}.", *newest_backup(path), path=path, reason=error
    )


def damaged(path: Path, why: object) -> Unusable:
    """A ledger that is not to be trusted, and not to be written to; tells where the newest backup lies."""
    return Unusable(
        "The ledger {path} is damaged ({reason}). Leave it as it is and restore a backup: ledger12315 ledger restore FILE",
        *newest_backup(path),
        path=path,
        reason=why,
    )
