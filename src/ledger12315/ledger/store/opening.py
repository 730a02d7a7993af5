"""Opening the ledger's one file, and the one transaction in which a command reads or writes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from ledger12315.errors import Unusable, message, reason
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.explaining import BUSY_SECONDS, damaged, read_only, sqlite_explained
from ledger12315.ledger.store.history import begin, seal
from ledger12315.ledger.store.known_backups import newest_backup
from ledger12315.ledger.store.migrating import check_schema, migrate, version_of
from ledger12315.ledger.store.schema import STEPS

APPLICATION_ID = 0x12315
MAGIC = b"SQLite format 3\0"
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
    """Yield the ledger in one read transaction: all that is read is of one moment.

    Raises Unusable.
    """
    with _open(path, "ro") as ledger:
        ledger.execute("BEGIN")
        yield ledger


@contextmanager
def writing(path: Path, command: str = "") -> Iterator[Ledger]:
    """Yield the ledger in one durable write transaction, an act of its history.

    It is committed as a whole when the block ends, and undone when the block raises.
    Raises Unusable.
    """
    with _open(path, "rw") as ledger:
        if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o222:
            raise read_only(path)
        ledger.execute("BEGIN IMMEDIATE")
        begin(ledger, command)
        yield ledger
        if not ledger.in_transaction:
            raise RuntimeError("something ended the transaction early")
        seal(ledger)
        ledger.execute("COMMIT")


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Return a careful connection to a file that is there; `mode` is ro or rw."""
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
            with closing(connect(path, "rw")) as alone:
                alone.execute("PRAGMA journal_mode = DELETE")
        # Closing rolls back whatever was not committed.
        with closing(connect(path, mode)) as ledger:
            if _known_version(path, ledger) < max(STEPS):
                with closing(connect(path, "rw")) as older:
                    migrate(path, older)
            check_schema(path, ledger, max(STEPS))
            ledger.row_factory = sqlite3.Row
            yield ledger


def _look_at(path: Path) -> bytes:
    """Return the file's first bytes. Raises Unusable for what is not even an SQLite file."""
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
            "There is no ledger at {path}. Make one: ledger12315 --db {path} init --station NAME"
            " --county NAME",
            path=path,
        ) from None
    except OSError as error:
        raise Unusable(
            "The ledger {path} cannot be read: {reason}.", path=path, reason=reason(error)
        ) from error
    if not head:
        raise Unusable(
            "{path} is empty (0 bytes) and no ledger. Put a backup in its place, or delete it and"
            " run init.",
            *newest_backup(path),
            path=path,
        )
    if not head.startswith(MAGIC):
        raise Unusable(
            "{path} is not a ledger but some other file. Name the ledger's file with --db.",
            *newest_backup(path),
            path=path,
        )
    if max(head[18:20], default=0) > _WAL:
        raise damaged(path, message("its head is not as SQLite writes it"))
    return head


def _known_version(path: Path, ledger: Ledger) -> int:
    """Return the schema's version. Raises Unusable where this program knows none such."""
    if ledger.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise Unusable(
            "{path} is the database of another program, not a ledger. Name the ledger's file with"
            " --db.",
            *newest_backup(path),
            path=path,
        )
    version = version_of(ledger)
    if version > max(STEPS):
        raise Unusable(
            "The ledger {path} was made by a newer program (schema {version}, known here {known})."
            " Update the program.",
            *newest_backup(path),
            path=path,
            version=version,
            known=max(STEPS),
        )
    if version < 1:
        raise damaged(path, message("schema version {version}", version=version))
    return version
